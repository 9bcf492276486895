"""A reference can't be read here.

**Finds** a secret reference whose variable, file or key is missing, empty or unreadable, and a
certificate or an environment file of n8n that can't be read.

**Why it matters** What depends on the value can't be checked, and `sfcred render` refuses the
credential. In a CI job without secrets that is normal, so it is a warning; with
`--require-secrets` it is an error.

**How to fix it** Set the variable or put the file where the message says; in CI, give the job the
secret. A path in a spec is relative to the spec's folder.

**Source** sfcred's own rule: a missing value is never an empty one.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown, ReadError, SecretUnavailable
from sfcred.paths import join_local
from sfcred.resolve.credential import Credential
from sfcred.secrets import all_providers
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route

BAD = Example("jwt:\n  private_key: {file: nowhere.key}\n")
GOOD = Example('client_id: {n8n: "$secrets.vault.client_id"}\n')


@offline_check("SFC005", Severity.WARNING, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Tries every reference that the flow needs, then the other files."""
    for route, reference in credential.references():
        yield from _reference(credential, route, reference)
    jwt = credential.spec.jwt
    if credential.decision.flow != "oauth2" and jwt and jwt.certificate:
        yield from _file(credential, ("jwt", "certificate"), jwt.certificate)
    if credential.spec.n8n and credential.spec.n8n.env_file and _is_read(credential):
        yield from _file(credential, ("n8n", "env_file"), credential.spec.n8n.env_file)


def _is_read(credential: Credential) -> bool:
    """Whether the environment file may be read: else SFC306 is listed as not checked."""
    try:
        return credential.env_file is not None
    except NotKnown:
        return False


def _reference(credential: Credential, route: Route, reference: Reference) -> Iterator[Problem]:
    try:
        credential.values.secret(reference, credential.folder)
    except SecretUnavailable as error:
        hint = error.hint + _login(credential, route, reference)
        yield Problem(f"{'.'.join(map(str, route))}: {error.message}", route, hint)
    except NotKnown:
        return  # n8n holds it


def _login(credential: Credential, route: Route, reference: Reference) -> str:
    """A refresh token is something that sfcred can get."""
    if route != ("oauth2", "refresh_token") or all_providers()[reference.provider].store is None:
        return ""
    return f" `sfcred login {credential.name}` gets one and stores it there."


def _file(credential: Credential, route: Route, name: str) -> Iterator[Problem]:
    path = credential.folder / name
    try:
        credential.values.file(join_local(credential.folder, name))
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        yield Problem(f"{'.'.join(map(str, route))}: the file {name}: {reason}", route, error.hint)
