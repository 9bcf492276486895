"""A reference can't be read here.

**Finds** a secret reference whose variable, file or key is missing, empty or unreadable. Also finds
an unreadable certificate, or an unreadable environment file of n8n.

**Why it matters** sfcred can't check what depends on the value, and `sfcred render` refuses the
credential. A checkout without any of a credential's secrets is normal, for example in a pull
request: that is one info per credential. If some of its secrets are there and one isn't, that is a
warning. With `--require-secrets`, each missing secret is an error. A certificate or an environment
file is not a secret and belongs in the repository: if it can't be read, that is a warning, and the
checks that need it are listed as "could not be checked" (exit status 4).

**How to fix it** Set the variable, or put the file where the message says. In CI, give the job the
secret. Paths in a spec are relative to the spec's folder.

**Source** sfcred's own rule: a missing value never counts as an empty one.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sfcred.checks.api import Example, Problem, Severity, Trait, offline_check
from sfcred.errors import NotKnown, ReadError, SecretUnavailable
from sfcred.paths import is_there, join_local, lies_outside, relative_place
from sfcred.resolve.credential import Credential
from sfcred.secrets import find_provider
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route, route_text
from sfcred.text.printable import counted, listed

BAD = Example("jwt:\n  private_key: {file: nowhere.key}\n")
_CERTIFICATE: Route = ("jwt", "certificate")
_PAIR: tuple[Route, ...] = (("jwt", "private_key"), _CERTIFICATE)
_COMMIT = "Put the certificate of this key there, and commit it: it is public."
GOOD = Example('client_id: {n8n: "$secrets.vault.client_id"}\n')


@offline_check(
    "SFC005",
    Severity.WARNING,
    bad=BAD,
    good=GOOD,
    since="0.1.0",
    traits=(Trait.ABOUT_SECRETS, Trait.TRANSIENT),
)
def check(credential: Credential) -> Iterator[Problem]:
    """Try every reference that the flow needs, then the other files."""
    missing = list(_missing(credential))
    if missing and not _is_any_here(credential):  # a checkout without secrets
        yield _summary(missing)
        missing = [problem._replace(when_required=True) for problem in missing]
    yield from missing
    certificate = credential.named_certificate
    if credential.decision.flow in ("jwt", None) and certificate:
        yield from _file(credential, _CERTIFICATE, certificate)
    if credential.spec.n8n and credential.spec.n8n.env_file and _is_read(credential):
        yield from _file(credential, ("n8n", "env_file"), credential.spec.n8n.env_file)


def _is_read(credential: Credential) -> bool:
    """Return whether sfcred reads the environment file: if not, SFC306 is listed as not checked."""
    try:
        return credential.env_file is not None
    except NotKnown:
        return False


def _missing(credential: Credential) -> Iterator[Problem]:
    """Yield a problem for each secret that can't be read here."""
    for route, reference in credential.references():
        try:
            credential.values.secret(reference, credential.folder)
        except SecretUnavailable as error:
            path = find_provider(reference.provider).path_text(reference.locator)
            usual = error.hint + _or_login(credential, route, reference) + _guide(credential, route)
            made = _keygen(credential, route) or _first_login(credential, route, reference)
            hint = _elsewhere(credential, path) or made or usual
            yield Problem(f"{route_text(route)}: {error.message}", route, hint)
        except NotKnown:
            continue  # n8n has it, or a remote store that this run doesn't ask


def _is_any_here(credential: Credential) -> bool:
    """Return whether any of the credential's secrets is here, even if it can't be used."""
    return any(_is_here(credential, reference) for _, reference in credential.references())


def _is_here(credential: Credential, reference: Reference) -> bool:
    """Return whether a secret can be read, or its file exists: then it is more than missing."""
    with suppress(SecretUnavailable, NotKnown):
        credential.values.secret(reference, credential.folder)
        return True
    name = find_provider(reference.provider).path_text(reference.locator)
    if not name:
        return False
    if _elsewhere(credential, name):
        return True
    try:
        path = credential.values.path(reference, credential.folder)
        return path is not None and is_there(path)
    except (ReadError, SecretUnavailable):  # a path that no file can have
        return True


def _summary(missing: list[Problem]) -> Problem:
    """Return one problem for a credential none of whose secrets is here."""
    fields = listed([route_text(one.at) for one in missing])
    are = "is" if len(missing) == 1 else "are"
    ways = "\n".join(f"{one.message}. {one.hint}" for one in missing)
    return Problem(
        f"{counted(len(missing), 'secret')} {are} not available here ({fields})",
        missing[0].at,
        f"This is normal in a pull request, or wherever secrets aren't kept. Otherwise:\n{ways}",
        Severity.INFO,
        when_required=False,
        counts_unrun=True,
    )


def _elsewhere(credential: Credential, name: str) -> str:
    """Return the right path of a file that is where the path leads from the project's root."""
    project, folder = credential.context.project, credential.folder
    if not name or Path(name).is_absolute() or is_there(folder / name):
        return ""
    if re.match(r"~|\$|%\w+%", name):
        return "sfcred doesn't expand ~ and variables in paths: write the path itself."
    slashes = name.replace("\\", "/")
    if slashes != name and is_there(folder / slashes):
        return f"Only Windows reads \\ in paths: write {slashes}, which works on every system."
    found = project / name
    if lies_outside(found, project) or not is_there(found) or not found.is_file():
        return ""
    right = relative_place(found, folder)
    return f"Paths are relative to the spec's own file. Did you mean {right}?"


def _login(credential: Credential, route: Route, reference: Reference) -> str:
    """Return how to get a missing refresh token with sfcred; empty for other secrets."""
    if route != ("oauth2", "refresh_token") or find_provider(reference.provider).store is None:
        return ""
    return f"`sfcred login {credential.chosen}`, which gets a refresh token and stores it there."


def _first_login(credential: Credential, route: Route, reference: Reference) -> str:
    """Return how to get a refresh token that was never there; empty for what is only unreadable."""
    login = _login(credential, route, reference)
    if reference.provider != "file" or not login or _is_here(credential, reference):
        return ""
    return f"Run {login} If it is elsewhere, correct the path."


def _or_login(credential: Credential, route: Route, reference: Reference) -> str:
    login = _login(credential, route, reference)
    return f" Or run {login}" if login else ""


def _guide(credential: Credential, route: Route) -> str:
    """Return how to find a value that the app in Salesforce has; empty for other secrets."""
    name = {"client_id": "Consumer Key", "client_secret": "Consumer Secret"}.get(str(route[-1]))
    command = f"sfcred guide {credential.chosen}"
    return f" `{command}` shows where the {name} is." if name else ""


def _file(credential: Credential, route: Route, name: str) -> Iterator[Problem]:
    path = credential.folder / name
    try:
        credential.values.file(join_local(credential.folder, name))
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        usual = error.hint if route != _CERTIFICATE or is_there(path) else _COMMIT
        hint = _elsewhere(credential, name) or _keygen(credential, route) or usual
        yield Problem(f"{route_text(route)}: the file {name}: {reason}", route, hint)


def _keygen(credential: Credential, route: Route) -> str:
    """Return how to get the key pair; empty for other values, or if a part of it is there.

    The certificate's finding says it; the private key's refers to that.
    """
    how = credential.creates_pair if route in _PAIR else ""
    if not how or route == _CERTIFICATE or credential.named_certificate is None:
        return how
    return (
        "The certificate is missing, too: its hint says when to run "
        f"`sfcred keygen {credential.chosen}`."
    )
