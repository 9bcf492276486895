"""Which of doctor's formats list findings, and which have only numbers or dates."""

from sfcred.report import format_names

#: These have no place for a finding's text. tests/report has what they show instead.
WITHOUT_FINDINGS = ("ics", "openmetrics")

#: These show every finding, and why something could not be checked.
LISTING = tuple(name for name in format_names() if name not in WITHOUT_FINDINGS)
