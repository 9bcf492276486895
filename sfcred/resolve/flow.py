"""Decide the flow of a spec."""

from collections.abc import Sequence
from typing import NamedTuple, get_args

from sfcred.spec.model import Flow, Spec

#: The flows, each also the name of its section.
FLOWS: tuple[Flow, ...] = get_args(Flow)


class FlowDecision(NamedTuple):
    """The flow (None if the spec doesn't determine it), and why."""

    flow: Flow | None
    why: str


def decide_flow(spec: Spec) -> FlowDecision:
    """Return the flow that `flow` names or, with `auto`, the one whose section is there.

    Args:
        spec: A spec with its profile applied.

    Returns:
        The decision; undecided if `auto` finds several sections or none.
    """
    if spec.flow is not None and spec.flow != "auto":
        return FlowDecision(spec.flow, "set by flow in the spec")
    match declared_flows(spec):
        case []:
            return FlowDecision(None, f"none of {', '.join(FLOWS)} is declared")
        case [flow]:
            return FlowDecision(flow, f"only {flow} is declared")
        case several:
            return FlowDecision(None, f"flow is auto, and {in_words(several)} are declared")


def declared_flows(spec: Spec) -> list[Flow]:
    """Return the flows whose sections the spec has, in the order of FLOWS."""
    return [flow for flow in FLOWS if getattr(spec, flow)]


def in_words(flows: Sequence[str]) -> str:
    """Return several names as a list: `oauth2, jwt and client_credentials`."""
    *others, last = flows
    return f"{', '.join(others)} and {last}" if others else last
