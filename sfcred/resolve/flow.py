"""Which flow a spec means."""

from typing import NamedTuple

from sfcred.spec.model import Flow, Spec


class FlowDecision(NamedTuple):
    """The flow, or None where the spec doesn't decide it, and why."""

    flow: Flow | None
    why: str


def decide_flow(spec: Spec) -> FlowDecision:
    """Takes the flow that is named, else the one that is declared.

    Args:
        spec: A spec, its profile applied.

    Returns:
        The decision; undecided where `auto` finds both sections or none.
    """
    if spec.flow in ("oauth2", "jwt"):
        return FlowDecision(spec.flow, "the spec says so (flow)")
    if spec.oauth2 and spec.jwt:
        return FlowDecision(None, "flow is auto, and both oauth2 and jwt are declared")
    if spec.oauth2:
        return FlowDecision("oauth2", "only oauth2 is declared")
    if spec.jwt:
        return FlowDecision("jwt", "only jwt is declared")
    return FlowDecision(None, "neither oauth2 nor jwt is declared")
