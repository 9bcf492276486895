"""Say what to do about each difference between specs and n8n."""

import re
from collections.abc import Collection

from sfcred.exchange.other_org import SESSION, TOKEN
from sfcred.n8n.ids import ID_FORM
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import ways_in

#: Next steps for credentials that can't be read.
EXPORT_AND_IMPORT = (
    "export it with `n8n export:credentials` and create a spec with `sfcred import`, or delete it "
    "in n8n"
)
#: Why a token differs, and what to do about it.
OTHER_ORG = "n8n is connected to another org"
_CONNECT_AGAIN = "connect it again in n8n, to the spec's org"
EXPORT_AGAIN = "export it again with `n8n export:credentials --decrypted`"


def to_import(reason: str) -> str:
    """Return what to do about a credential that no spec declares.

    Args:
        reason: Why no spec can stand for it; empty if one can.
    """
    if reason:
        return "change that in n8n, and then create a spec with `sfcred import`; or delete it"
    return "create a spec from it with `sfcred import`, or delete it in n8n"


def to_create(credential: Credential) -> str:
    """Return how to create a credential that n8n doesn't have."""
    return f"to create it, {ways_in(credential, exists=False)}"


def to_write(credential: Credential, fields: Collection[str]) -> str:
    """Return how to make n8n and the spec the same.

    Args:
        credential: The credential.
        fields: The fields that differ.
    """
    if "type" in fields:
        return "set another n8n.id in the spec: this id belongs to a credential of another type"
    if {*fields} == {SESSION}:
        return f"{_write_again(credential, 'logs in again')}; if n8n is right, change the spec"
    is_consent = credential.flow == "oauth2"
    if is_consent and {*fields} == {TOKEN}:
        return f"{_CONNECT_AGAIN}; if n8n is right, change the spec"
    after = f", and then {_CONNECT_AGAIN}" if is_consent and TOKEN in fields else ""
    how = f"to write the spec to n8n, {ways_in(credential)}{after}"
    return f"{how}; if n8n is right, change the spec"


def to_connect(credential: Credential) -> str:
    """Return how to bring the spec's consent into an n8n that lost it."""
    return _write_again(credential, "gets the spec's consent")


def _write_again(credential: Credential, effect: str) -> str:
    """Return how to replace what n8n stored. push has nothing to write: no field differs.

    Args:
        credential: The credential.
        effect: What n8n does then.
    """
    option = credential.profile_option
    if credential.n8n.is_cloud:
        return f"delete it in n8n and run `sfcred push{option}`, so that n8n {effect}"
    ways = f"`sfcred render{option}` and `n8n import:credentials`"
    return f"run {ways}, so that n8n {effect}"


def to_adopt(n8n_id: str, *, is_cloud: bool) -> str:
    """Return what to do with a credential that wasn't pushed from here.

    Args:
        n8n_id: Its id in n8n.
        is_cloud: Whether the n8n is on n8n Cloud, so that it can't export.
    """
    overwriting = f"to overwrite it with the spec, run {_adopting(n8n_id)}"
    return overwriting if is_cloud else f"compare an export (--export), or {overwriting}"


def _adopting(n8n_id: str) -> str:
    """Return the command. An id of another form, which anybody can have set, isn't repeated."""
    return f"`sfcred push --adopt {n8n_id if re.fullmatch(ID_FORM, n8n_id) else 'ID'}`"


def to_know(*, is_cloud: bool) -> str:
    """Return what to do with a credential that n8n has changed since it was pushed."""
    if is_cloud:
        return (
            "nothing, if only workflows used it (n8n then stores a token); n8n Cloud can't export "
            "its values"
        )
    return "compare an export (--export)"


def to_declare(n8n_id: str, *, is_cloud: bool) -> str:
    """Return what to do with a credential in a running n8n that no spec declares."""
    if not is_cloud:
        return EXPORT_AND_IMPORT
    return f"write a spec for it and run {_adopting(n8n_id)}, or delete it in n8n"
