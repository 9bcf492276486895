"""The JSON that `n8n import:credentials` takes.

n8n's import validates almost nothing (tested with n8n 2.40.5), so the output has to be right: an
array for `--input`, one object per file for `--separate`; only the keys id, name, type and data; no
timestamps, and no byte order mark.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from sfcred.errors import NotKnown, RenderError
from sfcred.n8n.credential_types import OAUTH2
from sfcred.n8n.expression import literal, secret_expression
from sfcred.n8n.versions import (
    HTTP_DOMAINS,
    MY_DOMAIN_JWT,
    NODES_ACCESS_REQUIRED,
    STORED_OAUTH_URLS,
    has,
)
from sfcred.render.api import Document, RenderOptions, Target, require_authority, require_one_n8n
from sfcred.resolve.authority import Authority
from sfcred.resolve.client_credentials import stored_fields, way_to_log_in
from sfcred.resolve.credential import Credential
from sfcred.resolve.generic_type import asked_scopes, grant_type
from sfcred.resolve.http_request import decide_http_request
from sfcred.resolve.n8n_sends import SecretTarget, import_targets
from sfcred.resolve.n8n_ways import (
    NOT_ON_CLOUD,
    has_way_in,
    import_in_container,
    instead_of_push,
    is_impossible,
)
from sfcred.resolve.token_org import foreign_instance
from sfcred.spec.model import Flow
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route
from sfcred.text.printable import one_line, sentence
from sfcred.text.redact import redact
from sfcred.text.shell import for_shell

#: A placeholder for the access token. Salesforce refuses n8n's first call with it, and n8n then
#: gets a real one with the refresh token, or with client credentials. An empty string would fail at
#: once with a refresh token (n8n 2.40.5).
PLACEHOLDER_TOKEN = "sfcred-placeholder-n8n-refreshes-it"


def render(credentials: Sequence[Credential], options: RenderOptions) -> list[Document]:
    """Render credentials for one n8n instance.

    Args:
        credentials: Checked credentials. Their secrets are read here.
        options: Separate files or one array; encrypted or not; tokens to keep.

    Returns:
        One document, or one per credential. The same specs and secrets always give the same text,
        except for encrypted data.

    Raises:
        RenderError: Something is missing, or two credentials would overwrite each other.
    """
    require_one_n8n(credentials)
    _require_unique_ids(credentials)
    _require_way_in(credentials)
    entries = [entry_of(credential, options) for credential in credentials]
    if not options.separate:
        return [Document("credentials.json", _dump(entries))]
    names = [_file_name(credential) for credential in credentials]
    return [Document(name, _dump(entry)) for name, entry in zip(names, entries, strict=True)]


def _require_unique_ids(credentials: Sequence[Credential]) -> None:
    seen: dict[str, Credential] = {}
    for credential in credentials:
        other = seen.setdefault(credential.n8n.credential_id, credential)
        if other is not credential:
            raise RenderError(
                f"{other.label} and {credential.label} have the same n8n id, and n8n would "
                "keep only the last one",
                hint="Choose one with --profile, or give each a different n8n.id.",
            )


def _require_way_in(credentials: Sequence[Credential]) -> None:
    """Refuse a file with secrets that is of no use: n8n Cloud can't import it, or push it.

    Raises:
        RenderError: One of the credentials can't get into its n8n.
    """
    for credential in credentials:
        if not has_way_in(credential):
            why = (
                NOT_ON_CLOUD
                if is_impossible(credential)
                else "n8n Cloud can't import credentials, and its API doesn't accept this one"
            )
            hint = f"{sentence(instead_of_push(credential))}."
            raise RenderError(f"{credential.label}: {why}", hint=hint)


def _file_name(credential: Credential) -> str:
    profile = f".{credential.profile}" if credential.profile else ""
    return f"{credential.name}{profile}.json"


def _dump(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def entry_of(credential: Credential, options: RenderOptions) -> dict[str, object]:
    """Return one credential as n8n imports it: id, name, type and data.

    Args:
        credential: A resolved credential. Its secrets are read here.
        options: Encrypted or not; tokens to keep.

    Raises:
        RenderError: Something is missing.
    """
    data = data_of(credential, options)
    entry: dict[str, object] = {
        "id": credential.n8n.credential_id,
        "name": credential.n8n.credential_name,
        "type": credential.n8n_type,
        "data": _encrypted(data, options) if options.encryption_key else data,
    }
    if has(NODES_ACCESS_REQUIRED, credential.n8n.version):
        entry["nodesAccess"] = []
    return entry


def data_of(credential: Credential, options: RenderOptions) -> dict[str, object]:
    """Return the data of a credential, unencrypted. The arguments are those of `entry_of`.

    Raises:
        RenderError: Something is missing.
    """
    data = fields_of(credential)
    # n8n's generic credential gets its first token by itself.
    if credential.is_salesforce_client:
        data["oauthTokenData"] = _first_token(require_authority(credential))
    if credential.flow == "oauth2":
        kept = options.tokens.get(credential.n8n.credential_id)
        if credential.declared(("oauth2", "refresh_token")) is not None:
            authority = require_authority(credential)
            data["oauthTokenData"] = _token_data(credential, authority, kept or {})
        elif kept:
            data["oauthTokenData"] = _kept(credential, kept)
    return data


def fields_of(credential: Credential) -> dict[str, object]:
    """Return the data of a credential without the tokens of a consent.

    Raises:
        RenderError: Something is missing.
    """
    make = _generic if credential.has_generic_type else _FIELDS[credential.flow]
    return make(credential) | _allowed_domains(credential)


def _allowed_domains(credential: Credential) -> dict[str, object]:
    if has(HTTP_DOMAINS, credential.n8n.version) is False:
        return {}
    try:
        return decide_http_request(credential).allowed.fields()
    except NotKnown as reason:
        raise _unreadable(credential, reason) from None


def _encrypted(data: dict[str, object], options: RenderOptions) -> str:
    from sfcred.n8n.cipher import encrypt

    key = options.encryption_key
    plain = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    # A value that isn't UTF-8 gets here with --no-check, and can only be written with an escape.
    plain = re.sub("[\ud800-\udfff]", lambda one: f"\\u{ord(one[0]):04x}", plain)
    return encrypt(plain, key.get_secret_value() if key else "")


def _jwt(credential: Credential) -> dict[str, object]:
    data: dict[str, object] = {
        "environment": credential.spec.environment,
        "clientId": _text(credential, ("client_id",)),
        "username": _text(credential, ("jwt", "username")),
        "privateKey": _private_key(credential),
    }
    knows_my_domain = has(MY_DOMAIN_JWT, credential.n8n.version) is not False
    if credential.spec.my_domain and knows_my_domain:
        data["myDomainUrl"] = require_authority(credential).url
    return data


def _client_credentials(credential: Credential) -> dict[str, object]:
    data = _client(credential)
    if way_to_log_in(credential) == "stored":
        data |= stored_fields(require_authority(credential))
    return data


def _first_token(authority: Authority) -> dict[str, object]:
    """Return the token data that n8n starts with: it takes the org's address from there.

    Without it, the first run fails with "Invalid URL" (n8n 2.40.5).
    """
    return {
        "access_token": PLACEHOLDER_TOKEN,
        "instance_url": authority.url,
        "token_type": "Bearer",
    }


def _client(credential: Credential) -> dict[str, object]:
    return {
        "environment": credential.spec.environment,
        "clientId": _text(credential, ("client_id",)),
        "clientSecret": _text(credential, credential.secret_route),
    }


def _oauth2(credential: Credential) -> dict[str, object]:
    data = _client(credential)
    authority = require_authority(credential)
    keeps_urls = has(STORED_OAUTH_URLS, credential.n8n.version) is not False
    if credential.spec.my_domain and keeps_urls:
        data["authUrl"] = authority.authorize_url
        data["accessTokenUrl"] = authority.token_url
    return data


def _generic(credential: Credential) -> dict[str, object]:
    authority = require_authority(credential)
    data: dict[str, object] = {
        "grantType": grant_type(credential),
        "accessTokenUrl": authority.token_url,
        "clientId": _text(credential, ("client_id",)),
        "clientSecret": _text(credential, credential.secret_route),
        "scope": literal(" ".join(asked_scopes(credential))),
        "authentication": "header",
    }
    if credential.flow == "oauth2":
        data["authUrl"] = f"{authority.url}/services/oauth2/authorize"
        # As n8n's Salesforce credential does: whoever is logged in would give consent otherwise.
        data["authQueryParameters"] = "prompt=login"
    return data


#: How to write n8n's own Salesforce credentials.
_FIELDS: dict[Flow, Callable[[Credential], dict[str, object]]] = {
    "oauth2": _oauth2,
    "jwt": _jwt,
    "client_credentials": _client_credentials,
}


def _token_data(
    credential: Credential, authority: Authority, kept: Mapping[str, object]
) -> dict[str, object]:
    """Return token data with the spec's refresh token; keep n8n's if they are from the same one."""
    refresh_token = _text(credential, ("oauth2", "refresh_token"))
    if kept.get("refresh_token") == refresh_token:
        return _kept(credential, kept)
    if credential.has_generic_type:  # the nodes have the address themselves
        return _placeholder(refresh_token)
    if not credential.spec.my_domain:
        raise RenderError(
            f"{credential.label} has a refresh token but no my_domain, and n8n needs the org's "
            "URL for a connected credential",
            hint="Add my_domain (Setup, My Domain, Current My Domain URL).",
        )
    return {**_placeholder(refresh_token), "instance_url": authority.url}


def _kept(credential: Credential, token: Mapping[str, object]) -> dict[str, object]:
    """Return n8n's own token, unless it would make the credential use another org.

    Raises:
        RenderError: It is from another org than the spec's.
    """
    instance = foreign_instance(credential, token)
    if not instance:
        return dict(token)
    raise RenderError(
        f"{credential.label}: the token in the export is from {one_line(redact(instance))}, which "
        f"isn't the spec's org ({require_authority(credential).host.name}), and n8n's workflows "
        "would go on using that",
        hint="Connect the credential in n8n to the spec's org, and export again. If n8n still has "
        "the old org's settings, render this one without --merge-from, import it, and connect it. "
        "If n8n is right, change the spec.",
    )


def _placeholder(refresh_token: str) -> dict[str, object]:
    return {
        "access_token": PLACEHOLDER_TOKEN,
        "refresh_token": refresh_token,
        "token_type": "Bearer",
    }


def _private_key(credential: Credential) -> str:
    from sfcred.keys.private_key import PrivateKey

    route: Route = ("jwt", "private_key")
    declared = credential.declared(route)
    if isinstance(declared, Reference) and declared.provider == "n8n":
        return secret_expression(declared.locator)
    try:
        key = credential.private_key
    except NotKnown as reason:
        raise _unreadable(credential, reason) from None
    if isinstance(key, PrivateKey):
        return key.canonical_pem()
    raise RenderError(
        f"{credential.label}: jwt.private_key is not a usable private key: {key.detail}",
        hint="Run sfcred doctor to see what to do.",
    )


def _text(credential: Credential, route: Route) -> str:
    """Return a value in the form that n8n stores: literal, or an expression that n8n resolves."""
    declared = credential.declared(route)
    if isinstance(declared, Reference) and declared.provider == "n8n":
        return secret_expression(declared.locator)
    try:
        value = credential.value(route).get_secret_value()
    except NotKnown as reason:
        raise _unreadable(credential, reason) from None
    return literal(value)


def _unreadable(credential: Credential, reason: NotKnown) -> RenderError:
    return RenderError(f"{credential.label}: {reason.message}", hint=reason.hint)


def _next_step(path: str, options: RenderOptions, credentials: Sequence[Credential]) -> str:
    how = " (encrypted with n8n's key)" if options.encryption_key else " in plain text"
    secrets = f"it contains the secrets{how}"
    if any(credential.n8n.is_cloud for credential in credentials):
        return (
            # Not the spec's address: whoever can change a spec would get n8n's API key.
            f"sfcred push {_arguments(credentials)} --n8n https://NAME.app.n8n.cloud\n"
            "  type your workspace's address yourself: n8n's API key is sent there, so sfcred "
            "never takes it from a spec\n"
            f"  delete {path}, which n8n Cloud can't import: {secrets}"
        )
    if options.separate:
        return (
            f"n8n import:credentials --separate --input={for_shell(path)}\n"
            f"  then delete {path}: {secrets}"
        )
    return (
        f"n8n import:credentials --input={for_shell(path)}\n"
        f"  or, into a container:\n    {import_in_container(path)}\n"
        f"  then delete {path}: {secrets}"
    )


def _arguments(credentials: Sequence[Credential]) -> str:
    """Return the arguments that choose these credentials, for a shell."""
    files = dict.fromkeys(for_shell(credential.source.shown) for credential in credentials)
    profiles = {credential.profile_option for credential in credentials}
    return " ".join(files) + (profiles.pop() if len(profiles) == 1 else "")


def _sends_to(credential: Credential, options: RenderOptions) -> list[SecretTarget]:
    """Return n8n's targets, including the instance of a token that is kept (`--merge-from`)."""
    targets = import_targets(credential)
    if credential.n8n_type != OAUTH2:  # only n8n's Salesforce nodes call a token's instance_url
        return targets
    kept = options.tokens.get(credential.n8n.credential_id)
    if kept is not None:
        url = kept.get("instance_url")
        targets.append(SecretTarget(url if isinstance(url, str) else "", _KEPT, is_n8n_own=True))
    return targets


_KEPT = "the instance_url of the token in the export"

TARGET = Target(render=render, secret=True, next_step=_next_step, sends_to=_sends_to)
