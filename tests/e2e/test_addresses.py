"""n8n's address is computed from its deployment's files as the running n8n computes it."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import pytest

from tests.e2e.conftest import NEW, OLD, Bench
from tests.e2e.n8n import OWNER, N8n, query_of
from tests.e2e.test_n8n import oauth2_spec
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET

#: Environment files, which n8n itself reads from its working folder. PORT is the real port.
FILES = {
    "host": "N8N_HOST=n8n.acme.com\n",
    "host-https": "N8N_HOST=n8n.acme.com\nN8N_PROTOCOL=https\n",
    "host-path": "N8N_HOST=n8n.acme.com\nN8N_PATH=/n8n/\n",
    "unknown-protocol": "N8N_HOST=n8n.acme.com\nN8N_PROTOCOL=HTTPS\n",
    "quoted-host": 'N8N_HOST=" n8n.acme.com "\n',
    "own-port": "N8N_HOST=n8n.acme.com\nN8N_PORT=PORT\n",
    "editor": "N8N_EDITOR_BASE_URL=https://n8n.acme.com/\nWEBHOOK_URL=https://hooks.acme.com/\n",
    "editor-slashes": "N8N_EDITOR_BASE_URL=https://n8n.acme.com//\n",
    "editor-commented": 'N8N_EDITOR_BASE_URL="https://n8n.acme.com/" # public\n',
    "editor-single-quoted": "N8N_EDITOR_BASE_URL='https://n8n.acme.com/n8n'\n",
    "editor-twice-quoted": "N8N_EDITOR_BASE_URL='\"https://n8n.acme.com/\"'\n",
    "editor-without-scheme": "N8N_EDITOR_BASE_URL=n8n.acme.com\n",
    "editor-empty": "N8N_EDITOR_BASE_URL=\nWEBHOOK_URL=https://hooks.acme.com\n",
    "webhook-exported": "export WEBHOOK_URL=https://hooks.acme.com/n8n/\n",
    "webhook-new-name": "N8N_WEBHOOK_URL=https://a.acme.com\nWEBHOOK_URL=https://b.acme.com\n",
    "webhook-commented": "WEBHOOK_URL=https://hooks.acme.com/ # public\n",
    "set-twice": "WEBHOOK_URL=https://old.acme.com\nWEBHOOK_URL=https://new.acme.com\n",
    "windows": "\ufeffN8N_HOST=n8n.acme.com\r\nN8N_PATH=/n8n\r\n",
    "spaces": "  N8N_HOST = n8n.acme.com  \n",
    "rest": "N8N_HOST=n8n.acme.com\nN8N_ENDPOINT_REST=api\n",
}
#: What sfcred must not claim to know.
UNKNOWN = {
    "no-address": "N8N_PROTOCOL=https\n",
    "file-form": "N8N_EDITOR_BASE_URL_FILE=FOLDER/address\n",
    "comment-or-not": "N8N_HOST=n8n.acme.com#old\n",
    "not-expanded": "DOMAIN=acme.com\nN8N_HOST='n8n.${DOMAIN}'\n",
}
#: Compose files, their neighbours, and the environment that Compose documents for them.
COMPOSE: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "caddy": (
        "['N8N_HOST=$SUB.${DOMAIN}', N8N_PROTOCOL=https, 'WEBHOOK_URL=https://${SUB}.${DOMAIN}/']",
        "SUB=n8n\nDOMAIN=acme.com\n",
        {
            "N8N_HOST": "n8n.acme.com",
            "N8N_PROTOCOL": "https",
            "WEBHOOK_URL": "https://n8n.acme.com/",
        },
    ),
    "defaults": (
        "{N8N_HOST: '${HOST:-n8n.acme.com}', N8N_PATH: '${BASE-/n8n/}', N8N_PROTOCOL: http}",
        "HOST=\n",
        {"N8N_HOST": "n8n.acme.com", "N8N_PATH": "/n8n/", "N8N_PROTOCOL": "http"},
    ),
    "quotes-in-a-list": (
        "['N8N_EDITOR_BASE_URL=\"https://n8n.acme.com\"']",
        "",
        {"N8N_EDITOR_BASE_URL": '"https://n8n.acme.com"'},
    ),
    "passed-through": ("[N8N_HOST]", "N8N_HOST=n8n.acme.com\n", {"N8N_HOST": "n8n.acme.com"}),
    "alternative": (
        "{WEBHOOK_URL: 'https://n8n${STAGE:+-}${STAGE:-}.acme.com'}",
        "STAGE=uat\n",
        {"WEBHOOK_URL": "https://n8n-uat.acme.com"},
    ),
}


#: Those with which n8n's server is started, too, to show that its own code gives the same. A start
#: takes 20 s of computing time, and the code alone 0.1 s.
STARTED = ((OLD, "windows"), (OLD, "rest"), (NEW, "editor-commented"))


class Instance(NamedTuple):
    """One n8n with an owner and a credential."""

    n8n: N8n
    credential: str

    def redirect(self, environment: Mapping[str, str], name: str) -> str:
        """Return the redirect URL that n8n sends to Salesforce."""
        calculated = self.n8n.callback(environment)
        if (self.n8n.version, name) in STARTED:
            assert self._started(environment, "api" if name == "rest" else "rest") == calculated
        return calculated

    def _started(self, environment: Mapping[str, str], rest: str) -> str:
        before = dict(self.n8n.environ)
        self.n8n.environ |= environment
        try:
            with self.n8n.serving(rest=rest, owner=False) as client:
                login = {"emailOrLdapLoginId": OWNER["email"], "password": OWNER["password"]}
                client.post("login", login)
                return query_of(client.authorize_url(self.credential))["redirect_uri"]
        finally:
            self.n8n.environ = before


#: The newer version gets a part: its code for addresses is the same.
WITH_FILES = [
    *((OLD, name) for name in FILES),
    *((NEW, name) for name in ("host-path", "editor-commented", "webhook-new-name", "windows")),
]


@pytest.fixture(scope="module")
def instance_of(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Instance]:
    """Return a function that gives the n8n of a version.

    pytest would make a parametrized fixture again for every set of a test's parameters.
    """
    bench.variables = {"KEY": CONSUMER_KEY, "SECRET": CONSUMER_SECRET}

    @cache
    def make(version: str) -> Instance:
        n8n = N8n(version, tmp_path_factory.mktemp(f"addresses-{version}"))
        (entry,) = bench.rendered("--no-check", str(oauth2_spec(bench, "addressed", token="")))
        n8n.import_credentials(bench.folder / "rendered.json", number=1)
        with n8n.serving():
            pass  # creates the owner
        return Instance(n8n, entry["id"])

    return make


def computed(bench: Bench, version: str, file: str) -> str | None:
    """Return the callback that sfcred computes from an environment file."""
    spec = oauth2_spec(bench, "addressed", token="", version=version)
    spec.write_text(
        spec.read_text(encoding="utf-8").replace(
            'url: "http://localhost:5678"', f"env_file: {file}"
        ),
        encoding="utf-8",
    )
    report = json.loads(bench.sfcred("resolve", str(spec), "--format", "json"))
    (credential,) = report["credentials"]
    (value,) = [d["value"] for d in credential["decisions"] if d["what"] == "callback_url"]
    assert value is None or isinstance(value, str)
    return value


def read_by_n8n(bench: Bench, instance: Instance, text: str) -> str:
    """Write an environment file for sfcred, and for n8n."""
    n8n = instance.n8n
    text = text.replace("PORT\n", f"{n8n.port}\n").replace("FOLDER", str(n8n.folder))
    if "N8N_PORT" not in text:
        text += f"N8N_PORT={n8n.port}\n"
    for file in (n8n.folder / ".env", bench.folder / "addresses.env"):
        file.write_bytes(text.encode())
    return text


@pytest.mark.parametrize(("version", "name"), WITH_FILES)
def test_an_environment_file_gives_n8n_s_own_callback(
    bench: Bench, instance_of: Callable[[str], Instance], version: str, name: str
) -> None:
    instance = instance_of(version)
    read_by_n8n(bench, instance, FILES[name])
    actual = instance.redirect({}, name)
    assert computed(bench, instance.n8n.version, "addresses.env") == actual


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_address_that_is_not_certain_is_not_claimed(
    bench: Bench, instance_of: Callable[[str], Instance], name: str
) -> None:
    instance = instance_of(OLD)
    (instance.n8n.folder / "address").write_text("https://n8n.acme.com\n", encoding="utf-8")
    read_by_n8n(bench, instance, UNKNOWN[name])
    assert computed(bench, instance.n8n.version, "addresses.env") is None


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_gives_n8n_s_own_callback(
    bench: Bench, instance_of: Callable[[str], Instance], name: str
) -> None:
    instance = instance_of(OLD)
    environment, dotenv, documented = COMPOSE[name]
    folder = bench.folder / f"compose-{name}"
    folder.mkdir(exist_ok=True)
    (folder / ".env").write_text(dotenv, encoding="utf-8")
    (folder / "port.env").write_text(f"N8N_PORT={instance.n8n.port}\n", encoding="utf-8")
    (folder / "compose.yaml").write_text(
        "services:\n  db: {image: postgres}\n  n8n:\n    image: docker.n8n.io/n8nio/n8n:2\n"
        f"    env_file: port.env\n    environment: {environment}\n",
        encoding="utf-8",
    )
    (instance.n8n.folder / ".env").unlink(missing_ok=True)
    actual = instance.redirect(documented, name)
    assert computed(bench, instance.n8n.version, f"compose-{name}/compose.yaml") == actual


def test_there_are_enough_environments() -> None:
    assert len(FILES) + len(COMPOSE) >= 20
