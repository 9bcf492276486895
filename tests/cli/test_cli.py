"""The command line as a user sees it: exit statuses, messages, and no lost output."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pexpect
import pytest

from sfcred.cli.schemas import NAMES, schema
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import has_mode, needs_terminal

Run = Callable[..., Outcome]
SFCRED = (sys.executable, "-m", "sfcred")


def test_a_clean_spec(project: Project, run: Run) -> None:
    done = run("doctor", project.credential())
    assert done.status == 0
    assert "1 credential in 1 file: 0 errors, 0 warnings, 0 infos" in done.out
    assert done.err == ""


def test_a_finding_shows_place_line_message_and_hint(project: Project, run: Run) -> None:
    done = run(
        "doctor", project.spec("version: 1\nname: acme\nenvironment: Sandbox\nclient_id: x\n")
    )
    assert done.status == 1
    assert done.out.startswith("acme.yaml:3:14: error SFC002 schema (acme)\n")
    assert "    3 | environment: Sandbox\n      |              ^\n" in done.out
    assert "hint: Did you mean `sandbox`?" in done.out
    assert done.out.endswith("next: sfcred explain SFC002\n")


def test_all_errors_of_a_run_are_reported_at_once(project: Project, run: Run) -> None:
    text = "version: 2\nname: Acme CRM\nenvironmnt: sandbox\nclient_id: 3\napp: {scopes: api}\n"
    done = run("doctor", project.spec(text), "--format", "json")
    found = json.loads(done.out)["findings"]
    assert [(f["line"], f["check"]) for f in found] == [(n, "SFC002") for n in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("n8n: {version: 2.40}\n", "YAML reads an unquoted 2.40 as a number"),
        ("n8n: {version: '2.40\n", "not valid YAML"),
        ("app: {pkce_required: yes}\n", "`yes` is neither"),
        ("description: on\n", "must be a string"),
        ("jwt: {private_key: {vualt: x}}\n", "not a secret provider"),
        ("usrname: a\n", "not a field"),
        ("username: a\n", "Move it to `jwt`"),
        ("<<: {a: b}\n", "merge keys are not supported"),
        ("profiles: {Production: {}}\n", "can't be the name of a profile"),
        ("doctor: {ignore: {SFC20: why}}\n", "not the id of a check"),
        ("oauth2: {client_secret: '${ACME}'}\n", "`client_secret: {env: ACME}`"),
        ("oauth2: {client_secret: '={{ $secrets.v.k }}'}\n", '{n8n: "$secrets.v.k"}'),
        ("oauth2: {client_secret: '${{ secrets.ACME }}'}\n", "{env: ACME}"),
        ("oauth2: {client_secret: 'bw://vault/item'}\n", "doesn't resolve this notation"),
        ("environment: prod\n", "Did you mean `production`?"),
        ("environment: UAT\n", "Did you mean `sandbox`?"),
        ("flow: JWT Bearer\n", "Did you mean `jwt`?"),
        ("flow: authorization_code\n", "Did you mean `oauth2`?"),
        ("app: {type: eca}\n", "Did you mean `external_client_app`?"),
        ("app: {ip_relaxation: relax}\n", "Did you mean `enforce_relax_refresh`?"),
        ("jwt: {private_key: ../secrets/x.key}\n", "write `private_key: {file: PATH}`. Otherwise"),
        ("jwt: {private_key: acme.pem}\n", "write `private_key: {file: PATH}`. Otherwise"),
        ("jwt: {private_key: 'C:\\keys\\my key.pem'}\n", "`private_key: {file: PATH}`"),
        ("oauth2: {client_secret: ~/.sf/secret}\n", "`client_secret: {file: PATH}`"),
        ("jwt: {private_key: MIIEvQIBADANBg}\n", "`private_key: {file: ../secrets/NAME.key}`"),
        ("oauth2: {refresh_token: 5Aep861}\n", "refer to it: `refresh_token: {env: NAME}`"),
    ],
)
def test_messages_that_people_understand(
    project: Project, run: Run, text: str, message: str
) -> None:
    environment = "" if text.startswith("environment") else "environment: sandbox\n"
    head = f"version: 1\nname: acme\n{environment}client_id: x\n"
    done = run("doctor", project.spec(head + text))
    assert done.status == 1
    assert message in done.out


@pytest.mark.parametrize("arguments", [("nowhere.yaml",), (".",), ()])
def test_nothing_to_check_is_no_success(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("doctor", *arguments)
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("sfcred: ")
    assert "hint: " in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("doktor",), "Did you mean 'doctor'?"),
        (("doctor", "--formt", "json"), "--format"),
        (("doctor", ".", "--format", "yaml"), "'sarif', 'text'"),
        (("explain", "SFC999"), "there is no check and no field SFC999"),
        (("explain", "bad request"), "sfcred explain --error 'bad request'"),
        (("login",), "Missing argument 'NAME'. To see the names, run `sfcred list`."),
        (("schema", "nothing"), "'credential'"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert message in done.err


def test_selecting_checks(project: Project, run: Run) -> None:
    spec = project.credential("n8n: {version: null}\napp: {type: connected_app}\n")

    def ids(*options: str) -> list[str]:
        done = run("doctor", spec, "--format", "json", *options)
        return [finding["check"] for finding in json.loads(done.out)["findings"]]

    assert ids() == ["SFC604", "SFC507"] or ids() == ["SFC507", "SFC604"]
    assert ids("--select", "SFC6") == ["SFC604"]
    assert ids("--ignore", "app-creation") == ["SFC507"]
    assert ids("--select", "SFC6,SFC5", "--ignore", "SFC604") == ["SFC507"]
    unknown = run("doctor", spec, "--select", "SFC77")
    assert unknown.status == 2
    assert "no check matches SFC77" in unknown.err


@pytest.mark.parametrize(
    ("given", "meant"),
    [("511", "SFC511"), ("5", "SFC5"), ("app-creatoin", "app-creation"), ("998", None)],
)
def test_an_unknown_selector_gets_what_was_meant(
    project: Project, run: Run, given: str, meant: str | None
) -> None:
    done = run("doctor", project.credential(), "--ignore", given)
    assert done.status == 2
    assert f"no check matches {given}" in done.err
    assert (f"Did you mean {meant}?" in done.err) if meant else "Did you mean" not in done.err


def test_no_selection_hides_what_can_t_be_read(project: Project, run: Run) -> None:
    spec = project.spec("a: [\n")
    assert run("doctor", spec, "--ignore", "SFC001", "--select", "SFC4").status == 1


def test_a_spec_s_own_ignores_are_counted(project: Project, run: Run) -> None:
    fragment = "app: {scopes: [api]}\n"
    assert "SFC202" in run("doctor", project.credential(fragment)).out
    ignoring = fragment + "doctor: {ignore: {SFC202: tried it}}\n"
    done = run("doctor", project.credential(ignoring))
    assert "SFC202" not in done.out
    assert "1 ignored" in done.out


def test_fail_on_and_require_secrets(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = project.credential()
    monkeypatch.delenv("ACME_CLIENT_ID")
    assert run("doctor", spec).status == 0
    assert run("doctor", spec, "--fail-on", "warning").status == 1
    assert run("doctor", spec, "--require-secrets").status == 1


def test_consequences_are_folded_under_their_cause(project: Project, run: Run) -> None:
    spec = project.credential(
        "environment: production\nmy_domain: https://acme--uat.sandbox.lightning.force.com\n"
    )
    done = run("doctor", spec)
    assert "follows from this: SFC103 environment-mismatch" in done.out
    report = json.loads(run("doctor", spec, "--format", "json").out)
    causes = {finding["check"]: finding["because_of"] for finding in report["findings"]}
    assert causes["SFC104"] is None
    assert causes["SFC103"] == "SFC104"


PROFILES = """\
profiles:
  uat: {}
  production:
    environment: production
    my_domain: https://acme.my.salesforce.com
    client_id: {env: OTHER}
    jwt: {username: n8n@acme.com}
    n8n: {url: https://n8n-prod.acme.com}
"""


def test_profiles(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER", "3MVG9" + "otherOrgsAppKey0" * 5)
    spec = project.credential(PROFILES)
    report = json.loads(run("doctor", spec, "--format", "json").out)
    assert [c["profile"] for c in report["credentials"]] == ["uat", "production"]
    assert report["credentials"][1]["authority"] == "https://acme.my.salesforce.com"
    one = json.loads(run("doctor", spec, "--profile", "uat", "--format", "json").out)
    assert [c["profile"] for c in one["credentials"]] == ["uat"]
    assert run("doctor", spec, "--profile", "nowhere").status == 2
    assert "2 n8n instances" in run("render", spec, "-o", "x.json").err
    assert run("render", spec, "-o", "x.json", "--profile", "uat").status == 0
    monkeypatch.delenv("OTHER")  # nobody needs the secrets of both to choose one
    assert "2 n8n instances" in run("render", spec, "-o", "x.json").err


@pytest.mark.parametrize("name", NAMES)
def test_schemas(run: Run, name: str) -> None:
    done = run("schema", name)
    assert json.loads(done.out) == schema(name)
    jsonschema.Draft202012Validator.check_schema(schema(name))


def test_explain_lists_checks_and_shows_one_by_name_or_id(run: Run) -> None:
    assert "SFC104  error" in run("explain").out
    page = run("explain", "not-an-authority")
    assert page.status == 0
    assert page.out.startswith("SFC104 not-an-authority\n")
    assert page.out == run("explain", "sfc104").out


# -- render


def test_render_refuses_what_has_errors(project: Project, run: Run) -> None:
    spec = project.credential("jwt: {private_key: {file: acme.crt}}\n")
    done = run("render", spec, "-o", "out.json")
    assert done.status == 1
    assert "SFC401" in done.err
    assert "the specs have errors, so nothing was done" in done.err
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    ("options", "files"),
    [((), ["credentials.json"]), (("--separate",), ["acme-crm.json"])],
    ids=["one file", "separate"],
)
@pytest.mark.parametrize("is_ignored", [True, False])
def test_render_has_an_ignored_folder_of_its_own(
    project: Project, run: Run, options: tuple[str, ...], files: list[str], is_ignored: bool
) -> None:
    spec = project.credential()
    subprocess.run(["git", "init", "--quiet"], check=True)
    if is_ignored:
        Path(".gitignore").write_text("rendered/\n", encoding="utf-8")
    done = run("render", spec, *options)
    assert done.status == 0, done
    own = [] if is_ignored else [".gitignore"]
    assert sorted(path.name for path in Path("rendered").iterdir()) == [*own, *files]
    listed = ["git", "status", "--porcelain", "--untracked-files=all"]
    shown = subprocess.run(listed, capture_output=True, encoding="utf-8", check=True).stdout
    assert "rendered" not in shown
    assert has_mode(Path("rendered"), 0o700)
    assert "--input=rendered" in done.err
    if not options:
        assert run("render", spec).status == 2  # the file could be in use


def test_render_to_a_pipe(project: Project, run: Run) -> None:
    spec = project.credential()
    assert run("render", spec, "-o", "file.json").status == 0
    done = run("render", spec, "-o", "-")
    assert done.status == 0
    assert json.loads(done.out) == json.loads(Path("file.json").read_text(encoding="utf-8"))
    refused = run("render", spec, "-o", "-", "--separate")
    assert refused.status == 2
    assert "doesn't go with" in refused.err


@needs_terminal
def test_a_terminal_never_shows_rendered_secrets(project: Project) -> None:
    spec = project.credential()
    child = pexpect.spawn(
        sys.executable, ["-m", "sfcred", "render", str(spec), "-o", "-"], encoding="utf-8"
    )
    shown = child.read()
    child.close()
    assert child.exitstatus == 2
    assert "refusing to show secrets on a terminal" in shown
    assert "PRIVATE KEY" not in shown


def test_render_is_deterministic(project: Project, run: Run) -> None:
    spec = project.credential()
    for name in ("a.json", "b.json"):
        assert run("render", spec, "-o", name).status == 0
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()


def test_render_overwrites_only_by_force(project: Project, run: Run) -> None:
    spec = project.credential()
    Path("out.json").write_text("mine", encoding="utf-8")
    done = run("render", spec, "-o", "out.json")
    assert done.status == 2
    assert "already exists" in done.err
    assert Path("out.json").read_text(encoding="utf-8") == "mine"
    assert run("render", spec, "-o", "out.json", "--force").status == 0


def test_render_writes_through_no_link(project: Project, run: Run) -> None:
    spec = project.credential()
    Path("real.json").write_text("mine", encoding="utf-8")
    Path("link.json").symlink_to("real.json")
    assert run("render", spec, "-o", "link.json", "--force").status == 2
    assert Path("real.json").read_text(encoding="utf-8") == "mine"
    for special in ("/dev/stdout", "/dev/null"):
        assert run("render", spec, "-o", special, "--force").status == 2


def test_render_writes_where_git_ignores_it(project: Project, run: Run) -> None:
    spec = project.credential()
    subprocess.run(["git", "init", "--quiet"], check=True)
    done = run("render", spec, "-o", "out.json")
    assert done.status == 2
    assert "does not ignore it" in done.err
    Path(".gitignore").write_text("out.json\n", encoding="utf-8")
    assert run("render", spec, "-o", "out.json").status == 0
    Path("folder").mkdir()
    assert run("render", spec, "--separate", "-o", "folder").status == 2


def test_render_leaves_strangers_alone(project: Project, run: Run) -> None:
    spec = project.credential()
    Path("out").mkdir()
    Path("out/workflow.json").write_text("{}", encoding="utf-8")
    done = run("render", spec, "--separate", "-o", "out")
    assert done.status == 2
    assert "workflow.json" in done.err
    assert sorted(p.name for p in Path("out").iterdir()) == ["workflow.json"]
    assert run("render", spec, "--separate", "-o", "out", "--force").status == 0
    assert sorted(p.name for p in Path("out").iterdir()) == ["acme-crm.json", "workflow.json"]


def test_an_unwritable_place_loses_nothing(project: Project, run: Run) -> None:
    spec = project.credential()
    assert run("render", spec, "-o", "no/such/folder/x.json").status == 2
    assert run("render", spec, "-o", ".").status == 2
    assert sorted(p.name for p in Path().iterdir() if "x.json" in p.name) == []


# -- the process itself


def process(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*SFCRED, *arguments], encoding="utf-8", check=False, capture_output=True, **options
    )


@pytest.mark.skipif(sys.platform != "linux", reason="file names are UTF-8 in every locale")
@pytest.mark.parametrize(("command", "status"), [("keygen", 2), ("doctor", 4), ("render", 1)])
def test_a_name_that_the_locale_can_t_write_is_told(
    project: Project, command: str, status: int
) -> None:
    """Without UTF-8 mode, Python can't write a name of a spec as bytes in the locale C."""
    Path(".gitignore").write_text("*.key\n", encoding="utf-8")
    spec = project.credential("jwt: {private_key: {file: schlüssel.key}, certificate: a.crt}\n")
    environ = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = process(command, str(spec), env={**os.environ, **environ})
    assert done.returncode == status, done
    assert "a character that is not allowed in file names" in f"{done.stdout}{done.stderr}"


@pytest.mark.skipif(sys.platform == "win32", reason="has no /dev/full")
def test_a_full_disk_is_told(project: Project) -> None:
    spec = str(project.credential())
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*SFCRED, "doctor", spec],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 3
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_left_early_changes_no_verdict(project: Project) -> None:
    spec = str(project.credential("environment: production\n"))
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*SFCRED, "doctor", spec],
        stdout=write,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another Ctrl-C")
def test_ctrl_c_is_no_traceback(project: Project) -> None:
    for number in range(400):
        project.credential(f"name: acme-{number}\n", name=f"specs/{number}.yaml")
    # Python's own start isn't sfcred's: a signal in it would show Python's traceback.
    code = "from sfcred.__main__ import run; print('begun', flush=True); run()"
    command = [sys.executable, "-c", code, "doctor", "specs"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    try:
        running.wait(0.3)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
    _out, err = running.communicate(timeout=30)
    assert running.returncode in (130, 0, 1)
    assert "Traceback" not in err


def test_colours_only_where_wanted(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = project.credential("environment: production\n")
    assert "\x1b" not in run("doctor", spec).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31m" in run("doctor", spec).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("doctor", spec).out


def test_without_unicode_the_report_still_comes(project: Project) -> None:
    spec = str(project.credential("description: Größe\nenvironment: production\n"))
    done = process("doctor", spec, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "SFC103" in done.stdout


def test_the_overwrite_is_the_answer_to_what_makes_it_necessary(project: Project, run: Run) -> None:
    spec = project.credential(
        "n8n: {version: '2.41.3'}\noauth2: {refresh_token: null}\n", base="oauth2"
    )
    assert "SFC502" in run("doctor", spec).out
    done = run("render", spec, "--target", "n8n-overwrite")
    assert done.status == 0, done
    assert json.loads(done.out) == {
        "salesforceOAuth2Api": {
            "authUrl": "https://acme--uat.sandbox.my.salesforce.com/services/oauth2/authorize"
            "?prompt=login",
            "accessTokenUrl": "https://acme--uat.sandbox.my.salesforce.com/services/oauth2/token",
            "scope": "api refresh_token",
        }
    }
    other = project.credential(
        "name: other\nn8n: {id: other, version: '2.41.3'}\napp: {scopes: [api]}\n"
        "oauth2: {refresh_token: null}\n",
        base="oauth2",
        name="other.yaml",
    )
    refused = run("render", spec, other, "--target", "n8n-overwrite", "--no-check")
    assert refused.status == 1
    assert "different overwrites (scope)" in refused.err


OVERWRITTEN = "n8n: {version: '2.41.3'}\noauth2: {refresh_token: null}\n"


def test_profiles_that_need_different_overwrites_are_refused(project: Project, run: Run) -> None:
    spec = project.credential(
        OVERWRITTEN + "profiles:\n"
        "  one: {n8n: {id: one}, my_domain: https://one--uat.sandbox.my.salesforce.com}\n"
        "  two: {n8n: {id: two}, my_domain: https://two--uat.sandbox.my.salesforce.com}\n",
        base="oauth2",
    )
    done = run("render", spec, "--target", "n8n-overwrite", "--no-check")
    assert done.status == 1
    assert done.out == ""
    assert "acme-crm [one] and acme-crm [two] need different overwrites" in done.err
    # Even one of them would change the other, as long as both are in the same n8n.
    one = ("render", spec, "--target", "n8n-overwrite", "--profile", "one")
    done = run(*one, "--no-check")
    assert (done.status, "would also change acme-crm [two]" in done.err) == (1, True)
    text = spec.read_text(encoding="utf-8")
    apart = text.replace("id: two\n", "id: two\n      url: https://n8n-two.acme.com\n")
    assert apart != text
    spec.write_text(apart, encoding="utf-8")
    assert run(*one).status == 0


def test_an_overwrite_would_change_a_credential_without_my_domain_too(
    project: Project, run: Run
) -> None:
    spec = project.credential(OVERWRITTEN, base="oauth2")
    other = project.credential(
        "name: other\nmy_domain: null\n" + OVERWRITTEN.replace("{version", "{id: other, version"),
        base="oauth2",
        name="other.yaml",
    )
    done = run("render", spec, other, "--target", "n8n-overwrite", "--no-check")
    assert done.status == 1
    assert "other has no my_domain" in done.err


@pytest.mark.parametrize(
    ("fragment", "command", "helps"),
    [
        ("my_domain: https://acme.lightning.force.com\n", "render", True),
        ("jwt: {private_key: literal}\n", "render", False),
        ("jwt: {private_key: literal}\n", "guide", False),
        ("client_id: {env: NOT_SET}\n", "render", False),
    ],
)
def test_no_check_is_named_only_where_it_helps(
    project: Project, run: Run, fragment: str, command: str, helps: bool
) -> None:
    done = run(command, project.credential(fragment))
    assert done.status == 1
    assert "Correct them first" in done.err
    assert ("--no-check" in done.err) is helps


def test_files_that_are_no_specs_are_named_in_the_next_step(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compose.yml").write_text("services: {n8n: {image: n8nio/n8n}}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = run("render", "compose.yml")
    assert done.status == 4
    assert "Run `sfcred doctor compose.yml` to see what the file is." in done.err
    assert "a compose file" in run("doctor", "compose.yml").out


def test_an_export_is_named_in_the_command_that_imports_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[{"id": "a", "name": "Acme", "type": "salesforceJwtApi", "data": {"clientId": "x"}}]'
    (tmp_path / "export.json").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "Turn it into specs: `sfcred import export.json`." in run("doctor", "export.json").out


#: What is wrong, and what it should be: message and hint, as people read them.
SCHEMA_ERRORS = [
    ("environment: prodution\n", "`environment` must be `production` or `sandbox`", "Did you mean `production`?"),
    ("environment: 5\n", "`environment` must be `production` or `sandbox`", "Write `production` or `sandbox`."),
    ("flow: jwtt\n", "`flow` must be `auto`, `oauth2`, `jwt` or `client_credentials`", "Did you mean `jwt`?"),
    ("flow: qqqqqq\n", "`flow` must be", "Write `auto`, `oauth2`, `jwt` or `client_credentials`."),
    ("app: {pkce-required: true}\n", "`pkce-required` is not a field in `app`", "Did you mean `pkce_required`?"),
    ("app: {pkce_required: 'true'}\n", "`app.pkce_required` must be true or false", "without quotes"),
    ("app: {pkce_required: off}\n", "`off` is neither", "Write false."),
    ("app: {pkce_required: y}\n", "`y` is neither", "Write true."),
    ("app: {org_id: x}\n", "`app.org_id` is not in the right format", "Example: org_id: "),
    ("app: {refresh_token_policy: never}\n", "is not a refresh token policy", "Write infinite, zero"),
    ("app: {refresh_token_policy: {lifetime: 30}}\n", "is not a refresh token policy", "{lifetime: 30d}"),
    ("app: {refresh_token_policy: {inactivity: 0d}}\n", "is not a refresh token policy", ""),
    ("app: {scopes: api}\n", "`app.scopes` must be a list", "`scopes: [api]`"),
    ("app: {scopes: api refresh_token}\n", "", "`scopes: [api, refresh_token]`"),
    ("app: {profiles: 'System Administrator, Sales'}\n", "", "`profiles: [System Administrator, Sales]`"),
    ("app: {permission_sets: n8n Integration}\n", "", "`permission_sets: [n8n Integration]`"),
    ("app: {scopes: [3]}\n", "`app.scopes[0]` must be a string, but YAML reads this value as a number", "Quote it."),
    ("app: text\n", "`app` must be a mapping", "Write `app:` and its fields indented below."),
    ("n8n: {version: 2.40}\n", "`n8n.version` must be a string", 'version: "2.40"'),
    ("n8n: {verison: '2.40.1'}\n", "`verison` is not a field in `n8n`", "Did you mean `version`?"),
    ("scopes: [api]\n", "`scopes` is not a field at the top level of a spec", "Move it to `app`."),
    ("oauth2: {client_secret: {envv: X}}\n", "refers to `envv`, which is not a secret provider", "Did you mean `{env: …}`?"),
    ("oauth2: {client_secret: {}}\n", "must be a reference: a mapping with one key", "{env: NAME}"),
    ("oauth2: {client_secret: {env: A, file: b}}\n", "must be a reference", ""),
    ("oauth2: {client_secret: {env: 'a b'}}\n", "does not name", "Write it like `{env: "),
    ("oauth2: {client_secret: {env: acme-secret}}\n", "does not name", "with letters, digits and underscores only"),
    ("jwt: {certificate: {file: a.crt}}\n", "`jwt.certificate` must be a path", "Write the path itself: `certificate: ../certs/NAME.crt`."),
    ("jwt: {certificate: [a.crt]}\n", "`jwt.certificate` must be a string", "Write a string."),
    ("jwt: {private_key: {file: //host/share}}\n", "leads to another machine", "`../secrets/NAME.key`"),
    ("profiles: {uat: {environmnt: sandbox}}\n", "is not a field in `profiles.uat`", "Did you mean `environment`?"),
    ("profiles: {uat: {app: {scope: [api]}}}\n", "is not a field in `profiles.uat.app`", "sfcred calls it `app.scopes`."),
    ("profiles: {uat: {n8n: {version: 2.4}}}\n", "`profiles.uat.n8n.version` must be a string", ""),
    ("profiles: {uat: {app: {org_id: x}}}\n", "`profiles.uat.app.org_id` is not in the right format", "Example: org_id: "),
    ("profiles: {uat: {version: 1}}\n", "is not a field in `profiles.uat`", ""),
    ("profiles: {uat: text}\n", "`profiles.uat` must be a mapping", ""),
    ("doctor: {ignore: {SFC206: 5}}\n", "`doctor.ignore.SFC206` must be the reason for leaving the check out", "`SFC206: the sync needs every object`"),
    ("doctor: {ignore: {SFC206: ''}}\n", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column"),
    [("verison: 3\n", 1), ("app: {scope: [api]}\n", 7), ("app: {scopes: 3}\n", 15)],
)
def test_an_unknown_field_is_found_at_its_name_and_a_wrong_value_at_the_value(
    project: Project, run: Run, text: str, column: int
) -> None:
    head = "version: 1\nname: acme\nenvironment: sandbox\nclient_id: x\n"
    found = run("doctor", project.spec(head + text), "--format", "concise").out
    assert f"acme.yaml:5:{column}: error SFC002" in found


@pytest.mark.parametrize(("text", "message", "hint"), SCHEMA_ERRORS)
def test_each_schema_error_has_one_finding_with_what_to_write(
    project: Project, run: Run, text: str, message: str, hint: str
) -> None:
    lines = {"environment": "environment: sandbox\n", "client_id": "client_id: x\n"}
    head = "".join(line for key, line in lines.items() if not text.startswith(key))
    spec = project.spec(f"version: 1\nname: acme\n{head}{text}")
    report = json.loads(run("doctor", spec, "--format", "json").out)
    found = [one for one in report["findings"] if one["check"] == "SFC002"]
    assert len(found) == 1, report["findings"]
    assert message in found[0]["message"]
    assert hint in found[0]["hint"]
    assert "None" not in found[0]["message"] + found[0]["hint"]


def test_the_schema_errors_beyond_the_limit_are_counted(project: Project, run: Run) -> None:
    keys = "".join(f"k{number}: x\n" for number in range(300))
    done = run("doctor", project.spec(f"version: 1\nname: acme\n{keys}"), "--format", "json")
    found = [one for one in json.loads(done.out)["findings"] if one["check"] == "SFC002"]
    assert 50 <= len(found) <= 150
    (rest,) = [one for one in found if "further" in one["message"] or "more" in one["message"]]
    number = int("".join(filter(str.isdigit, rest["message"])))
    assert number + len(found) - 1 == 300
