"""One page to read, send or print: what to do, the certificates, and each credential."""

import base64
import hashlib

from sfcred.findings import Report, Severity
from sfcred.report.address import DOCUMENTATION
from sfcred.report.api import ReportStyle
from sfcred.report.html.calendar import calendar_of
from sfcred.report.html.cards import cards_of
from sfcred.report.html.fleet import environment_of, fleet_of, flow_of
from sfcred.report.html.todo import todo_of
from sfcred.report.login_words import login_words
from sfcred.templates import asset, open_templates
from sfcred.version import __version__

_PACKAGE = "sfcred.report.html"

#: Results must include what was decided about each credential.
DETAILS = True

# The most things to do that the page shows unfolded.
_STEPS = 8
# Cards with errors start open, unless there are more of them than this.
_OPEN = 10
# The most certificates that are listed unfolded. With more, a timeline tells something.
_FIRST = 8
# The most cards, findings per card and certificates that the page has, so that browsers cope.
_CARDS, _NOTES, _ENDINGS = 2_000, 100, 500
# The most fields of an object that a card lists.
_FIELDS = 60

#: For programs: always UTF-8.
UTF8 = True


def report(report: Report, _look: ReportStyle) -> str:
    """Return the page. The template engine escapes every text; none of them is a secret.

    If there are more than 2,000 cards, the page has those that need attention most, and counts the
    rest. The tables always count all of them.
    """
    environment = open_templates(_PACKAGE)
    style, script = asset(_PACKAGE, "page.css"), asset(_PACKAGE, "page.js")
    cards = cards_of(report)
    shown = cards[:_CARDS]
    return environment.get_template("page.html").render(
        report=report,
        cards=shown,
        more_cards=len(cards) - len(shown),
        notes_shown=_NOTES,
        fields_shown=_FIELDS,
        endings_first=_FIRST,
        endings_shown=_ENDINGS,
        anchors={card.anchor for card in shown},
        fleet=fleet_of(cards),
        todo=todo_of(cards),
        todo_shown=_STEPS,
        checks=sorted({finding.check for finding in report.findings}),
        calendar=calendar_of(cards, report.moment),
        counts={severity.value: report.count(severity) for severity in Severity},
        opened=sum(card.status == "error" for card in cards) <= _OPEN,
        environment_of=environment_of,
        flow_of=flow_of,
        login_words=login_words,
        version=__version__,
        documentation=DOCUMENTATION,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    """Return a hash for the content security policy (CSP Level 3, section 6.7.2)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
