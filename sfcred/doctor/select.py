"""Which checks a run is about."""

from collections.abc import Iterable

from sfcred.checks import all_checks
from sfcred.checks.api import AnyCheck, Trait
from sfcred.doctor.options import Options


def selected(check: AnyCheck, options: Options) -> bool:
    """Whether a check runs."""
    if Trait.ALWAYS in check.traits:
        return True
    chosen = not options.select or any(_means(text, check) for text in options.select)
    return chosen and not any(_means(text, check) for text in options.ignore)


def _means(text: str, check: AnyCheck) -> bool:
    wanted = text.strip()
    return check.id.startswith(wanted.upper()) or check.name == wanted.lower()


def unknown_selectors(selectors: Iterable[str]) -> list[str]:
    """Those of the ids, beginnings of ids and names that mean no check."""
    return [s for s in selectors if not any(_means(s, check) for check in all_checks())]
