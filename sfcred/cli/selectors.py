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
        shown = re.fullmatch(r"(?i)SFC[0-9]{0,6}|[a-z]{2,12}(-[a-z]{2,12}){0,4}", unknown[0])
        raise UsageError(
            f"{option}: no check {f'matches {unknown[0]}' if shown else 'has that name'}",
            hint=f"{_meant(unknown[0])}Run `sfcred explain` to list the checks. SFC4 selects all "
            "checks whose ids start with it.",
        )


def _meant(text: str) -> str:
    """Return the question whether another id or name was meant; empty if none is similar."""
    from sfcred.checks import all_checks
    from sfcred.text.near import did_you_mean, nearest

    digits = re.fullmatch(r"(?:(?i:sfc)[ -]?)?([0-9]{1,3})", text)
    if digits:
        pattern = re.compile(rf"[A-Z]+{digits[1]}")
        found = next(filter(None, (pattern.match(check.id) for check in all_checks())), None)
        return did_you_mean(found and found[0])
    return did_you_mean(nearest(text, [check.name for check in all_checks()]))
