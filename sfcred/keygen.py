"""Makes the key pair of a JWT credential, where its spec says."""

from pathlib import Path
from typing import NamedTuple

from sfcred.errors import UsageError, WriteRefused
from sfcred.files import NewFile, WriteScope, refuse_unsafe_target, write_set
from sfcred.keys.generate import CERTIFICATE_LIMIT, NAME_LIMIT, make_pair
from sfcred.paths import is_folder, is_there, plain_join
from sfcred.printable import one_line
from sfcred.resolve.credential import Credential
from sfcred.salesforce.diagnosis import path
from sfcred.salesforce.refusals import CERTIFICATE
from sfcred.shell import for_shell
from sfcred.spec.refs import Reference


class Wish(NamedTuple):
    """What to make.

    Attributes:
        bits: The key's size.
        days: How long the certificate is valid.
        subject: Its common name; None: the credential's name.
        rotate: Make the next pair beside the one that is in use.
        force: Replace what is there.
    """

    bits: int = 2048
    days: int = 730
    subject: str | None = None
    rotate: bool = False
    force: bool = False


class Made(NamedTuple):
    """Where the pair is, and where the pair in use is (the same, but for a rotation)."""

    key: Path
    certificate: Path
    key_in_use: Path
    certificate_in_use: Path


def make_keys(credential: Credential, wish: Wish) -> Made:
    """Makes a pair, the key readable by its owner only.

    Args:
        credential: A JWT credential whose spec names the files.
        wish: What to make.

    Returns:
        Where it is.

    Raises:
        UsageError: The spec names no files, or the wish can't be fulfilled.
        WriteRefused: A file is there already, or git would take the key.
        WriteError: The system refused.
    """
    made = _places(credential, rotate=wish.rotate)
    subject = wish.subject or f"sfcred {credential.name}"
    if not 1 <= len(subject) <= NAME_LIMIT:
        raise UsageError(
            f"the certificate's subject has {len(subject)} characters; at most {NAME_LIMIT} fit",
            hint="Give a shorter one: --subject.",
        )
    if wish.rotate and not is_there(made.key_in_use):
        raise UsageError(
            f"there is no pair to rotate: {made.key_in_use} does not exist",
            hint="Make the first one without --rotate.",
        )
    scope = WriteScope(credential.context.project, confined=not wish.force, chosen=True)
    for file, secret in ((made.key, True), (made.certificate, False)):
        if not is_folder(file.parent):
            raise WriteRefused(
                f"{file}: its folder does not exist",
                hint=f"Make it: mkdir -m 700 -p {for_shell(file.parent)}",
            )
        refuse_unsafe_target(file, force=wish.force, secret=secret, scope=scope)
    now = credential.context.now
    pair = make_pair(bits=wish.bits, subject=subject, days=wish.days, now=now)
    if len(pair.certificate) > CERTIFICATE_LIMIT:
        raise TypeError("a certificate that Salesforce would refuse")
    files = (
        NewFile(made.key, pair.key.get_secret_value(), secret=True),
        NewFile(made.certificate, pair.certificate, secret=False),
    )
    write_set(files, force=wish.force, scope=scope)
    return made


def _places(credential: Credential, *, rotate: bool) -> Made:
    if credential.flow != "jwt":
        raise UsageError(
            f"{credential.name} uses the OAuth2 flow, which needs no key",
            hint="Only the JWT flow has one: flow: jwt.",
        )
    reference = credential.declared(("jwt", "private_key"))
    certificate = credential.spec.jwt.certificate if credential.spec.jwt else None
    if not isinstance(reference, Reference) or reference.provider != "file" or not certificate:
        raise UsageError(
            f"{credential.source.shown} doesn't say which files the pair is in",
            hint="Write in `jwt`: private_key: {file: ../secrets/NAME.key} and "
            "certificate: ../certs/NAME.crt.",
        )
    key_in_use = plain_join(credential.folder, reference.locator)
    certificate_in_use = plain_join(credential.folder, certificate)
    if not rotate:
        return Made(key_in_use, certificate_in_use, key_in_use, certificate_in_use)
    return Made(_next(key_in_use), _next(certificate_in_use), key_in_use, certificate_in_use)


def _next(file: Path) -> Path:
    return file.with_name(f"{file.stem}.next{file.suffix}")


def advice(credential: Credential, made: Made) -> str:
    """What to do with the pair, in words."""
    if made.key == made.key_in_use:
        return _first(credential, made)
    return _rotation(credential, made)


def _first(credential: Credential, made: Made) -> str:
    where = path(CERTIFICATE, credential.app.type)
    return (
        f"private key: {one_line(str(made.key))}\n"
        "  goes to n8n (`sfcred render` puts it there), never to Salesforce; keep it out of git\n"
        f"certificate: {one_line(str(made.certificate))}\n"
        f"  goes to Salesforce: {where}\n"
        f"  it is public; commit it, so that doctor sees in CI when it expires\n"
        f"next: upload the certificate, then sfcred doctor --live\n"
    )


def _rotation(credential: Credential, made: Made) -> str:
    where = path(CERTIFICATE, credential.app.type)
    old_key, old_certificate = (
        file.with_name(f"{file.stem}.old{file.suffix}")
        for file in (made.key_in_use, made.certificate_in_use)
    )
    return (
        f"the next pair: {one_line(f'{made.key} and {made.certificate}')}; "
        "the pair in use is untouched\n"
        "An app holds one certificate, so between steps 1 and 4 new logins fail; tokens that n8n\n"
        "has go on working until they expire. Choose a quiet moment, and have step 4 at hand.\n"
        f"1. Upload {one_line(str(made.certificate))}: {where}\n"
        f"2. {_mv(made.key_in_use, old_key)}; {_mv(made.certificate_in_use, old_certificate)}\n"
        f"   {_mv(made.key, made.key_in_use)}; {_mv(made.certificate, made.certificate_in_use)}\n"
        "3. sfcred doctor --live (right after the upload Salesforce may need some minutes)\n"
        "4. sfcred render, and import into n8n\n"
        f"5. When all is well, delete {one_line(f'{old_key} and {old_certificate}')}\n"
        "To go back before step 5: upload the old certificate and undo step 2.\n"
    )


def _mv(old: Path, new: Path) -> str:
    return f"mv {for_shell(old)} {for_shell(new)}"
