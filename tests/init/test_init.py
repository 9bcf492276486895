"""`sfcred init`: a project in a minute, nothing overwritten, answers checked as doctor does."""

import errno
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfcred import ending
from sfcred.files.atomic import Folder
from sfcred.findings import Report
from sfcred.init.answers import QUESTIONS, normalized, objection
from sfcred.init.spec_text import spec_text
from sfcred.workspace import Workspace
from tests.conftest import Outcome
from tests.helpers.project import CONSUMER_KEY
from tests.helpers.systems import has_mode, needs_terminal

Run = Callable[..., Outcome]
JWT = (
    "--my-domain", "acme--uat.sandbox.my.salesforce.com", "--username", "n8n@acme.com.uat",
    "--contact-email", "crm@acme.com", "--n8n-url", "n8n.acme.com", "--n8n-version", "2.40.5",
)  # fmt: skip
OAUTH2 = (
    "--flow", "oauth2", "--my-domain", "https://acme.my.salesforce.com/", "--contact-email",
    "crm@acme.com", "--n8n-url", "https://n8n.acme.com/", "--n8n-version", "2.40.5",
)  # fmt: skip
FILES = (
    ".gitignore", ".github/workflows/sfcred.yml", ".pre-commit-config.yaml",
    "credential.schema.json", "credentials/acme-crm.yaml", "sfcred.toml",
)  # fmt: skip


def test_a_project_from_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("init", "acme-crm", *JWT)
    assert done.status == 0, done
    for name in FILES:
        assert f"written  {name}" in done.out
    assert "sfcred keygen acme-crm" in done.out
    assert has_mode(Path("secrets"), 0o700)

    assert run("keygen", "acme-crm").status == 0
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    report = json.loads(run("doctor", "--format", "json").out)
    assert (report["findings"], report["not_checked"]) == ([], [])
    assert run("guide", "acme-crm").status == 0
    assert run("app", "-o", "salesforce").status == 0
    assert run("render", "-o", "out.json").status == 0


def test_oauth2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("init", "acme-crm", *OAUTH2).status == 0
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    monkeypatch.setenv("ACME_CRM_CLIENT_SECRET", "0123456789ABCDEF" * 4)
    done = run("doctor", "--format", "json")
    assert done.status == 0
    found = json.loads(done.out)["findings"]
    assert [(f["check"], "refresh_token" in f["message"]) for f in found] == [("SFC005", True)]


@pytest.mark.parametrize("name", ["null", "123", "1e3", "0o14", "2024-01-01", "off-1", "true"])
def test_a_name_that_yaml_reads_as_something_else_is_a_name(run: Run, name: str) -> None:
    assert run("init", name, *JWT).status == 0
    done = run("keygen", name)
    assert done.status == 0, done
    assert Path(f"secrets/{name}.key").is_file()
    assert Path(f"certs/{name}.crt").is_file()
    report = json.loads(run("doctor", "--format", "json").out)
    assert [one["name"] for one in report["credentials"]] == [name]


def test_a_second_credential_joins_a_project(run: Run) -> None:
    run("init", "acme-crm", *JWT)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = run("init", "other", *OAUTH2)
    assert done.status == 0
    assert "written  credentials/other.yaml" in done.out
    assert done.out.count("written") == 1
    assert {path: path.read_bytes() for path in before} == before


def test_two_credentials_of_an_org_have_their_own_apps(run: Run) -> None:
    for name, org in (("acme-crm", "acme"), ("acme-leads", "acme"), ("other", "other")):
        domain = f"https://{org}.my.salesforce.com"
        assert run("init", name, *OAUTH2, "--my-domain", domain).status == 0
    labels = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["app"]["label"]
        for path in Path("credentials").iterdir()
    }
    assert labels == {"acme-crm": "n8n", "acme-leads": "n8n acme-leads", "other": "n8n"}
    report = json.loads(run("doctor", "--format", "json").out)
    assert {one["severity"] for one in report["findings"]} <= {"info"}


@pytest.mark.parametrize("there", FILES)
def test_nothing_is_overwritten(run: Run, there: str) -> None:
    path = Path(there)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# mine\n", encoding="utf-8")
    done = run("init", "acme-crm", *JWT)
    assert path.read_text(encoding="utf-8").startswith("# mine\n")
    assert done.status == (2 if there.startswith("credentials") else 0), done
    if there != ".gitignore":
        assert path.read_text(encoding="utf-8") == "# mine\n"


def test_ignore_rules_are_added_once(run: Run) -> None:
    Path(".gitignore").write_text("node_modules/\nsecrets/", encoding="utf-8")
    run("init", "acme-crm", *JWT)
    text = Path(".gitignore").read_text(encoding="utf-8")
    assert text.startswith("node_modules/\nsecrets/\n")
    assert text.count("secrets/\n") == 1
    assert ".env\n" in text
    run("init", "other", *JWT)
    assert Path(".gitignore").read_text(encoding="utf-8") == text


def test_git_ignores_what_holds_secrets(run: Run) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    run("init", "acme-crm", *JWT)
    assert run("keygen", "acme-crm").status == 0
    names = ["secrets/acme-crm.key", ".env", "rendered/x.json", "salesforce/x"]
    done = subprocess.run(
        ["git", "check-ignore", *names], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == names


def test_a_configuration_in_pyproject_is_enough(run: Run) -> None:
    Path("pyproject.toml").write_text("[tool.sfcred]\npaths = ['credentials']\n", encoding="utf-8")
    run("init", "acme-crm", *JWT)
    assert not Path("sfcred.toml").exists()


@pytest.mark.parametrize(
    ("text", "has_own"),
    [
        ("[tool.sfcred.path_ignores]\n", True),
        ("# [tool.sfcred] would do\n", False),
        ('text = """\n[tool.sfcred]\n"""\n', False),
    ],
)
def test_a_configuration_counts_where_doctor_reads_one(run: Run, text: str, has_own: bool) -> None:
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    assert run("init", "acme-crm", *JWT).status == 0
    assert Path("sfcred.toml").exists() is not has_own


@pytest.mark.parametrize(
    ("paths", "folder", "beside"),
    [
        (["specs"], "specs", "."),
        (["deploy/n8n"], "deploy/n8n", "deploy"),
        (["."], ".", "."),
        (["one.yaml", "more, specs"], "more, specs", "."),
    ],
)
def test_a_spec_goes_where_doctor_looks(
    run: Run, paths: list[str], folder: str, beside: str
) -> None:
    Path("sfcred.toml").write_text(f"paths = {json.dumps(paths)}\n", encoding="utf-8")
    if "one.yaml" in paths:
        Path("one.yaml").write_text("# none yet\n", encoding="utf-8")
    assert run("init", "acme-crm", *JWT).status == 0
    spec = Path(folder, "acme-crm.yaml")
    assert not Path("credentials").exists()
    done = run("keygen", "acme-crm")
    assert done.status == 0, done
    assert Path(beside, "secrets/acme-crm.key").is_file()
    assert Path(beside, "certs/acme-crm.crt").is_file()
    schema = spec.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert (spec.parent / schema).resolve() == Path("credential.schema.json").resolve()
    (hook,) = yaml.safe_load(Path(".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][
        0
    ]["hooks"]
    assert re.search(hook["files"], spec.as_posix())
    assert re.search(hook["files"], "certs/acme-crm.crt")
    assert not re.search(hook["files"], "README.md")


def test_folders_are_named_in_any_way(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFCRED_PATHS", str(Path("x/../specs").absolute()))
    done = run("init", "acme-crm", *JWT)
    assert done.status == 0, done
    assert Path("specs/acme-crm.yaml").is_file()
    assert "specs/.*" in Path(".pre-commit-config.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("way", ["variable", "link"])
def test_init_stays_in_the_project(
    run: Run, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if way == "variable":
        monkeypatch.setenv("SFCRED_PATHS", str(elsewhere))
    else:
        Path("specs").symlink_to(elsewhere)
        Path("sfcred.toml").write_text('paths = ["specs"]\n', encoding="utf-8")
    done = run("init", "acme-crm", *JWT)
    assert done.status in (1, 2)
    assert "outside the project" in done.err
    assert list(elsewhere.iterdir()) == []
    assert not Path(".gitignore").exists()


def test_a_configuration_can_t_lead_init_out_of_the_project(run: Run, tmp_path: Path) -> None:
    Path("sfcred.toml").write_text('paths = ["../elsewhere"]\n', encoding="utf-8")
    done = run("init", "acme-crm", *JWT)
    assert done.status == 2
    assert not Path("../elsewhere").exists()
    assert not Path(".gitignore").exists()


def test_what_it_writes_is_well_formed(run: Run) -> None:
    run("init", "acme-crm", *JWT)
    for name in (".github/workflows/sfcred.yml", ".pre-commit-config.yaml"):
        assert yaml.safe_load(Path(name).read_text(encoding="utf-8"))
    workflow = yaml.safe_load(Path(".github/workflows/sfcred.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["doctor"]["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in Path(".github/workflows/sfcred.yml").read_text(
        encoding="utf-8"
    )
    first = Path("credentials/acme-crm.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../credential.schema.json"


def test_what_is_missing_is_named(run: Run) -> None:
    done = run("init", "acme-crm", "--flow", "jwt")
    assert done.status == 2
    assert "init needs --my-domain, --username\n" in done.err
    done = run("init", "acme", "--flow", "oauth2", "--my-domain", "acme.my.salesforce.com")
    assert "init needs --n8n-url\n" in done.err
    assert not Path("credentials").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("x", *JWT), "NAME: "),
        (("acme/crm", *JWT), "NAME: "),
        (("acme-crm", *JWT, "--my-domain", "https://acme.lightning.force.com"), "acme.my.salesforce.com"),
        (("acme-crm", *JWT, "--my-domain", "https://evil.example"), "--my-domain: "),
        (("acme-crm", *JWT, "--my-domain", "https://test.salesforce.com"), "--my-domain: "),
        (("acme-crm", *JWT, "--environment", "production"), "--environment: "),
        (("acme-crm", *JWT, "--username", "Ada Lovelace"), "--username: "),
        (("acme-crm", *JWT, "--contact-email", "nobody"), "--contact-email: "),
        (("acme-crm", *JWT, "--n8n-url", "https://n8n.acme.com/webhook/x"), "--n8n-url: "),
        (("acme-crm", *JWT, "--n8n-version", "2.19.0"), "--n8n-version: "),
        (("acme-crm", *OAUTH2, "--n8n-url", "n8n.acme.com/webhook/x"), "--n8n-url: "),
        (("acme-crm", *OAUTH2, "--n8n-url", "http://n8n.acme.com"), "--n8n-url: "),
        (("acme-crm", *OAUTH2, "--my-domain", "https://acme.lightning.force.com"), "--my-domain: "),
        (("acme-crm", *OAUTH2, "--my-domain", "https://salesforce.evil.example"), "--my-domain: "),
        (("acme-crm", *JWT, "--username", "ada@acme"), "--username: "),
        (("a", *JWT), "NAME: "),
        (("acme-crm", *JWT, "--n8n-version", "latest"), "--n8n-version: "),
    ],
)  # fmt: skip
def test_answers_are_judged_as_doctor_judges(
    run: Run, options: tuple[str, ...], words: str
) -> None:
    done = run("init", *options)
    assert done.status == 2
    assert words in done.err
    assert not Path("credentials").exists()


ANY = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(username=ANY, email=ANY, url=ANY)
def test_any_answer_stays_one_value(username: str, email: str, url: str) -> None:
    answers = {
        "name": "acme-crm", "flow": "jwt", "environment": "sandbox", "my_domain": url,
        "username": username, "contact_email": email, "n8n_url": url, "n8n_version": "",
        "nodes": "",
    }  # fmt: skip
    spec = yaml.safe_load(spec_text(answers))
    assert spec["jwt"]["username"] == username
    assert spec["app"]["contact_email"] == email
    assert spec["n8n"]["url"] == url
    assert set(spec) == {"version", "name", "environment", "my_domain", "client_id", "jwt", "app", "n8n"}  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(text=st.text(max_size=30), index=st.integers(0, len(QUESTIONS) - 1))
def test_no_answer_is_too_wild(text: str, index: int) -> None:
    question = QUESTIONS[index]
    objection(question, normalized(question.field, text), {})


# -- what people type and paste


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("environment", "Sandbox", "sandbox"),
        ("environment", " PRODUCTION ", "production"),
        ("environment", "environment: sandbox", "sandbox"),
        ("flow", "JWT", "jwt"),
        ("flow", "OAuth 2.0", "oauth2"),
        ("flow", "`oauth2`", "oauth2"),
        ("my_domain", "my_domain: https://acme.my.salesforce.com", "https://acme.my.salesforce.com"),
        ("my_domain", "`my_domain: https://acme.my.salesforce.com`", "https://acme.my.salesforce.com"),
        ("my_domain", "“acme.my.salesforce.com/”", "https://acme.my.salesforce.com"),
        ("my_domain", "<https://acme.my.salesforce.com>", "https://acme.my.salesforce.com"),
        ("my_domain", "--my-domain=https://acme.my.salesforce.com", "https://acme.my.salesforce.com"),
        ("n8n_url", "url: https://n8n.acme.com/,", "https://n8n.acme.com"),
        ("n8n_version", "v2.40.5", "2.40.5"),
        ("n8n_version", 'version: "2.40.5"', "2.40.5"),
        ("username", "username: n8n@acme.com.uat", "n8n@acme.com.uat"),
        ("contact_email", "<crm@acme.com>", "crm@acme.com"),
        ("name", "Acme CRM", "acme-crm"),
        ("name", "Ünïted (EMEA) & Co.", "united-emea-co"),
        ("name", "acme/crm", "acme/crm"),
    ],
)  # fmt: skip
def test_answers_are_read_as_people_paste_them(field: str, text: str, value: str) -> None:
    assert normalized(field, text) == value


@pytest.mark.parametrize(
    ("field", "value", "instead"),
    [
        ("my_domain", "https://acme--uat.sandbox.lightning.force.com/lightning/page/home", "https://acme--uat.sandbox.my.salesforce.com"),
        ("my_domain", "https://acme.my.salesforce-setup.com/lightning/setup/x", "https://acme.my.salesforce.com"),
        ("my_domain", "https://acme.my.salesforce.com/lightning/o/Lead", "https://acme.my.salesforce.com"),
        ("my_domain", "https://acme.my.salesfroce.com", "https://acme.my.salesforce.com"),
        ("my_domain", "HTTPS://ACME.MY.SALESFORCE.COM", "https://acme.my.salesforce.com"),
        ("n8n_url", "https://n8n.acme.com/workflow/abc", "https://n8n.acme.com"),
        ("n8n_url", "https://n8n.acme.com/rest/oauth2-credential/callback", "https://n8n.acme.com"),
        ("my_domain", "https://evil.example", ""),
        ("my_domain", "https://login.salesforce.com", ""),
    ],
)  # fmt: skip
def test_the_address_that_is_meant_is_known(field: str, value: str, instead: str) -> None:
    question = next(one for one in QUESTIONS if one.field == field)
    against = objection(question, normalized(field, value), {})
    assert against is not None
    assert against.instead == instead


def test_options_take_capitals_and_a_name_in_words(run: Run) -> None:
    options = (*JWT, "--environment", "Sandbox", "--flow", "JWT")
    done = run("init", "Acme CRM", *options)
    assert done.status == 0, done
    assert "the name is acme-crm" in done.err
    assert Path("credentials/acme-crm.yaml").is_file()


def test_init_needs_an_org_and_a_user(run: Run) -> None:
    needed = (
        "--my-domain",
        "acme--uat.sandbox.my.salesforce.com",
        "--username",
        "n8n@acme.com.uat",
    )
    done = run("init", *needed)
    assert done.status == 0, done
    assert "using acme-uat" in done.err
    assert "using n8n@acme.com" in done.err
    spec = yaml.safe_load(Path("credentials/acme-uat.yaml").read_text(encoding="utf-8"))
    assert spec["app"]["contact_email"] == "n8n@acme.com"
    assert spec["environment"] == "sandbox"
    assert "n8n" not in spec
    assert run("keygen", "acme-uat").status == 0
    report = json.loads(run("doctor", "--format", "json").out)
    assert report["summary"]["errors"] == 0, report["findings"]


def test_oauth2_gets_what_login_needs(run: Run) -> None:
    assert run("init", "acme-crm", *OAUTH2).status == 0
    spec = yaml.safe_load(Path("credentials/acme-crm.yaml").read_text(encoding="utf-8"))
    assert spec["oauth2"]["refresh_token"] == {"file": "../secrets/acme-crm.token"}
    assert "http://localhost:1717/OauthRedirect" in spec["app"]["callback_urls"]


def test_a_second_run_changes_nothing(run: Run) -> None:
    run("init", "acme-crm", *JWT)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert run("init", "acme-crm", *JWT).status == 2
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


# -- on a terminal


def terminal() -> "pexpect.spawn[str]":
    return pexpect.spawn(
        sys.executable, ["-m", "sfcred", "init"], encoding="utf-8", timeout=20, dimensions=(40, 200)
    )


def test_it_asks_and_objects_on_a_terminal() -> None:
    screen = terminal()
    screen.expect("The org's address")
    screen.sendline("https://evil.example")
    screen.expect("not one of Salesforce's hosts")
    screen.expect("The org's address")
    screen.sendline("https://acme--uat.sandbox.lightning.force.com/lightning/page/home")
    screen.expect("is the address of a Lightning page")
    screen.expect(r"Use https://acme--uat.sandbox.my.salesforce.com\?")
    screen.sendline("")
    screen.expect(r"Name of the credential.*\[acme-uat\]")
    screen.sendline("Acme CRM")
    screen.expect("the name is acme-crm")
    screen.expect(r"How n8n logs in.*\[jwt\]")  # the address tells the environment
    screen.sendline("JWT")
    screen.expect("Salesforce username")
    screen.sendline("n8n at acme")
    screen.expect("Salesforce username")
    screen.sendline("n8n@acme.com.uat")
    screen.expect(r"The app's contact e-mail.*\[n8n@acme.com\]")
    screen.sendline("")
    screen.expect("n8n's address")
    screen.sendline("https://n8n.acme.com/home/workflows")
    screen.expect(r"Use https://n8n.acme.com\?")
    screen.sendline("y")
    screen.expect("n8n's version")
    screen.sendline("")
    screen.expect("written  credentials/acme-crm.yaml")
    screen.expect("next:")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0
    assert (
        yaml.safe_load(Path("credentials/acme-crm.yaml").read_text(encoding="utf-8"))["environment"]
        == "sandbox"
    )


def test_a_name_that_is_taken_is_asked_again(run: Run) -> None:
    run("init", "acme-uat", *JWT)
    screen = terminal()
    screen.expect("The org's address")
    screen.sendline("acme--uat.sandbox.my.salesforce.com")
    screen.expect(r"Name of the credential.*\[acme-uat-2\]")
    screen.sendline("acme-uat")
    screen.expect("there is a credential acme-uat already")
    screen.expect(r"Name of the credential.*\[acme-uat-2\]")
    screen.close()


def test_a_name_that_is_passed_and_taken_is_asked_about(run: Run) -> None:
    run("init", "acme-uat", *JWT)
    screen = pexpect.spawn(
        sys.executable, ["-m", "sfcred", "init", "acme-uat", "--my-domain", JWT[1]],
        encoding="utf-8", timeout=20, dimensions=(40, 200),
    )  # fmt: skip
    screen.expect("there is a credential acme-uat already")
    screen.expect(r"Name of the credential.*\[acme-uat-2\]")
    screen.close()


def test_an_option_that_is_wrong_is_asked_about() -> None:
    screen = pexpect.spawn(
        sys.executable,
        ["-m", "sfcred", "init", "acme/crm", "--environment", "sandbox"],
        encoding="utf-8", timeout=20, dimensions=(40, 200),
    )  # fmt: skip
    screen.expect("The org's address")
    screen.sendline("acme.my.salesforce.com")
    screen.expect("Name of the credential")
    screen.sendline("acme-crm")
    screen.expect("environment is sandbox, but `acme.my.salesforce.com`")
    screen.expect(r"Environment.*\[production\]: ")
    screen.sendline("")
    screen.expect("How n8n logs in")
    screen.close()


@pytest.mark.parametrize(
    ("field", "value", "words", "not_here"),
    [
        ("my_domain", "https://acme.com", "not one of Salesforce's hosts", "--allow-host"),
        ("my_domain", "https://acme.my.site.com", "site", "--allow-host"),
        ("contact_email", "crm at acme", "Example: crm@acme.com", "contact_email:"),
        ("n8n_version", "newest", 'Example: "2.40.5"', "version:"),
        ("name", "x1", "Write a name of 3 to 128 characters", "n8n.name"),
    ],
)
def test_an_objection_says_what_can_be_answered(
    field: str, value: str, words: str, not_here: str
) -> None:
    question = next(one for one in QUESTIONS if one.field == field)
    against = objection(question, value, {})
    assert against is not None
    assert words in against.words
    assert not_here not in against.words


def test_ctrl_c_leaves_nothing() -> None:
    screen = terminal()
    screen.expect("The org's address")
    # Python loses a signal that arrives between its prompt and its reading, so press again.
    for _again in range(5):
        screen.sendintr()
        if screen.expect(["interrupted", pexpect.TIMEOUT], timeout=4) == 0:
            break
    assert str(screen.before).endswith("\nsfcred: ")  # on its own line, not after the question
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 130
    assert [path.name for path in Path().iterdir()] == []


@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_of_workflows_is_configured(run: Run, is_there: bool) -> None:
    Path("workflows").mkdir()
    if is_there:
        Path("workflows/lead.json").write_text('{"nodes": [], "connections": {}}', encoding="utf-8")
    assert run("init", "acme-crm", *JWT).status == 0
    lines = Path("sfcred.toml").read_text(encoding="utf-8").splitlines()
    assert ('workflows = ["workflows"]' in lines) is is_there
    assert run("doctor").status != 2


# -- what stands in the way


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("credentials", "file"), ("credentials", "dangling link"), ("certs", "file"),
        ("certs", "link"), ("secrets", "file"), ("secrets", "link"), (".gitignore", "folder"),
        (".gitignore", "link"), (".gitignore", "dangling link"), ("sfcred.toml", "folder"),
        ("sfcred.toml", "dangling link"), ("credential.schema.json", "folder"),
        ("credential.schema.json", "dangling link"), ("credentials/acme-crm.yaml", "folder"),
    ],
)  # fmt: skip
def test_nothing_is_written_if_something_is_in_the_way(
    run: Run, tmp_path: Path, place: str, kind: str
) -> None:
    target, path = tmp_path / "outside", Path(place)
    target.mkdir()
    path.parent.mkdir(exist_ok=True)
    if kind == "file":
        path.write_text("mine", encoding="utf-8")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(target if kind == "link" else "nowhere")
    before = sorted(Path().rglob("*"))
    done = run("init", "acme-crm", *JWT)
    assert done.status in (1, 2), done
    assert "hint: " in done.err
    assert sorted(Path().rglob("*")) == before
    assert list(target.iterdir()) == []


# -- an option that only needs a yes


@needs_terminal
@pytest.mark.parametrize("agrees", [True, False])
def test_a_lightning_address_as_an_option_is_asked_about(agrees: bool) -> None:
    words = [
        "https://acme--uat.sandbox.lightning.force.com/x" if "my.sales" in w else w
        for w in (*JWT, "--flow", "jwt")
    ]
    screen = pexpect.spawn(
        sys.executable, ["-m", "sfcred", "init", "acme-crm", *words], encoding="utf-8", timeout=60
    )
    screen.expect(r"Use https://acme--uat.sandbox.my.salesforce.com\?")
    screen.sendline("y" if agrees else "n")
    org = "https://acme--uat.sandbox.my.salesforce.com"
    if not agrees:
        org = "https://acme--qa.sandbox.my.salesforce.com"
        screen.expect("The org's address")
        screen.sendline(org)
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0
    spec = yaml.safe_load(Path("credentials/acme-crm.yaml").read_text(encoding="utf-8"))
    assert spec["my_domain"] == org


@pytest.mark.parametrize("options", [JWT, OAUTH2])
def test_the_wheel_for_ci_is_one_of_the_steps(run: Run, options: tuple[str, ...]) -> None:
    done = run("init", "acme-crm", *options)
    steps = done.out.partition("next:\n")[2]
    is_alone = "vendor/" in Path(".github/workflows/sfcred.yml").read_text(encoding="utf-8")
    assert bool(re.search(r"\d\. CI can't get this sfcred.*\n     \S.* wheel", steps)) is is_alone
    assert ("wheel" in done.out.partition("next:\n")[0]) is False
    again = run("init", "other", *options)
    assert "wheel" not in again.out


# -- a project whose specs are there already


def test_the_project_s_files_come_without_a_credential(run: Run) -> None:
    Path("credentials").mkdir()
    Path("credentials/imported.yaml").write_text("# from n8n\n", encoding="utf-8")
    done = run("init", "--no-credential")
    assert done.status == 0, done
    assert [path.name for path in Path("credentials").iterdir()] == ["imported.yaml"]
    for name in FILES:
        assert ("written  " + name in done.out) is (not name.startswith("credentials/")), name
    assert "1. sfcred import export.json" in done.out
    assert "2. sfcred doctor" in done.out
    again = run("init", "--no-credential")
    assert again.status == 0
    assert "written" not in again.out


@pytest.mark.parametrize("more", [("acme-crm",), ("--flow", "jwt"), ("--n8n-url", "https://x.y")])
def test_an_answer_without_a_credential_is_a_mistake(run: Run, more: tuple[str, ...]) -> None:
    done = run("init", "--no-credential", *more)
    assert done.status == 2
    assert "has no effect" in done.err
    assert list(Path().iterdir()) == []


def test_n8n_cloud_before_2_41_takes_a_consent_by_hand_only(run: Run) -> None:
    cloud = ("--n8n-url", "https://acme.app.n8n.cloud", "--nodes", "salesforce")
    out = run("init", "acme-crm", *OAUTH2, *cloud).out
    assert "enter it in n8n's editor, as the guide shows" in out
    assert not re.search("sfcred (push|render|login)", out)
    newer = run("init", "acme-b", *OAUTH2, *cloud, "--n8n-version", "2.41.1").out
    assert "sfcred login acme-b" in newer
    assert "sfcred push acme-b --n8n" in newer


@pytest.mark.parametrize(
    ("url", "command"),
    [
        ("https://n8n.acme.com", "sfcred render"),
        ("https://acme.app.n8n.cloud", "sfcred push acme-crm --n8n https://acme.app.n8n.cloud"),
        ("https://acme.app.n8n.cloud.evil.example", "sfcred render"),
    ],
)
def test_the_last_step_is_one_that_this_n8n_can_take(run: Run, url: str, command: str) -> None:
    out = run("init", "acme-crm", *JWT, "--n8n-url", url).out
    steps = [line for line in out.splitlines() if re.match(r"  \d\. sfcred (render|push) ", line)]
    assert [step.split("  ")[1].partition(" ")[2] for step in steps] == [command], out


@pytest.mark.parametrize(
    ("given_text", "meant"),
    [("JWT Bearer", "jwt"), ("OAuth2 JWT", "jwt"), ("web server flow", "oauth2"), ("key", "")],
)
def test_a_flow_by_its_other_names_is_offered(given_text: str, meant: str) -> None:
    question = next(one for one in QUESTIONS if one.field == "flow")
    against = objection(question, normalized("flow", given_text), {})
    assert against is not None
    assert against.instead == meant


def test_a_signal_leaves_no_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    drafts: list[Path] = []

    def examine(workspace: Workspace) -> Report:
        drafts.append(workspace.settings.project)
        ending._clean_up()  # what a signal does
        assert not drafts[-1].exists()
        return Report((), (), (), (), (), 0, 0)

    monkeypatch.setattr(Workspace, "examine", examine)
    question = next(one for one in QUESTIONS if one.field == "my_domain")
    assert objection(question, "https://acme.my.salesforce.com", {}) is None
    assert drafts


def test_after_a_failure_the_same_command_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = Folder.put

    def full(folder: Folder, name: str, *given: Any, **named: Any) -> tuple[int, int]:
        if name == "credential.schema.json":
            raise OSError(errno.ENOSPC, "no space left on device")
        return fill(folder, name, *given, **named)

    monkeypatch.setattr(Folder, "put", full)
    done = run("init", "acme-crm", *JWT)
    assert done.status == 3
    assert "hint: The file is as it was. Choose another place" in done.err
    monkeypatch.setattr(Folder, "put", fill)
    assert run("init", "acme-crm", *JWT).status == 0
    assert all(Path(name).is_file() for name in FILES)
