"""Decide the flow of a spec."""

from typing import NamedTuple

from sfcred.spec.model import Flow, Spec


class FlowDecision(NamedTuple):
    """The flow (None if the spec doesn't determine it), and why."""

    flow: Flow | None
    why: str


def decide_flow(spec: Spec) -> FlowDecision:
    """Return the flow that `flow` names or, with `auto`, the one whose section is there.

    Args:
        spec: A spec with its profile applied.

    Returns:
        The decision; undecided if `auto` finds both sections or neither.
    """
    if spec.flow in ("oauth2", "jwt"):
        return FlowDecision(spec.flow, "set by flow in the spec")
    if spec.oauth2 and spec.jwt:
        return FlowDecision(None, "flow is auto, and both oauth2 and jwt are declared")
    if spec.oauth2:
        return FlowDecision("oauth2", "only oauth2 is declared")
    if spec.jwt:
        return FlowDecision("jwt", "only jwt is declared")
    return FlowDecision(None, "neither oauth2 nor jwt is declared")
