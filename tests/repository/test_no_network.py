"""A spec can't make these commands send anything: they use no network at all."""

import socket
from collections.abc import Callable

import pytest

from tests.conftest import Outcome
from tests.helpers.project import Project

HOSTILE = (
    "my_domain: https://evil.example/collect?x=\n",
    "my_domain: http://169.254.169.254/latest/meta-data\n",
    "my_domain: https://user:pass@127.0.0.1:1/\n",
    "n8n: {url: 'http://evil.example', env_file: '//evil.example/share/n8n.env'}\n",
    "app: {callback_urls: ['http://evil.example/rest/oauth2-credential/callback']}\n",
    "jwt: {certificate: 'http://evil.example/acme.crt'}\n",
    "client_id: {file: 'https://evil.example/id'}\n",
)


@pytest.mark.parametrize("fragment", HOSTILE)
def test_no_socket_is_ever_made(
    project: Project,
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    fragment: str,
) -> None:
    made: list[object] = []
    monkeypatch.setattr(socket, "socket", lambda *given, **_options: made.append(given))
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_options: made.append(given))
    spec = project.credential(fragment)
    for command in (("doctor",), ("resolve",), ("render", "--no-check", "-o", "x.json", "--force")):
        assert run(command[0], spec, *command[1:]).status in (0, 1)
    assert made == []
