"""Why a workspace hands out no credentials, and what it warns of, in words."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.errors import SfcredError, UsageError
from sfcred.findings import Report
from sfcred.paths import display_path
from sfcred.spec.load import nearest

if TYPE_CHECKING:
    from sfcred.resolve.credential import Credential

#: So many names are listed in a message; of more, only the number.
_NAMED = 10


class Refused(SfcredError):
    """The specs have errors, so nothing is done with them.

    Attributes:
        report: What is wrong.
    """

    exit_status = 1

    def __init__(self, message: str, report: Report, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.report = report


def refused(report: Report, name: str | None = None) -> Refused:
    """Return the refusal of specs with errors, or of one credential with errors."""
    what = f"{name} has errors" if name else "the specs have errors"
    return Refused(
        f"{what}, so nothing was done",
        report,
        hint="Correct them first. --no-check goes on in spite of errors, where a command has it.",
    )


def no_such_profile(profile: str, declared: Iterable[str]) -> UsageError:
    """Return the error for a profile that no spec has.

    Args:
        profile: The profile that was asked for.
        declared: The profiles that specs have.
    """
    names = sorted(declared)
    near = nearest(profile, names)
    known = f"Known: {_listed(names)}." if names else "Look under `profiles:` of the specs."
    return UsageError(
        f"nothing to check: no spec has a profile {profile}",
        hint=f"Did you mean {near}?" if near else known,
    )


def nothing_chosen(source: str) -> UsageError:
    """Return the error for a run in which no check is left.

    Args:
        source: The configuration file that has a part in it; empty: only the person has.
    """
    hint = "Live checks (SFC9) need --live, and those of an app (SFC7) `sfcred app --check`."
    if source:
        hint = f"See `select` and `ignore` in {source}. {hint}"
    return UsageError("nothing to check: no check is selected that runs here", hint=hint)


def not_one(
    name: str | None, profile: str | None, fitting: "Sequence[Credential]", known: list[str]
) -> UsageError:
    """Return the error for a name that no credential has, or several.

    Args:
        name: The name that was asked for; None: any.
        profile: The profile that was asked for.
        fitting: The credentials that fit.
        known: The names of all credentials.
    """
    what = f"credential {name}" if name else "credential in this file"
    what += f" with the profile {profile}" if profile else ""
    if not fitting:
        listed = f"Known: {_listed(known)}." if known else ""
        return UsageError(
            f"there is no {what}",
            hint=f"{listed} `sfcred doctor` shows the credentials, and what is wrong with their "
            "specs.".strip(),
        )
    return UsageError(
        f"there is more than one {what}: {_listed([one.profile or one.name for one in fitting])}",
        hint="Choose one with --profile, or by its name.",
    )


def old_baseline(file: Path) -> str:
    """Return the warning for a baseline of version 1."""
    return (
        f"{display_path(file)} is a baseline of version 1, which later versions of sfcred won't "
        "read. Rewrite it with `sfcred doctor --write-baseline`: it then holds all that is found "
        "now, new findings included."
    )


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
