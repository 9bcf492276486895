"""JSON for programs. `schemas/report.schema.json` describes it."""

from itertools import islice
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sfcred.findings import Finding, LiveCount, NotRun, Report, Result, Severity
from sfcred.report.address import docs_of
from sfcred.report.api import ReportStyle
from sfcred.report.worst import LIMIT, worst
from sfcred.text.printable import json_text
from sfcred.version import __version__

_Level = Literal["error", "warning", "info"]


#: For programs: always UTF-8.
UTF8 = True


def report(report: Report, _look: ReportStyle) -> str:
    """Return the report as JSON, sorted like the text report. Above LIMIT, it has the worst."""
    shown = worst(report.findings, LIMIT, LIMIT)
    not_checked = (entry for skipped in report.not_run for entry in _not_checked(skipped))
    summary = _summary(report)
    numbers = (
        len(report.results),
        len(report.findings),
        summary["not_checked"],
        len(report.crashes),
    )
    left = sum(max(0, number - LIMIT) for number in numbers)
    document = {
        "report_version": 1,
        "sfcred_version": __version__,
        "summary": {
            **summary,
            **_rehearsal(report.live),
            **({"not_listed": left} if left else {}),
        },
        "credentials": [_credential(result) for result in report.results[:LIMIT]],
        "findings": [_finding(report.findings[place]) for place in shown],
        "not_checked": list(islice(not_checked, LIMIT)),
        "crashed": [crash._asdict() for crash in report.crashes[:LIMIT]],
    }
    return json_text(document)


def _summary(report: Report) -> dict[str, int | bool]:
    return {
        "credentials": len(report.results),
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "infos": report.count(Severity.INFO),
        "ignored": report.ignored,
        "in_baseline": report.in_baseline,
        "not_checked": sum(len(skipped.checks) for skipped in report.not_run),
        "unreadable": sum(len(skipped.checks) for skipped in report.unreadable),
        **(_logins(report.live) if report.live else {}),
    }


def _logins(live: LiveCount) -> dict[str, int | bool]:
    fields = live._asdict()
    del fields["local_org"]
    return fields


def _rehearsal(live: LiveCount | None) -> dict[str, str]:
    return {"local_org": live.local_org} if live and live.local_org else {}


def _credential(result: Result) -> dict[str, object]:
    fields = result._asdict()
    del fields["details"]
    return fields


def _finding(finding: Finding) -> dict[str, object]:
    fields = finding._asdict()
    del fields["excerpt"], fields["route"]
    because_of, fix = fields.pop("because_of"), fields.pop("fix")
    docs = docs_of(finding.check)
    return {**fields, "docs": docs, "because_of": because_of, "fixable": fix is not None}


def _not_checked(skipped: NotRun) -> list[dict[str, object]]:
    fields = skipped._asdict()
    checks = fields.pop("checks")
    del fields["because_of"]
    return [{"check": check, **fields} for check in checks]


# The same as models, for the JSON Schema. The tests validate every report against it.


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _SummaryModel(_Model):
    credentials: int = Field(description="Number of credentials examined.")
    errors: int
    warnings: int
    infos: int
    ignored: int = Field(description="Number of findings that specs or the configuration ignore.")
    in_baseline: int = Field(description="Number of findings that the baseline suppresses.")
    not_checked: int = Field(description="Number of entries in not_checked.")
    unreadable: int = Field(
        description="Number of entries in not_checked whose cause is unreadable. If there are any, "
        "the exit status is 4 unless something worse is found."
    )
    not_listed: int | None = Field(
        default=None,
        description="Number of entries that are counted but not listed, because there are more "
        f"than {LIMIT:,} of a kind. The worst findings are always listed.",
    )
    logged_in: int | None = Field(
        default=None,
        description="With --live: number of credentials that got a token, from Salesforce unless "
        "there is a `local_org`.",
    )
    unreached: int | None = Field(
        default=None,
        description="With --live: number of credentials that could not be judged, because the org "
        "or a value that the login needs was not available.",
    )
    untried: int | None = Field(
        default=None,
        description="With --live: number of the unreached credentials whose login could not begin.",
    )
    interrupted: bool | None = Field(
        default=None, description="With --live: whether Ctrl-C ended the run early."
    )
    local_org: str | None = Field(
        default=None,
        description="With --local-org: the address of the local org that the logins went to. They "
        "were a rehearsal, so `logged_in` and `live` say nothing about Salesforce.",
    )


class _CredentialModel(_Model):
    name: str
    profile: str | None
    file: str
    flow: Literal["oauth2", "jwt", "client_credentials"] | None
    environment: Literal["production", "sandbox"] | None
    authority: str | None
    status: Literal["ok", "unknown", "info", "warning", "error"] = Field(
        description="The severity of the worst finding. Without findings: ok, or unknown if "
        "something could not be read, reached or compared, a login failed, a check crashed, or the "
        "configuration selects no check that looks at the credential."
    )
    live: Literal["logged_in", "refused", "consent_needed", "unreached"] | None = Field(
        description="With --live: the result of the login, at Salesforce unless the summary has a "
        "`local_org`."
    )
    n8n_type: Literal["salesforceOAuth2Api", "salesforceJwtApi", "oAuth2Api"] | None = Field(
        default=None, description="n8n's type of the credential."
    )


class _FindingModel(_Model):
    check: str = Field(pattern="^SFC[0-9]{3}$")
    name: str
    severity: _Level
    credential: str | None
    profile: str | None
    file: str
    line: int = Field(ge=1)
    column: int = Field(ge=1)
    message: str
    hint: str
    docs: str = Field(description="The URL of the check's page.")
    because_of: str | None = Field(description="The check whose finding explains this one.")
    fixable: bool = Field(description="Whether `sfcred doctor --fix` can correct it.")


class _NotCheckedModel(_Model):
    check: str
    credential: str | None
    profile: str | None
    file: str
    reason: str
    hint: str = Field(description="What to do about it; empty if there is nothing to do.")
    cause: Literal["not_stated", "finding", "secret", "ignored", "unreadable"] = Field(
        description="not_stated: the spec (or an org's answer) doesn't state it. finding: another "
        "entry of this report explains why. secret: a secret isn't available here, or isn't "
        "compared. ignored: the check is ignored there. unreadable: it could not be read, reached "
        "or compared; only this one changes the exit status, to 4."
    )


class _CrashModel(_Model):
    check: str
    credential: str | None
    file: str
    what: str = Field(description="The error's type and position in the code; please report it.")


class ReportModel(_Model):
    """The output of `sfcred doctor --format json`."""

    model_config = ConfigDict(title="sfcred report")

    report_version: Literal[1]
    sfcred_version: str
    summary: _SummaryModel
    credentials: list[_CredentialModel]
    findings: list[_FindingModel]
    not_checked: list[_NotCheckedModel]
    crashed: list[_CrashModel] = Field(description="Checks that crashed: bugs in sfcred.")
