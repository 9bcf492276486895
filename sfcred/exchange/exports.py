"""Read exports of n8n's credentials, and what `render --merge-from` keeps of them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import NotKnown, ReadError, SecretUnavailable, Unreadable
from sfcred.exchange.export_files import read_files
from sfcred.exchange.held import is_for_salesforce
from sfcred.files.writing import WriteScope
from sfcred.n8n.credential_types import ALL_TYPES, JWT
from sfcred.n8n.export import Decrypt, NotRead, StoredCredential
from sfcred.resolve.credential import Credential
from sfcred.text.printable import listed, one_line, shortened
from sfcred.text.redact import redact

_AGAIN = "Export it again: n8n export:credentials --all --decrypted --output=FILE."
_WITH_KEY = "Export again with --decrypted, or set N8N_ENCRYPTION_KEY to n8n's key."


class Export(NamedTuple):
    """The content of an export.

    Attributes:
        salesforce: Its credentials for Salesforce, decrypted: those of the Salesforce types, and
            generic ones with Salesforce's URLs.
        others: The names and types of its other credentials.
        elsewhere: Those of the others that could be read.
        not_read: Entries that could not be read and may be Salesforce credentials, with the reason.
        files: The files that it consists of; empty for standard input.
        was_plain: Whether it contains secrets in plain text.
    """

    salesforce: list[StoredCredential]
    others: list[tuple[str, str]]
    elsewhere: list[StoredCredential]
    not_read: list[NotRead]
    files: Sequence[Path] = ()
    was_plain: bool = False


def load_export(source: str, environ: Mapping[str, str] = os.environ) -> Export:
    """Read an export.

    Args:
        source: A file, a folder written with `--separate` or `--backup` or the folder above it, or
            `-` for standard input.
        environ: The environment, which has n8n's encryption key if the data is encrypted.

    Raises:
        UsageError: It doesn't exist, is too large, or is not an export.
    """
    entries, files = read_files(source, _decryptor(environ))
    was_plain = any(isinstance(one, StoredCredential) and one.was_plain for one in entries)
    export = Export([], [], [], [], files, was_plain)
    for one in entries:
        if isinstance(one, NotRead) and not one.is_credential:
            continue
        if isinstance(one, NotRead):
            if one.type in (*ALL_TYPES, ""):
                export.not_read.append(one)
            else:
                export.others.append((one.name, one.type))
        elif is_for_salesforce(one):
            export.salesforce.append(one)
        else:
            export.others.append((one.name or "?", one.type))
            export.elsewhere.append(one)
    return export


def _decryptor(environ: Mapping[str, str]) -> Decrypt:
    from sfcred.n8n.encryption_key import read_instance_key

    try:
        key = read_instance_key(environ, Path()).get_secret_value()
    except SecretUnavailable as error:
        reason = f"its data is encrypted, and {error.message}"
        return lambda _text: _fail(reason)

    def decrypt(text: str) -> str:
        from sfcred.n8n.cipher import decrypt as with_key

        return with_key(text, key)

    return decrypt


def _fail(reason: str) -> str:
    raise ValueError(reason)


def require_readable(export: Export) -> None:
    """Refuse an export if nothing in it can be read, but something is there.

    Raises:
        Unreadable: The message has the number of credentials, and the first reason.
    """
    if export.salesforce or not export.not_read:
        return
    first, number = export.not_read[0], len(export.not_read)
    which = f"none of the {number} Salesforce credentials in the export can be read: "
    raise Unreadable(
        (which if number > 1 else "the export can't be read: ")
        + f"{_shown(first)}: {first.reason}",
        hint=_WITH_KEY if any("crypt" in one.reason for one in export.not_read) else _AGAIN,
    )


def with_ids(export: Export, credentials: Sequence[Credential]) -> Export:
    """Return an export in which entries without an id have that of their spec.

    n8n always writes ids. An entry without one belongs to the spec with its name and type. An entry
    with a spec's id belongs to that spec, even if its type or its URLs are not Salesforce's.
    """
    ids: dict[tuple[str, str], str] = {}
    for one in credentials:
        if one.decision.flow is not None:
            ids.setdefault((one.n8n.credential_name, one.n8n_type), one.n8n.credential_id)
    taken = {one.id for one in export.salesforce}
    stored = [
        one._replace(id=found)
        if not one.id and (found := ids.get((one.name, one.type), "")) not in taken
        else one
        for one in export.salesforce
    ]
    known = {one.n8n.credential_id for one in credentials}
    moved = [one for one in export.elsewhere if one.id in known]
    return export._replace(salesforce=[*stored, *moved])


# -- tokens


def has_token(entry: StoredCredential) -> bool:
    """Return whether an OAuth2 credential is connected, which means that n8n has a token for it."""
    tokens = entry.data.get("oauthTokenData")
    return isinstance(tokens, dict) and bool(
        tokens.get("refresh_token") or tokens.get("access_token")
    )


def tokens_of(export: Export, credentials: Sequence[Credential]) -> dict[str, Mapping[str, object]]:
    """Return the tokens of an export's connected credentials, by n8n's ids.

    They are secrets, in the format of `RenderOptions.tokens`.

    Args:
        export: The export, from `with_ids`.
        credentials: The credentials that the tokens are for.

    Raises:
        Unreadable: Tokens of one of these can't be read. Without them it would be disconnected.
    """
    ids = {one.n8n.credential_id for one in credentials if one.decision.flow == "oauth2"}
    stored = export.salesforce
    _require_ids(export.not_read, ids, ids - {one.id for one in stored})
    kept: dict[str, Mapping[str, object]] = {}
    for one in stored:
        tokens = one.data.get("oauthTokenData")
        if one.id in ids and tokens and not isinstance(tokens, dict):
            raise Unreadable(
                f"the tokens of {one_line(redact(one.name))} in the export are not an object, "
                "so they can't be kept",
                hint="Connect the credential in n8n again, and export it again.",
            )
        if isinstance(tokens, dict) and has_token(one):
            kept[one.id] = tokens
    return kept


def _require_ids(unread: Iterable[NotRead], ids: set[str], missing: set[str]) -> None:
    """Refuse entries that can't be read, if one may have a token that should be kept.

    Args:
        unread: The entries.
        ids: n8n's ids of the OAuth2 credentials.
        missing: Those that no other entry has. An entry without an id could be any of these.
    """
    # JWT has no token to keep
    oauth2 = [entry for entry in unread if entry.type != JWT]
    kept = [entry for entry in oauth2 if entry.id in ids or (missing and not entry.id)]
    if kept:
        others = f" (and {len(kept) - 1:,} more can't be read)" if len(kept) > 1 else ""
        raise Unreadable(
            f"the export's credential {_shown(kept[0])} can't be read: {kept[0].reason}{others}",
            hint=_AGAIN,
        )


def would_be_disconnected(export: Export, credentials: Sequence[Credential]) -> list[str]:
    """Return the labels of OAuth2 credentials about which an export says nothing.

    They are new, or the export doesn't have all of n8n's credentials. In that case, importing them
    without a refresh token disconnects them. The export is from `with_ids`.
    """
    known = {one.id for one in export.salesforce}
    return [
        one.label
        for one in credentials
        if one.decision.flow == "oauth2"
        and one.declared(("oauth2", "refresh_token")) is None
        and one.n8n.credential_id not in known
    ]


def of_other_apps(export: Export, credentials: Sequence[Credential]) -> list[str]:
    """Return the labels of OAuth2 credentials whose tokens in an export are of another app.

    The export is from `with_ids`.
    """
    stored = {one.id: one for one in export.salesforce}
    found = []
    for one in credentials:
        there = stored.get(one.n8n.credential_id)
        if there and one.decision.flow == "oauth2" and has_token(there):
            client = there.data.get("clientId")
            with suppress(NotKnown):
                wanted = one.value(("client_id",)).get_secret_value()
                if isinstance(client, str) and not client.startswith("=") and client != wanted:
                    found.append(one.label)
    return found


def _shown(entry: NotRead) -> str:
    return one_line(redact(shortened(entry.name)))


# -- git


def why_exposed(export: Export, project: Path) -> str:
    """Return why the files of an export could get into git; empty if they can't.

    Args:
        export: The export.
        project: The project's root.
    """
    if not export.files or not (export.salesforce or export.others or export.not_read):
        return ""
    try:
        taken = WriteScope(project).git.would_take(export.files)
    except (NotKnown, ReadError, OSError, ValueError):
        return f"can't tell whether git ignores {export.files[0]}, which contains n8n's secrets"
    if not taken:
        return ""
    return (
        f"git doesn't ignore {listed([str(file) for file in taken])}, which contains n8n's "
        "credentials: move it out of the repository, or ignore it"
    )
