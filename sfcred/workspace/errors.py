"""Errors and warnings of a workspace that can't return the credentials."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.checks import has_trait
from sfcred.checks.api import Trait
from sfcred.checks.chapters import elsewhere
from sfcred.errors import SfcredError, Unreadable, UsageError
from sfcred.findings import Report, Severity
from sfcred.paths import display_path
from sfcred.text.near import did_you_mean, nearest
from sfcred.text.printable import listed
from sfcred.text.shell import for_shell

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential


class Refused(SfcredError):
    """The specs have errors, so the command does nothing.

    Attributes:
        report: The errors.
    """

    exit_status = 1

    def __init__(self, message: str, report: Report, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.report = report


def refused(report: Report, name: str | None = None, *, can_skip: bool = False) -> Refused:
    """Return the error that refuses specs with errors, or one credential with errors.

    Args:
        report: The errors.
        name: The credential that has them; None for the specs in general.
        can_skip: Whether the command could continue. Specs that can't be understood are always
            refused. A secret that can't be read doesn't become readable, either.
    """
    what = f"{name} has errors" if name else "the specs have errors"
    errors = [one.check for one in report.findings if one.severity is Severity.ERROR]
    helps = can_skip and not any(has_trait(check, Trait.ABOUT_SECRETS) for check in errors)
    hint = "Correct them first, or pass --no-check to continue despite them."
    return Refused(
        f"{what}, so nothing was done", report, hint=hint if helps else "Correct them first."
    )


def no_credential(named: Sequence[Path]) -> Unreadable:
    """Return the error for files of which none is a spec.

    Args:
        named: The files, if a person named them; empty for all of the project's.
    """
    command = f"sfcred doctor {for_shell(display_path(named[0]))}" if named else "sfcred doctor"
    what = "file is" if len(named) == 1 else "files are"
    return Unreadable(
        "no file here is a spec, so nothing was done",
        hint=f"Run `{command}` to see what the {what}.",
    )


def no_such_profile(profile: str, declared: Iterable[str]) -> UsageError:
    """Return the error for a profile that no spec has.

    Args:
        profile: The profile that was asked for.
        declared: The profiles that specs have.
    """
    return UsageError(
        f"nothing to check: no spec has a profile {profile}",
        hint=_meant(profile, declared) or "The specs have no profiles: leave out --profile.",
    )


def no_such_name(name: str, known: Iterable[str]) -> UsageError:
    """Return the error for an argument that is neither a path nor a credential's name.

    Args:
        name: The argument.
        known: The names of the project's credentials.
    """
    return UsageError(
        f"there is no credential {name}, and no file or folder with this name",
        hint=_meant(name, known) or "Run `sfcred doctor` to see what is wrong with the specs.",
    )


def _meant(word: str, known: Iterable[str]) -> str:
    """Return what a word could mean, and the known words; empty if there are none."""
    names = sorted(set(known))
    if not names:
        return ""
    near = nearest(word, names) or next((one for one in names if one.startswith(word)), None)
    return f"{did_you_mean(near)}Known: {listed(names)}."


def nothing_chosen(source: str) -> UsageError:
    """Return the error for a run in which no check is left.

    Args:
        source: The configuration file that has a part in it; empty: only the person has.
    """
    others = [f"{command} runs {ids}" for ids, command in elsewhere()]
    hint = f"{', and '.join(others)}."
    if source:
        hint = f"See `select` and `ignore` in {source}. {hint}"
    return UsageError("nothing to check: no check is selected that runs here", hint=hint)


def not_one(
    name: str | None, profile: str | None, fitting: "Sequence[Credential]", known: list[str]
) -> UsageError:
    """Return the error for a name that no credential has, or that several have.

    Args:
        name: The name that was asked for; None for any.
        profile: The profile that was asked for; None for any.
        fitting: The credentials that match.
        known: The names of all credentials; one with profiles is there once for each.
    """
    what = f"credential {name}" if name else "credential in this file"
    what += f" with the profile {profile}" if profile else ""
    if not fitting:
        meant = f"{_meant(name or '', known)} " if known else ""
        return UsageError(
            f"there is no {what}",
            hint=f"{meant}If its spec has errors, `sfcred doctor` shows them.",
        )
    names = list(dict.fromkeys(one.name for one in fitting))
    found = [one.label if len(names) > 1 else one.profile or one.name for one in fitting]
    return UsageError(
        f"there is more than one {what}: {listed(found)}", hint=_how_to_choose(names, fitting)
    )


def _how_to_choose(names: list[str], fitting: "Sequence[Credential]") -> str:
    """Return what tells credentials apart: their names, their files or their profiles."""
    files = list(dict.fromkeys(one.source.shown for one in fitting))
    if len(names) > 1:
        return (
            f"Pass a name instead of the file: {listed(names)}. Names are looked up in the specs "
            "that `paths` in the configuration covers."
        )
    if len(files) > 1:
        return f"Pass the path of one: {listed(files)}. Give each its own name."
    if len({one.profile for one in fitting}) == len(fitting):
        return f"Choose one with --profile, for example{fitting[0].profile_option}."
    return f"{files[0]} has several with this name. Give each its own."


def old_baseline(file: Path) -> str:
    """Return the warning for a baseline of version 1."""
    return (
        f"{display_path(file)} is a version 1 baseline, which later versions of sfcred won't "
        "read. Rewrite it with `sfcred doctor --write-baseline`. It will then contain all current "
        "findings, including new ones."
    )
