"""The interface for checks. To add a check, write one file in the folder of its group.

The file needs:

- a name: `key_size.py` is the check `key-size`;
- a docstring, which becomes the check's page: a title line, then **Finds**, **Why it matters**,
  **How to fix it** and **Source**;
- a `BAD` example that the check finds, and a `GOOD` one that it almost finds;
- a function `check`, decorated with the kind of the check, which yields a Problem for everything
  that is wrong.

The kind decides what the function gets, and so what the check can do:

| decorator | folder | the function gets |
|---|---|---|
| `spec_check` | spec | a SpecFile: the YAML as written |
| `offline_check` | offline | a resolved Credential; a secret is read when the check asks for it |
| `project_check` | project | a ProjectEntry for each credential of the project |
| `live_check` | live | a Live: what one visit to the org returned; a check sends nothing itself |
| `app_check` | app | a Deployed: the app in the spec, and the app in the org |
| `ignore_check` | ignores | an Unmatched: an ignore without effect |
| `node_check` | workflow | a NodeUse: a workflow's node, its credential and its needs |
| `workflow_check` | workflow | a WorkflowUse: a workflow and its nodes that use credentials |
| `file_check` | workflow | a WorkflowFile: workflows as written |
| `usage_check` | workflow | a CredentialUse: a credential, and how many nodes use it |

The decorator also takes everything that the rest of sfcred must know about the check, such as its
traits and the version that it came with. No other module may name a check by its id.

If a value can't be known here, the credential's accessors raise NotKnown. Don't catch it: doctor
then lists the check as not run, with the reason.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import (
    TYPE_CHECKING,
    Generic,
    Literal,
    NamedTuple,
    Never,
    Required,
    TypeAlias,
    TypedDict,
    TypeGuard,
    TypeVar,
    Unpack,
)

from sfcred.checks.example import Example, ExampleReply
from sfcred.errors import Cause, Topic
from sfcred.findings import Rule, Severity
from sfcred.spec.source import Place, Route

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed
    from sfcred.live.visit import Live
    from sfcred.needs.use import CredentialUse, NodeUse, WorkflowUse
    from sfcred.resolve.credential import Credential
    from sfcred.resolve.deployed_app import DeployedApp
    from sfcred.spec.load import SpecFile
    from sfcred.spec.model import Flow
    from sfcred.workflows.model import WorkflowFile

__all__ = [
    "AnyCheck",
    "Check",
    "CheckDeclaration",
    "CheckKind",
    "Example",
    "ExampleReply",
    "Group",
    "Handed",
    "Problem",
    "ProjectEntry",
    "Remedy",
    "Severity",
    "Trait",
    "Unmatched",
    "app_check",
    "file_check",
    "ignore_check",
    "live_check",
    "node_check",
    "offline_check",
    "project_check",
    "spec_check",
    "usage_check",
    "workflow_check",
]

Group = Literal["spec", "offline", "project", "live", "app", "ignores", "workflow"]


class ProjectEntry(NamedTuple):
    """What a project check gets of a credential: not much, because a project can have thousands.

    Attributes:
        number: The credential's position in the project, from 0.
        name: The spec's name.
        profile: The profile, if there is one.
        file: The file's path, as shown in messages.
        document: The document that the spec is in, the same for all of its profiles.
        flow: The flow, if it is decided.
        authority: The authority's URL.
        org: The host of the My Domain, which identifies the org; empty without one.
        app: The app that a deployment would write; None without one, or without a known org.
        external_client_app: Whether the app is declared as an External Client App.
        n8n: What identifies the n8n; empty if the spec doesn't.
        n8n_id: n8n's credential id.
        n8n_type: n8n's type of the credential, if the flow is decided.
        overwrite: The overwrite of n8n's OAuth2 credentials that this one needs for client
            credentials, to be compared with others; empty if it needs none.
        client: A fingerprint of what is known about the Consumer Key. It can't be reversed. Compare
            it only with fingerprints of the same `client_kind`.
        client_kind: What the fingerprint is made from. `text`: the key in the spec. `value`: the
            value of a reference, from a place that a pull request can't write to. `place`: the
            reference itself, if its value can't be read or a pull request could have written it.
        places: Where name, client_id, n8n.id, and the app and its names are in the file.
        is_chosen: Whether the run is about it. Others are there to compare with, and come first;
            problems with them are not reported.
    """

    number: int
    name: str
    profile: str | None
    file: str
    document: str
    flow: str | None
    authority: str
    org: str
    app: "DeployedApp | None"
    external_client_app: bool
    n8n: str
    n8n_id: str
    n8n_type: str | None
    overwrite: str
    client: str
    client_kind: Literal["text", "value", "place"]
    places: Mapping[Route, Place]
    is_chosen: bool = True


class Unmatched(NamedTuple):
    """An ignore rule that matched nothing; `ineffective` if it can never match."""

    rule: Rule
    ineffective: bool = False


class Problem(NamedTuple):
    """One thing that a check found.

    Attributes:
        message: What is wrong. It never contains a secret's value.
        at: The route in the spec: ("jwt", "private_key").
        hint: What to do next.
        severity: The severity, if it isn't the check's own.
        on_key: Whether the problem is the key, not its value.
        document: For spec checks: the document of the file that the route is in, from 0.
        place: A place without a route, for example that of a syntax error.
        entry: For project checks: the credential with the problem.
        because_of: A check whose finding explains this one, in addition to those that the check
            follows.
        fix: The right value for `at`, if that is certain: `doctor --fix` writes it.
        is_unknown: For project checks: whether this is not a finding, but something that could not
            be compared. It is then listed as not checked, with the message as the reason.
        cause: Why it could not be compared.
        when_required: Report it only in runs that require secrets (True) or only in the others
            (False); None for both.
        counts_unrun: Add to the message how many checks a missing secret prevents.
    """

    message: str
    at: Route
    hint: str
    severity: Severity | None = None
    on_key: bool = False
    document: int | None = None
    place: Place | None = None
    entry: ProjectEntry | None = None
    because_of: str | None = None
    fix: str | None = None
    is_unknown: bool = False
    cause: Cause = Cause.UNREADABLE
    when_required: bool | None = None
    counts_unrun: bool = False


class Trait(Enum):
    """What the rest of sfcred must know about a check.

    Attributes:
        ALWAYS: The check always runs, whatever is selected, ignored or in a baseline, because
            other results can't be trusted without it.
        TRANSIENT: Its findings depend on the machine, the day or the org. If it finds nothing here,
            an ignore can still be needed elsewhere or tomorrow.
        NEVER_BASELINED: Its findings are never added to a baseline, because nobody should get used
            to them.
        ABOUT_SECRETS: It finds secrets that can't be read here. With `--require-secrets`, these
            are errors.
        ABOUT_EXPIRY: It is about the expiry of a certificate, which calendars show.
        ABOUT_THE_VISIT: It is about the visit to the org as a whole. A crash of the visit counts as
            a crash of this check.
        JUDGES_CONSENT: `sfcred login` uses it to judge a new consent.
    """

    ALWAYS = "always"
    TRANSIENT = "transient"
    NEVER_BASELINED = "never baselined"
    ABOUT_SECRETS = "about secrets"
    ABOUT_EXPIRY = "about expiry"
    ABOUT_THE_VISIT = "about the visit"
    JUDGES_CONSENT = "judges consent"


#: What makes a finding irrelevant: a target of `sfcred render`, its option `--merge-from`, or
#: `sfcred push`, which judges each credential itself.
Remedy = Literal["n8n-overwrite", "merge-from", "push"]
Handed = TypeVar("Handed")
Handed_contra = TypeVar("Handed_contra", contravariant=True)


class CheckDeclaration(TypedDict, total=False):
    """What a check declares about itself, as arguments of its decorator.

    Attributes:
        bad: An example that the check finds.
        good: An example that it almost finds.
        since: The first version of sfcred with this check.
        follows: The ids of checks whose findings explain this one's. A finding with such an
            explanation is shown as a consequence.
        answered_by: What makes its findings irrelevant to `sfcred render` or `sfcred push`.
        flow: The only flow, or flows, that it checks. It isn't called for the others.
        rules_out: What is certain about a credential in which it finds nothing, in words. sfcred
            shows this if a login is refused with an unknown error. Claim only what the check
            really compares.
        explains: What its findings explain, if something else can't be known (NotKnown).
    """

    bad: Required[Example]
    good: Required[Example]
    since: Required[str]
    follows: tuple[str, ...]
    answered_by: tuple[Remedy, ...]
    flow: "Flow | tuple[Flow, ...] | None"
    rules_out: str
    explains: tuple[Topic, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Check(Generic[Handed_contra]):
    """A check of the catalogue. The decorators below create it.

    `CheckDeclaration` describes the attributes that aren't listed here.

    Attributes:
        kind: The kind of the check, which decides what it gets.
        function: The function that yields its problems.
        id: `SFC` and three digits. An id never changes its meaning.
        severity: The severity of its findings, unless a problem has its own.
        traits: What else the rest of sfcred must know about it.
    """

    kind: "CheckKind[Handed_contra]"
    function: Callable[[Handed_contra], Iterable[Problem]]
    id: str
    severity: Severity
    traits: frozenset[Trait]
    bad: Example
    good: Example
    since: str
    follows: tuple[str, ...] = ()
    answered_by: tuple[Remedy, ...] = ()
    flow: "Flow | tuple[Flow, ...] | None" = None
    rules_out: str = ""
    explains: tuple[Topic, ...] = ()

    @property
    def name(self) -> str:
        """The check's name: that of its file, with hyphens."""
        return self.function.__module__.rpartition(".")[2].replace("_", "-")

    def covers(self, flow: str | None) -> bool:
        """Return whether it checks credentials of a flow; None for a flow that isn't decided."""
        flows = (self.flow,) if isinstance(self.flow, str) else self.flow
        return not flows or flow is None or flow in flows

    @property
    def group(self) -> Group:
        """The folder that the check is in."""
        return self.kind.group

    @property
    def page(self) -> str:
        """The documentation: a title line, then Markdown."""
        import sys

        return (sys.modules[self.function.__module__].__doc__ or "").strip()

    @property
    def title(self) -> str:
        """The first line of the page, without its period."""
        return self.page.partition("\n")[0].rstrip(".")


#: A check of any kind. It can't be called, because the type of its argument isn't known.
AnyCheck: TypeAlias = Check[Never]


class CheckKind(Generic[Handed]):
    """A kind of check, and the decorator that creates checks of this kind.

    Args:
        group: The folder for its checks.
        words: What its checks examine, for their pages, in Markdown.
        traits: The traits that all of its checks have.
    """

    def __init__(self, group: Group, words: str, *traits: Trait) -> None:
        self.group = group
        self.words = words
        self.traits = frozenset(traits)

    def __call__(
        self,
        check_id: str,
        severity: Severity,
        *,
        traits: tuple[Trait, ...] = (),
        **declared: Unpack[CheckDeclaration],
    ) -> Callable[[Callable[[Handed], Iterable[Problem]]], Check[Handed]]:
        """Return a decorator that turns a function into a check.

        Args:
            check_id: `SFC` and three digits. The first one is the chapter (chapters.py).
            severity: The severity of its findings, unless a problem has its own.
            traits: What else the rest of sfcred must know about the check.
            declared: What the check declares about itself (`CheckDeclaration`).
        """
        return lambda function: Check(
            kind=self,
            function=function,
            id=check_id,
            severity=severity,
            traits=self.traits.union(traits),
            **declared,
        )

    def among(self, checks: Iterable[AnyCheck]) -> list[Check[Handed]]:
        """Return the checks of this kind, which can then be called."""
        return [check for check in checks if self._made(check)]

    def _made(self, check: AnyCheck) -> TypeGuard[Check[Handed]]:
        return check.kind is self


spec_check: "CheckKind[SpecFile]" = CheckKind("spec", "a spec's file as written")
offline_check: "CheckKind[Credential]" = CheckKind(
    "offline", "a credential: a spec with its profile applied"
)
project_check: "CheckKind[Sequence[ProjectEntry]]" = CheckKind(
    "project", "all credentials together"
)
live_check: "CheckKind[Live]" = CheckKind(
    "live", "a login (`sfcred doctor --live`)", Trait.TRANSIENT
)
app_check: "CheckKind[Deployed]" = CheckKind(
    "app", "an app retrieved from an org (`sfcred app --check`)", Trait.TRANSIENT
)
ignore_check: "CheckKind[Unmatched]" = CheckKind("ignores", "an ignore without effect")
node_check: "CheckKind[NodeUse]" = CheckKind(
    "workflow", "a workflow's node that uses a Salesforce credential"
)
workflow_check: "CheckKind[WorkflowUse]" = CheckKind("workflow", "a workflow")
file_check: "CheckKind[WorkflowFile]" = CheckKind("workflow", "a workflow's file as written")
usage_check: "CheckKind[CredentialUse]" = CheckKind(
    "workflow", "a credential and the workflows that use it"
)
