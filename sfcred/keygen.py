"""Generate the key pair of a JWT credential at the paths in its spec."""

from pathlib import Path
from typing import NamedTuple

from sfcred.errors import AlreadyThere, UsageError, WriteRefused
from sfcred.files import NewFile, WriteScope, refuse_unsafe_target, write_set
from sfcred.keys.generate import CERTIFICATE_LIMIT, NAME_LIMIT, make_pair
from sfcred.paths import is_folder, is_there, plain_join
from sfcred.printable import one_line
from sfcred.resolve.credential import Credential
from sfcred.salesforce.diagnosis import path
from sfcred.salesforce.refusals import CERTIFICATE
from sfcred.shell import for_shell
from sfcred.spec.refs import Reference


class KeyOptions(NamedTuple):
    """Options for a key pair.

    Attributes:
        bits: The size of the RSA key, in bits.
        days: How long the certificate is valid, in days.
        subject: The certificate's common name; None for `sfcred` and the credential's name.
        rotate: Generate the next pair alongside the one in use.
        force: Replace existing files.
    """

    bits: int = 2048
    days: int = 730
    subject: str | None = None
    rotate: bool = False
    force: bool = False


class KeyPaths(NamedTuple):
    """The paths of a new pair, and of the pair in use (the same, unless it is rotated)."""

    key: Path
    certificate: Path
    key_in_use: Path
    certificate_in_use: Path


def make_keys(credential: Credential, options: KeyOptions) -> KeyPaths:
    """Generate a key pair at the paths in the spec. Only the owner can read the key.

    Args:
        credential: A JWT credential whose spec names the files.
        options: The options for the pair.

    Raises:
        UsageError: The spec names no files, the subject is too long, or there is no pair to rotate.
        WriteRefused: A file exists, its folder is missing, or the key would be committed.
        WriteError: The operating system refused.
    """
    paths = _paths(credential, rotate=options.rotate)
    subject = options.subject or f"sfcred {credential.name}"
    _require_short(subject)
    if options.rotate and not is_there(paths.key_in_use):
        raise UsageError(
            f"no key pair to rotate: {paths.key_in_use} does not exist",
            hint="Create the first one without --rotate.",
        )
    scope = WriteScope(credential.context.project, confined=not options.force, chosen=True)
    try:
        _require_target(paths.key, scope, secret=True, force=options.force)
        _require_target(paths.certificate, scope, secret=False, force=options.force)
    except AlreadyThere as error:
        hint = _what_instead(credential, paths, is_rotation=options.rotate)
        raise AlreadyThere(error.message, hint=hint) from None
    now = credential.context.now
    pair = make_pair(bits=options.bits, subject=subject, days=options.days, now=now)
    if len(pair.certificate) > CERTIFICATE_LIMIT:
        raise TypeError("a certificate that Salesforce would refuse")
    files = (
        NewFile(paths.key, pair.key.get_secret_value(), secret=True),
        NewFile(paths.certificate, pair.certificate, secret=False),
    )
    write_set(files, force=options.force, scope=scope)
    return paths


def _require_short(subject: str) -> None:
    if not 1 <= len(subject) <= NAME_LIMIT:
        raise UsageError(
            f"the certificate's subject has {len(subject)} characters, but the limit is "
            f"{NAME_LIMIT}",
            hint="Choose a shorter one with --subject.",
        )


def _require_target(file: Path, scope: WriteScope, *, secret: bool, force: bool) -> None:
    if not is_folder(file.parent):
        raise WriteRefused(
            f"{file}: the folder does not exist",
            hint=f"Create it: mkdir -m 700 -p {for_shell(file.parent)}",
        )
    refuse_unsafe_target(file, force=force, secret=secret, scope=scope)


def _what_instead(credential: Credential, paths: KeyPaths, *, is_rotation: bool) -> str:
    """Return what to do if a pair, or a part of one, exists."""
    if is_rotation:
        return (
            "Finish this rotation first: upload the next certificate, and then move both files to "
            "the paths in the spec. To replace the next pair, pass --force."
        )
    if not is_there(paths.key):
        return (
            f"The certificate's key is missing: copy it to {for_shell(paths.key)}. If you no "
            "longer have it, pass --force to create a new pair, and upload the new certificate."
        )
    if not is_there(paths.certificate):
        return (
            "The key has no certificate. To create one, run openssl req -x509 -new -sha256 "
            f"-days 730 -key {for_shell(paths.key)} -out {for_shell(paths.certificate)}"
        )
    return (
        f"To change the key, run sfcred keygen {_chosen(credential)} --rotate, which keeps the "
        "pair in use. With --force, the old key is lost."
    )


def _chosen(credential: Credential) -> str:
    """Return the arguments that choose a credential."""
    return credential.name + (f" --profile {credential.profile}" if credential.profile else "")


def _paths(credential: Credential, *, rotate: bool) -> KeyPaths:
    if credential.flow != "jwt":
        raise UsageError(
            f"{credential.name} uses the OAuth2 flow, which needs no key",
            hint="Only the JWT flow (flow: jwt) has a key pair.",
        )
    reference = credential.declared(("jwt", "private_key"))
    certificate = credential.spec.jwt.certificate if credential.spec.jwt else None
    if not isinstance(reference, Reference) or reference.provider != "file" or not certificate:
        raise UsageError(
            f"{credential.source.shown} doesn't name the files of the key pair",
            hint="Add to `jwt`: private_key: {file: ../secrets/NAME.key} and "
            "certificate: ../certs/NAME.crt.",
        )
    key_in_use = plain_join(credential.folder, reference.locator)
    certificate_in_use = plain_join(credential.folder, certificate)
    if not rotate:
        return KeyPaths(key_in_use, certificate_in_use, key_in_use, certificate_in_use)
    return KeyPaths(_next(key_in_use), _next(certificate_in_use), key_in_use, certificate_in_use)


def _next(file: Path) -> Path:
    return file.with_name(f"{file.stem}.next{file.suffix}")


def advice(credential: Credential, paths: KeyPaths) -> str:
    """Return the next steps with a pair, as text for a terminal."""
    if paths.key == paths.key_in_use:
        return _first(credential, paths)
    return _rotation(credential, paths)


def _first(credential: Credential, paths: KeyPaths) -> str:
    where = path(CERTIFICATE, credential.app.type)
    return (
        f"private key: {one_line(str(paths.key))}\n"
        "  goes to n8n (`sfcred render` puts it there), never to Salesforce; keep it out of git\n"
        f"certificate: {one_line(str(paths.certificate))}\n"
        f"  goes to Salesforce: {where}\n"
        f"  it is public; commit it, so that doctor can check its expiry date in CI\n"
        f"next: upload the certificate (sfcred guide {_chosen(credential)} shows each step),\n"
        "  then run sfcred doctor --live\n"
    )


def _rotation(credential: Credential, paths: KeyPaths) -> str:
    where = path(CERTIFICATE, credential.app.type)
    old_key, old_certificate = (
        file.with_name(f"{file.stem}.old{file.suffix}")
        for file in (paths.key_in_use, paths.certificate_in_use)
    )
    return (
        f"the next pair: {one_line(f'{paths.key} and {paths.certificate}')}; "
        "the pair in use is untouched\n"
        "An app has only one certificate, so new logins fail between steps 1 and 4. The tokens\n"
        "that n8n has keep working until they expire. Choose a quiet time, and prepare step 4.\n"
        f"1. Upload {one_line(str(paths.certificate))}: {where}\n"
        f"2. {_mv(paths.key_in_use, old_key)}; {_mv(paths.certificate_in_use, old_certificate)}\n"
        f"   {_mv(paths.key, paths.key_in_use)}; "
        f"{_mv(paths.certificate, paths.certificate_in_use)}\n"
        "3. Run sfcred doctor --live (Salesforce may need a few minutes after the upload)\n"
        "4. Run sfcred render, and import the result into n8n\n"
        f"5. When everything works, delete {one_line(f'{old_key} and {old_certificate}')}\n"
        "To go back before step 5: upload the old certificate and undo step 2.\n"
    )


def _mv(old: Path, new: Path) -> str:
    return f"mv {for_shell(old)} {for_shell(new)}"
