"""The local org's apps and users, from specs."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from pydantic import SecretStr

from sfcred.errors import NotKnown
from sfcred.resolve.blueprint import admits_nobody, is_pre_authorized
from sfcred.resolve.client_credentials import granted_scopes
from sfcred.resolve.credential import Credential
from sfcred.salesforce.host_tables import LOGIN_URLS
from sfcred.spec.source import Route

_DOCTOR = "Run `sfcred doctor` to see what is wrong with the key or the certificate."

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


class Signer(NamedTuple):
    """A public key to verify signatures with. Equal keys have the same SHA-256."""

    sha256: str
    key: "RSAPublicKey"


class Registration(NamedTuple):
    """One credential's app, user and org.

    Attributes:
        name: The credential's name, with its profile.
        label: The app's label, for the consent page.
        flow: oauth2, jwt or client_credentials.
        client_id, client_secret, refresh_token: The values from the spec.
        username: The user that a JWT login names, or that the app runs as; None if there is none.
        signer: The key of the app's certificate.
        scopes, callback_urls: Those of the app.
        audiences: The audiences that are accepted, in addition to the local org itself.
        external_client_app: Whether general login hosts are refused as audience.
        pre_authorized: Whether users don't need to approve the app.
        admits_nobody: Whether the app is only for assigned users, and nobody is assigned.
        pkce_required: Whether the authorize page requires a challenge.
        is_sandbox, org_id, user_id: What the org reports about itself and its user.
    """

    name: str
    label: str
    flow: str
    client_id: SecretStr
    client_secret: SecretStr | None
    refresh_token: SecretStr | None
    username: SecretStr | None
    signer: Signer | None
    scopes: tuple[str, ...]
    callback_urls: tuple[str, ...]
    audiences: frozenset[str]
    external_client_app: bool
    pre_authorized: bool
    admits_nobody: bool
    pkce_required: bool
    is_sandbox: bool
    org_id: str
    user_id: str

    @property
    def identity(self) -> str:
        """A key for the registration. Specs in different projects can have the same name."""
        return f"{self.name} {self.flow} {self.org_id}"


class LeftOut(NamedTuple):
    """A credential that the org doesn't know: its name, the reason, and what to do about it."""

    name: str
    reason: str
    hint: str


class Registry(NamedTuple):
    """The registrations, and the credentials that were left out."""

    registrations: tuple[Registration, ...]
    left_out: tuple[LeftOut, ...]


def register(credentials: Iterable[Credential]) -> Registry:
    """Return the apps and users that credentials declare.

    Args:
        credentials: Resolved credentials. The values that their flow needs are read here.

    Returns:
        The registry. A credential whose values can't be read is left out, with the reason.
    """
    known, left_out = [], []
    for credential in credentials:
        try:
            known.append(_registration(credential))
        except NotKnown as reason:
            left_out.append(LeftOut(credential.label, reason.message, reason.hint))
    return Registry(tuple(known), tuple(left_out))


def _registration(credential: Credential) -> Registration:
    app, is_jwt = credential.app, credential.flow == "jwt"
    authority = credential.authority.url if credential.authority else ""
    org_id = app.org_id or _id("00D", authority)
    is_sandbox = credential.spec.environment == "sandbox"
    return Registration(
        name=credential.label,
        label=app.label or credential.name,
        flow=credential.flow,
        client_id=credential.value(("client_id",)),
        client_secret=_client_secret(credential),
        refresh_token=_value(credential, ("oauth2", "refresh_token")),
        username=_username(credential),
        signer=_signer(credential) if is_jwt else None,
        scopes=_scopes(credential),
        callback_urls=tuple(app.callback_urls or ()),
        # External Client Apps refuse the general hosts since Spring '26.
        audiences=frozenset(
            {authority, *(() if credential.is_external_client_app else LOGIN_URLS.values())} - {""}
        ),
        external_client_app=credential.is_external_client_app,
        pre_authorized=is_pre_authorized(credential),
        admits_nobody=admits_nobody(credential),
        pkce_required=app.pkce_required is not False,
        is_sandbox=is_sandbox,
        org_id=org_id if len(org_id) > 15 else f"{org_id}EAA",  # noqa: PLR2004 - the short id's length
        user_id=_id("005", credential.name),
    )


def _client_secret(credential: Credential) -> SecretStr | None:
    """Return the secret that clients must have; None to accept any.

    Raises:
        NotKnown: It can't be read here. Client credentials have nothing else to check.
    """
    if credential.flow == "client_credentials":
        return credential.value(credential.secret_route)
    return _value(credential, ("oauth2", "client_secret"))


def _username(credential: Credential) -> SecretStr | None:
    """Return the user.

    Raises:
        NotKnown: It can't be read here. JWT needs one, client credentials only compare one.
    """
    route = credential.username_route
    if route is None or (credential.flow != "jwt" and credential.declared(route) is None):
        return None
    return credential.value(route)


def _scopes(credential: Credential) -> tuple[str, ...]:
    """Return the scopes that logins get."""
    if credential.flow == "client_credentials":
        return granted_scopes(credential) if credential.app.scopes else ("api",)
    return tuple(credential.app.scopes or ("api", "refresh_token"))


def _value(credential: Credential, route: Route) -> SecretStr | None:
    """Return an optional value; None if it isn't declared or can't be read here."""
    if credential.flow != "oauth2":
        return None
    try:
        return credential.value(route)
    except NotKnown:
        return None


def _signer(credential: Credential) -> Signer:
    """Return the key of the spec's certificate or, without one, the private key's public key.

    Raises:
        NotKnown: There is no RSA key.
    """
    from sfcred.keys.certificate import Certificate
    from sfcred.keys.private_key import PrivateKey

    if credential.named_certificate is not None:
        certificate = credential.certificate
        if not isinstance(certificate, Certificate):
            raise NotKnown("jwt.certificate is not a usable certificate", hint=_DOCTOR)
        return Signer(certificate.spki_sha256, _certificate_key(certificate.der))
    private = credential.private_key
    if not isinstance(private, PrivateKey) or private.algorithm != "RSA":
        raise NotKnown("no usable RSA key or certificate to verify signatures with", hint=_DOCTOR)
    return Signer(private.spki_sha256, private.for_signing().public_key())


def _certificate_key(der: bytes) -> "RSAPublicKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import load_der_x509_certificate

    key = load_der_x509_certificate(der).public_key()
    if not isinstance(key, RSAPublicKey):
        raise NotKnown("jwt.certificate is not for an RSA key", hint=_DOCTOR)
    return key


def _id(prefix: str, text: str) -> str:
    """Return an id in Salesforce's format, always the same for the same text."""
    digits = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()
    return f"{prefix}{digits}AAA"
