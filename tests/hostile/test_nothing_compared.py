"""No command reports success where nothing was compared, whatever a pull request wrote."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from sfcred.checks import all_checks
from sfcred.checks.api import Trait
from tests.conftest import Outcome
from tests.helpers.formats import LISTING
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.project import Project

Run = Callable[..., Outcome]

SOUND = "name: a\nn8n: {id: acmeCrm00000000a, name: Acme A}\n"
#: Only SFC004 is wrong with it: a literal where a reference belongs. So there is no credential.
LITERAL = (
    "name: c\noauth2: {client_secret: hunter2-real}\nn8n: {id: acmeCrm00000000c, name: Acme C}\n"
)
EVIL = "my_domain: https://evil.example.com\n"
TOKEN_URL = "https://acme--uat.sandbox.my.salesforce.com/services/oauth2/token"
REFUSED = {"error": "invalid_grant", "error_description": "expired access/refresh token"}
#: Secrets that only n8n has.
IN_N8N = """\
client_id: {n8n: $secrets.v.a}
oauth2: {client_secret: {n8n: $secrets.v.b}, refresh_token: {n8n: $secrets.v.c}}
"""
EVERYTHING = ", ".join(f'"SFC{number}"' for number in range(8))


@pytest.fixture
def written(project: Project) -> Project:
    configure("")
    Path(".gitignore").write_text("out*\n", encoding="utf-8")
    return project


def configure(text: str) -> None:
    Path("sfcred.toml").write_text(text, encoding="utf-8")


def sound(project: Project, fragment: str = "", name: str = "credentials/a.yaml") -> Path:
    return project.credential(SOUND + fragment, "oauth2", name)


def literal(project: Project, fragment: str = "") -> Path:
    return project.credential(LITERAL + fragment, "oauth2", "credentials/c.yaml")


def retrieved(project: Project, run: Run) -> None:
    """What an org gave back for the sound spec's app."""
    spec = sound(project)
    assert run("app", "-o", "out").status == 0
    Path("out/a").rename("retrieved")
    Path("out").rmdir()
    spec.unlink()


def report_of(done: Outcome) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(done.out)
    return report


def statuses(done: Outcome) -> dict[str, str]:
    return {one["name"]: one["status"] for one in report_of(done)["credentials"]}


def found(done: Outcome) -> set[str]:
    return {one["check"] for one in report_of(done)["findings"]}


# -- a spec that can't be understood counts in every command

WAYS = {
    "plain": ("", ""),
    "spec": ("", "doctor: {ignore: {SFC004: later}}\n"),
    "file": ('ignore = ["SFC004"]\n', ""),
    "path": ('[path_ignores]\n"*" = {SFC004 = "later"}\n', ""),
    "select": ('select = ["SFC1"]\n', ""),
}
COMMANDS = {
    "doctor": ("doctor",),
    "select": ("doctor", "--select", "SFC101"),
    "select only the form": ("doctor", "--select", "SFC003"),
    "project": ("doctor", "--select", "SFC006"),
    "ignore": ("doctor", "--ignore", "SFC004"),
    "live": ("doctor", "--live", "--select", "SFC9"),
    "render": ("render", "-o", "out.json"),
    "no-check": ("render", "--no-check", "-o", "out.json"),
    "overwrite": ("render", "--target", "n8n-overwrite", "-o", "out.json"),
    "app": ("app", "-o", "out"),
    "app unchecked": ("app", "--no-check", "-o", "out"),
    "compare": ("app", "--check", "retrieved"),
    "push": ("push", "--n8n", URL, "--dry-run"),
    "push unchecked": ("push", "--n8n", URL, "--dry-run", "--no-check"),
    "diff": ("diff", "--export", "export.json"),
    "resolve": ("resolve",),
    "guide": ("guide", "c"),
    "login": ("login", "c", "--no-browser"),
}


@pytest.mark.httpx_mock(
    assert_all_responses_were_requested=False, can_send_already_matched_responses=True
)
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside a sound one"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_spec_that_is_no_credential_is_no_success(
    written: Project, run: Run, httpx_mock: HTTPXMock, command: str, way: str, alone: bool
) -> None:
    if command.startswith("push"):
        N8n(httpx_mock)
    httpx_mock.add_response(url=TOKEN_URL, status_code=400, json=REFUSED)
    written.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    Path("export.json").write_text("[]", encoding="utf-8")
    retrieved(written, run)
    configuration, fragment = WAYS[way]
    configure(configuration)
    literal(written, fragment)
    if not alone:
        sound(written)
    done = run(*COMMANDS[command])
    assert done.status in (1, 4), done
    assert "SFC004" in done.out + done.err, done
    assert not Path("out.json").exists()
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "text", ["", "- a\n", "version: 1\n", "{{ x }}\n", "a: [\n", "name: a\nname: b\n"]
)
@pytest.mark.parametrize("command", ["doctor", "live", "no-check", "app unchecked", "resolve"])
def test_nor_is_one_that_is_something_else(
    written: Project, run: Run, command: str, text: str
) -> None:
    written.spec(text, "credentials/c.yaml")
    assert run(*COMMANDS[command]).status == 1
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    "command", ["doctor", "no-check", "app unchecked", "resolve", "guide", "login"]
)
def test_a_field_that_stands_twice_is_no_success(written: Project, run: Run, command: str) -> None:
    spec = sound(written)
    spec.write_text(
        f"{spec.read_text(encoding='utf-8')}client_id: {{env: OTHER}}\n", encoding="utf-8"
    )
    done = run(*["a" if part == "c" else part for part in COMMANDS[command]])
    assert (done.status, "SFC003" in done.out + done.err) == (1, True), done


def test_no_check_still_renders_what_is_understood(written: Project, run: Run) -> None:
    """A token in a comment is an error, and the credential is a whole one."""
    spec = sound(written)
    token = "5Aep861" + "x" * 30
    spec.write_text(f"{spec.read_text(encoding='utf-8')}# {token}\n", encoding="utf-8")
    assert run("render", "-o", "out.json").status == 1
    assert run("render", "--no-check", "-o", "out.json").status == 0


# -- a configuration file comes with a pull request


@pytest.mark.parametrize("text", ['ignore = ["SFC105"]', 'ignore = ["SFC1"]', 'ignore = ["not-salesforce"]'])  # fmt: skip
def test_what_a_file_ignores_is_counted_and_shown(written: Project, run: Run, text: str) -> None:
    configure(text)
    sound(written, EVIL)
    report = report_of(run("doctor", "--format", "json"))
    assert report["summary"]["ignored"] >= 1
    assert "ignored" in run("doctor").out
    done = run("doctor", "--no-ignores", "--format", "json")
    assert "SFC105" in found(done)
    assert done.status == 1
    (sarif,) = report_of(run("doctor", "--format", "sarif"))["runs"]
    assert "SFC105" in {one["ruleId"] for one in sarif["results"] if one.get("suppressions")}


@pytest.mark.parametrize("text", ["S", "SFC", "sfc", "Sf", " ", " SFC "])
def test_a_file_can_t_ignore_everything(written: Project, run: Run, text: str) -> None:
    configure(f'ignore = ["{text}"]\n')
    sound(written, EVIL)
    for command in ("doctor", "no-check", "resolve"):
        done = run(*COMMANDS[command])
        assert done.status == 2, done
        assert "sfcred.toml:1:1: ignore: this matches every check" in done.err
        assert "such as SFC5" in done.err


@pytest.mark.parametrize(
    "text",
    [
        f"ignore = [{EVERYTHING}]",
        'select = ["SFC7"]',
        'select = ["SFC9"]',
        'select = ["SFC1"]\nignore = ["SFC1"]',
    ],
)
@pytest.mark.parametrize("command", ["doctor", "render", "app", "push", "login"])
@pytest.mark.httpx_mock(assert_all_responses_were_requested=False)
def test_a_file_that_leaves_no_check_is_an_error(
    written: Project, run: Run, httpx_mock: HTTPXMock, text: str, command: str
) -> None:
    N8n(httpx_mock)
    written.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    configure(text)
    sound(written, EVIL)
    done = run(*[part if part != "c" else "a" for part in COMMANDS[command]])
    assert done.status == 2, done
    assert "nothing to check" in done.err
    assert run("doctor", "--no-ignores").status == 1


def test_what_a_file_selects_is_told(written: Project, run: Run) -> None:
    configure('select = ["SFC2"]\n')
    sound(written, EVIL)
    done = run("doctor")
    assert "`select` in sfcred.toml" in done.out
    skipped = report_of(run("doctor", "--format", "json"))["not_checked"]
    assert ("SFC105", "sfcred.toml", "ignored") in {
        (one["check"], one["file"], one["cause"]) for one in skipped
    }
    assert "SFC105" in found(run("doctor", "--no-ignores", "--format", "json"))
    for name in ("junit", "sarif", "html", "text", "github", "concise"):
        assert "in sfcred.toml runs only SFC2" in run("doctor", "--format", name).out, name


def test_a_file_that_selects_the_form_alone_makes_nothing_ok(written: Project, run: Run) -> None:
    configure('select = ["SFC003"]\n')
    sound(written, EVIL)
    done = run("doctor", "--format", "json")
    assert (done.status, statuses(done)) == (4, {"a": "unknown"})
    for name in LISTING:
        assert "in sfcred.toml runs only SFC003" in run("doctor", "--format", name).out, name
    assert run("doctor", "--select", "SFC003").status == 0  # asked for, and done


ALL_IDS = [check.id for check in all_checks() if Trait.ALWAYS not in check.traits]
BUT_KEYS = [f"SFC{number}" for number in (0, 1, 2, 3, 5, 6, 7, 9)]
WITHOUT_REASON = ", ".join(f'{name} = "later"' for name in ALL_IDS)
IN_SPEC = ", ".join(f"{name}: later" for name in ALL_IDS)
#: What leaves no check that applies to a sound credential with OAuth2: configuration, spec, options.
LEAVES_NOTHING = {
    "only checks of the other flow": ('select = ["SFC4"]', "", ()),
    "one check of the other flow": ('select = ["key-size"]', "", ()),
    "the form, too": ('select = ["SFC004", "SFC4"]', "", ()),
    "the rest is ignored": (f"ignore = {BUT_KEYS}".replace("'", '"'), "", ()),
    "selected and ignored for the path": (
        'select = ["SFC105"]\n[path_ignores]\n"*" = {SFC105 = "later"}', "", (),
    ),
    "selected and ignored in the spec": (
        'select = ["SFC105"]', "doctor: {ignore: {SFC105: later}}\n", (),
    ),
    "selected and ignored by the file": ('select = ["SFC105", "SFC4"]\nignore = ["SFC105"]', "", ()),
    "all for the path": (f'[path_ignores]\n"*" = {{{WITHOUT_REASON}}}', "", ()),
    "all in the spec": ("", f"doctor: {{ignore: {{{IN_SPEC}}}}}\n", ()),
    "all that the person selects": (
        '[path_ignores]\n"*" = {SFC105 = "later"}', "", ("--select", "SFC105,SFC4"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", LEAVES_NOTHING)
def test_files_that_leave_no_check_that_applies_make_nothing_ok(
    written: Project, run: Run, how: str
) -> None:
    configuration, fragment, options = LEAVES_NOTHING[how]
    configure(f"{configuration}\n")
    sound(written, EVIL + fragment)
    done = run("doctor", "--format", "json", *options)
    assert (done.status, statuses(done)) == (4, {"a": "unknown"}), done
    text = " ".join(run("doctor", *options).out.split())
    assert "runs only" in text or "nothing was checked" in text
    done = run("doctor", "--format", "json", "--no-ignores")
    assert (done.status, statuses(done)) == (1, {"a": "error"})


@pytest.mark.parametrize(
    "configuration",
    [
        'select = ["SFC301"]',
        "ignore = [" + ", ".join(f'"{name}"' for name in ALL_IDS if name != "SFC301") + "]",
    ],
    ids=["selected", "not ignored"],
)
def test_a_check_that_can_t_be_run_is_none_that_is_left(
    written: Project, run: Run, configuration: str
) -> None:
    configure(f"{configuration}\n")
    text = "name: a\nn8n: {id: acmeCrm00000000a, name: Acme A, url: null}\n"
    written.credential(text, "oauth2", "credentials/a.yaml")
    done = run("doctor", "--format", "json")
    assert (done.status, statuses(done)) == (4, {"a": "unknown"}), done


def test_one_that_has_no_check_left_is_told_from_one_that_has(written: Project, run: Run) -> None:
    configure('select = ["SFC4"]\n')
    written.material("credentials/acme.key", "rsa-2048")
    written.material("credentials/acme.crt", "certificate")
    written.credential("name: j\nn8n: {id: acmeCrm00000000j}\n", "jwt", "credentials/j.yaml")
    done = run("doctor", "--format", "json")
    assert (done.status, statuses(done)) == (0, {"j": "ok"})
    sound(written)
    done = run("doctor", "--format", "json")
    assert (done.status, statuses(done)) == (4, {"a": "unknown", "j": "ok"})
    assert "none of these could be run for a" in run("doctor").out.replace("\n", " ")


def test_many_without_a_check_are_counted(written: Project, run: Run) -> None:
    configure(f'[path_ignores]\n"*" = {{{WITHOUT_REASON}}}\n')
    for number in range(30):
        sound(written, f"---\nname: a{number}\n", f"credentials/{number}.yaml")
    done = run("doctor", "--format", "json")
    assert done.status == 4
    assert len(report_of(done)["not_checked"]) < 2 * len(ALL_IDS)


def test_what_the_person_leaves_is_their_choice(written: Project, run: Run) -> None:
    sound(written)
    assert run("doctor", "--select", "SFC4").status == 0


def test_the_command_line_overrules_what_a_file_selects(written: Project, run: Run) -> None:
    configure('select = ["SFC7"]\n')
    sound(written, EVIL)
    assert run("doctor", "--select", "SFC1").status == 1


@pytest.mark.parametrize("options", [("--select", "SFC9"), ("--select", "SFC7"), ("--ignore", "SFC")])  # fmt: skip
def test_nor_does_the_command_line_leave_nothing(
    written: Project, run: Run, options: tuple[str, ...]
) -> None:
    sound(written, EVIL)
    done = run("doctor", *options)
    assert done.status == 2, done
    assert "nothing to check" in done.err


def test_a_variable_is_the_persons_own_choice(written: Project, run: Run) -> None:
    """As an option is: what it leaves out isn't run. But it can't leave nothing."""
    sound(written, EVIL)
    written.monkeypatch.setenv("SFCRED_SELECT", "SFC4")
    report = report_of(run("doctor", "--format", "json"))
    assert (report["findings"], report["not_checked"]) == ([], [])
    written.monkeypatch.setenv("SFCRED_IGNORE", "SFC4")
    done = run("doctor")
    assert done.status == 2
    assert "sfcred.toml" not in done.err  # that file has no part in it


@pytest.mark.httpx_mock(can_send_already_matched_responses=True)
@pytest.mark.parametrize(
    ("text", "options", "status"),
    [
        ('ignore = ["SFC9"]', (), 0),
        ('ignore = ["SFC9"]', ("--no-ignores",), 1),
        ('select = ["SFC0"]', (), 4),
        ('select = ["SFC0", "SFC902"]', (), 4),
        ('select = ["SFC0"]', ("--no-ignores",), 1),
        ("", ("--select", "SFC0"), 0),
        ("", ("--ignore", "SFC903"), 4),
    ],
)
def test_a_refused_login_is_never_ok(
    written: Project,
    run: Run,
    httpx_mock: HTTPXMock,
    text: str,
    options: tuple[str, ...],
    status: int,
) -> None:
    httpx_mock.add_response(url=TOKEN_URL, status_code=400, json=REFUSED)
    configure(text)
    sound(written)
    done = run("doctor", "--live", "--format", "json", *options)
    assert done.status == status, done
    assert statuses(done)["a"] != "ok"
    assert "ok " not in run("doctor", "--live", *options).out


@pytest.mark.httpx_mock(can_send_already_matched_responses=True)
@pytest.mark.parametrize("ignore", ["doctor: {ignore: {SFC903: later}}\n", ""])
def test_nor_where_the_spec_or_a_path_ignores_the_refusal(
    written: Project, run: Run, httpx_mock: HTTPXMock, ignore: str
) -> None:
    httpx_mock.add_response(url=TOKEN_URL, status_code=400, json=REFUSED)
    configure("" if ignore else '[path_ignores]\n"*" = {SFC903 = "later"}\n')
    sound(written, ignore)
    done = run("doctor", "--live", "--format", "json")
    assert statuses(done) == {"a": "unknown"}
    assert report_of(done)["summary"]["ignored"] == 1


@pytest.mark.parametrize("text", ['ignore = ["SFC7"]', 'ignore = ["SFC701", "SFC702"]'])
def test_a_difference_of_the_app_that_a_file_ignores_is_told(
    written: Project, run: Run, text: str
) -> None:
    sound(written)
    assert run("app", "-o", "out").status == 0
    folder = Path("out/a")
    sound(written, "app: {scopes: [full, refresh_token]}\n")
    different = run("app", "--check", folder, "--format", "json")
    assert different.status == 1, different
    configure(text)
    done = run("app", "--check", folder)
    assert done.status == 2 or "ignored" in done.out, done


@pytest.mark.parametrize("text", ['paths = ["credentials/a.yaml"]', 'paths = ["credentials/x"]'])
def test_specs_that_a_file_s_paths_leave_out_are_named(
    written: Project, run: Run, text: str
) -> None:
    configure(text)
    sound(written)
    sound(written, name="credentials/x/a.yaml")
    literal(written)
    for command in ("doctor", "resolve", "render"):
        assert "credentials/c.yaml" in run(*COMMANDS[command]).err, command


def test_specs_that_a_person_s_own_variable_leaves_out_are_not(
    written: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure('paths = ["credentials/a.yaml"]')
    sound(written)
    literal(written)
    assert "leaves out" in run("doctor").err
    monkeypatch.setenv("SFCRED_PATHS", "credentials/a.yaml")
    assert "leaves out" not in run("doctor").err


# -- a login that was asked for


@pytest.mark.parametrize(
    ("fragment", "with_secrets"),
    [
        (IN_N8N, 4),
        ("oauth2: {refresh_token: {env: NOPE}}\ndoctor: {ignore: {SFC005: later}}\n", 4),
        ("oauth2: {refresh_token: {env: NOPE}}\n", 1),
        ("client_id: {env: NOPE}\ndoctor: {ignore: {SFC005: later}}\n", 4),
    ],
)
def test_a_login_that_was_not_tried(
    written: Project, run: Run, fragment: str, with_secrets: int
) -> None:
    sound(written, fragment)
    done = run("doctor", "--live", "--format", "json")
    assert done.status == 0, done
    assert statuses(done)["a"] != "ok"
    assert "ok " not in run("doctor", "--live").out
    done = run("doctor", "--live", "--require-secrets", "--format", "json")
    assert done.status == with_secrets, done
    configure("require_secrets = true\n")
    assert run("doctor", "--live").status == with_secrets


def test_a_login_that_a_baselined_finding_prevents(written: Project, run: Run) -> None:
    sound(written, "my_domain: https://\n")
    run("doctor", "--write-baseline")
    written.monkeypatch.setenv("SFCRED_ORG_HOSTS", "acme.my.salesforce.com")
    for options in ((), ("--require-secrets",)):
        done = run("doctor", "--live", "--format", "json", *options)
        assert done.status == 4, done
        assert statuses(done) == {"a": "unknown"}


# -- exports

GARBAGE = {
    "id": "zzz",
    "name": "Acme PROD",
    "type": "salesforceOAuth2Api",
    "data": "U2FsdGVkX1+garbage",
}
UNREADABLE: list[object] = [
    GARBAGE,
    {**GARBAGE, "type": None},
    {**GARBAGE, "data": ["x"]},
    {**GARBAGE, "id": [1], "data": {}},
    "Acme PROD",
]


def exported(run: Run, *more: object) -> Path:
    """The project's own export as n8n has it, and more entries."""
    if not Path("out.json").exists():
        assert run("render", "-o", "out.json").status == 0
    file = Path("export.json")
    file.write_text(
        json.dumps([*json.loads(Path("out.json").read_text(encoding="utf-8")), *more]),
        encoding="utf-8",
    )
    return file


@pytest.mark.parametrize("entry", UNREADABLE, ids=range(len(UNREADABLE)))
def test_diff_lists_what_it_can_t_read(written: Project, run: Run, entry: object) -> None:
    sound(written)
    assert run("diff", "--export", exported(run)).status == 0
    done = run("diff", "--export", exported(run, entry))
    assert done.status == 4, done
    assert "not compared" in done.out
    done = run("diff", "--export", "export.json", "--format", "json")
    states = [one["state"] for one in report_of(done)["credentials"]]
    assert states == ["same", "not_compared"]


def test_diff_doesn_t_call_missing_what_it_can_t_read(written: Project, run: Run) -> None:
    sound(written)
    Path("export.json").write_text(
        json.dumps([{**GARBAGE, "id": "acmeCrm00000000a"}]), encoding="utf-8"
    )
    done = run("diff", "--export", "export.json")
    assert done.status == 4, done
    assert "missing" not in done.out


def test_diff_has_no_use_for_other_types(written: Project, run: Run) -> None:
    sound(written)
    file = exported(run, {**GARBAGE, "type": "slackApi"})
    assert run("diff", "--export", file).status == 0


def test_render_refuses_tokens_that_it_can_t_read(written: Project, run: Run) -> None:
    sound(written, "app: {scopes: [full, refresh_token]}\noauth2: {refresh_token: null}\n")
    Path("export.json").write_text(
        json.dumps([{**GARBAGE, "id": "acmeCrm00000000a"}]), encoding="utf-8"
    )
    done = run("render", "--merge-from", "export.json", "-o", "out.json")
    assert done.status == 4, done
    assert "Acme PROD" in done.err
    assert not Path("out.json").exists()
    Path("export.json").write_text(json.dumps([GARBAGE]), encoding="utf-8")  # another credential
    assert run("render", "--merge-from", "export.json", "-o", "out.json").status == 0


def test_import_tells_what_it_can_t_read(written: Project, run: Run) -> None:
    sound(written)
    file = exported(run, GARBAGE)
    written.material("other/sfcred.toml", "text:")
    done = run("import", file, "-o", "out/credentials")
    assert "not read: Acme PROD" in done.out
    assert done.status == 4, done
    file.write_text(json.dumps([GARBAGE]), encoding="utf-8")
    done = run("import", file, "-o", "out/more")
    assert done.status == 4, done
    assert "Acme PROD" in done.out + done.err


# -- profiles


@pytest.mark.parametrize(
    "command", ["doctor", "live", "render", "resolve", "app", "compare", "push", "diff"]
)
@pytest.mark.httpx_mock(assert_all_responses_were_requested=False)
def test_a_profile_that_no_spec_has(
    written: Project, run: Run, httpx_mock: HTTPXMock, command: str
) -> None:
    N8n(httpx_mock)
    written.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    Path("export.json").write_text("[]", encoding="utf-8")
    retrieved(written, run)
    sound(written)
    written.credential(
        "name: b\nprofiles: {production: {n8n: {id: acmeCrm00000000b}}}\n",
        "oauth2",
        "credentials/b.yaml",
    )
    done = run(*COMMANDS[command], "--profile", "prodution")
    assert done.status == 2, done
    assert "Did you mean production?" in done.err
    assert not Path("out.json").exists()
    assert not [one for one in httpx_mock.get_requests() if one.url.host != "n8n.acme.com"]


def test_nor_one_where_no_spec_has_profiles(written: Project, run: Run) -> None:
    sound(written)
    assert run("doctor", "--profile", "production").status == 2


# -- files that look like specs


@pytest.mark.parametrize("name", ["B.YAML", "b.Yml", "x/B.YML"])
def test_a_suffix_in_capitals_is_read(written: Project, run: Run, name: str) -> None:
    sound(written)
    written.credential(LITERAL, "oauth2", f"credentials/{name}")
    assert run("doctor").status == 1


@pytest.mark.parametrize("command", ["doctor", "render", "resolve", "diff", "app"])
def test_a_link_to_a_folder_is_named(written: Project, run: Run, command: str) -> None:
    Path("export.json").write_text("[]", encoding="utf-8")
    sound(written)
    literal(written)
    Path("real").mkdir()
    Path("credentials/c.yaml").rename("real/c.yaml")
    Path("credentials/prod").symlink_to("../real")
    assert "credentials/prod" in run(*COMMANDS[command]).err


def test_a_link_to_what_is_searched_anyway_needs_no_word(written: Project, run: Run) -> None:
    sound(written, name="credentials/prod/a.yaml")
    Path("credentials/latest").symlink_to("prod")
    assert run("doctor").err == ""
    Path("credentials/acme.yaml").symlink_to("prod")  # a spec's name: it has to be one
    assert run("doctor").status == 1


def test_a_hidden_spec_is_named(written: Project, run: Run) -> None:
    sound(written)
    literal(written).rename("credentials/.c.yaml")
    assert "credentials/.c.yaml" in run("doctor").err
    Path("credentials/.c.yaml").rename(".c.yaml")
    configure('paths = ["."]\n')
    assert run("doctor").err == ""


def test_the_base_is_a_sound_one(written: Project, run: Run) -> None:
    """Or the tests above would prove nothing."""
    sound(written)
    done = run("doctor", "--format", "json")
    assert (done.status, statuses(done), done.err) == (0, {"a": "ok"}, "")
