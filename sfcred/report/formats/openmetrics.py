"""Numbers for Prometheus: when certificates expire, whether logins work, and what was found.

The text follows OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/). Readers
of Prometheus's own, older text format can read it, too: node_exporter's textfile collector does.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sfcred.checks import has_trait
from sfcred.checks.api import Trait
from sfcred.errors import Cause
from sfcred.findings import NotRun, Report, Severity
from sfcred.report.api import ReportStyle
from sfcred.text.printable import one_line

#: Results must include when certificates expire.
DETAILS = True

#: For programs: always UTF-8.
UTF8 = True

# Checks that the spec or the configuration makes superfluous leave nothing unknown.
_LEAVES_UNKNOWN = frozenset({Cause.UNREADABLE, Cause.FINDING, Cause.SECRET})

# The results of a login that say something about the credential. Without one, nothing was compared.
_LOGINS = {"logged_in": 1, "refused": 0, "consent_needed": 0}


class _Labels(NamedTuple):
    """The labels of a sample. Prometheus treats an empty label like one that isn't there."""

    credential: str
    profile: str
    environment: str
    severity: str | None = None


_Samples = Mapping[_Labels, int]


def report(report: Report, _look: ReportStyle) -> str:
    """Return the metrics, all of them gauges.

    Credentials with the same name and profile share their samples: the numbers are added up, and
    the earliest expiry and the worst login count.
    """
    owners = _Owners(report)
    return "".join([
        *_gauge(
            "sfcred_certificate_not_after_timestamp_seconds",
            "When the certificate expires, in seconds since 1970-01-01 UTC.",
            _expiries(report, owners),
            unit="seconds",
        ),
        *_gauge(
            "sfcred_login_ok",
            "Whether the login worked (1) or not (0). Without a sample, no login at Salesforce was "
            "judged.",
            _logins(report, owners),
        ),
        *_gauge("sfcred_findings", "The number of findings.", _findings(report, owners)),
        *_gauge(
            "sfcred_unreadable_checks",
            "The number of checks that have no result: something could not be read, reached or "
            "compared, the expiry of a certificate isn't known, or the check crashed.",
            _unreadable(report, owners),
        ),
        "# EOF\n",
    ])  # fmt: skip


class _Owners:
    """The labels of credentials, by their file, name and profile."""

    def __init__(self, report: Report) -> None:
        self._environments = {(r.file, r.name, r.profile): r.environment for r in report.results}
        self.all = [self.of(r.file, r.name, r.profile) for r in report.results]

    def of(self, file: str, name: str | None, profile: str | None) -> _Labels:
        """Return the labels of something found: empty where it isn't about one credential."""
        environment = self._environments.get((file, name or "", profile))
        return _Labels(name or "", profile or "", environment or "")


def _expiries(report: Report, owners: _Owners) -> _Samples:
    found: dict[_Labels, int] = {}
    for labels, result in zip(owners.all, report.results, strict=True):
        if result.details and result.details.certificate_until:
            seconds = int(result.details.certificate_until.timestamp())
            found[labels] = min(seconds, found.get(labels, seconds))
    return found


def _logins(report: Report, owners: _Owners) -> _Samples:
    found: dict[_Labels, int] = {}
    if report.live is not None and report.live.local_org is not None:
        return found  # a rehearsal would end an alert about a real login
    for labels, result in zip(owners.all, report.results, strict=True):
        if result.live in _LOGINS:
            found[labels] = min(_LOGINS[result.live], found.get(labels, 1))
    return found


def _findings(report: Report, owners: _Owners) -> _Samples:
    """Return the number for each severity, with zeros, so that an alert ends when it is over."""
    number: Counter[_Labels] = Counter()
    for labels in owners.all:
        number.update(dict.fromkeys(_each_severity(labels), 0))
    for finding in report.findings:
        labels = owners.of(finding.file, finding.credential, finding.profile)
        number.update(dict.fromkeys(_each_severity(labels), 0))
        number[labels._replace(severity=finding.severity.value)] += 1
    return number


def _each_severity(labels: _Labels) -> list[_Labels]:
    return [labels._replace(severity=severity.value) for severity in Severity]


def _unreadable(report: Report, owners: _Owners) -> _Samples:
    number = Counter(dict.fromkeys(owners.all, 0))
    told = set()
    for entry in report.not_run:
        is_expiry = _leaves_expiry_unknown(entry)
        if entry.cause is Cause.UNREADABLE or is_expiry:
            number[owners.of(entry.file, entry.credential, entry.profile)] += len(entry.checks)
        if is_expiry:
            told.add((entry.file, entry.credential, entry.profile))
    for one in report.results:  # the checks that would tell may not be selected, or be ignored
        has_obstacle = one.details is not None and one.details.certificate_obstacle is not None
        if has_obstacle and (one.file, one.name, one.profile) not in told:
            number[owners.of(one.file, one.name, one.profile)] += 1
    for crash in report.crashes:
        number[owners.of(crash.file, crash.credential, None)] += 1
    return number


def _leaves_expiry_unknown(entry: NotRun) -> bool:
    """Return whether a credential has a certificate, but it isn't known when it expires."""
    is_about = any(has_trait(check, Trait.ABOUT_EXPIRY) for check in entry.checks)
    return is_about and entry.cause in _LEAVES_UNKNOWN


def _gauge(name: str, text: str, samples: _Samples, *, unit: str = "") -> list[str]:
    """Return a metric's lines: none for a metric without samples."""
    if not samples:
        return []
    head = [f"# TYPE {name} gauge\n", f"# HELP {name} {text}\n"]
    head += [f"# UNIT {name} {unit}\n"] if unit else []
    return [*head, *(f"{name}{{{_pairs(labels)}}} {samples[labels]}\n" for labels in samples)]


def _pairs(labels: _Labels) -> str:
    pairs = labels._asdict().items()
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs if value is not None)


def _escaped(value: str) -> str:
    r"""Escape a label's value as the specification requires: `\`, `"` and line feeds."""
    # First make it harmless in a log, so that nothing has to be changed after the escaping.
    return one_line(value).replace("\\", "\\\\").replace('"', '\\"')
