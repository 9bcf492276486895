"""What project checks see of a credential."""

import hashlib
import sys

from sfcred.checks._api import Entry
from sfcred.errors import NotKnown
from sfcred.resolve.credential import Credential
from sfcred.salesforce.hosts import Host
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route

_PLACES: tuple[Route, ...] = (("name",), ("client_id",), ("n8n", "id"), ("my_domain",))


def entry_of(credential: Credential, number: int, document: str) -> Entry:
    """The entry of a credential: little, because there may be ten thousand."""
    authority = credential.authority
    has_domain = authority is not None and credential.spec.my_domain is not None
    return Entry(
        number=number,
        name=credential.name,
        profile=credential.profile,
        file=credential.source.shown,
        document=document,
        flow=credential.decision.flow,
        authority=authority.url if authority else "",
        org=_org(authority.host) if authority and has_domain else "",
        external_client_app=credential.is_external_client_app,
        n8n=credential.n8n.key,
        n8n_id=credential.n8n.credential_id,
        client=_fingerprint(credential),
        connected=credential.declared(("oauth2", "refresh_token")) is not None,
        places={
            route: credential.node.place_of(route)
            for route in _PLACES
            if credential.node.find(route) is not None
        },
    )


def _org(host: Host) -> str:
    """The org's My Domain, also where a Lightning address stands for it."""
    return (host.my_domain or host.name).removeprefix("https://")


def _fingerprint(credential: Credential) -> str:
    """Equal for equal Consumer Keys; of the reference itself where it can't be read."""
    try:
        text = credential.value(("client_id",)).get_secret_value()
    except NotKnown:
        declared = credential.declared(("client_id",))
        text = f"{credential.folder}/{declared}" if isinstance(declared, Reference) else ""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12)
    return sys.intern(digest.hexdigest()) if text else ""
