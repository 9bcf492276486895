"""What a command tells you to do next: it names the mistake, and works as printed."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.ports import free_port
from tests.helpers.project import CONSUMER_KEY, Project
from tests.helpers.workflows import workflow, write

Run = Callable[..., Outcome]
INIT = (
    "init", "acme-crm", "--my-domain", "https://acme--uat.sandbox.my.salesforce.com",
    "--username", "n8n@acme.com.uat", "--contact-email", "crm@acme.com",
    "--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.40.5", "--no-input",
)  # fmt: skip


# -- without specs


@pytest.mark.parametrize("command", ["doctor", "render", "resolve", "app"])
def test_an_empty_folder_has_no_specs_yet(project: Project, run: Run, command: str) -> None:
    done = run(command, *(("-o", "x") if command in ("render", "app") else ()))
    assert done.status == 2
    assert done.err == (
        "sfcred: no specs yet: there is no folder credentials\n"
        "hint: Run `sfcred init`, or pass a spec or a folder of specs. If n8n has the credentials "
        "already, see `sfcred help import`.\n"
    )


def test_a_folder_that_the_configuration_names_is_a_mistake_there(
    project: Project, run: Run
) -> None:
    Path("sfcred.toml").write_text('paths = ["specs"]\n', encoding="utf-8")
    done = run("doctor")
    assert done.status == 2
    assert "nothing to check: specs does not exist" in done.err
    assert "correct `paths` in the configuration" in done.err
    assert "init" not in done.err


# -- the key pair


def test_after_init_the_missing_pair_leads_to_keygen(project: Project, run: Run) -> None:
    run(*INIT)
    out = run("doctor").out
    elsewhere = "If the key pair exists elsewhere, copy both files to where the spec names them."
    create = "In a new project, run `sfcred keygen acme-crm` to create them."
    assert out.count(f"hint: {elsewhere} {create}") == out.count("exists elsewhere") == 1
    assert "its hint says when to run `sfcred keygen acme-crm`." in out
    assert "certs/acme-crm.crt: no such file or directory\n    hint: See SFC005.\n" in out
    assert "file's permissions" not in out
    run("keygen", "acme-crm")
    assert "keygen" not in run("doctor").out


def test_a_profile_s_missing_pair_leads_to_its_own_keygen(project: Project, run: Run) -> None:
    spec = project.credential(
        "jwt: {private_key: {file: no.key}, certificate: no.crt}\n"
        "profiles: {uat: {description: x}}\n"
    )
    assert "run `sfcred keygen acme.yaml --profile uat` to" in run("doctor", spec).out


def test_commands_name_the_file_where_the_name_does_not_work(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*INIT)
    text = Path("credentials/acme-crm.yaml").read_text(encoding="utf-8")
    Path("elsewhere").mkdir()
    Path("elsewhere/other.yaml").write_text(text, encoding="utf-8")
    assert "run `sfcred keygen elsewhere/other.yaml` to" in run("doctor", "elsewhere").out
    folder = Path.cwd()
    monkeypatch.chdir(folder.parent)
    spec = f"{folder.name}/credentials/acme-crm.yaml"
    assert f"run `sfcred keygen {spec}` to" in run("doctor", folder.name).out
    assert f"attention: sfcred doctor {folder.name}\n" in run("list", folder.name).out
    assert run("keygen", spec).status == 0


def test_required_secrets_lead_to_keygen_too(project: Project, run: Run) -> None:
    run(*INIT)
    os.environ["ACME_CRM_CLIENT_ID"] = CONSUMER_KEY
    done = run("doctor", "--require-secrets")
    assert done.out.endswith("next: sfcred keygen acme-crm\n")


@pytest.mark.parametrize(
    "fragment",
    [
        "jwt: {private_key: {file: no.key}}\n",  # the certificate is there: it is another machine
        "jwt: {certificate: no.crt}\n",
        "jwt: {private_key: {env: NO_KEY}, certificate: no.crt}\n",
    ],
)
def test_half_a_pair_does_not_lead_to_keygen(project: Project, run: Run, fragment: str) -> None:
    out = run("doctor", project.credential(fragment)).out
    assert "SFC005" in out
    assert "keygen" not in out


def test_a_second_keygen_leads_to_rotate(project: Project, run: Run) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    again = run("keygen", "acme-crm")
    assert again.status == 2
    assert "run `sfcred keygen acme-crm --rotate`, which keeps the pair in use" in again.err
    assert run("keygen", "acme-crm", "--rotate").status == 0
    third = run("keygen", "acme-crm", "--rotate")
    assert third.status == 2
    assert "Finish this rotation first" in third.err


def test_a_report_in_a_format_that_there_is_not(project: Project, run: Run) -> None:
    run(*INIT)
    done = run("doctor", "-o", "report.pdf")
    assert done.status == 2
    assert "there is no report in the format .pdf" in done.err
    assert not Path("report.pdf").exists()
    assert run("doctor", "-o", "report.html").status in (0, 4)
    assert run("doctor", "--format", "text", "-o", "report.pdf").status in (0, 4)


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_key_that_salesforce_or_n8n_refuses_leads_to_rotate(
    project: Project, run: Run, kind: str
) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    key = "secrets/acme-crm.key"
    if kind == "ec":
        openssl("ecparam", "-genkey", "-name", "prime256v1", "-out", key)
    else:
        openssl("genrsa", "-out", key, "1024")
    out = run("doctor").out
    assert "Run `sfcred keygen acme-crm --rotate`: it creates an RSA key of 2048 bits" in out
    assert out.endswith("next: sfcred keygen acme-crm --rotate\n")
    assert run("keygen", "acme-crm", "--rotate").status == 0


def test_a_rotation_moves_only_what_is_there(project: Project, run: Run) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    Path("certs/acme-crm.crt").unlink()
    assert "Put the certificate of this key there, and commit it" in run("doctor").out
    steps = run("keygen", "acme-crm", "--rotate").out
    assert "mv secrets/acme-crm.key secrets/acme-crm.old.key" in steps
    assert "acme-crm.old.crt" not in steps


def test_a_key_store_is_opened_with_the_command_that_the_hint_names(
    project: Project, run: Run
) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    key, password = Path("secrets/acme-crm.key"), ("-passin", "pass:x", "-passout", "pass:x")
    openssl("pkcs12", "-export", "-inkey", str(key), "-in", "certs/acme-crm.crt", *password[2:], "-out", "store.p12")  # fmt: skip
    key.write_bytes(Path("store.p12").read_bytes())
    (command,) = re.findall(r"Get the key out of it: `openssl (.+)`", run("doctor").out)
    openssl(*shlex.split(command.replace("acme.key", str(key))), *password[:2])
    assert "SFC401" not in run("doctor").out
    key.write_bytes(bytes.fromhex("feedfeed00000002"))
    assert "Convert it: `keytool -importkeystore " in run("doctor").out


def test_binary_keys_have_no_line_breaks_to_blame(project: Project, run: Run) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    key = Path("secrets/acme-crm.key")
    key.write_bytes(key.read_text(encoding="utf-8").encode("utf-16"))
    out = run("doctor").out
    assert "UTF-16 instead of UTF-8; n8n doesn't repair that" in out


@pytest.mark.parametrize("words", [("import", "x.json"), ("diff", "--export", "x.json")])
def test_a_missing_export_has_to_be_created(
    project: Project, run: Run, words: tuple[str, ...]
) -> None:
    run(*INIT)
    done = run(*words)
    assert done.status == 2
    assert "Check the path, or create one: n8n export:credentials --all" in done.err


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("N8N_EDITOR_BASE_URL=https://acme.com/n8n\n", "Correct the one that isn't n8n's public"),
        ("N8N_HOST=acme.com\n", "Set N8N_EDITOR_BASE_URL in n8n's environment"),
        ("N8N_EDITOR_BASE_URL=${SOME}\n", "Write the value out in the file, or set n8n.url"),
    ],
)
def test_an_address_that_the_environment_contradicts(
    project: Project, run: Run, text: str, hint: str
) -> None:
    Path("n8n.env").write_text(text, encoding="utf-8")
    out = run("doctor", project.credential("n8n: {env_file: n8n.env}\n", "oauth2")).out
    assert hint in " ".join(out.split())


def test_an_address_with_http_is_not_to_be_entered_in_setup(project: Project, run: Run) -> None:
    spec = project.credential("n8n: {url: http://n8n.acme.com}\n", "oauth2")
    out = run("doctor", spec).out
    assert "Salesforce refuses plain http: use https for n8n, and correct n8n.url." in out


def test_a_certificate_without_its_key_does_not_lead_to_rotate(project: Project, run: Run) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    Path("secrets/acme-crm.key").unlink()
    done = run("keygen", "acme-crm")
    assert done.status == 2
    assert "copy it to secrets/acme-crm.key" in done.err
    assert "--rotate" not in done.err


def test_a_key_without_its_certificate_leads_to_openssl(project: Project, run: Run) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    Path("certs/acme-crm.crt").unlink()
    done = run("keygen", "acme-crm")
    assert done.status == 2
    command = done.err.partition("To create one, run `")[2].partition("`")[0].split()
    subprocess.run([*command, "-subj", "/CN=n8n"], check=True, capture_output=True)
    assert "SFC408" not in run("doctor").out


# -- init


def test_init_s_hint_is_a_value_for_its_option(project: Project, run: Run) -> None:
    wrong = "https://acme--uat.sandbox.lightning.force.com"
    done = run(*(wrong if word.endswith("my.salesforce.com") else word for word in INIT))
    assert done.status == 2
    assert "Write `https://acme--uat.sandbox.my.salesforce.com`." in done.err
    assert "my_domain:" not in done.err


# -- what is printed works in a git project


def test_the_guide_s_commands_work_in_git(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    run(*INIT)
    run("keygen", "acme-crm")
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    text = " ".join(run("guide", "acme-crm").out.split())
    assert "File: certs/acme-crm.crt" in text
    render = re.search(r"`sfcred (render[^`]*)`.*--input=([^` ]*)`", text)
    assert render, text
    done = run(*render.group(1).split())
    assert done.status == 0, done
    assert Path(render.group(2)).is_file()


# -- reports


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("htm=x", "unknown format htm, did you mean html?"),
        ("SARIF=x", "unknown format SARIF, did you mean sarif?"),
        ("pdf=x", "unknown format pdf\n"),
        ("json=", "a format without a file name"),
        ("json", "a format without a file name"),
    ],
)
def test_a_mistyped_format_is_no_file_name(
    project: Project, run: Run, given: str, words: str
) -> None:
    before = sorted(Path().iterdir())
    done = run("doctor", project.credential(), "-o", given)
    assert done.status == 2
    assert words in done.err
    assert done.out == ""
    assert [path.name for path in Path().iterdir() if path not in before] == ["acme.yaml"]


@pytest.mark.parametrize("given", ["./htm=x", "run-1=x.txt", "report.txt"])
def test_a_file_s_name_can_have_an_equals_sign(project: Project, run: Run, given: str) -> None:
    assert run("doctor", project.credential(), "-o", given).status == 0
    assert Path(given).is_file()


# -- nobody answers


@pytest.fixture
def nobody(httpx_mock: HTTPXMock) -> HTTPXMock:
    httpx_mock.add_exception(httpx.ConnectError("x"), is_reusable=True)
    return httpx_mock


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("command", [("push", "--dry-run"), ("push", "--yes"), ("diff",)])
def test_an_n8n_out_of_reach_is_status_4(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("N8N_API_KEY", "n8n-api-key-for-tests")
    monkeypatch.setattr("sfcred.exchange.n8n_api._TRIES", 1)
    done = run(*command, project.credential(), "--n8n", "https://n8n.acme.com")
    assert done.status == 4
    assert "nothing listens there" in done.err


def test_login_without_a_local_org_fails_at_once(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, nobody: HTTPXMock
) -> None:
    monkeypatch.setattr("sfcred.oauth.callback.Listener.wait", lambda *_: pytest.fail("waited"))
    spec = project.credential(
        "oauth2: {refresh_token: {file: token}}\n"
        f"app: {{callback_urls: [http://localhost:{free_port()}/OauthRedirect, "
        "https://n8n.acme.com/rest/oauth2-credential/callback]}\n",
        "oauth2",
    )
    done = run("login", spec, "--local-org", "http://127.0.0.1:8787")
    assert done.status == 4, done
    assert "nothing answers at http://127.0.0.1:8787" in done.err
    assert "Start a local org in another terminal with `sfcred local-org`" in done.err
    assert "open in your browser" not in done.err
    assert not Path("token").exists()
    (request,) = nobody.get_requests()
    assert (request.method, request.content) == ("GET", b"")  # no secret


def test_login_goes_on_with_a_local_org_that_answers(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, httpx_mock: HTTPXMock
) -> None:
    answer = {"issuer": "http://127.0.0.1:8787", "token_endpoint": "http://127.0.0.1:8787/token"}
    httpx_mock.add_response(json=answer)
    monkeypatch.setattr("sfcred.oauth.callback.Listener.wait", lambda *_: None)
    spec = project.credential(
        "oauth2: {refresh_token: {file: token}}\n"
        f"app: {{callback_urls: [http://localhost:{free_port()}/OauthRedirect, "
        "https://n8n.acme.com/rest/oauth2-credential/callback]}\n",
        "oauth2",
    )
    done = run("login", spec, "--local-org", "http://127.0.0.1:8787", "--no-browser")
    assert "the login was not finished within" in done.err, done


@pytest.mark.parametrize("command", ["login", "doctor"])
def test_a_program_that_is_no_local_org_is_told_apart(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, httpx_mock: HTTPXMock, command: str
) -> None:
    httpx_mock.add_response(status_code=404, html="<!DOCTYPE html>")
    monkeypatch.setattr("sfcred.oauth.callback.Listener.wait", lambda *_: pytest.fail("waited"))
    Path("token").write_text("5Aep861" + "x" * 60, encoding="utf-8")
    spec = project.credential(
        "oauth2: {refresh_token: {file: token}}\n"
        f"app: {{callback_urls: [http://localhost:{free_port()}/OauthRedirect, "
        "https://n8n.acme.com/rest/oauth2-credential/callback]}\n",
        "oauth2",
    )
    done = run(command, spec, "--local-org", "http://127.0.0.1:8787", *["--force"] * (command == "login"))  # fmt: skip
    assert done.status == 4, done
    told = " ".join((done.out + done.err).split())
    assert "a web page instead of JSON (HTTP 404)" in told
    assert "Start a local org in another terminal with `sfcred local-org`" in told


# -- choosing one of several


@pytest.mark.parametrize(
    "command", [("guide",), ("keygen",), ("login",), ("explain", "--error", "x", "--spec")]
)
def test_of_several_profiles_the_hint_s_option_chooses_one(
    project: Project, run: Run, command: tuple[str, ...]
) -> None:
    Path("credentials").mkdir()
    project.credential("profiles: {uat: {}, live: {}}\n", name="credentials/a.yaml")
    for name in ("acme-crm", "credentials/a.yaml"):
        done = run(*command, name)
        assert done.status == 2
        option = re.search(
            r"hint: Choose one with --profile, for example (--profile \w+)", done.err
        )
        assert option, done
        assert "more than one" not in run(*command, name, *option[1].split()).err


def test_of_several_names_each_named_one_works(project: Project, run: Run) -> None:
    Path("credentials").mkdir()
    first = project.credential(name="credentials/a.yaml").read_text(encoding="utf-8")
    both = f"{first}---\n{first.replace('name: acme-crm', 'name: other')}"
    Path("credentials/a.yaml").write_text(both, encoding="utf-8")
    done = run("guide", "credentials/a.yaml")
    found = re.search(r"hint: Pass a name instead of the file: ([\w-]+), ([\w-]+)\.", done.err)
    assert found, done
    for name in found.groups():
        assert run("guide", name).status == 0


@pytest.mark.parametrize("more", [(), ("--profile", "uat")])
def test_of_two_with_one_name_the_named_file_works(
    project: Project, run: Run, more: tuple[str, ...]
) -> None:
    Path("credentials").mkdir()
    for name in ("a", "b"):
        project.credential("profiles: {uat: {}}\n", name=f"credentials/{name}.yaml")
    done = run("guide", "acme-crm", *more)
    found = re.search(r"hint: Pass the path of one: (\S+), (\S+)\.", done.err)
    assert found, done
    for path in found.groups():
        assert "more than one" not in run("guide", path, *more).err


# -- a second file


def test_a_second_profile_goes_to_the_file_that_the_hint_names(project: Project, run: Run) -> None:
    project.credential("profiles: {uat: {}, live: {n8n: {id: b}}}\n", name="a.yaml")
    assert run("render", "a.yaml", "--profile", "uat").status == 0
    again = run("render", "a.yaml", "--profile", "live")
    assert again.status == 2
    found = re.search(r"with -o, for example (\S+), or", again.err)
    assert found, again
    assert run("render", "a.yaml", "--profile", "live", "-o", found[1]).status == 0
    third = run("render", "a.yaml", "--profile", "live")
    assert "for example" not in third.err  # that one is there, too


def test_the_credentials_of_a_container_come_from_the_same_file(project: Project, run: Run) -> None:
    done = run("render", project.credential(), "-o", "my credentials.json")
    assert (
        "docker exec -i CONTAINER n8n import:credentials --input=/dev/stdin < "
        "'my credentials.json'" in done.err
    )
    assert "docker" not in run("render", "--separate", "-o", "some", *Path().glob("*.yaml")).err


# -- what can be corrected


def test_what_fix_corrects_is_the_next_step(project: Project, run: Run) -> None:
    lightning = "my_domain: https://acme--uat.sandbox.lightning.force.com\n"
    project.credential(lightning, name="a b.yaml")
    last = run("doctor", "a b.yaml").out.splitlines()[-1]
    assert last == "next: sfcred doctor 'a b.yaml' --fix"
    assert run(*shlex.split(last)[2:]).status == 0
    assert "my_domain: https://acme--uat.sandbox.my.salesforce.com" in Path("a b.yaml").read_text(
        encoding="utf-8"
    )


# -- reports by their suffix


@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("r.html", "<!doctype html>"), ("r.HTM", "<!doctype html>"), ("r.json", "{"),
        ("r.sarif", '{\n "$schema"'), ("r.xml", "<?xml"), ("r.ics", "BEGIN:VCALENDAR"),
        ("r.prom", "# TYPE"), ("r.txt", "ok      acme-crm"), ("report", "ok      acme-crm"),
    ],
)  # fmt: skip
def test_a_suffix_chooses_the_format(project: Project, run: Run, file: str, start: str) -> None:
    done = run("doctor", project.credential(), "-o", file)
    assert Path(file).read_text(encoding="utf-8").lstrip().startswith(start), Path(file).read_text(
        encoding="utf-8"
    )[:80]
    assert ("acme-crm" in done.out) is (not start.startswith("ok"))


def test_a_chosen_format_wins_over_the_suffix(project: Project, run: Run) -> None:
    run("doctor", project.credential(), "--format", "text", "-o", "r.html")
    assert Path("r.html").read_text(encoding="utf-8").startswith("ok ")
    assert run("doctor", project.credential(), "--format", "sarif", "-o", "r.json").status == 0
    assert "sarif" in Path("r.json").read_text(encoding="utf-8")[:200]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("doctor -o r.txt", "wrote r.txt\n"),
        ("doctor -o r.html -o sarif=r.sarif", "wrote r.html\nwrote r.sarif\n"),
        ("doctor -o r.txt --quiet", ""),
        ("guide acme-crm -o guide.txt", "wrote guide.txt\n"),
        ("needs --workflows workflows -o needs.txt", "wrote needs.txt\n"),
    ],
)
def test_a_written_file_is_named(project: Project, run: Run, arguments: str, told: str) -> None:
    project.credential(name="credentials/acme.yaml")
    write(Path("workflows/a.json"), workflow())
    done = run(*arguments.split())
    assert done.err == told
    assert "wrote" not in done.out


# -- hints are lines that the spec takes


CREDENTIAL = ("init", "acme-crm", "--my-domain", "https://acme.my.salesforce.com", "--no-input")
SECRET_FLOW = ("--flow", "client_credentials", "--username", "n8n@acme.com")


def _follow(finding: str, line: str) -> None:
    """Add to the spec what the hint of a finding says, at the section that it names."""
    spec = Path("credentials/acme-crm.yaml")
    text = spec.read_text(encoding="utf-8")
    under = re.search(r"(?:to the section|under) `(\w+):?`", finding)
    if under is None:
        spec.write_text(f"{text}\n{line}\n", encoding="utf-8")
    else:
        spec.write_text(
            re.sub(rf"(?m)^{under[1]}:$", f"{under[1]}:\n  {line}", text), encoding="utf-8"
        )


def _lines(out: str, check: str) -> tuple[str, list[str]]:
    """Return a check's hint, and the lines of YAML in it."""
    found = re.search(rf" {check} .*?\n  hint: (.*?)\n(?=\S|\n|\Z)", out, re.DOTALL)
    assert found, (check, out)
    hint = " ".join(found[1].split())
    return hint, re.findall(r"`((?:\w+: ).*?)`", hint)


@pytest.mark.parametrize("url", [(), ("--n8n-url", "https://n8n.acme.com")])
@pytest.mark.parametrize("check", ["SFC507", "SFC513"])
def test_a_missing_version_is_added_where_the_hint_says(
    project: Project, run: Run, url: tuple[str, ...], check: str
) -> None:
    assert run(*CREDENTIAL, *SECRET_FLOW, *url).status == 0
    hint, lines = _lines(run("doctor").out, check)
    assert "docker exec" in hint
    assert "Help, About n8n" in hint
    _follow(hint, lines[0])
    out = run("doctor").out
    assert "SFC003" not in out
    assert "SFC507" not in out
    assert "SFC513" not in out


@pytest.mark.parametrize("doctor", ["", "doctor: {ignore: {SFC206: x}}", "doctor: {}"])
@pytest.mark.parametrize(
    ("check", "flow", "version"),
    [
        ("SFC502", ("--flow", "oauth2"), "2.41.1"),
        ("SFC513", SECRET_FLOW, "2.41.1"),
        ("SFC515", SECRET_FLOW, "2.40.5"),
    ],
)
def test_a_hint_that_says_ignore_has_the_line_with_a_reason(
    project: Project, run: Run, doctor: str, check: str, flow: tuple[str, ...], version: str
) -> None:
    url = ("--n8n-url", "https://n8n.acme.com", "--n8n-version", version)
    assert run(*CREDENTIAL, *flow, *url, "--contact-email", "crm@acme.com").status == 0
    _follow("", doctor)
    hint, lines = _lines(run("doctor").out, check)
    (line,) = [one for one in lines if check in one]
    if doctor:
        assert ("to doctor.ignore" in hint) == ("SFC206" in doctor)
        assert ("under `doctor:`" in hint) == (doctor == "doctor: {}")
        _follow("", "")
        spec = Path("credentials/acme-crm.yaml")
        text = spec.read_text(encoding="utf-8").replace(doctor, "")
        inner = line if "SFC206" in doctor else line.removeprefix("ignore: {").removesuffix("}")
        spec.write_text(f"{text}\ndoctor: {{ignore: {{{inner}}}}}\n", encoding="utf-8")
    else:
        _follow(hint, line)
    out = run("doctor").out
    assert "SFC002" not in out
    assert "1 ignored" in out


@pytest.mark.parametrize(
    ("ignore", "where"),
    [("[SFC502]", "`doctor.ignore`"), ("SFC502", "`doctor.ignore`"), ("{SFC502: }", "SFC502`")],
)
def test_an_ignore_without_a_reason_says_what_is_missing(
    project: Project, run: Run, ignore: str, where: str
) -> None:
    out = run("doctor", project.credential(f"doctor: {{ignore: {ignore}}}\n")).out
    said = " ".join(out.split())
    assert where in said
    assert "Write the reason after the id" in said


# -- an overwrite


@pytest.mark.parametrize("flow", ["oauth2", "client_credentials"])
def test_a_printed_overwrite_has_a_next_step(
    run: Run, monkeypatch: pytest.MonkeyPatch, flow: str
) -> None:
    url = ("--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.41.1")
    user = ("--username", "n8n@acme.com") if flow == "client_credentials" else ()
    assert (
        run(*CREDENTIAL, "--flow", flow, *user, *url, "--contact-email", "c@acme.com").status == 0
    )
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    monkeypatch.setenv("ACME_CRM_CLIENT_SECRET", "0123456789ABCDEF0123456789ABCDEF")
    done = run("render", "--target", "n8n-overwrite")
    assert done.status == 0, done
    assert "next: set CREDENTIALS_OVERWRITE_DATA to this JSON where n8n runs" in done.err
    assert '"accessTokenUrl"' in done.out
    assert "next:" not in done.out
    piped = run("render", "--target", "n8n-overwrite", "-o", "-")
    assert (piped.out, "next:" in piped.err) == (done.out, False)


def test_a_repaired_key_is_checked_next(project: Project, run: Run) -> None:
    run(*INIT)
    run("keygen", "acme-crm")
    done = run("keygen", "acme-crm", "--repair")
    assert done.out.splitlines()[-1] == "next: sfcred doctor acme-crm"
