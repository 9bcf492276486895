"""Which checks a run has: what the person, variables and the configuration file choose."""

from typing import Literal

from sfcred.checks import OFFLINE
from sfcred.doctor import Options
from sfcred.doctor.configured import configuration_name, with_choice
from sfcred.doctor.select import is_something_chosen
from sfcred.settings import Settings, given_variable
from sfcred.workspace.errors import nothing_chosen

_Setting = Literal["select", "ignore"]


def with_chosen_checks(options: Options, settings: Settings) -> Options:
    """Return the options with the checks that variables and the configuration file choose.

    Args:
        options: What the person asks for.
        settings: The configuration.
    """
    own = options._replace(
        select=options.select or _of_variable("select", settings),
        ignore=options.ignore + _of_variable("ignore", settings),
    )
    return with_choice(own, settings, _of_file("select", settings), _of_file("ignore", settings))


def require_choice(options: Options, settings: Settings) -> None:
    """Refuse a selection that leaves nothing to run.

    Args:
        options: The options, with all that is chosen.
        settings: The configuration.

    Raises:
        UsageError: No selected check can run.
    """
    ignore = options.ignore + (_of_file("ignore", settings) if options.heeds_ignores else ())
    asked = {"live": options.live, "app": options.app, "workflow": options.workflows}
    groups = (*OFFLINE, *(name for name, one in asked.items() if one is not None))
    if (options.select or ignore) and not is_something_chosen(options.select, ignore, groups):
        is_of_file = bool(options.select_source) or len(ignore) > len(options.ignore)
        raise nothing_chosen(configuration_name(settings) if is_of_file else "")


def _of_variable(name: _Setting, settings: Settings) -> tuple[str, ...]:
    """Return the checks chosen by variable."""
    is_variable = given_variable(name) is not None
    found: tuple[str, ...] = getattr(settings, name) if is_variable else ()
    return found


def _of_file(name: _Setting, settings: Settings) -> tuple[str, ...]:
    """Return the checks chosen in the configuration file, which a pull request can change."""
    is_variable = given_variable(name) is not None
    found: tuple[str, ...] = () if is_variable else getattr(settings, name)
    return found
