"""Every command that a command prints runs as it stands, in that project, from that folder."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
import httpx
import pytest
from pytest_httpx import HTTPXMock

from sfcred.cli import group
from tests.conftest import Outcome
from tests.helpers.ports import free_port
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs mv, rm and cp")

Run = Callable[..., Outcome]
MY_DOMAIN = "https://acme--uat.sandbox.my.salesforce.com"
JWT = ("--username", "n8n@acme.com.uat", "--n8n-url", "https://n8n.acme.com")
OAUTH2 = (
    "--flow",
    "oauth2",
    "--contact-email",
    "crm@acme.com",
    "--n8n-url",
    "https://n8n.acme.com",
)

# A word that stands for a value of yours, and one that fits.
PLACEHOLDERS = {
    "FOLDER": "salesforce",
    "DIR": "salesforce",
    "NAME": "acme-crm",
    "FILE": "export.json",
    "COMMAND": "init",
    "URL": "https://n8n.acme.com",
}
# On a terminal, init asks for the rest. Nothing was retrieved from an org. "If there is no consent".
ASKS = {
    "init": "init needs",
    "app": "contains no app metadata|already exists",
    "login": "already stored",
}


class Printed(NamedTuple):
    """A command in an output: `words` are what a shell makes of it."""

    line: str
    words: list[str]


def printed(text: str) -> Iterator[Printed]:
    """Yield the commands in an output, in order. Line breaks of wrapped text don't end one."""
    own = r"`(?P<code>[^`\n]+)`|(?m:^(?:\d\. | {3})(?P<shell>(?:mv|rm|cp|mkdir) .+)$)"
    step = r"(?m:^\s*\d+\. (?P<step>sfcred [a-z].*?)(?:\s{2,}.*)?$)"
    then = r"(?m:^(?:next|then): (?P<next>(?:sfcred|n8n) .+)$)"
    prose = r"(?P<prose>\bsfcred [a-z][a-z-]+(?:[ \n]+[^\s`;:()]+)*)"
    for found in re.finditer(f"{own}|{step}|{then}|{prose}", text):
        kind, line = next((k, v) for k, v in found.groupdict().items() if v is not None)
        line = " ".join(line.split())
        for part in line.split(" && ") if kind == "code" else [line]:
            if not re.match(r"(sfcred|n8n|sf|cd|mv|rm|cp|mkdir|openssl|git) ", part):
                continue
            if kind != "prose":
                yield Printed(line, shlex.split(part))
            elif words := shortened([word.rstrip(".,") for word in part.split()]):
                yield Printed(line, words)


def shortened(words: list[str]) -> list[str]:
    """Return the command that a sentence begins with; empty if it is about sfcred itself."""
    for end in range(len(words), 1, -1):
        context = click.Context(group, **group.context_settings)
        command = group.get_command(context, words[1])
        if command is None:
            return []
        rest = words[2:end]
        if all(word.startswith("-") or is_known(word) for word in rest):
            try:
                command.make_context(words[1], list(rest), parent=context)
            except click.UsageError:
                continue
            return words[:end]
    return words[:2]


def is_known(word: str) -> bool:
    return (
        Path(word).exists() or word == "acme-crm" or re.fullmatch("SFC[0-9]{3}", word) is not None
    )


class Walk:
    """A project, and a way to try what its commands print without changing it."""

    def __init__(self, run: Run, tmp_path: Path) -> None:
        self._run = run
        self._copies = tmp_path / "copies"
        self._copies.mkdir()
        self.tried: list[str] = []

    def __call__(self, *words: str, status: int | None = 0) -> str:
        """Run a command, and try every command that it prints in a copy of the project."""
        here = Path.cwd()
        done = self._run(*words)
        assert status in (None, done.status), (words, done)
        text = f"{done.out}\n{done.err}"
        root = next(folder for folder in (here, *here.parents) if (folder / ".git").exists())
        copy = self._copies / str(len(list(self._copies.iterdir())))
        shutil.copytree(root, copy, symlinks=True)
        os.chdir(copy / here.relative_to(root))
        try:
            done_before = set()
            for one in printed(text.replace(str(root), str(copy))):
                if one.words[0] in ("cd", "sf") or tuple(one.words) not in done_before:
                    self._try(one)
                done_before.add(tuple(one.words))
        finally:
            os.chdir(here)
        return text

    def _try(self, one: Printed) -> None:
        program, *words = [PLACEHOLDERS.get(word, word) for word in one.words]
        if "FOLDER" in one.words:
            Path(PLACEHOLDERS["FOLDER"]).mkdir(exist_ok=True)
        words = [re.sub(r"^NAME\b", "acme-crm", word) for word in words]
        self.tried.append(f"{program} {' '.join(words)}")
        if program == "sfcred":
            self._try_sfcred(one.line, words)
        elif program == "cd":
            os.chdir(words[0])
        elif program == "sf" and words[0] == "project":
            assert Path(words[words.index("--manifest") + 1]).is_file(), one.line
            os.chdir(Path.cwd().parent.parent)
        elif program == "n8n":
            given = [word.partition("=")[2] for word in words if word.startswith("--input=")]
            assert all(Path(file).exists() for file in given), one.line
        elif program == "sf":
            assert words[:3] == ["org", "login", "web"]  # it needs a browser and an org
        else:
            done = subprocess.run(one.words, capture_output=True, encoding="utf-8", check=False)
            assert done.returncode == 0 or program == "git", (one.line, done.stderr)

    def _try_sfcred(self, line: str, words: list[str]) -> None:
        if words[0] == "local-org":
            return  # it serves until Ctrl-C; tests/hostile/test_servers.py starts it
        done = self._run(*words)
        assert done.status != 3, (line, done)
        if done.status == 2:
            assert "Usage:" not in done.err, (line, done)
            assert re.search(ASKS.get(words[0], "never"), done.err), (line, done)


@pytest.fixture
def walk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpx_mock: HTTPXMock) -> Walk:
    """A new repository on a machine where nobody answers, and nobody comes to log in."""
    subprocess.run(["git", "init", "--quiet"], check=True)
    httpx_mock.add_exception(httpx.ConnectError("x"), is_reusable=True, is_optional=True)
    monkeypatch.setattr("sfcred.exchange.n8n_api._TRIES", 1)
    monkeypatch.setattr("sfcred.oauth.callback.Listener.wait", lambda *_: None)
    # Tests run side by side, and each login listens.
    monkeypatch.setattr("sfcred.login.DEFAULT_PORT", free_port())
    # Your n8n is never taken from a spec, so that no spec can send a credential elsewhere.
    monkeypatch.setenv("SFCRED_N8N_URL", "https://n8n.acme.com")
    monkeypatch.setenv("N8N_API_KEY", "n8n-api-key-for-tests")
    return Walk(run, tmp_path)


def set_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_CRM_CLIENT_ID", CONSUMER_KEY)
    monkeypatch.setenv("ACME_CRM_CLIENT_SECRET", CONSUMER_SECRET)


def test_from_an_empty_folder_with_a_key(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    walk("doctor", status=2)
    walk("init", "acme-crm", "--my-domain", MY_DOMAIN, *JWT)
    walk("doctor", status=None)
    set_the_key(monkeypatch)
    walk("guide", "acme-crm")
    walk("keygen", "acme-crm")
    walk("keygen", "acme-crm", status=2)
    walk("doctor")
    walk("doctor", "--live", status=None)
    walk("guide", "acme-crm")
    walk("app", status=2)
    walk("app", "-o", "-", status=2)
    walk("app", "-o", "salesforce")
    walk("resolve")
    walk("render")
    walk("render", status=2)
    Path("rendered/credentials.json").unlink()  # as the next step says
    walk("push", status=None)
    walk("login", "acme-crm", status=2)
    walk("keygen", "acme-crm", "--rotate")
    walk("keygen", "acme-crm", "--rotate", status=2)
    for expected in (
        "sfcred keygen acme-crm", "sfcred guide acme-crm", "sfcred keygen acme-crm --rotate",
        "n8n import:credentials --input=rendered/credentials.json",
        "sfcred doctor credentials/acme-crm.yaml --live", "sfcred app -o salesforce",
        "mv secrets/acme-crm.next.key secrets/acme-crm.key",
        "rm secrets/acme-crm.old.key certs/acme-crm.old.crt",
        "sf project deploy start --manifest manifest/package.xml -o ORG",
    ):  # fmt: skip
        assert expected in walk.tried, (expected, walk.tried)


def test_from_an_empty_folder_with_a_consent(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    set_the_key(monkeypatch)  # as the steps after init say
    walk("init", "acme-crm", "--my-domain", MY_DOMAIN, *OAUTH2)
    walk("doctor", status=None)
    walk("login", "acme-crm", status=None)
    walk("keygen", "acme-crm", status=2)
    walk("app", "-o", "salesforce")
    walk("render", status=None)
    Path("secrets/acme-crm.token").write_text("5Aep861tokenOfTheTests", encoding="utf-8")
    Path("secrets/acme-crm.token").chmod(0o600)
    walk("guide", "acme-crm")
    walk("render")
    assert "sfcred login acme-crm" in walk.tried


@pytest.mark.parametrize("folder", ["credentials", "deploy/my n8n"])
def test_from_a_folder_in_the_project(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    walk("init", "acme-crm", "--my-domain", MY_DOMAIN, *JWT)
    Path(folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder)
    set_the_key(monkeypatch)
    walk("keygen", "acme-crm")
    walk("doctor")
    walk("guide", "acme-crm")
    walk("app", "-o", "salesforce")
    walk("keygen", "acme-crm", "--rotate")
    walk("render")


def test_from_what_n8n_exported(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    walk("init", "other", "--my-domain", MY_DOMAIN, *JWT)
    entry = {
        "id": "acmeCrm000000001", "name": "Acme CRM", "type": "salesforceOAuth2Api",
        "data": {
            "environment": "sandbox", "clientId": CONSUMER_KEY, "clientSecret": CONSUMER_SECRET,
            "authUrl": f"{MY_DOMAIN}/services/oauth2/authorize",
            "accessTokenUrl": f"{MY_DOMAIN}/services/oauth2/token",
        },
    }  # fmt: skip
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    for kind in ("file", "env"):
        copy = f"{kind}.json"
        shutil.copy("export.json", copy)
        walk("import", copy, "--secrets", kind, status=None)
    walk("diff", "--export", "export.json", status=None)


# -- what the pages print

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = [
    DOCS.parent / "README.md",
    DOCS / "quickstart.md",
    *sorted((DOCS / "guides").glob("*.md")),
]
CONSENT, SECRET = OAUTH2, ("--flow", "client_credentials", *JWT)
#: What a page's project was made with; the others are about JWT.
FLOWS = {
    "client-credentials": (*SECRET, "--n8n-version", "2.40.5"),
    "http-request": (*CONSENT, "--nodes", "http_request"),
    "refresh-tokens": CONSENT,
}
PROFILES = """
profiles:
  uat: {description: x}
  production: {n8n: {url: https://other.acme.com}}
"""


def on_page(page: Path) -> Iterator[str]:
    """Yield the commands of a page that have an argument or are in a block of their own."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"(?ms)^ *```console\n(.*?)^ *```$", text):
        for line in block.splitlines():
            yield re.sub(r"\s+#.*", "", line).strip().removeprefix("$ ")
    prose = re.sub(r"(?ms)^ *```.*?^ *```$", "", text)
    yield from (one.replace("\n", " ") for one in re.findall(r"`(sfcred\s[^`]+ [^`]+)`", prose))


def of_sfcred(page: Path) -> list[list[str]]:
    """Return a page's commands as words, without those that serve until Ctrl-C or feed a pipe."""
    found = []
    for line in on_page(page):
        words = shlex.split(re.sub(r" +\| .*", "", line))
        serves = words[1:2] == ["local-org"] or "--local-org" in words or "-" in words
        # A sentence names what something begins with, as `sfcred explain --error`.
        is_part = words[-1:] == ["--error"] or "…" in line
        if words[:1] == ["sfcred"] and words not in found and not serves and not is_part:
            found.append(words)
    return found


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_what_a_page_prints_runs_in_the_project_that_it_is_about(
    walk: Walk, run: Run, monkeypatch: pytest.MonkeyPatch, page: Path
) -> None:
    text = page.read_text(encoding="utf-8")
    name = next(iter(re.findall(r"(?m)^name: ([a-z-]+)$", text)), "acme-crm")
    prepare(run, monkeypatch, name, FLOWS.get(page.stem, JWT))
    root = Path.cwd()
    for number, words in enumerate(of_sfcred(page)):
        copy = root.parent / f"page-{number}"
        shutil.copytree(root, copy, symlinks=True)
        monkeypatch.chdir(copy)
        make_room(words, name)
        given = " ".join(words[1:]) == "render --profile NAME"
        names = {**PLACEHOLDERS, **({"NAME": "uat"} if given else {})}
        done = run(*[names.get(word, word) for word in words[1:]])
        assert done.status != 3, (words, done)
        assert done.status != 2 or may_fail(words[1], text, done.err), (words, done)


def may_fail(command: str, text: str, said: str) -> bool:
    """Return whether a page may print it all the same: it says where that runs, or for whom."""
    if command == "init":
        return "init needs" in said and re.search(r"[Oo]n a\s+terminal|asks for", text) is not None
    return (
        command == "login"
        and "uses the JWT flow" in said
        and re.search("OAuth2|[Cc]onsent|Consumer Secret", text) is not None
    )


def make_room(words: list[str], name: str) -> None:
    """Remove what a command makes, so that it finds what it would find on its page."""
    if "--rotate" not in words and words[1] in ("init", "keygen"):
        for file in [*Path("secrets").glob("*.key"), *Path("certs").glob("*.crt")]:
            file.unlink()
    if "--profile" in words:
        spec = Path(f"credentials/{name}.yaml")
        spec.write_text(f"{spec.read_text(encoding='utf-8')}{PROFILES}", encoding="utf-8")
    if words[1] == "login" and "--force" not in words:
        Path(f"secrets/{name}.token").unlink(missing_ok=True)
    if words[1] == "init":
        Path(f"credentials/{name}.yaml").unlink()
    if words[-2:] == ["-o", "salesforce"]:
        shutil.rmtree("salesforce")


def prepare(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, how: tuple[str, ...]) -> None:
    """Make a project as the pages describe it: a credential, its secrets, workflows, an export."""
    assert run("init", name, "--my-domain", MY_DOMAIN, *how).status == 0
    monkeypatch.setenv("N8N_ENCRYPTION_KEY", "n8n-encryption-key-for-tests")
    prefix = name.upper().replace("-", "_")
    monkeypatch.setenv(f"{prefix}_CLIENT_ID", CONSUMER_KEY)
    monkeypatch.setenv(f"{prefix}_CLIENT_SECRET", CONSUMER_SECRET)
    if how is JWT:
        run("keygen", name)
    elif "oauth2" in how:
        token = Path(f"secrets/{name}.token")
        token.write_text("5Aep861tokenOfTheTests", encoding="utf-8")
        token.chmod(0o600)
    assert run("app", "-o", "salesforce").status == 0
    Path("workflows").mkdir()
    Path("workflows/w.json").write_text('{"id": "w", "name": "w", "nodes": []}', encoding="utf-8")
    entry = {"id": "1", "name": "Beta", "type": "salesforceJwtApi", "data": {"clientId": "x"}}
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
