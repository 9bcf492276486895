"""One page to look at, to send and to print: the fleet, the certificates, each credential."""

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from sfcred import __version__
from sfcred.checks.api import Severity
from sfcred.doctor import Report
from sfcred.report.address import DOCUMENTATION
from sfcred.report.api import Look
from sfcred.report.html.calendar import calendar_of
from sfcred.report.html.cards import cards_of
from sfcred.report.html.fleet import environment_of, fleet_of, flow_of, tallies_of
from sfcred.templates import asset, open_templates

if TYPE_CHECKING:
    from markupsafe import Markup

_PACKAGE = "sfcred.report.html"

#: Results must carry what was decided about each credential.
DETAILS = True

# More cards than this would be a wall of text if all that have errors were open.
_OPEN = 10
# So many cards, notes on a card and certificates a browser can show and a person look through.
_CARDS, _NOTES, _ENDINGS = 2_000, 100, 500

#: Programs read it, whatever the console has.
UTF8 = True


def report(report: Report, _look: Look) -> str:
    """The page. Every text is escaped by the template engine; there is no secret among them.

    Of more than 2,000 cards, those that need attention first are in the page, and the rest is
    counted; the tables count them all.
    """
    environment = open_templates(_PACKAGE)
    environment.filters["code"] = _code
    style, script = asset(_PACKAGE, "page.css"), asset(_PACKAGE, "page.js")
    cards = cards_of(report)
    shown = cards[:_CARDS]
    return environment.get_template("page.html").render(
        report=report,
        cards=shown,
        more_cards=len(cards) - len(shown),
        notes_shown=_NOTES,
        endings_shown=_ENDINGS,
        anchors={card.anchor for card in shown},
        fleet=fleet_of(cards),
        tallies=tallies_of(report),
        calendar=calendar_of(cards, report.moment),
        counts={severity.value: report.count(severity) for severity in Severity},
        opened=sum(card.status == "error" for card in cards) <= _OPEN,
        environment_of=environment_of,
        flow_of=flow_of,
        version=__version__,
        documentation=DOCUMENTATION,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _code(text: str) -> "Markup":
    """A message, escaped, with what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def _hash(text: str) -> str:
    """For the content security policy (Content Security Policy Level 3, section 6.7.2)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
