"""The examples of checks: a spec that a check finds something in, or almost does."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple


class ExampleReply(NamedTuple):
    """One answer of the org in a live check's example. Answers are in the order of the requests.

    Attributes:
        body: The body. If it starts with `{` or `[`, its content type is JSON.
        status: The HTTP status.
        headers: Additional headers.
        late: How far the org's clock is ahead of this computer's, in seconds.
        fails: The reason why the org doesn't answer at all; empty if it does.
    """

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    late: int = 0
    fails: str = ""


class Example(NamedTuple):
    """A spec that a check finds something in, or almost does.

    Attributes:
        spec: YAML, merged into the base spec; several documents for project checks.
        base: The complete spec to merge into: jwt, oauth2 or client_credentials;
            whole for none.
        files: Files next to the spec, and their content: the name of a material that the tests
            create (`rsa-2048`, `certificate`, …; see tests/helpers/material.py), or `text:` and
            the text.
        environ: Environment variables and their values, in the same notation.
        setting: A setting that the run needs: `require_secrets`, or `org_hosts=HOST`.
        replies: For live checks: the org's answers.
        deployed: For app checks: the spec of the app in the org; several documents for copies.
        elements: For app checks: what differs in the org's files, by file suffix and element.
        workflow: For checks of workflows: the nodes of a workflow, as JSON.
    """

    spec: str
    base: Literal["jwt", "oauth2", "client_credentials", "whole"] = "jwt"
    files: Mapping[str, str] = MappingProxyType({})
    environ: Mapping[str, str] = MappingProxyType({})
    setting: str = ""
    replies: tuple[ExampleReply, ...] = ()
    deployed: str = ""
    elements: Mapping[str, str] = MappingProxyType({})
    workflow: str = ""
