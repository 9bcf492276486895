"""Select the checks of a run."""

from collections.abc import Iterable

from sfcred.checks import all_checks
from sfcred.checks.api import AnyCheck, Trait
from sfcred.doctor.options import Options


def selected(check: AnyCheck, options: Options) -> bool:
    """Return whether a run includes a check."""
    if Trait.ALWAYS in check.traits:
        return True
    chosen = not options.select or any(_means(text, check) for text in options.select)
    return chosen and not any(_means(text, check) for text in options.ignore)


def _means(text: str, check: AnyCheck) -> bool:
    wanted = text.strip()
    return check.id.startswith(wanted.upper()) or check.name == wanted.lower()


def unknown_selectors(selectors: Iterable[str]) -> list[str]:
    """Return the selectors (ids, prefixes of ids, names) that match no check."""
    return [s for s in selectors if not any(_means(s, check) for check in all_checks())]
