"""The extension point for checks: everything that a new check's author needs.

A check is one file. Its name is the file's (`key_size.py` is `key-size`), its page is the
module's docstring, its examples are `bad` and `good`, and its function yields problems. What it
may do is decided by what it is handed:

- `spec_check`: a SpecFile, the YAML as it stands;
- `offline_check`: a Credential, resolved; secrets are read when the check asks;
- `project_check`: the whole project, as a list of Entries;
- `live_check`: a Live, what one visit to the org brought. It asks nothing itself;
- `app_check`: a Deployed, the app that the spec wants and the app that the org has;
- `ignore_check`: an Unmatched, something that was to be ignored and didn't come up.

What can't be known raises NotKnown from the credential's accessors; let it pass: doctor lists
the check as not run, with the reason.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from sfcred.spec.source import Place, Route

if TYPE_CHECKING:
    from sfcred.live.visit import Live
    from sfcred.resolve.blueprint import Deployed
    from sfcred.resolve.credential import Credential
    from sfcred.spec.load import SpecFile

Group = Literal["spec", "offline", "project", "live", "app", "ignores"]


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Larger is worse."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Entry(NamedTuple):
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


class Rule(NamedTuple):
    """That findings of a check are left out somewhere, and why.

    Attributes:
        check: The check's id.
        reason: What the person who wrote it gave as the reason.
        origin: Who says so: a spec, the configuration (for some paths), or the baseline.
        file: Where it is written, as messages show it.
        place: Where in the file.
        excerpt: The line there, masked; empty outside of specs.
        scope: What it holds for, where that isn't the spec that it stands in.
    """

    check: str
    reason: str
    origin: Literal["spec", "path", "baseline"]
    file: str
    place: Place
    excerpt: str = ""
    scope: str = ""


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
    """

    message: str
    at: Route
    hint: str
    severity: Severity | None = None
    on_key: bool = False
    document: int | None = None
    place: Place | None = None
    entry: Entry | None = None
    because_of: str | None = None
    fix: str | None = None
    is_unknown: bool = False


class Reply(NamedTuple):
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
        setting: What the run must be told, such as `require_secrets`.
        replies: For live checks: what the org answers.
        deployed: For app checks: the org has the app that this spec would make.
    """

    spec: str
    base: Literal["jwt", "oauth2", "whole"] = "jwt"
    files: Mapping[str, str] = MappingProxyType({})
    environ: Mapping[str, str] = MappingProxyType({})
    setting: str = ""
    replies: tuple[Reply, ...] = ()
    deployed: str = ""


class Check:
    """A check of the catalogue."""

    __slots__ = ("bad", "follows", "function", "good", "group", "id", "module", "name", "severity")

    def __init__(
        self,
        function: "Callable[..., Iterable[Problem]]",
        group: Group,
        check_id: str,
        severity: Severity,
        examples: tuple[Example, Example],
        follows: tuple[str, ...],
    ) -> None:
        self.function = function
        self.group = group
        self.id = check_id
        self.severity = severity
        self.bad, self.good = examples
        self.follows = follows
        self.module = function.__module__
        self.name = self.module.rpartition(".")[2].replace("_", "-")

    @property
    def page(self) -> str:
        """The documentation: a title line, then Markdown."""
        import sys

        return (sys.modules[self.module].__doc__ or "").strip()

    @property
    def title(self) -> str:
        """The first line of the page, without its full stop."""
        return self.page.partition("\n")[0].rstrip(".")


def spec_check(
    check_id: str,
    severity: Severity,
    *,
    bad: Example,
    good: Example,
    follows: tuple[str, ...] = (),
) -> "Callable[[Callable[[SpecFile], Iterable[Problem]]], Check]":
    """Makes a check of a function over a file as it stands.

    Args:
        check_id: `SFC` and three digits.
        severity: Of its findings, unless a problem says otherwise.
        bad: Trips it.
        good: A near miss.
        follows: Checks whose findings explain this one's: then it is marked as a consequence.
    """
    return lambda function: Check(function, "spec", check_id, severity, (bad, good), follows)


def offline_check(
    check_id: str,
    severity: Severity,
    *,
    bad: Example,
    good: Example,
    follows: tuple[str, ...] = (),
) -> "Callable[[Callable[[Credential], Iterable[Problem]]], Check]":
    """Makes a check of a function over a resolved credential. Arguments as for spec_check."""
    return lambda function: Check(function, "offline", check_id, severity, (bad, good), follows)


def project_check(
    check_id: str,
    severity: Severity,
    *,
    bad: Example,
    good: Example,
    follows: tuple[str, ...] = (),
) -> "Callable[[Callable[[Sequence[Entry]], Iterable[Problem]]], Check]":
    """Makes a check of a function over all credentials. Arguments as for spec_check."""
    return lambda function: Check(function, "project", check_id, severity, (bad, good), follows)


def live_check(
    check_id: str,
    severity: Severity,
    *,
    bad: Example,
    good: Example,
    follows: tuple[str, ...] = (),
) -> "Callable[[Callable[[Live], Iterable[Problem]]], Check]":
    """Makes a check of a function over a visit to the org. Arguments as for spec_check."""
    return lambda function: Check(function, "live", check_id, severity, (bad, good), follows)


def app_check(
    check_id: str,
    severity: Severity,
    *,
    bad: Example,
    good: Example,
    follows: tuple[str, ...] = (),
) -> "Callable[[Callable[[Deployed], Iterable[Problem]]], Check]":
    """Makes a check of a function over an app and its spec. Arguments as for spec_check."""
    return lambda function: Check(function, "app", check_id, severity, (bad, good), follows)


def ignore_check(
    check_id: str,
    severity: Severity,
    *,
    bad: Example,
    good: Example,
    follows: tuple[str, ...] = (),
) -> "Callable[[Callable[[Unmatched], Iterable[Problem]]], Check]":
    """Makes a check of a function over a rule of no use. Arguments as for spec_check."""
    return lambda function: Check(function, "ignores", check_id, severity, (bad, good), follows)
