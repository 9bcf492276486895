"""A project for a test: specs merged into complete bases, next to real keys."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from sfcred.checks.api import Example
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from sfcred.resolve.loading import load_files
from sfcred.spec.overlay import _merge
from sfcred.spec.reader import parse
from sfcred.spec.source import Node
from tests.helpers.material import Workshop
from tests.helpers.specs import APP, HEAD


def credentials_of(paths: Iterable[Path], context: Context) -> list[Credential]:
    """Return the credentials of specs, without running a check."""
    return [one for file in load_files(paths, context) for one in file.all_credentials()]


CONSUMER_KEY = "3MVG9" + "aZ3kQ7xPwL0vN5mT" * 5
CONSUMER_SECRET = "0123456789ABCDEF" * 4
REFRESH_TOKEN = "5Aep861" + "aB3._dE5" * 10

JWT = """\
flow: jwt
jwt:
  username: n8n@acme.com.uat
  private_key: {file: acme.key}
  certificate: acme.crt
"""
OAUTH2 = """\
flow: oauth2
oauth2:
  client_secret: {env: ACME_CLIENT_SECRET}
  refresh_token: {env: ACME_REFRESH_TOKEN}
"""
CLIENT_CREDENTIALS = """\
flow: client_credentials
client_credentials:
  client_secret: {env: ACME_CLIENT_SECRET}
  run_as: n8n@acme.com.uat
"""
BASES = {
    "jwt": HEAD + JWT + APP,
    "oauth2": HEAD + OAUTH2 + APP,
    "client_credentials": HEAD + CLIENT_CREDENTIALS + APP.replace(", refresh_token]", "]"),
}

ENVIRON = {
    "ACME_CLIENT_ID": CONSUMER_KEY,
    "ACME_CLIENT_SECRET": CONSUMER_SECRET,
    "ACME_REFRESH_TOKEN": REFRESH_TOKEN,
}


def laid_over(base: str, fragment: str) -> str:
    """Merge a fragment into a base spec, as a profile would be, for each document."""
    below = _root(BASES[base])
    documents = [_merge(below, node, ()).data() for node in _roots(fragment)] or [below.data()]
    return yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True)


def _root(text: str) -> Node:
    return _roots(text)[0]


def _roots(text: str) -> list[Node]:
    source = parse(text.encode(), Path("x"), "x")
    assert not source.faults, source.faults
    return source.documents


class Project:
    """Writes what a test or an example needs into one folder."""

    def __init__(self, folder: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.workshop = workshop
        self.monkeypatch = monkeypatch
        self.material("acme.key", "rsa-2048")
        self.material("acme.crt", "certificate")
        for name, value in ENVIRON.items():
            monkeypatch.setenv(name, value)

    def material(self, file: str, what: str) -> Path:
        """Write a material to a file: a name of the workshop's, or `text:` and the text."""
        manner, _, rest = what.partition(":")
        name = rest if manner in ("world-readable", "tracked", "ignored") else what
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        content = rest.encode() if manner == "text" else self.workshop.content(name)
        path.write_bytes(content)
        path.chmod(0o644 if manner == "world-readable" else 0o600)
        if manner in ("tracked", "ignored"):
            self._git(path, ignored=manner == "ignored")
        return path

    def spec(self, text: str, name: str = "acme.yaml") -> Path:
        """Write a file unchanged."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def credential(
        self, fragment: str = "{}\n", base: str = "jwt", name: str = "acme.yaml"
    ) -> Path:
        """Write a base spec with a fragment merged into it."""
        return self.spec(laid_over(base, fragment), name)

    def example(self, example: Example) -> Path:
        """Write an example with everything that belongs to it."""
        for name, value in example.environ.items():
            self.monkeypatch.setenv(name, value.removeprefix("text:"))
        for file, what in example.files.items():
            self.material(file, what)
        if example.base == "whole":
            return self.spec(example.spec)
        return self.credential(example.spec, example.base)

    def _git(self, path: Path, *, ignored: bool) -> None:
        def git(*arguments: str) -> None:
            subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)

        git("init", "--quiet")
        if ignored:
            (self.folder / ".gitignore").write_text(f"{path.name}\n", encoding="utf-8")
        else:
            git("add", "--force", path.name)
