"""The interface for checks. To add a check, write one file in the folder of its group.

The file needs:

- a name: `key_size.py` is the check `key-size`;
- a docstring, which becomes the check's page: a title line, then **Finds**, **Why it matters**,
  **How to fix it** and **Source**;
- a `BAD` example that the check finds, and a `GOOD` one that it almost finds;
- a function `check`, decorated with the kind of the check, which yields a Problem for each thing
  that is wrong.

The kind says what the function is handed, and that decides what a check can do:

| decorator | folder | the function gets |
|---|---|---|
| `spec_check` | spec | a SpecFile: the YAML as it is written |
| `offline_check` | offline | a Credential, resolved; a secret is read when the check asks for it |
| `project_check` | project | an Entry for each credential of the project |
| `live_check` | live | a Live: what one visit to the org returned; a check sends nothing itself |
| `app_check` | app | a Deployed: the app that the spec wants, and the app that the org has |
| `ignore_check` | ignores | an Unmatched: a rule that ignores something that wasn't found |

The decorator also takes everything that the rest of sfcred has to know about the check, such as the
version that it came with and its traits. No other module may name a check by its id.

A value that can't be known here raises NotKnown in the credential's accessors. Let it pass: doctor
then lists the check as not run, with the reason.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Generic,
    Literal,
    NamedTuple,
    Never,
    TypeAlias,
    TypeGuard,
    TypeVar,
)

from sfcred.errors import Cause, Topic
from sfcred.findings import Rule, Severity
from sfcred.spec.source import Place, Route

if TYPE_CHECKING:
    from sfcred.app.compare import Deployed
    from sfcred.live.visit import Live
    from sfcred.resolve.credential import Credential
    from sfcred.spec.load import SpecFile
    from sfcred.spec.model import Flow

__all__ = [
    "AnyCheck",
    "Check",
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
    "ignore_check",
    "live_check",
    "offline_check",
    "project_check",
    "spec_check",
]

Group = Literal["spec", "offline", "project", "live", "app", "ignores"]


class ProjectEntry(NamedTuple):
    """What a project check sees of a credential: little, because a project may have thousands.

    Attributes:
        number: Its place in the project, from 0.
        name: The spec's name.
        profile: The profile, if there is one.
        file: The file, as messages show it.
        document: Which document: the same for all profiles of a spec.
        flow: The flow, if it is decided.
        authority: The authority's URL.
        org: The My Domain's host, if there is one: it tells orgs apart.
        external_client_app: Whether the app is declared as one.
        n8n: What tells one n8n from another; empty where the spec doesn't say.
        n8n_id: n8n's credential id.
        client: A fingerprint of what is known of the Consumer Key: not to be turned back.
            Fingerprints of one `client_kind` alone can be compared.
        client_kind: What the fingerprint is of: `text`, the spec's own; `value`, what a
            reference gave that nobody but the person can fill; `place`, the reference itself,
            where the value can't be read or a pull request could have written it.
        connected: A refresh token is declared.
        places: Where name, client_id, n8n.id and profiles stand.
    """

    number: int
    name: str
    profile: str | None
    file: str
    document: str
    flow: str | None
    authority: str
    org: str
    external_client_app: bool
    n8n: str
    n8n_id: str
    client: str
    client_kind: Literal["text", "value", "place"]
    connected: bool
    places: Mapping[Route, Place]


class Unmatched(NamedTuple):
    """A rule that took nothing out; `ineffective` if it never could."""

    rule: Rule
    ineffective: bool = False


class Problem(NamedTuple):
    """What a check found.

    Attributes:
        message: What is wrong; never a secret's value.
        at: Where in the spec: ("jwt", "private_key").
        hint: What to do next.
        severity: If it differs from the check's own.
        on_key: The problem is the key, not its value.
        document: For spec checks: which document of the file the route belongs to, from 0.
        place: A place outside any route, such as that of a syntax error.
        entry: For project checks: the credential it is about.
        because_of: A check whose finding explains this one, beside those that the check follows.
        fix: The value that belongs at `at`, where that is certain: `doctor --fix` writes it.
        is_unknown: For project checks: something could not be compared. The message says why; it
            is no finding, but listed among what was not checked.
        cause: Why, where it is unknown.
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


class ExampleReply(NamedTuple):
    """What an org answers in a live check's example, in the order of the requests.

    Attributes:
        body: The body; a text that begins with `{` or `[` goes out as JSON.
        status: The HTTP status.
        headers: Further headers.
        late: By how many seconds the org's clock is ahead of this computer's.
        fails: Nothing comes back, for this reason.
    """

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    late: int = 0
    fails: str = ""


class Example(NamedTuple):
    """A spec that trips a check, or one that nearly does.

    Attributes:
        spec: YAML, laid over the base spec; several documents for project checks.
        base: Which complete spec it is laid over: jwt, oauth2; whole: over none.
        files: Files beside the spec, each by the name of a material that the tests make
            (`rsa-2048`, `certificate`, …; CONTRIBUTING has the list), or `text:` and the text.
        environ: Environment variables, in the same way.
        setting: What the run must be told: `require_secrets`, or `org_hosts=HOST`.
        replies: For live checks: what the org answers.
        deployed: For app checks: the org has the app that this spec would make.
    """

    spec: str
    base: Literal["jwt", "oauth2", "whole"] = "jwt"
    files: Mapping[str, str] = MappingProxyType({})
    environ: Mapping[str, str] = MappingProxyType({})
    setting: str = ""
    replies: tuple[ExampleReply, ...] = ()
    deployed: str = ""


class Trait(Enum):
    """What the rest of sfcred has to know about a check.

    Attributes:
        ALWAYS: Nothing else can be trusted without it. No selection, ignore or baseline leaves it
            out.
        TRANSIENT: What it finds depends on the machine, the day or the org. If it finds nothing
            here, an ignore can still be needed elsewhere or tomorrow.
        NEVER_BASELINED: Nobody should get used to what it finds: no baseline holds it.
        ABOUT_SECRETS: It finds secrets that can't be read here, which are errors with
            `--require-secrets`.
        ABOUT_EXPIRY: It is about the end of a certificate. The HTML report's calendar shows it.
        ABOUT_THE_VISIT: It is about the visit to the org as a whole, so a crash of the visit counts
            as a crash of this check.
        JUDGES_CONSENT: `sfcred login` asks it whether a new consent is the right one.
    """

    ALWAYS = "always"
    TRANSIENT = "transient"
    NEVER_BASELINED = "never baselined"
    ABOUT_SECRETS = "about secrets"
    ABOUT_EXPIRY = "about expiry"
    ABOUT_THE_VISIT = "about the visit"
    JUDGES_CONSENT = "judges consent"


#: What makes a finding pointless: a target of `sfcred render`, its option `--merge-from`, or
#: `sfcred push`, which judges each credential by itself.
Remedy = Literal["n8n-overwrite", "merge-from", "push"]
Handed = TypeVar("Handed")
Handed_contra = TypeVar("Handed_contra", contravariant=True)


@dataclass(frozen=True, eq=False)
class Check(Generic[Handed_contra]):
    """A check of the catalogue. The decorators below make it.

    Attributes:
        kind: What it is handed.
        function: What it does.
        id: `SFC` and three digits; it never changes its meaning.
        severity: The usual severity of its findings.
        bad: An example that it finds.
        good: An example that it almost finds.
        since: The version of sfcred that it came with.
        follows: The ids of the checks whose findings explain its own.
        traits: What else there is to know about it.
        answered_by: What makes its findings pointless to `sfcred render`.
        flow: The only flow that it looks at; None: any.
        rules_out: What is known of a credential in which it finds nothing, in words.
        explains: What its findings explain, where something else can't be known.
    """

    kind: "CheckKind[Handed_contra]"
    function: Callable[[Handed_contra], Iterable[Problem]]
    id: str
    severity: Severity
    bad: Example
    good: Example
    since: str
    follows: tuple[str, ...]
    traits: frozenset[Trait]
    answered_by: tuple[Remedy, ...]
    flow: "Flow | None"
    rules_out: str
    explains: tuple[Topic, ...]

    @property
    def name(self) -> str:
        """The name of its file, with hyphens."""
        return self.function.__module__.rpartition(".")[2].replace("_", "-")

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
        """The first line of the page, without its full stop."""
        return self.page.partition("\n")[0].rstrip(".")


#: A check of any kind. It can't be called: what it is handed isn't known.
AnyCheck: TypeAlias = Check[Never]


class CheckKind(Generic[Handed]):
    """A kind of checks, and the decorator that makes a check of that kind.

    Args:
        group: The folder that its checks are in.
        words: What its checks look at, for their pages, in Markdown.
        traits: The traits that all its checks have.
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
        bad: Example,
        good: Example,
        since: str,
        follows: tuple[str, ...] = (),
        traits: tuple[Trait, ...] = (),
        answered_by: tuple[Remedy, ...] = (),
        flow: "Flow | None" = None,
        rules_out: str = "",
        explains: tuple[Topic, ...] = (),
    ) -> Callable[[Callable[[Handed], Iterable[Problem]]], Check[Handed]]:
        """Make a check of a function.

        Args:
            check_id: `SFC` and three digits. The first one is the chapter (chapters.py).
            severity: The severity of its findings, unless a problem has its own.
            bad: An example that the check finds.
            good: An example that it almost finds.
            since: The first version of sfcred with this check.
            follows: The ids of checks whose findings explain this one's. A finding that has such
                an explanation is shown as a consequence.
            traits: What the rest of sfcred has to know about the check.
            answered_by: What makes its findings pointless to `sfcred render`.
            flow: The only flow that it looks at: in other credentials it finds nothing.
            rules_out: What is known of a credential in which it finds nothing, in words. A refused
                login that sfcred doesn't know tells it. Claim only what the check really compares.
            explains: What its findings explain, where something else can't be known (NotKnown).
        """
        return lambda function: Check(
            kind=self,
            function=function,
            id=check_id,
            severity=severity,
            bad=bad,
            good=good,
            since=since,
            follows=follows,
            traits=self.traits.union(traits),
            answered_by=answered_by,
            flow=flow,
            rules_out=rules_out,
            explains=explains,
        )

    def among(self, checks: Iterable[AnyCheck]) -> list[Check[Handed]]:
        """Return the checks of this kind, which can then be called."""
        return [check for check in checks if self._made(check)]

    def _made(self, check: AnyCheck) -> TypeGuard[Check[Handed]]:
        return check.kind is self


spec_check: "CheckKind[SpecFile]" = CheckKind("spec", "a spec's file as it stands")
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
    "app", "an app that was retrieved from an org (`sfcred app --check`)", Trait.TRANSIENT
)
ignore_check: "CheckKind[Unmatched]" = CheckKind("ignores", "an ignore that took nothing out")
