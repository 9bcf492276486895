"""Select checks on the command line: by id, name or the beginning of ids."""

import re

from sfcred.errors import UsageError


def split_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `--select SFC1,SFC2 --select SFC3` as one list, without duplicates."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def require_known(ids: tuple[str, ...], option: str) -> None:
    """Refuse selectors that match no check.

    Raises:
        UsageError: A selector matches no check. The message shows it if it looks like an id or
            a name.
    """
    from sfcred.doctor import unknown_selectors

    unknown = unknown_selectors(ids)
    if unknown:
        # Selectors also come from the configuration, which a pull request can change.
        shown = re.fullmatch(
            r"(?i)SFC[0-9]{0,6}|[0-9]{1,3}|[a-z]{2,12}(-[a-z]{2,12}){0,4}", unknown[0]
        )
        raise UsageError(
            f"{option}: no check {f'matches {unknown[0]}' if shown else 'has that name'}",
            hint=f"{_meant(unknown[0])}Run `sfcred explain` to list the checks. SFC4 selects all "
            "checks whose ids start with it.",
        )


def _meant(selector: str) -> str:
    """Ask for the id or name that an unknown selector is close to; empty if there is none."""
    from sfcred.checks import all_checks
    from sfcred.text.near import nearest

    if re.fullmatch(r"[0-9]{1,3}", selector):
        # People leave out the letters of an id.
        for check in all_checks():
            letters, digits, _ = check.id.partition(selector)
            if digits and letters.isalpha():
                return f"Did you mean {letters}{digits}? "
    name = nearest(selector, [check.name for check in all_checks()])
    return f"Did you mean {name}? " if name else ""
