"""Which checks a run is about."""

from collections.abc import Iterable

from sfcred.checks import all_checks
from sfcred.checks.api import Check
from sfcred.doctor.model import ALWAYS, Options


def selected(check: Check, options: Options) -> bool:
    """Whether a check runs."""
    if check.id in ALWAYS:
        return True
    chosen = not options.select or any(_means(text, check) for text in options.select)
    return chosen and not any(_means(text, check) for text in options.ignore)


def _means(text: str, check: Check) -> bool:
    wanted = text.strip()
    return check.id.startswith(wanted.upper()) or check.name == wanted.lower()


def unknown_selectors(selectors: Iterable[str]) -> list[str]:
    """Those of the ids, beginnings of ids and names that mean no check."""
    return [s for s in selectors if not any(_means(s, check) for check in all_checks())]
