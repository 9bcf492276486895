"""Generate the key pair of a JWT credential at the paths in its spec, or repair its key."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import AlreadyThere, NotKnown, UsageError
from sfcred.files.new_folders import removed_on_failure
from sfcred.files.private_folder import make_private_folder
from sfcred.files.writing import (
    NewFile,
    WriteScope,
    make_folder,
    refuse_tracking,
    refuse_unsafe_target,
    write_safely,
    write_set,
)
from sfcred.keys.generate import CERTIFICATE_LIMIT, NAME_LIMIT, make_pair
from sfcred.keys.private_key import PrivateKey
from sfcred.paths import is_there, place_of, plain_join
from sfcred.resolve.credential import Credential
from sfcred.resolve.n8n_ways import ways_in
from sfcred.salesforce.diagnosis import path
from sfcred.salesforce.refusals import CERTIFICATE
from sfcred.spec.refs import Reference
from sfcred.spec.source import Route
from sfcred.text.printable import one_line
from sfcred.text.redact import public_address
from sfcred.text.shell import for_shell, remove

_KEY: Route = ("jwt", "private_key")


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
        UsageError: The spec names no files, the subject is too long, there is no pair to rotate, or
            an earlier rotation isn't finished.
        WriteRefused: A file exists, or the key would be committed.
        WriteError: The operating system refused.
    """
    paths = _paths(credential, rotate=options.rotate)
    subject = options.subject or f"sfcred {credential.name}"
    _require_short(subject)
    if options.rotate:
        _require_rotatable(paths)
    scope = WriteScope(credential.context.project, confined=not options.force, chosen=True)
    try:
        refuse_unsafe_target(paths.key, force=options.force, secret=True, scope=scope)
        refuse_unsafe_target(paths.certificate, force=options.force, secret=False, scope=scope)
    except AlreadyThere as error:
        hint = _what_instead(credential, paths, is_rotation=options.rotate)
        raise AlreadyThere(error.message, hint=hint) from None
    now = credential.context.now
    with removed_on_failure((paths.key.parent, paths.certificate.parent), scope):
        if paths.key.parent != paths.certificate.parent:  # git must not ignore the certificate
            make_private_folder(paths.key.parent, scope)
        make_folder(paths.certificate.parent, scope=scope)
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


def _require_rotatable(paths: KeyPaths) -> None:
    """Refuse a rotation without a pair, or before the last one is finished everywhere.

    Raises:
        UsageError: With the files in question.
    """
    if not is_there(paths.key_in_use):
        raise UsageError(
            f"no key pair to rotate: {paths.key_in_use} does not exist",
            hint="Create the first one without --rotate.",
        )
    left = [
        old for old in (_old(paths.key_in_use), _old(paths.certificate_in_use)) if is_there(old)
    ]
    if left:
        raise UsageError(
            f"the last rotation isn't finished: {left[0]} still exists",
            hint="Check that every app and every n8n uses the new pair, delete the old one, and "
            "run the command again.",
        )


def repair_key(credential: Credential) -> Path:
    """Rewrite a private key in the form that every n8n reads. It stays the same key.

    Args:
        credential: A JWT credential whose key is in a file in the project.

    Returns:
        The key's file.

    Raises:
        UsageError: The key isn't in a file, can't be read, or isn't usable.
        WriteRefused: The file is outside the project, a link, or would be committed.
        WriteError: The operating system refused.
    """
    reference = _key_reference(credential)
    if not isinstance(reference, Reference) or reference.provider != "file":
        raise UsageError(
            f"{credential.source.shown} doesn't name the file of the private key",
            hint="sfcred can only rewrite a key in a file: private_key: {file: …}.",
        )
    try:
        key = credential.private_key
    except NotKnown as reason:
        raise UsageError(reason.message, hint=reason.hint) from None
    file = plain_join(credential.folder, reference.locator)
    if not isinstance(key, PrivateKey):
        raise UsageError(
            f"{file}: not a usable private key: {key.detail}",
            hint="Run sfcred doctor to see what to do.",
        )
    scope = WriteScope(credential.context.project, confined=True, chosen=True)
    refuse_tracking([file], scope)
    write_safely(file, key.canonical_pem(), force=True, scope=scope)
    return file


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
            "The key has no certificate. To create one, run "
            f"`{certificate_command(paths.key, paths.certificate)}`"
        )
    return (
        f"To change the key, run `sfcred keygen {credential.chosen} --rotate`, which keeps "
        "the pair in use. With --force, the old key is lost."
    )


def certificate_command(key: Path, certificate: Path) -> str:
    """Return the command that creates a certificate for an existing key."""
    return (
        "openssl req -x509 -new -sha256 -days 730 -subj /CN=sfcred "
        f"-key {for_shell(key)} -out {for_shell(certificate)}"
    )


def _key_reference(credential: Credential) -> Reference | str | None:
    if credential.flow != "jwt":
        raise UsageError(
            f"the flow of {credential.name} is {credential.flow}, which needs no key",
            hint="Only the JWT flow (flow: jwt) has a key pair.",
        )
    return credential.declared(_KEY)


def _paths(credential: Credential, *, rotate: bool) -> KeyPaths:
    reference = _key_reference(credential)
    certificate = credential.named_certificate
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


def _old(file: Path) -> Path:
    return file.with_name(f"{file.stem}.old{file.suffix}")


# -- what to do with a pair


class Holder(NamedTuple):
    """A credential that uses a pair, and the path of its certificate, if it is in a file."""

    credential: Credential
    certificate: Path | None


def find_holders(paths: KeyPaths, credentials: Iterable[Credential]) -> list[Holder]:
    """Return the credentials that use the same private key, whatever their paths to it look like.

    Args:
        paths: The pair's files.
        credentials: The project's credentials, with all profiles.
    """
    key = place_of(paths.key_in_use)
    found = {}
    for one in credentials:
        if one.key_file is not None and place_of(Path(one.key_file)) == key:
            certificate = one.named_certificate
            file = plain_join(one.folder, certificate) if certificate else None
            found[one.source.shown, one.label] = Holder(one, file)
    return list(found.values())


def advice(credential: Credential, paths: KeyPaths, holders: Sequence[Holder]) -> str:
    """Return the next steps with a pair, as text for a terminal.

    Args:
        credential: The credential that the pair was made for.
        paths: The pair's files.
        holders: All credentials that use the pair.
    """
    if paths.key == paths.key_in_use:
        return _first(credential, paths, holders)
    return _rotation(credential, paths, holders)


def _first(credential: Credential, paths: KeyPaths, holders: Sequence[Holder]) -> str:
    where = path(CERTIFICATE, credential.app.type)
    return (
        f"private key: {one_line(str(paths.key))}\n"
        "  goes to n8n (with sfcred render or push), never to Salesforce; keep it out of git\n"
        f"certificate: {one_line(str(paths.certificate))}\n"
        f"  goes to Salesforce: {where}\n"
        "  it contains no secret; commit it, so that doctor can check its expiry date in CI\n"
        f"{_apps(holders, 'Upload the certificate to the app of each credential that uses it:')}"
        f"next: sfcred guide {credential.chosen}\n"
        "      lists the steps in Salesforce: create the app with this certificate, or upload it "
        "to an app\n"
    )


def _apps(holders: Sequence[Holder], title: str) -> str:
    """Return a list of the apps that need the certificate; empty for a single one."""
    if len(holders) < 2:  # noqa: PLR2004 - a list of one says nothing
        return ""
    lines = [f"  {_app(holder.credential)}\n" for holder in holders]
    return f"{title}\n{''.join(lines)}"


def _app(credential: Credential) -> str:
    org = public_address(credential.authority.url or "") if credential.authority else ""
    return one_line(
        f"{credential.label}: {credential.app.label or 'its app'} in {org or 'its org'}"
    )


def _try_logins(credential: Credential, holders: Sequence[Holder]) -> list[str]:
    """Return the step that logs in with each credential that uses the pair."""
    users = [holder.credential for holder in holders] or [credential]
    commands = [f"sfcred doctor {one.chosen_file} --live" for one in users]
    patience = "Salesforce may need a few minutes after the upload."
    if len(commands) == 1:
        return [f"3. Run `{commands[0]}`. {patience}"]
    return [f"3. Run these. {patience}", *(f"   {command}" for command in commands)]


def _rotation(credential: Credential, paths: KeyPaths, holders: Sequence[Holder]) -> str:
    old_key, old_certificate = _old(paths.key_in_use), _old(paths.certificate_in_use)
    where, is_shared = path(CERTIFICATE, credential.app.type), len(holders) > 1
    is_whole = is_there(paths.certificate_in_use)
    upload = f" to each of these apps ({where})" if is_shared else f": {where}"
    lines = [
        f"the next pair: {one_line(f'{paths.key} and {paths.certificate}')}",
        "  the pair in use is untouched",
        *_apps(
            holders, f"{len(holders)} credentials use this pair and change together:"
        ).splitlines(),
        *_one_at_a_time(is_shared=is_shared),
        (
            "An app has only one certificate, so new logins fail between steps 1 and 4. The tokens "
            "that n8n has keep working until they expire. Choose a quiet time, and prepare step 4."
        ),
        f"1. Upload {one_line(str(paths.certificate))}{upload}",
        f"2. {_mv(paths.key_in_use, old_key)}",
        *([f"   {_mv(paths.certificate_in_use, old_certificate)}"] if is_whole else []),
        f"   {_mv(paths.key, paths.key_in_use)}",
        f"   {_mv(paths.certificate, paths.certificate_in_use)}",
        *_copies(paths, holders),
        *_try_logins(credential, holders),
        *_into_n8n(credential, holders),
        "5. When everything works:",
        f"   {remove(old_key, *([old_certificate] if is_whole else []))}",
        "To go back before step 5: upload the old certificate and undo step 2.",
    ]
    return "\n".join(lines) + "\n"


def _into_n8n(credential: Credential, holders: Sequence[Holder]) -> list[str]:
    """Return how each holder's n8n gets the new key."""
    if len(holders) < 2:  # noqa: PLR2004 - a list of one says nothing
        return [f"4. Write the new key into n8n: {ways_in(credential)}"]
    ways = (f"   {one_line(one.credential.label)}: {ways_in(one.credential)}" for one in holders)
    return ["4. Write the new key into n8n, for each of them:", *ways]


def _one_at_a_time(*, is_shared: bool) -> list[str]:
    if not is_shared:
        return []
    return [
        (
            "To change one at a time instead, first give each profile its own private_key and "
            "certificate in the spec."
        )
    ]


def _copies(paths: KeyPaths, holders: Sequence[Holder]) -> list[str]:
    """Return the commands that replace the other files with the same certificate."""
    used = place_of(paths.certificate_in_use)
    others = {
        place_of(holder.certificate): holder.certificate
        for holder in holders
        if holder.certificate is not None
    }
    return [
        f"   cp {for_shell(paths.certificate_in_use)} {for_shell(file)}"
        for real, file in others.items()
        if real != used
    ]


def _mv(old: Path, new: Path) -> str:
    return f"mv {for_shell(old)} {for_shell(new)}"
