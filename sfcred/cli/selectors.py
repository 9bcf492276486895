"""Checks as the command line names them: ids, names, beginnings of ids."""

import re

from sfcred.errors import UsageError


def split_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """`--select SFC1,SFC2 --select SFC3` as one list."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def require_known(ids: tuple[str, ...], option: str) -> None:
    """Refuses selectors that mean no check.

    Raises:
        UsageError: With the nearest id or name.
    """
    from sfcred.doctor import unknown_selectors

    unknown = unknown_selectors(ids)
    if unknown:
        # The configuration gives selectors, too, and so does a pull request.
        shown = re.fullmatch(r"(?i)SFC[0-9]{0,6}|[a-z]{2,12}(-[a-z]{2,12}){0,4}", unknown[0])
        raise UsageError(
            f"{option}: there is no check {unknown[0] if shown else 'of that name'}",
            hint="`sfcred explain` lists the checks; SFC4 means all that begin so.",
        )
