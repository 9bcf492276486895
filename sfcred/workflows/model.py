"""Workflows as they are in a file. Names and values are untrusted text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from sfcred.spec.source import Place

#: A value of a JSON document.
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Parameters = Mapping[str, Json]


class CredentialLink(NamedTuple):
    """The credential that a node names: its id (None in old exports) and its name in n8n."""

    id: str | None
    name: str


@dataclass(frozen=True, kw_only=True)
class WorkflowNode:
    """One node of a workflow.

    Attributes:
        name: Its name, unique in the workflow.
        type: Its type, such as `n8n-nodes-base.httpRequest`.
        version: Its typeVersion; 1 if the file has none.
        parameters: What the editor saved: no defaults.
        credentials: The credentials that it names, by n8n's credential type.
        place: Where the node is in the file.
        span: Where it begins and ends, as indices into the file's text.
    """

    name: str
    type: str
    version: float
    parameters: Parameters
    credentials: Mapping[str, CredentialLink]
    disabled: bool
    place: Place
    span: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """One workflow.

    Attributes:
        name: Its name, or that of its file.
        id: n8n's id; None if the file has none.
        active: Whether n8n runs its triggers. True if the file doesn't tell.
        archived: Whether it is in n8n's archive, where nothing runs.
        nodes: Its nodes, disabled ones included.
        unread: Those of its nodes that run a workflow in their parameters which can't be read as a
            whole: it is an expression, broken, or nested too deeply. Empty in the archive.
        span: Where it begins and ends, as indices into the file's text.
    """

    name: str
    id: str | None
    active: bool
    archived: bool
    nodes: tuple[WorkflowNode, ...]
    unread: tuple[WorkflowNode, ...] = ()
    span: tuple[int, int]


class FileFault(NamedTuple):
    """Something in a file that can't be read, why, and what to do."""

    file: str
    message: str
    hint: str
    place: Place = Place(1, 1)


@dataclass(frozen=True, kw_only=True)
class WorkflowFile:
    """A file, or one page of n8n's API.

    Attributes:
        shown: Its path, as messages show it.
        text: Its text; empty if it could not be read.
        workflows: The workflows in it, those in Execute Workflow nodes included.
        faults: What could not be read.
    """

    shown: str
    text: str = ""
    workflows: tuple[Workflow, ...] = ()
    faults: tuple[FileFault, ...] = field(default=())
