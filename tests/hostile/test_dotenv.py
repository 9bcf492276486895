"""The environment files that import and login write: all readers read the same, and nothing runs."""

import contextlib
import io
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from sfcred.cli import main
from sfcred.errors import WriteRefused
from sfcred.files.writing import WriteScope, write_set
from sfcred.secrets import Surroundings, find_provider
from sfcred.secrets.store_cache import StoreCache
from tests.conftest import Outcome
from tests.helpers.material import Workshop
from tests.helpers.systems import has_mode, needs_posix

Run = Callable[..., Outcome]
pytestmark = needs_posix  # its shells read the files
SHELLS = [
    command
    for command in (["dash"], ["bash"], ["bash", "--posix"], ["zsh", "-f"], ["busybox", "sh"], ["ksh"])
    if shutil.which(command[0])
]  # fmt: skip
NAME = "ACME_CLIENT_SECRET"

#: Characters with a meaning to a shell, to readers of .env files, or to both.
SIGNS = [
    *"ab'\"\\$`!#~={}()[]<>|&;*?%^:,. \t\n-_/@+",
    *("$(touch pwned)", "`touch pwned`", "'$(touch pwned)'", "'; touch pwned; '", "\n touch pwned\n"),
    *("${HOME}", "$HOME", "${X:-y}", "\\n", "\\'", "'\\''", " # ", "é", "日", "\u2028", "\ufeff"),
]  # fmt: skip
WILD = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=9).map("".join) | st.text(
    st.characters(exclude_characters="\x00"), min_size=1, max_size=20
)


def entry(secret: object, name: object = "Acme", key: object = "oauth1") -> dict[str, Any]:
    data = {"environment": "production", "clientId": "3MVG9plain", "clientSecret": secret}
    return {"id": key, "name": name, "type": "salesforceOAuth2Api", "data": data}


@contextmanager
def folder() -> Iterator[Path]:
    """A separate project for each of hypothesis's examples."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        try:
            Path("sfcred.toml").touch()
            yield Path(name)
        finally:
            os.chdir(before)


def sourced(file: Path, shell: list[str]) -> dict[str, str]:
    """Return a shell's variables after it read the file. It must run nothing and print nothing."""
    script = f"set -a; . ./{shlex.quote(str(file))}; set +a; exec env -0"
    environ = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
    done = subprocess.run([*shell, "-c", script], capture_output=True, env=environ, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    assert not Path("pwned").exists()
    pairs = (pair.partition(b"=") for pair in done.stdout.split(b"\0") if pair)
    return {name.decode(): value.decode() for name, _, value in pairs}


def assert_read_alike(file: Path, wanted: dict[str, str]) -> None:
    by_shells = [sourced(file, shell) for shell in SHELLS]
    by_python = [dotenv_values(file, interpolate=interpolate) for interpolate in (False, True)]
    for values in by_shells:
        assert {name: values.get(name) for name in wanted} == wanted
    for found in by_python:
        assert {name: found.get(name) for name in wanted} == wanted


def imported(secret: str, kind: str) -> int:
    Path("export.json").write_text(json.dumps([entry(secret)]), encoding="utf-8")
    return main(["import", "export.json", "--secrets", kind])


# -- values


@settings(max_examples=150)
@given(secret=WILD, kind=st.sampled_from(["env", "dotenv"]))
@example("a'$(touch pwned)", "dotenv")
@example("a'$(touch pwned)", "env")
@example("\\'$(touch pwned)'", "dotenv")
@example("a\\", "dotenv")
@example("it's", "dotenv")
@example("-----BEGIN X-----\nab+/=\n-----END X-----\n", "env")
@example("x~root", "env")
@example("~root", "env")
@example("a:~root", "dotenv")
@example("=ls", "dotenv")
@example("${HOME}", "dotenv")
@example("\ud800", "dotenv")
@example("\udcff", "env")
@example("a\rb", "env")
def test_what_is_imported_is_read_alike_or_refused(secret: str, kind: str) -> None:
    with folder():
        status = imported(secret, kind)
        file = Path(".env" if kind == "dotenv" else "secrets/imported.env")
        if status in (2, 4):  # 4: the entry can't be read
            assert not file.exists()
            assert not Path("credentials").exists()
            return
        assert status in (0, 1)  # doctor's verdict about such a secret
        assert_read_alike(file, {NAME: secret, "ACME_CLIENT_ID": "3MVG9plain"})
        assert has_mode(file, 0o600)


USUAL = [
    "0123456789ABCDEF" * 4,
    "5Aep861" + "aB3._dE5" * 10 + "==",
    "3MVG9_plain.key+with/signs==",
    "two words",
    "it's mine",
    'say "hello"',
    "a#b $HOME `x` c:\\d !!",
    " spaces around ",
]


@pytest.mark.parametrize("kind", ["env", "dotenv"])
@pytest.mark.parametrize("secret", USUAL)
def test_usual_secrets_are_not_refused(secret: str, kind: str) -> None:
    with folder():
        assert imported(secret, kind) in (0, 1)


@pytest.mark.parametrize("kind", ["env", "dotenv"])
def test_a_private_key_is_not_refused(workshop: Workshop, kind: str) -> None:
    data = {"environment": "sandbox", "clientId": "3MVG9plain", "username": "a@acme.com", "privateKey": workshop.text("rsa-2048")}  # fmt: skip
    with folder():
        one = {"id": "jwt1", "name": "Acme", "type": "salesforceJwtApi", "data": data}
        Path("export.json").write_text(json.dumps([one]), encoding="utf-8")
        assert main(["import", "export.json", "--secrets", kind]) in (0, 1)
        file = Path(".env" if kind == "dotenv" else "secrets/imported.env")
        assert_read_alike(file, {"ACME_PRIVATE_KEY": workshop.text("rsa-2048")})


@pytest.mark.parametrize("secret", ["0123456789ABCDEF" * 4, "5Aep861.x_y==", "3MVG9+/x"])
def test_tokens_have_no_quotes_for_docker_s_env_file(secret: str) -> None:
    with folder():
        imported(secret, "dotenv")
        assert f"{NAME}={secret}\n" in Path(".env").read_text(encoding="utf-8")


def test_a_refusal_names_the_way_out_and_no_value(run: Run) -> None:
    Path("export.json").write_text(json.dumps([entry("canary'$(touch pwned)")]), encoding="utf-8")
    done = run("import", "export.json", "--secrets", "dotenv")
    assert done.status == 2
    assert "--secrets file" in done.err
    assert f"the value for {NAME} can't be written to an environment file: it contains $( or ${{" in done.err  # fmt: skip
    assert "canary" not in done.out + done.err
    assert run("import", "export.json", "--secrets", "file").status in (0, 1)
    assert (
        Path("secrets/acme.client_secret").read_text(encoding="utf-8") == "canary'$(touch pwned)\n"
    )


# -- what the file already contains


NEIGHBOURS = st.lists(
    st.sampled_from(
        [
            "A=1", "# a comment", "# it's", "", "B='x y'", 'C="x"', "D=it's", 'E="open', "F='open",
            "G=`", "H=$(", "export I=2", "J=x # it's", "K=a b", "exit", "L=x\\", "<<EOF", "M", "\ufeff",
            "N='a\nb'", f"{NAME}=old", f"export {NAME}='old'", f"  {NAME} = old", "\r", "{", "if",
        ]
    ),
    max_size=5,
).map("\n".join)  # fmt: skip


@settings(max_examples=150)
@given(before=NEIGHBOURS, end=st.sampled_from(["", "\n"]), secret=WILD)
@example("D=it's", "\n", " $(touch pwned) ")
@example("F='open", "", "a $(touch pwned)\n")
@example("exit", "\n", "two words")
def test_nothing_runs_whatever_stands_above(before: str, end: str, secret: str) -> None:
    store = find_provider("dotenv").store
    assert store is not None
    with folder() as here:
        around = Surroundings(here, here, {}, (), StoreCache())
        Path(".env").write_bytes(f"{before}{end}".encode())
        others = _values_without_key()
        try:
            store.write(NAME, SecretStr(secret), around, True)  # noqa: FBT003 - a provider's own signature
        except WriteRefused:
            assert Path(".env").read_bytes() == f"{before}{end}".encode()
            return
        text = Path(".env").read_text(encoding="utf-8")
        assert dotenv_values(stream=io.StringIO(text), interpolate=False)[NAME] == secret
        assert _values_without_key() == others
        for shell in SHELLS:
            script = "set -a; . ./.env; set +a; exec env -0"
            subprocess.run([*shell, "-c", script], capture_output=True, check=False, timeout=60)
            assert not Path("pwned").exists()


def _values_without_key() -> dict[str, str | None]:
    text = Path(".env").read_text(encoding="utf-8").removeprefix("\ufeff")
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in values.items() if name != NAME}


def test_an_exported_key_stays_exported() -> None:
    store = find_provider("dotenv").store
    assert store is not None
    with folder() as here:
        Path(".env").write_text(f"# first\n\nexport {NAME}=old\nB=1\n", encoding="utf-8")
        store.write(
            NAME,
            SecretStr("new one"),
            Surroundings(here, here, {}, (), StoreCache()),
            True,  # noqa: FBT003 - a provider's own signature
        )
        assert (
            Path(".env").read_text(encoding="utf-8") == f"# first\n\nexport {NAME}='new one'\nB=1\n"
        )


# -- names


@pytest.mark.parametrize(
    "name",
    [
        "42 things",
        "1",
        "",
        "日本",
        "$(touch pwned)",
        "x\n; touch pwned",
        "PATH",
        "con",
        "-rf /",
        "a=b",
    ],
)
@pytest.mark.parametrize("kind", ["env", "dotenv", "file"])
def test_names_of_credentials_become_names_of_variables(name: str, kind: str) -> None:
    with folder():
        Path("export.json").write_text(json.dumps([entry("two words", name)]), encoding="utf-8")
        assert main(["import", "export.json", "--secrets", kind]) in (0, 1)
        if kind == "file":
            return
        file = Path(".env" if kind == "dotenv" else "secrets/imported.env")
        values = dotenv_values(file)
        assert len(values) == 2
        for shell in SHELLS:
            assert sourced(file, shell).items() >= values.items()


@pytest.mark.parametrize("key", ["A.B", "A.B.C"])
def test_a_name_that_a_shell_takes_for_a_command(
    run: Run, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = f"version: 1\nname: acme\nenvironment: production\nclient_id: {{env: KEY}}\noauth2: {{client_secret: {{env: SECRET}}, refresh_token: {{dotenv: {key}}}}}\napp: {{type: connected_app, scopes: [api, refresh_token], callback_urls: ['http://localhost:1717/OauthRedirect']}}\n"
    Path("credentials").mkdir()
    Path("credentials/acme.yaml").write_text(spec, encoding="utf-8")
    monkeypatch.setenv("KEY", "3MVG9plain")
    monkeypatch.setenv("SECRET", "0123456789ABCDEF" * 4)
    done = run("login", "acme", "--no-check", "--no-browser", "--timeout", "10")
    assert done.status == 2
    assert f"{key} is not a name that a shell can set" in done.err
    assert not Path(".env").exists()


# -- other exports that try to break something


HOSTILE_NAMES = [
    "../../x",
    "/etc/passwd",
    "C:\\x",
    "CON",
    "nul.txt",
    "com1",
    ".",
    "..",
    "",
    " ",
    "a" * 10_000,
    "a " * 10_000,
    "x\nname: evil\nclient_id: {file: /etc/passwd}",
    "x\r\n---\nversion: 1",
    "x\u2028name: evil",
    "x\u0085name: evil",
    "\u202eevil",
    "\ud800",
    "\x00",
    "#",
    "'",
    '"',
    "{n8n: x}",
    "*x",
    "!!python/object:os.system",
    "日本",
    "🙂",
]


@pytest.mark.parametrize("field", ["name", "id"])
@pytest.mark.parametrize("text", HOSTILE_NAMES)
def test_texts_of_an_export_stay_texts(run: Run, tmp_path: Path, field: str, text: str) -> None:
    one = entry("secret", **({"name": text} if field == "name" else {"key": text}))
    Path("export.json").write_text(json.dumps([one]), encoding="utf-8")
    outside = {path for path in tmp_path.rglob("*") if not path.is_relative_to(Path.cwd())}
    done = run("import", "export.json")
    if not encodable(text):
        assert (done.status, "half a character" in done.err) == (4, True), done
        return
    assert done.status in (0, 1), done
    assert "bug in sfcred" not in done.err
    assert {p for p in tmp_path.rglob("*") if not p.is_relative_to(Path.cwd())} == outside
    (file,) = Path("credentials").glob("*.yaml")
    assert len(file.stem) <= 63
    assert file.stem.lower() not in ("con", "nul", "com1", "")
    spec = yaml.safe_load(file.read_text(encoding="utf-8"))
    wanted = "name" if field == "name" else "id"
    assert spec["n8n"].get(wanted) == (text or None)
    assert set(spec) == {"version", "name", "environment", "client_id", "oauth2", "n8n"}
    assert [line for line in done.out.splitlines() if line.startswith("wrote ")] == [f"wrote {file}"]  # fmt: skip


def encodable(text: str) -> bool:
    """Return whether a text has no half of a character, which no file can hold."""
    return text.encode("utf-8", "replace").decode() == text


@pytest.mark.parametrize("field", ["environment", "myDomainUrl", "authUrl", "username"])
@pytest.mark.parametrize(
    "text", ["x\nname: evil", "a: b", "{env: PATH}", "*x", "- x", "x # y", "\ud800"]
)
def test_fields_of_an_export_stay_texts(run: Run, field: str, text: str) -> None:
    data = {"environment": "sandbox", "clientId": "3MVG9plain", "username": "a@acme.com", "privateKey": "x", field: text}  # fmt: skip
    one = {"id": "jwt1", "name": "Acme", "type": "salesforceJwtApi", "data": data}
    Path("export.json").write_text(json.dumps([one]), encoding="utf-8")
    done = run("import", "export.json")
    if not encodable(text):
        assert (done.status, "half a character" in done.err) == (4, True), done
        return
    assert done.status in (0, 1), done
    assert "bug in sfcred" not in done.err
    spec = yaml.safe_load(Path("credentials/acme.yaml").read_text(encoding="utf-8"))
    assert spec["name"] == "acme"
    assert set(spec) <= {"version", "name", "environment", "my_domain", "client_id", "jwt", "n8n"}


DEEP: Any = "x"
for _ in range(300):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "content",
    [
        [{**entry("x"), "data": DEEP}],
        [{**entry("x"), "data": {"clientId": DEEP, "oauthTokenData": DEEP, "environment": 1}}],
        [{**entry("x"), "data": {"clientId": {"x": 1}, "oauthTokenData": {"refresh_token": [1], "scope": {}}}}],
        [{**entry("x"), "id": {"x": 1}}],
        [{**entry("x"), "id": ["../x"]}],
        [{**entry("x"), "id": True}],
        [{**entry("x"), "id": 10**30}],
        [{**entry("x"), "id": None}],
        [{**entry("x"), "name": ["a"]}],
        [{**entry("x"), "__proto__": {"x": 1}, "constructor": 1}],
        [{"__proto__": entry("x")}],
        [entry("x")] * 50,
        [None, 1, "x", [], {}, True],
        {"data": [entry("x")]},
    ],
)  # fmt: skip
def test_odd_types_in_an_export(run: Run, content: object) -> None:
    Path("export.json").write_text(json.dumps(content), encoding="utf-8")
    done = run("import", "export.json")
    assert done.status in (0, 1, 2, 4), done
    assert "bug in sfcred" not in done.err


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"data":' * 100_000,
        "[" + "1" * 10_000 + "]",
        '[{"id":"a","name":"x","type":"salesforceJwtApi","data":"U2FsdGVkX1'
        + "A" * 5_000_000
        + '"}]',
        '[{"id":"a","name":"' + "x" * 10_000_000 + '","type":"slackApi","data":{}}]',
        "\ufeff[]",
        "\x00",
    ],
)
def test_huge_and_broken_exports(run: Run, text: str) -> None:
    Path("export.json").write_text(text, encoding="utf-8")
    done = run("import", "export.json")
    assert done.status in (1, 2, 4), done
    assert "bug in sfcred" not in done.err
    assert len(done.out) + len(done.err) < 5_000


def test_names_can_t_forge_lines_of_the_output(run: Run) -> None:
    other = {
        **entry("x", "x\nwrote credentials/evil.yaml\n::error::y"),
        "type": "slack\nwrote y",
        "id": "y",
    }
    Path("export.json").write_text(json.dumps([entry("x"), other]), encoding="utf-8")
    done = run("import", "export.json")
    lines = done.out.splitlines()
    assert [line for line in lines if line.startswith("wrote ")] == ["wrote credentials/acme.yaml"]
    assert not [line for line in lines if line.startswith("::")]


@pytest.mark.parametrize("paths", ["../outside", "/nowhere/at/all", "a/../../outside", "link"])
def test_the_configuration_can_t_lead_out_of_the_project(
    run: Run, paths: str, tmp_path: Path
) -> None:
    Path("link").symlink_to("..")
    Path("sfcred.toml").write_text(f"paths = [{json.dumps(paths)}]\n", encoding="utf-8")
    Path("export.json").write_text(json.dumps([entry("x")]), encoding="utf-8")
    done = run("import", "export.json")
    assert (done.status, "outside the project" in done.err) == (2, True)
    assert not (tmp_path / "outside").exists()
    assert not list(tmp_path.glob("*.yaml"))


def test_specs_in_the_root_keep_their_secrets_inside(run: Run, tmp_path: Path) -> None:
    Path("sfcred.toml").write_text('paths = ["."]\n', encoding="utf-8")
    Path("export.json").write_text(json.dumps([entry("x")]), encoding="utf-8")
    assert run("import", "export.json").status in (0, 1)
    assert not (tmp_path / "secrets").exists()
    assert Path("secrets/acme.client_secret").exists()
    spec = yaml.safe_load(Path("acme.yaml").read_text(encoding="utf-8"))
    assert spec["client_id"] == {"file": "secrets/acme.client_id"}


def test_no_paths_at_all(run: Run) -> None:
    Path("sfcred.toml").write_text("paths = []\n", encoding="utf-8")
    Path("export.json").write_text(json.dumps([entry("x")]), encoding="utf-8")
    done = run("import", "export.json")
    assert done.status == 2
    assert "paths: must not be empty" in done.err


# -- commands that messages suggest


def suggested(done: Outcome, beginning: str) -> str:
    """Return the command in a message that begins like this."""
    text = done.out + done.err
    rest = text.split(beginning, 1)[1].split("\n", 1)[0]
    return beginning + rest.removesuffix(".").removesuffix("`")


ODD = ["$(touch pwned)", "a b", "it's", "`touch pwned`", "x; touch pwned", "-rf", '"', "a\tb"]


@pytest.mark.parametrize("odd", ODD)
def test_a_file_to_load(run: Run, odd: str) -> None:
    Path(odd).mkdir()
    Path("export.json").write_text(json.dumps([entry("two words")]), encoding="utf-8")
    done = run("import", "export.json", "--secrets", "env", "-o", f"./{odd}/credentials")
    command = suggested(done, "set -a; . ")
    shell = ["bash"] if shutil.which("bash") else ["sh"]
    env = subprocess.run(
        [*shell, "-c", f"{command}; env"], capture_output=True, encoding="utf-8", check=True
    )
    assert f"{NAME}=two words" in env.stdout
    assert not Path("pwned").exists()


@pytest.mark.parametrize("odd", ODD)
def test_a_folder_to_make(run: Run, odd: str) -> None:
    Path("credentials").mkdir()
    Path("credentials/acme.yaml").write_text(
        "version: 1\nname: acme\nenvironment: production\nclient_id: {env: KEY}\njwt: {username: a@acme.com, private_key: {env: KEY}}\n",
        encoding="utf-8",
    )
    done = run("render", "--no-check", "-o", f"./{odd}/deeper/still/out.json")
    command = suggested(done, "mkdir -p ")
    subprocess.run(["bash", "-c", command], check=True)
    assert Path(odd, "deeper").is_dir()
    assert not Path("pwned").exists()


@pytest.mark.parametrize("odd", [one for one in ODD if one not in ('"', "a\tb")])
def test_a_file_of_a_spec_to_close(run: Run, workshop: Workshop, odd: str) -> None:
    Path("credentials").mkdir()
    key = Path("credentials", odd)
    key.write_text(workshop.text("rsa-2048"), encoding="utf-8")
    key.chmod(0o644)
    reference = json.dumps({"file": odd})
    Path("credentials/acme.yaml").write_text(
        f"version: 1\nname: acme\nenvironment: production\nclient_id: {{env: KEY}}\njwt: {{username: a@acme.com, private_key: {reference}}}\n",
        encoding="utf-8",
    )
    done = run("doctor", "--select", "SFC008")
    command = suggested(done, "chmod 600 ")
    subprocess.run(["bash", "-c", command], check=True)
    assert has_mode(key, 0o600)
    assert not Path("pwned").exists()


# -- limits


@pytest.mark.timed
@pytest.mark.parametrize(
    "secret",
    ["${" * 500_000, "$" * 1_000_000, "'" * 1_000_000, "a:" * 500_000, "=" * 1_000_000, " " * 1_000_000],
)  # fmt: skip
def test_huge_values_take_no_time(secret: str) -> None:
    began = time.monotonic()
    with folder():
        imported(secret, "env")
    assert time.monotonic() - began < 10


@pytest.mark.timed
@pytest.mark.parametrize("line", ["{} x", "A={}x'", "A='{}", "#{}", "A='x'{}x"])
@pytest.mark.parametrize("filling", [" ", "\t", "A", "\\", "''", "\n"])
def test_a_huge_env_file_takes_no_time(line: str, filling: str) -> None:
    store = find_provider("dotenv").store
    assert store is not None
    began = time.monotonic()
    with folder() as here:
        Path(".env").write_text(line.format(filling * (60_000 // len(filling))), encoding="utf-8")
        with contextlib.suppress(WriteRefused):  # a thousand blanks in a row
            store.write(
                NAME,
                SecretStr("two words"),
                Surroundings(here, here, {}, (), StoreCache()),
                True,  # noqa: FBT003 - a provider's own signature
            )
    assert time.monotonic() - began < 10


@pytest.mark.timed
def test_thousands_of_one_name(run: Run) -> None:
    began = time.monotonic()
    others = [{**entry("x"), "type": "slackApi"}] * 20_000
    Path("export.json").write_text(json.dumps([entry("x", "Acme", str(n)) for n in range(200)] + others), encoding="utf-8")  # fmt: skip
    done = run("import", "export.json", "--secrets", "env")
    assert done.status in (0, 1)
    assert len(list(Path("credentials").iterdir())) == 200
    assert time.monotonic() - began < 60


def test_what_another_command_adds_meanwhile_is_not_lost() -> None:
    here, file = Path.cwd(), Path(".env")
    file.write_text("A=1\n", encoding="utf-8")
    store = find_provider("dotenv").store
    assert store is not None
    assert store.files is not None
    around = Surroundings(here, here, {}, (), StoreCache())
    files = store.files([("B", SecretStr("2"))], around)
    file.write_text("A=1\nC=3\n", encoding="utf-8")
    with pytest.raises(WriteRefused, match="was changed in the meantime"):
        write_set(files, force=True, scope=WriteScope(here))
    assert file.read_text(encoding="utf-8") == "A=1\nC=3\n"
