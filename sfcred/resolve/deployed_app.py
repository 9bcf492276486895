"""What a deployment of a credential's app writes, to be compared with another credential's."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from sfcred.errors import NotKnown, RenderError
from sfcred.resolve.blueprint import blueprint
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_type import AppType
from sfcred.salesforce.ids import short_id
from sfcred.salesforce.metadata.formats import format_of
from sfcred.salesforce.metadata.model import AppSettings, PermissionSet, normal_scopes

#: How messages name settings that aren't fields of `app` with the same name.
_WORDS = {
    "refresh_policy": "refresh_token_policy",
    "client_credentials": "flow",
    "client_credentials_policy": "flow",
}
#: What doesn't matter for logins, and is about the credential.
_LEFT_OUT = frozenset({"description", "certificate", "run_as"})


class DeployedApp(NamedTuple):
    """An app as `sfcred app` would write it.

    Attributes:
        org: What identifies the org: the host of its My Domain, or else 15 characters of its id.
        type: Its type. A Connected App and an External Client App can have the same name.
        api_name: Its API name.
        settings: Its settings, with defaults for what the spec doesn't state.
        certificate: A digest of its certificate; empty if there is none that can be read.
        run_as: The username to run as; empty if there is none, or if it is a reference.
    """

    org: str
    type: AppType
    api_name: str
    settings: AppSettings
    certificate: str
    run_as: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies it. Salesforce compares names without regard to case."""
        return self.org, self.type, self.api_name.casefold()

    def differences(self, other: "DeployedApp") -> list[str]:
        """Return the names of the settings that the other one has differently."""
        names = [
            _WORDS.get(name, name)
            for name in AppSettings._fields
            if name not in _LEFT_OUT
            # What isn't written is off, or empty.
            and (getattr(self.settings, name) or None) != (getattr(other.settings, name) or None)
        ]
        for name in ("certificate", "run_as"):
            ours, theirs = getattr(self, name), getattr(other, name)
            names += [name] if ours and theirs and ours != theirs else []
        return list(dict.fromkeys(names))


class AppClash(NamedTuple):
    """Two credentials whose deployments overwrite each other's app.

    Attributes:
        later, earlier: Their positions.
        differences: What differs, as the names of fields.
    """

    later: int
    earlier: int
    differences: list[str]


def app_clashes(
    apps: Sequence[DeployedApp | None],
    clients: Sequence[tuple[str, str] | None] = (),
    unnamed: Collection[int] = (),
) -> Iterator[AppClash]:
    """Yield each credential whose app an earlier one describes differently, once.

    Args:
        apps: The apps by the credentials' positions; None where there is nothing to compare.
        clients: What is known about their Consumer Keys: a kind, and a text that only those of the
            same kind can be compared with. None where nothing is; empty to leave them out.
        unnamed: The positions of those whose spec doesn't name the app. They mean the same one only
            if they have the same Consumer Key.
    """
    first: dict[object, int] = {}
    for number, app in enumerate(apps):
        if app is None:
            continue
        key = (app.key, clients[number] or number) if number in unnamed else app.key
        earlier = first.setdefault(key, number)
        other, client = apps[earlier], clients[number] if clients else None
        found = app.differences(other) if other else []
        if not found and client and number not in unnamed:
            earlier = first.setdefault((app.key, client[0]), number)
            found = ["client_id"] if clients[earlier] != client else []
        if found:
            yield AppClash(number, earlier, found)


def deployed_app(credential: Credential) -> DeployedApp | None:
    """Return what a deployment writes; None if the spec has no app, org or flow, or too little."""
    org = _org(credential)
    if credential.spec.app is None or credential.decision.flow is None or not org:
        return None
    try:
        plan = blueprint(credential, for_deployment=False)
    except RenderError:
        return None
    return DeployedApp(
        org,
        format_of(credential.app.type).type,
        plan.api_name,
        _comparable(plan.settings),
        _certificate(credential),
        _run_as(credential),
    )


def _org(credential: Credential) -> str:
    host = credential.authority.host if credential.authority else None
    if host and credential.spec.my_domain is not None:
        return host.my_domain_host
    return short_id(credential.app.org_id or "")


def _comparable(settings: AppSettings) -> AppSettings:
    """Return the settings without order, spellings and labels."""
    sets = sorted({one.name for one in settings.permission_sets or ()})
    return settings._replace(
        scopes=tuple(sorted(normal_scopes(settings.scopes or ()))),
        callback_urls=tuple(sorted(settings.callback_urls or ())),
        permission_sets=tuple(map(PermissionSet, sets)),
        profiles=tuple(sorted(settings.profiles or ())),
    )


def _certificate(credential: Credential) -> str:
    if credential.flow != "jwt" or credential.named_certificate is None:
        return ""
    from sfcred.keys.certificate import Certificate

    with suppress(NotKnown):
        found = credential.certificate
        if isinstance(found, Certificate):
            return found.sha256
    return ""


def _run_as(credential: Credential) -> str:
    if credential.flow != "client_credentials" or credential.username_route is None:
        return ""
    declared = credential.declared(credential.username_route)
    return declared if isinstance(declared, str) else ""
