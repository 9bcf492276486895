"""Decide n8n's side of a credential, and the callback URLs of that n8n."""

import re
from typing import Literal, NamedTuple

from sfcred.errors import Cause, NotKnown
from sfcred.n8n.base_url import is_address, place_in_n8n
from sfcred.n8n.callback import (
    SUFFIX,
    Callback,
    for_cloud,
    from_environment,
    from_url,
    host_variables,
    is_cloud,
    states_host,
)
from sfcred.n8n.ids import derive_id
from sfcred.n8n.place import n8n_place
from sfcred.n8n.versions import Version, parse_version
from sfcred.resolve.environment.model import STATE_URL, Environment
from sfcred.spec.model import Spec
from sfcred.urls import UrlParts, take_apart


class N8nSide(NamedTuple):
    """n8n's side of a credential.

    Attributes:
        deployment: Who runs n8n.
        url: n8n's public URL as written in the spec, or None.
        version: n8n's version, or None if the spec doesn't state it.
        credential_id: The credential's id in n8n.
        id_why: How the id was chosen.
        credential_name: The name that n8n shows.
    """

    deployment: Literal["self_hosted", "cloud"]
    url: str | None
    version: Version | None
    credential_id: str
    id_why: str
    credential_name: str

    @property
    def is_cloud(self) -> bool:
        """Whether it is on n8n Cloud: no command line, no import, no environment of your own."""
        return self.deployment == "cloud"

    @property
    def key(self) -> str:
        """What identifies this n8n, however its URL is written; empty if the spec has none."""
        return n8n_place(self.url)


def decide_n8n_side(spec: Spec) -> N8nSide:
    """Return n8n's side, as far as the spec states it.

    Args:
        spec: A spec with its profile applied.
    """
    n8n = spec.n8n
    url = n8n.url if n8n else None
    given = n8n.id if n8n else None
    return N8nSide(
        deployment=(n8n and n8n.deployment) or ("cloud" if is_cloud(url) else "self_hosted"),
        url=url,
        version=parse_version(n8n.version) if n8n and n8n.version else None,
        credential_id=given or derive_id(spec.name),
        id_why="n8n.id" if given else "derived from the spec's name",
        credential_name=(n8n and n8n.name) or spec.name,
    )


def url_callbacks(instance: N8nSide) -> tuple[Callback, ...]:
    """Return the callbacks that n8n computes from its public URL; two for n8n Cloud.

    Raises:
        NotKnown: The spec has no URL.
    """
    if instance.is_cloud:
        return for_cloud(instance.url)
    if instance.url is None:
        raise NotKnown(
            "n8n.url is not set",
            hint="Add n8n.url, n8n's public URL.",
            cause=Cause.NOT_STATED,
        )
    return (from_url(instance.url),)


def environment_callback(environment: Environment, version: Version | None) -> Callback:
    """Return the callback that n8n computes from its environment.

    Args:
        environment: The environment.
        version: n8n's version.

    Raises:
        NotKnown: The environment doesn't state n8n's host, or part of it can't be determined.
    """
    if not states_host(environment, version):
        raise NotKnown(
            f"n8n's environment file {environment.shown} sets none of "
            f"{', '.join(host_variables(version))}",
            hint=f"{STATE_URL} Or name the file that sets one of them, such as a compose file, in "
            "n8n.env_file.",
            cause=Cause.NOT_STATED,
        )
    callback = from_environment(environment, version)
    _require_address(environment, callback)
    if environment.whole is not None:
        _require_same(environment, environment.whole, callback, version)
    return callback


def _require_same(
    part: Environment, whole: Environment, callback: Callback, version: Version | None
) -> None:
    """Require that a file with a part of n8n's environment tells the callback.

    Args:
        part: The file's environment.
        whole: All of n8n's environment.
        callback: The callback from the part.
        version: n8n's version.

    Raises:
        NotKnown: The whole results in another one, or isn't known.
    """
    try:
        if environment_callback(whole, version).url == callback.url:
            return
        gives = "another address"
    except NotKnown as error:
        if error.cause is not Cause.NOT_STATED:
            raise
        gives = "no address"
    raise NotKnown(
        f"n8n's environment file {part.shown} is only a part of it: {whole.shown} next to it gives "
        f"n8n {gives}",
        hint=f"Name {whole.shown} in n8n.env_file. It is read with the files that it uses.",
    )


def _require_address(environment: Environment, callback: Callback) -> None:
    """Require that n8n's base URL is one that browsers and Salesforce can use.

    Raises:
        NotKnown: It isn't.
    """
    parts, why = take_apart(callback.url), "; ".join(callback.steps)
    place = place_in_n8n(re.sub(rf"/[^/]*/{SUFFIX}$", "", parts.path))
    if place is not None and "webhook" in place[1]:
        raise NotKnown(
            f"n8n's environment file {environment.shown} has the address of a webhook as n8n's "
            f"own: {why}",
            hint="Set it to n8n's own address, without the webhook's path. If the file is another "
            f"program's, name n8n's. {STATE_URL}",
        )
    if not is_address(callback.url) or not _is_plain(parts):
        raise NotKnown(
            f"n8n's environment file {environment.shown} gives an address that can't be one: {why}",
            hint="Write out n8n's address in the file, as N8N_EDITOR_BASE_URL, with https://. "
            "N8N_HOST is only the name, without https:// and a port. "
            f"{STATE_URL}",
        )


def _is_plain(url: UrlParts) -> bool:
    """Return whether an address has one scheme, at most one port, and no user in it.

    n8n takes N8N_HOST as it is, so that one with https:// or a port results in two. A base URL can
    be the path of a folder.
    """
    if url.slashes == "/" or url.scheme.lower() not in ("", "http", "https"):
        return False
    host = re.sub(r"^\[[0-9a-fA-F:.]+\]$", "ipv6", url.host)
    return not (url.user_info or re.search(r":|^https?$", host, re.IGNORECASE))
