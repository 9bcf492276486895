"""A login that is rehearsed at a stand-in org never stands where a real token belongs."""

import contextlib
import json
import re
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from sfcred.cli.schemas import schema
from tests.helpers.ports import free_port
from tests.helpers.project import Project
from tests.hostile.servers import PATIENCE, Running, sfcred

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes end as on POSIX")

ROOT = Path(__file__).parents[2]
REAL = "5Aep861realTokenOfTheRealOrg"


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Allow loopback, also from this process."""


@contextlib.contextmanager
def local_org(spec: Path) -> Iterator[str]:
    port = free_port()
    with Running("local-org", spec, "--port", str(port), stream="stdout") as running:
        url = running.line(r"local org at (\S+)")[1]
        wait_for(url)
        yield url


def wait_for(url: str) -> None:
    """Wait until a local org answers."""
    for _ in range(PATIENCE * 10):
        with contextlib.suppress(OSError):
            visit(f"{url}/_local/state")
            return
        time.sleep(0.1)


def words(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


def visit(url: str, **form: str) -> str:
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=30) as answer:
        page: str = answer.read().decode()
        return page


def log_in(spec: Path, url: str, *options: str, **environ: str) -> tuple[int, str, str]:
    """Log in, allow the access, and return the status, what was printed, and the last page."""
    arguments: tuple[str | Path, ...] = ("login", spec, "--no-browser", "--no-check", *options)
    with Running(*arguments, stream="stderr", environ=environ) as running:
        start = running.line(r"open in your browser: (\S+)")[1]
        ticket = visit(start).partition('name="ticket" value="')[2].partition('"')[0]
        visit(f"{url}/_local/login", ticket=ticket, username="ada")
        page = visit(f"{url}/_local/consent", ticket=ticket, decision="allow")
        status = running.process.wait(PATIENCE)
        time.sleep(0.1)
        return status, "".join(running.said), page


def spec_of(project: Project, place: str, more: str = "") -> Path:
    callbacks = f"[http://localhost:{free_port()}/OauthRedirect]"
    fragment = f"oauth2: {{refresh_token: {{{place}}}}}\napp: {{callback_urls: {callbacks}}}\n"
    return project.credential(fragment + more, "oauth2")


PLACES = [("file: token", "token", REAL), ("dotenv: TOKEN", ".env", f"TOKEN={REAL}\n")]


@pytest.mark.parametrize(("place", "file", "content"), PLACES)
@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_rehearsal_stores_nothing_over_or_beside_a_real_token(
    project: Project, place: str, file: str, content: str, force: tuple[str, ...], is_there: bool
) -> None:
    spec = spec_of(project, place)
    if is_there:
        Path(file).write_text(content, encoding="utf-8")
        Path(file).chmod(0o600)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    with local_org(spec) as url:
        status, said, page = log_in(spec, url, "--local-org", url, *force)
    assert status == 0, said
    assert ("stays as it is" if is_there else "nothing was stored") in said
    assert "nothing is connected" in said
    assert "push" not in said
    assert "<h1>Rehearsed</h1>" in page
    assert "stored the refresh token" not in said
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_a_rehearsal_still_tells_that_the_place_is_no_good(project: Project) -> None:
    spec = spec_of(project, "file: no/where/token")
    with local_org(spec) as url:
        done = sfcred("login", spec, "--no-browser", "--no-check", "--local-org", url)
    assert done.status == 2
    assert "its folder does not exist" in done.err


def test_a_spec_of_a_stand_in_is_never_called_connected(project: Project) -> None:
    port = free_port()
    here = f"my_domain: http://127.0.0.1:{port}\n"
    spec = spec_of(project, "file: token", here)
    allowed = {"SFCRED_ALLOW_HOSTS": f"127.0.0.1:{port}"}
    arguments = ("local-org", spec, "--port", str(port))
    with Running(*arguments, stream="stdout", environ=allowed) as running:
        url = running.line(r"local org at (\S+)")[1]
        time.sleep(1)
        status, said, page = log_in(spec, url, **allowed)
    assert status == 0, said
    assert "<h1>Rehearsed</h1>" in page
    assert f"stored the refresh token of http://127.0.0.1:{port} in file token" in said
    assert "so the token is of no use at Salesforce" in said
    assert "connected" not in said
    assert Path("token").is_file()


# -- doctor: no report takes a rehearsal for a login at Salesforce


def reports(spec: Path, url: str, *names: str) -> dict[str, str]:
    """Return doctor's reports on a rehearsal, by format, and its text."""
    files = {name: Path(f"report.{name}") for name in names}
    outputs = [part for name, file in files.items() for part in ("-o", f"{name}={file}")]
    done = sfcred("doctor", spec, "--local-org", url, *outputs)
    told = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    return {**told, "text": done.out}


def test_each_report_says_that_a_login_was_a_rehearsal(project: Project) -> None:
    spec = project.credential()
    with local_org(spec) as url:
        told = reports(spec, url, "html", "json", "openmetrics")
        text = words(told["text"])
        assert "logged in, rehearsed at the local org" in text
        assert f"1 logged in to the local org at {url} (a rehearsal, not Salesforce)" in text
        assert "logged in to the local org (a rehearsal)" in told["html"]
        assert "logged in, rehearsed at the local org" in told["html"]
        assert "Nothing in this rehearsal." in told["html"]
        assert f"the logins went to the local org at {url}, not to Salesforce" in told["html"]
        report = json.loads(told["json"])
        assert report["summary"]["local_org"] == url
        assert report["credentials"][0]["live"] == "logged_in"
        jsonschema.validate(report, schema("report"))
        assert "sfcred_login_ok{" not in told["openmetrics"]


def test_each_report_says_who_refused_a_rehearsal(project: Project) -> None:
    spec = project.credential()
    names = ("concise", "github", "gitlab", "html", "json", "junit", "sarif", "openmetrics")
    with local_org(spec) as url:
        visit(f"{url}/_local/refuse", name="audience-invalid")
        told = reports(spec, url, *names)
        assert "sfcred_login_ok{" not in told.pop("openmetrics")
        for name, text in told.items():
            assert "local org refuses the login" in text, name
            assert "Salesforce refuses the login:" not in text, name


# -- what the local org doesn't know

UNKNOWN = "most likely this local org doesn't know the credential"


def test_a_local_org_without_the_variables_says_to_start_it_again(project: Project) -> None:
    spec = project.credential()
    port = free_port()
    arguments = ("local-org", spec, "--port", str(port))
    unset = "import os; del os.environ['ACME_CLIENT_ID']"
    with Running(*arguments, stream="stdout", before=unset) as running:
        url = running.line(r"local org at (\S+)")[1]
        running.line("next:")
        greeting = "".join(running.said)
        assert "the environment variable ACME_CLIENT_ID is not set" in greeting
        assert "hint: Set ACME_CLIENT_ID" in greeting
        assert "start it again" in greeting
        assert "sfcred doctor" not in greeting
        wait_for(url)
        assert "start it again" in visit(url)
        assert UNKNOWN in words(sfcred("doctor", spec, "--local-org", url).out)


def test_a_spec_that_came_later_needs_its_variable_in_the_local_org(project: Project) -> None:
    project.credential("{}\n", "jwt", "specs/one.yaml")
    project.material("specs/acme.key", "rsa-2048")
    project.material("specs/acme.crt", "certificate")
    later = "name: two\nclient_id: {env: LATER}\nn8n: {id: acmeTwo}\n"
    port = free_port()
    with Running("local-org", "specs", "--port", str(port), stream="stderr") as running:
        url = f"http://127.0.0.1:{port}"
        wait_for(url)
        spec = project.credential(later, "jwt", "specs/two.yaml")
        time.sleep(1)
        key = {"LATER": "3MVG9laterLaterLaterLaterLaterLaterLaterLaterLaterLaterLater"}
        done = sfcred("doctor", spec, "--local-org", url, environ=key)
        assert UNKNOWN in words(done.out)
        running.line("left out two: client_id: the environment variable LATER is not set")
        assert "left out two" in visit(url)


def test_a_rehearsal_is_refused_where_nobody_is_assigned(project: Project) -> None:
    spec = project.credential("app: {permission_sets: null}\n")
    with local_org(spec) as url:
        done = sfcred("doctor", spec, "--local-org", url)
    assert done.status == 1
    assert "user is not admin approved to access this app" in words(done.out)
    assert "logged in, rehearsed" not in done.out


# -- the page about rotating a key


def test_rotating_a_key_can_be_rehearsed_as_its_page_says(project: Project) -> None:
    page = (ROOT / "docs/guides/rotate-a-key.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```console\n(.*?)```", page.partition("## Rehearse")[2], re.DOTALL)
    start, *first_steps = first.splitlines()
    assert start.startswith("sfcred local-org ")
    spec = project.credential(
        "jwt: {private_key: {file: ../secrets/acme-crm.key}, certificate: ../certs/acme-crm.crt}\n",
        "jwt",
        "credentials/acme-crm.yaml",
    )
    assert sfcred("keygen", spec).status == 0
    assert sfcred("keygen", spec, "--rotate").status == 0
    with local_org(spec) as url:
        assert sfcred("doctor", "--local-org", url).status == 0
        assert "invalid_grant: invalid assertion" in follow(first_steps, url)
        time.sleep(1)
        assert "1 logged in to the local org" in follow(second.splitlines(), url)


def follow(lines: list[str], url: str) -> str:
    """Run a page's commands, and return what the last one printed."""
    said = ""
    for line in lines:
        program, *arguments = line.replace("http://127.0.0.1:8787", url).split()
        if program == "mv":
            Path(arguments[0]).rename(arguments[1])
        else:
            assert program == "sfcred"
            said = words(sfcred(*arguments).out)
    return said
