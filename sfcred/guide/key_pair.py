"""The steps to a key pair, which the app's certificate comes from."""

from sfcred.guide.api import GuideField, GuideStep
from sfcred.guide.fields import place_field
from sfcred.keygen import certificate_command
from sfcred.paths import is_there, plain_join
from sfcred.resolve.credential import Credential
from sfcred.spec.refs import Reference

_NOT_NAMED = "(not in the spec: jwt.certificate)"


def key_steps(credential: Credential) -> list[GuideStep]:
    """Return the steps to the key pair; empty if the flow needs none."""
    if credential.flow != "jwt":
        return []
    fields = (
        place_field(credential, "Private key", ("jwt", "private_key")),
        GuideField("Certificate", _certificate(credential)),
    )
    return [GuideStep(_to_do(credential), fields)]


def _certificate(credential: Credential) -> str:
    named = credential.named_certificate
    return str(plain_join(credential.folder, named)) if named else _NOT_NAMED


def _to_do(credential: Credential) -> str:
    """Return what to do, which depends on the files that are there."""
    reference = credential.declared(("jwt", "private_key"))
    named = credential.named_certificate
    create = f"run `sfcred keygen {credential.chosen}`."
    if reference is None:
        missing = [f"`private_key: {{file: ../secrets/{credential.name}.key}}`"]
        missing += [] if named else [f"`certificate: ../certs/{credential.name}.crt`"]
        return f"Add {' and '.join(missing)} to jwt in the spec. Then create the key pair: {create}"
    if not isinstance(reference, Reference) or reference.provider != "file":
        return (
            "The private key is not in a file, so create the pair yourself, and store the key "
            "where the spec points. Skip this if you have done it already."
        )
    key = plain_join(credential.folder, reference.locator)
    if named is None:
        return _without_certificate(create, has_key=is_there(key))
    certificate = plain_join(credential.folder, named)
    if is_there(key) and is_there(certificate):
        return "The key pair exists. Keep the private key out of git."
    if is_there(key):
        command = certificate_command(key, certificate)
        return f"The key exists. Create its certificate: run `{command}`."
    return f"Create the key pair: {create}"


def _without_certificate(create: str, *, has_key: bool) -> str:
    if has_key:
        return (
            "The key exists. Add the path of its certificate to the spec, so that sfcred can check "
            "the pair: `certificate: ../certs/NAME.crt` in jwt."
        )
    return (
        "Add the path of the certificate to the spec (`certificate: ../certs/NAME.crt` in jwt). "
        f"Then create the key pair: {create}"
    )
