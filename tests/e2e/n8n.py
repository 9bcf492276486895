"""A real n8n from npm, with its own user folder."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from scripts.e2e_install import is_installed, n8n_database, n8n_home, node_home
from tests.e2e.node import environ
from tests.helpers.ports import free_port

ENCRYPTION_KEY = "an-instance-key-of-the-end-to-end-tests"
OWNER = {
    "email": "owner@example.com",
    "firstName": "O",
    "lastName": "E",
    "password": "Correct-horse-42",
}


_CALLBACK_OF = Path(__file__).with_name("callback_of.cjs")
_RECORD_ID = "001000000000001AAA"
_QUERY = {"resource": "search", "operation": "query", "query": "SELECT Id FROM Account"}


class N8n:
    """One n8n instance: its version, its folder and its environment.

    Args:
        version: One of scripts.e2e_install.VERSIONS.
        folder: Its user folder. It is created.
        extra: More variables, for example CREDENTIALS_OVERWRITE_DATA.
    """

    def __init__(self, version: str, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        assert is_installed(version), f"n8n {version} is not installed; run: make e2e"
        self.version = version
        self.folder = folder
        self._copy_database()
        self.port = free_port()
        self.environ = {
            **environ(folder),
            "N8N_USER_FOLDER": str(folder),
            "N8N_ENCRYPTION_KEY": ENCRYPTION_KEY,
            "N8N_PORT": str(self.port),
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_SECURE_COOKIE": "false",
            "N8N_RUNNERS_BROKER_PORT": str(free_port()),
            "N8N_DIAGNOSTICS_ENABLED": "false",
            "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
            "N8N_TEMPLATES_ENABLED": "false",
            "N8N_PERSONALIZATION_ENABLED": "false",
            "N8N_COMMUNITY_PACKAGES_ENABLED": "false",
            # Without the editor's files and a process for Code nodes, a server starts in half of the time.
            "N8N_DISABLE_UI": "true",
            "N8N_RUNNERS_MODE": "external",
            "N8N_RUNNERS_AUTH_TOKEN": "a-token-of-the-end-to-end-tests",
            **(extra or {}),
        }

    def command(self, *arguments: str, fails: bool | None = False, given: str = "") -> str:
        """Run an n8n command with a text on standard input, and return everything it printed.

        `fails` is None if either is right.
        """
        done = subprocess.run(
            [str(node_home() / "bin/node"), str(self._binary), *arguments],
            env=self.environ, cwd=self.folder, capture_output=True, encoding="utf-8", check=False,
            timeout=180, input=given,
        )  # fmt: skip
        text = done.stdout + done.stderr
        # Node sometimes crashes while it shuts sqlite3 down, after everything is done and printed. Every
        # caller checks the result itself, so ignore that crash.
        well = {None: (0, 1), True: (1,), False: (0,)}[fails]
        assert done.returncode in (*well, -signal.SIGSEGV), (
            f"n8n {' '.join(arguments)}: {done.returncode}\n{text[-3000:]}"
        )
        return text

    def _copy_database(self) -> None:
        """Begin with tables that n8n made before, unless the folder was another n8n's."""
        database = self.folder / ".n8n/database.sqlite"
        if not database.exists():
            database.parent.mkdir(parents=True)
            shutil.copy(n8n_database(self.version), database)

    @property
    def _binary(self) -> Path:
        return n8n_home(self.version) / "node_modules/n8n/bin/n8n"

    def import_credentials(self, path: Path, *, number: int, separate: bool = False) -> None:
        """Import credentials and return the number that n8n reports."""
        flags = ["--separate"] if separate else []
        text = self.command("import:credentials", *flags, f"--input={path}")
        assert f"Successfully imported {number} credential" in text, text[-2000:]

    def export(self) -> dict[str, dict[str, Any]]:
        """Return all credentials, decrypted, by id."""
        out = self.folder / "export.json"
        self.command("export:credentials", "--all", "--decrypted", f"--output={out}")
        return {entry["id"]: entry for entry in json.loads(out.read_text(encoding="utf-8"))}

    def run_query(
        self, credential: Mapping[str, Any], workflow_id: str, *, fails: bool = False
    ) -> str:
        """Run a workflow whose Salesforce node queries with a credential, and return the output."""
        return self.run_node(credential, workflow_id, _QUERY, fails=fails)

    def run_node(
        self,
        credential: Mapping[str, Any],
        workflow_id: str,
        parameters: Mapping[str, Any],
        *,
        fails: bool = False,
    ) -> str:
        """Run a workflow with one Salesforce node, and return the output."""
        workflow = self.folder / f"{workflow_id}.json"
        node = _salesforce_node(credential, parameters)
        workflow.write_text(json.dumps([_workflow(node, workflow_id)]), encoding="utf-8")
        self.command("import:workflow", f"--input={workflow}")
        return self.execute(workflow_id, fails=fails)

    def execute(self, workflow_id: str, *, fails: bool = False) -> str:
        """Run a workflow that this n8n has, and return the output."""
        return self.command("execute", f"--id={workflow_id}", "--rawOutput", fails=fails)

    def callback(self, environment: Mapping[str, str]) -> str:
        """Return the redirect URL that n8n's own code makes of its environment and its .env."""
        modules = n8n_home(self.version) / "node_modules"
        done = subprocess.run(
            [str(node_home() / "bin/node"), str(_CALLBACK_OF), str(modules)],
            env={**self.environ, **environment}, cwd=self.folder, capture_output=True,
            encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def publish_query(self, credential: Mapping[str, Any], workflow_id: str) -> None:
        """Publish a workflow that queries with a credential when its webhook is called.

        Unlike `execute`, a server applies CREDENTIALS_OVERWRITE_DATA.
        """
        workflow = _workflow(_salesforce_node(credential, _QUERY), workflow_id)
        workflow["nodes"][0] |= {
            "type": "n8n-nodes-base.webhook",
            "typeVersion": 2,
            "webhookId": workflow_id,
            "parameters": {"path": workflow_id, "responseMode": "lastNode", "options": {}},
        }
        path = self.folder / f"{workflow_id}.json"
        path.write_text(json.dumps([workflow]), encoding="utf-8")
        self.command("import:workflow", f"--input={path}")
        self.command("publish:workflow", f"--id={workflow_id}")

    def publish_trigger(self, credential: Mapping[str, Any], workflow_id: str) -> None:
        """Publish a workflow that a Salesforce Trigger starts. It polls as soon as n8n starts."""
        workflow = _workflow(
            _salesforce_node(credential, {"triggerOn": "accountCreated"}), workflow_id
        )
        trigger = workflow["nodes"].pop()
        workflow["nodes"] = [{**trigger, "type": "n8n-nodes-base.salesforceTrigger"}]
        workflow["connections"] = {}
        path = self.folder / f"{workflow_id}.json"
        path.write_text(json.dumps([workflow]), encoding="utf-8")
        self.command("import:workflow", f"--input={path}")
        self.command("publish:workflow", f"--id={workflow_id}")

    def call_webhook(self, workflow_id: str) -> str:
        """Return the answer of a published workflow, or the error. Wait until it is registered."""
        url, text = f"http://127.0.0.1:{self.port}/webhook/{workflow_id}", ""
        for _ in range(1200):
            try:
                with urllib.request.urlopen(url, timeout=60) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError as error:
                text = error.read().decode(errors="replace")
            if "is not registered" not in text:
                return text
            time.sleep(0.1)
        raise AssertionError(f"the webhook was not registered:\n{text}")

    @contextlib.contextmanager
    def serving(self, rest: str = "rest", *, owner: bool = True) -> Iterator["Client"]:
        """Yield a client. `rest` is N8N_ENDPOINT_REST, and `owner` creates an owner and logs in.

        Running several workflows takes less time here: each command of n8n's takes seconds to start.
        """
        log = (self.folder / "server.log").open("w")
        process = subprocess.Popen(
            [str(node_home() / "bin/node"), str(self._binary), "start"],
            env=self.environ, cwd=self.folder, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            client = Client(self.port, rest)
            client.wait(process, self.folder / "server.log")
            if owner:
                client.post("owner/setup", OWNER)
            yield client
        finally:
            _end(process)
            log.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let n8n end itself, as it keeps compiled code only then, but don't wait long for it."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Running(NamedTuple):
    """An n8n that is up, and a client for it."""

    n8n: N8n
    client: "Client"

    def query(self, entry: Mapping[str, Any]) -> bool:
        """Return whether a Salesforce node gets the org's record with a credential."""
        has_record, _ = self.client.run(self.client.create(query_workflow(entry)))
        return has_record

    def request(self, entry: Mapping[str, Any], url: str, name: str) -> tuple[bool, str]:
        """Send a request with an HTTP Request node, and keep its workflow in a file.

        Returns:
            Whether it got the org's record, and the error.
        """
        workflow = request_workflow(entry, url)
        (self.n8n.folder / f"{name}.json").write_text(json.dumps(workflow), encoding="utf-8")
        return self.client.run(self.client.create(workflow))


class Client:
    """A client for the editor's own REST API, as used by a browser."""

    def __init__(self, port: int, rest: str) -> None:
        self.base = f"http://127.0.0.1:{port}/{rest}/"
        cookies = urllib.request.HTTPCookieProcessor()
        self._opener = urllib.request.build_opener(cookies)

    def wait(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        """Wait until the server answers."""
        for _ in range(1200):
            assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
            # Before it is ready, it refuses connections, then answers with a page, then 404.
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                if self._status("login") == HTTPStatus.UNAUTHORIZED:
                    return
            time.sleep(0.1)
        raise AssertionError(f"n8n did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")

    def login(self) -> None:
        """Log in as the owner, whom an earlier server created."""
        self.post("login", {"emailOrLdapLoginId": OWNER["email"], "password": OWNER["password"]})

    def get(self, path: str) -> Any:
        """Return the `data` of the answer to a GET request."""
        return json.loads(self._open(path))["data"]

    def post(self, path: str, body: object) -> Any:
        """Return the `data` of the answer to a POST request with JSON."""
        return json.loads(self._open(path, json.dumps(body).encode()))["data"]

    def authorize_url(self, credential_id: str) -> str:
        """Return the address to which the Connect button would send the browser."""
        url = self.get(f"oauth2-credential/auth?id={credential_id}")
        assert isinstance(url, str)
        return url

    def create_run(self, credential: Mapping[str, Any], url: str) -> str:
        """Create a workflow whose node queries with a credential: at `url` for the generic type."""
        is_generic = credential["type"] == "oAuth2Api"
        workflow = request_workflow(credential, url) if is_generic else query_workflow(credential)
        return self.create(workflow)

    def create(self, workflow: Mapping[str, Any]) -> str:
        """Create a workflow, and return the id that n8n gives it."""
        body = {key: value for key, value in workflow.items() if key != "id"}
        return str(self.post("workflows", body)["id"])

    def run(self, workflow_id: str) -> tuple[bool, str]:
        """Run a workflow as its Execute button does.

        Returns:
            Whether it got the org's record, and the error's message and description.
        """
        start = {"triggerToStartFrom": {"name": "start"}}
        execution = self.post(f"workflows/{workflow_id}/run", start)["executionId"]
        for _ in range(600):
            told = self.get(f"executions/{execution}")
            if told["status"] in ("success", "error", "crashed"):
                return _RECORD_ID in told["data"], _error_in(told["data"])
            time.sleep(0.1)
        raise AssertionError(f"execution {execution} did not end")

    def _status(self, path: str) -> int:
        try:
            with self._opener.open(self.base + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def _open(self, path: str, body: bytes | None = None) -> bytes:
        headers = {"Content-Type": "application/json", "browser-id": "e2e"}
        request = urllib.request.Request(self.base + path, body, headers)
        try:
            with self._opener.open(request, timeout=30) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")[:500]
            raise AssertionError(f"{path}: {error.code} {text}") from None


def query_workflow(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return a workflow whose Salesforce node queries with a credential."""
    return _workflow(_salesforce_node(credential, _QUERY), credential["name"])


def request_workflow(credential: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Return a workflow whose HTTP Request node uses a credential."""
    return _workflow(_request_node(credential, url), credential["name"])


def _salesforce_node(
    credential: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    is_jwt = credential["type"] == "salesforceJwtApi"
    return {
        "type": "n8n-nodes-base.salesforce",
        "typeVersion": 1,
        "parameters": {
            "authentication": "jwt" if is_jwt else "oAuth2",
            **parameters,
        },
        "credentials": _used(credential),
    }


def _request_node(credential: Mapping[str, Any], url: str) -> dict[str, Any]:
    kind = credential["type"]
    generic = {"authentication": "genericCredentialType", "genericAuthType": kind}
    own = {"authentication": "predefinedCredentialType", "nodeCredentialType": kind}
    return {
        "type": "n8n-nodes-base.httpRequest",
        "typeVersion": 4.2,
        "parameters": {
            "url": url,
            **(generic if kind == "oAuth2Api" else own),
            "options": {},
        },
        "credentials": _used(credential),
    }


def _used(credential: Mapping[str, Any]) -> dict[str, Any]:
    return {credential["type"]: {"id": credential["id"], "name": credential["name"]}}


def _workflow(node: Mapping[str, Any], workflow_id: str) -> dict[str, Any]:
    return {
        "id": workflow_id,
        "name": workflow_id,
        "active": False,
        "settings": {},
        "nodes": [
            {
                "id": "start",
                "name": "start",
                "type": "n8n-nodes-base.manualTrigger",
                "typeVersion": 1,
                "position": [0, 0],
                "parameters": {},
            },
            {"id": "node", "name": "node", "position": [200, 0], **node},
        ],
        "connections": {"start": {"main": [[{"node": "node", "type": "main", "index": 0}]]}},
    }


def _error_in(data: str) -> str:
    """Return the message and description of the error in a run's data, as n8n shows them.

    In this data, each value is a place in one long list (npm flatted).
    """
    values = json.loads(data)
    result = values[int(values[0]["resultData"])]
    error = values[int(result["error"])] if "error" in result else {}
    parts = [error[key] for key in ("message", "description") if key in error]
    return "\n".join(values[int(part)] for part in parts if isinstance(part, str))


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of a URL."""
    from urllib.parse import parse_qsl, urlsplit

    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def has_record(output: str) -> bool:
    """Return whether a run's output has the stand-in org's record."""
    return re.search(rf'"Id":\s*"{_RECORD_ID}"', output) is not None
