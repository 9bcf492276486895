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


def matching(selectors: Iterable[str]) -> list[AnyCheck]:
    """Return the checks that ids, prefixes of ids and names mean."""
    texts = tuple(selectors)
    return [check for check in all_checks() if any(_means(text, check) for text in texts)]


def is_something_chosen(
    select: Iterable[str], ignore: Iterable[str], groups: tuple[str, ...]
) -> bool:
    """Return whether any selected check can run. Checks that always run don't count.

    Args:
        select: The only checks to run; none: every check.
        ignore: Checks to leave out.
        groups: The folders of the checks that the run can have.
    """
    ignored = {check.id for check in matching(ignore)}
    wanted = tuple(select)
    chosen = matching(wanted) if wanted else all_checks()
    return any(check.group in groups and check.id not in ignored for check in chosen)


def _means(text: str, check: AnyCheck) -> bool:
    wanted = text.strip()
    return check.id.startswith(wanted.upper()) or check.name == wanted.lower()


def unknown_selectors(selectors: Iterable[str]) -> list[str]:
    """Return the selectors (ids, prefixes of ids, names) that match no check."""
    return [s for s in selectors if not any(_means(s, check) for check in all_checks())]
