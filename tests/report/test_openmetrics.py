"""The metrics, read by Prometheus's own client: expiry, logins, and findings by severity."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as older_format

from sfcred.findings import Crash, Finding, Report, Result, Severity
from sfcred.keys.certificate import Certificate, read_certificate
from sfcred.report.api import ReportStyle
from sfcred.report.formats.openmetrics import report as as_metrics
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
NOT_AFTER = "sfcred_certificate_not_after_timestamp_seconds"
TWO = "profiles:\n  uat: {}\n  live: {environment: production, my_domain: https://acme.my.salesforce.com}\n"


def samples(text: str) -> Samples:
    """Return every sample, as both parsers read it."""
    read = (openmetrics(text), older_format(text))  # type: ignore[no-untyped-call]
    found = [
        {
            (one.name, frozenset(one.labels.items())): one.value
            for family in families
            for one in family.samples
        }
        for families in read
    ]
    assert found[0] == found[1]
    assert len(found[0]) == len([line for line in text.splitlines() if not line.startswith("#")])
    return found[0]


def labels(credential: str, profile: str, environment: str, **more: str) -> frozenset[tuple[str, str]]:  # fmt: skip
    own = {"credential": credential, "profile": profile, "environment": environment, **more}
    return frozenset(own.items())


def metrics(run: Run, *arguments: str | Path) -> Samples:
    return samples(run("doctor", *arguments, "--format", "openmetrics").out)


def test_each_certificate_has_its_expiry(project: Project, run: Run) -> None:
    certificate = read_certificate(Path("acme.crt").read_bytes())
    assert isinstance(certificate, Certificate)
    found = metrics(run, project.credential(TWO))
    for owner in (("acme-crm", "uat", "sandbox"), ("acme-crm", "live", "production")):
        assert found[NOT_AFTER, labels(*owner)] == certificate.not_after.timestamp()


def test_oauth2_has_no_certificate(project: Project, run: Run) -> None:
    found = metrics(run, project.credential("{}\n", "oauth2"))
    assert NOT_AFTER not in {name for name, _labels in found}


def test_findings_are_counted_by_severity_with_zeros(project: Project, run: Run) -> None:
    spec = project.credential("app: {scopes: [full, api, Api, refresh_token]}\n")
    found = metrics(run, spec)
    shown = run("doctor", spec, "--format", "concise").out
    for severity in ("error", "warning", "info"):
        number = len(re.findall(rf": {severity} SFC", shown))
        owner = labels("acme-crm", "", "sandbox", severity=severity)
        assert found["sfcred_findings", owner] == number
    assert found["sfcred_findings", labels("acme-crm", "", "sandbox", severity="error")] > 0
    sound = metrics(run, project.credential())
    assert sound["sfcred_findings", labels("acme-crm", "", "sandbox", severity="error")] == 0


def test_a_finding_outside_of_credentials_counts_too(project: Project, run: Run) -> None:
    found = metrics(run, project.spec("x: [", "broken.yaml"))
    assert found["sfcred_findings", labels("", "", "", severity="error")] > 0


def test_without_live_no_login_is_claimed(project: Project, run: Run) -> None:
    assert "sfcred_login_ok" not in {name for name, _labels in metrics(run, project.credential())}


@pytest.mark.parametrize("what", ["missing", "not a certificate"])
def test_an_expiry_that_is_not_known_counts(project: Project, run: Run, what: str) -> None:
    """Without this, an alert about the expiry would only be silent."""
    Path("acme.crt").unlink()
    if what == "not a certificate":
        project.material("acme.crt", "rsa-other")
    found = metrics(run, project.credential())
    owner = labels("acme-crm", "", "sandbox")
    assert (NOT_AFTER, owner) not in found
    assert found["sfcred_unreadable_checks", owner] > 0


@pytest.mark.parametrize("choice", [("--select", "SFC1"), ("--ignore", "SFC4"), ()])
@pytest.mark.parametrize("what", ["missing", "not a certificate"])
def test_no_choice_of_checks_hides_it(
    project: Project, run: Run, choice: tuple[str, ...], what: str
) -> None:
    Path("acme.crt").unlink()
    if what == "not a certificate":
        project.material("acme.crt", "rsa-other")
    if not choice:
        Path("sfcred.toml").write_text('select = ["SFC2"]\n', encoding="utf-8")
    run("doctor", project.credential(), *choice, "-o", "openmetrics=o.prom")
    owner = 'credential="acme-crm",profile="",environment="sandbox"'
    found = re.search(
        rf"^sfcred_unreadable_checks{{{owner}}} (\d+)$",
        Path("o.prom").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert found
    assert int(found[1]) > 0


def test_a_certificate_that_is_not_declared_leaves_nothing_unknown(
    project: Project, run: Run
) -> None:
    found = metrics(run, project.credential("jwt: {certificate: null}\n"))
    assert found["sfcred_unreadable_checks", labels("acme-crm", "", "sandbox")] == 0


def test_what_could_not_be_read_counts(project: Project, run: Run) -> None:
    """A credential with nothing compared must not look like one without findings."""
    spec = project.credential("jwt: {certificate: locked.crt}\n")
    Path("locked.crt").mkdir()
    done = run("doctor", spec, "--format", "json")
    found = metrics(run, spec)
    unreadable = re.search(r'"unreadable": (\d+)', done.out)
    assert unreadable
    owner = labels("acme-crm", "", "sandbox")
    assert found["sfcred_unreadable_checks", owner] == int(unreadable[1])
    assert (NOT_AFTER, owner) not in found


def _result(live: str | None, name: str = "a", file: str = "a.yaml") -> Result:
    return Result(name, None, file, "jwt", "sandbox", None, "ok", live)


def _report(*results: Result, findings: tuple[Finding, ...] = (), crashes: tuple[Crash, ...] = ()) -> Samples:  # fmt: skip
    made = Report(results, findings, (), crashes, (), 1, 1)
    return samples(as_metrics(made, ReportStyle()))


@pytest.mark.parametrize(
    ("live", "value"), [("logged_in", 1), ("refused", 0), ("consent_needed", 0), ("unreached", None)]
)  # fmt: skip
def test_a_login_is_ok_or_not_or_not_judged(live: str, value: int | None) -> None:
    assert _report(_result(live)).get(("sfcred_login_ok", labels("a", "", "sandbox"))) == value


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_documents_with_one_name_the_worse_counts(order: int) -> None:
    both = [_result("logged_in"), _result("refused", file="b.yaml")][::order]
    assert _report(*both)["sfcred_login_ok", labels("a", "", "sandbox")] == 0


def test_a_crash_counts_as_a_check_without_a_result() -> None:
    found = _report(_result(None), crashes=(Crash("x", "a", "a.yaml", "ValueError"),))
    assert found["sfcred_unreadable_checks", labels("a", "", "sandbox")] == 1


@pytest.mark.parametrize("name", ['a"b', "a\\", "a\nb", 'x"} 1\nevil{y="', "##[error]x", "::error::x", "日本 😀", "a\u202eb\x1b[31m"])  # fmt: skip
def test_any_name_is_one_label(name: str) -> None:
    finding = Finding("x", "x", Severity.ERROR, name, name, "a.yaml", 1, 1, "m", "h", None, "")
    found = _report(findings=(finding,))
    assert {sample for sample, _labels in found} == {"sfcred_findings"}
    assert sum(found.values()) == 1
    (one,) = {dict(owner)["credential"] for _name, owner in found}
    assert one.encode("ascii", "ignore").decode().isprintable()


def test_the_documented_metrics_are_those_that_there_are() -> None:
    """Otherwise, an alert that somebody copies from the docs would never fire."""
    root = Path(__file__).parents[2]
    code = (root / "sfcred/report/formats/openmetrics.py").read_text(encoding="utf-8")
    page = (root / "docs/reports.md").read_text(encoding="utf-8")
    names = set(re.findall(r'"(sfcred_[a-z_]+)"', code))
    assert len(names) == 4
    assert set(re.findall(r"\bsfcred_[a-z_]+", page)) == names
    (groups,) = [
        block for block in re.findall(r"(?ms)^```yaml\n(.*?)^```", page) if "alert:" in block
    ]
    (group,) = yaml.safe_load(groups)["groups"]
    used = {name for rule in group["rules"] for name in re.findall(r"sfcred_\w+", rule["expr"])}
    assert used < names
