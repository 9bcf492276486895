"""A minimal editor that talks to a language server."""

import contextlib
import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any

from scripts.e2e_install import language_server_home, node_home

_PATIENCE = 30.0  # seconds for an answer; the server needs about one


class Editor:
    """A client of the YAML language server, over its standard input and output.

    Args:
        folder: The open project.
    """

    def __init__(self, folder: Path) -> None:
        server = language_server_home() / "node_modules/yaml-language-server/bin"
        self._process = subprocess.Popen(
            [node_home() / "bin/node", server / "yaml-language-server", "--stdio"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._number = 0
        self._inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True}},
                "hover": {"contentFormat": ["plaintext"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": False},
        }
        root = {"uri": folder.as_uri(), "name": "project"}
        self.ask(
            "initialize", processId=None, rootUri=root["uri"], workspaceFolders=[root],
            capabilities=capabilities,
        )  # fmt: skip
        self._tell("initialized")
        # Load no schema catalogue from the network: use the schema that the file itself names.
        yaml = {
            "schemaStore": {"enable": False},
            "validate": True,
            "hover": True,
            "completion": True,
        }
        self._tell("workspace/didChangeConfiguration", settings={"yaml": yaml})

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Open a file once, with a text that may differ from its content, and return the diagnostics."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", textDocument=document)
        found = self._next("textDocument/publishDiagnostics")
        assert found["uri"] == path.as_uri()
        assert isinstance(found["diagnostics"], list)
        return found["diagnostics"]

    def complete(self, path: Path, line: int, column: int) -> dict[str, dict[str, Any]]:
        """Return the labels of the completions at a position (0-based)."""
        answer = self.ask("textDocument/completion", **_at(path, line, column))
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item for item in items}

    def hover(self, path: Path, line: int, column: int) -> str:
        """Return the hover text at a position (0-based)."""
        answer = self.ask("textDocument/hover", **_at(path, line, column))
        contents = answer["contents"]
        return str(contents["value"] if isinstance(contents, dict) else contents)

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a request and return its result."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": parameters})
        while True:
            message = self._inbox.get(timeout=_PATIENCE)
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._answer(message)

    def close(self) -> None:
        """End the server, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    def _next(self, method: str) -> dict[str, Any]:
        while True:
            message = self._inbox.get(timeout=_PATIENCE)
            if message.get("method") == method:
                parameters = message["params"]
                assert isinstance(parameters, dict)
                return parameters
            self._answer(message)

    def _answer(self, message: dict[str, Any]) -> None:
        """Give the server's own requests (registering capabilities) the emptiest possible answer."""
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})

    def _tell(self, method: str, **parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if not length:
                return
            self._inbox.put(json.loads(stream.read(length)))


def _at(path: Path, line: int, column: int) -> dict[str, Any]:
    position = {"line": line, "character": column}
    return {"textDocument": {"uri": path.as_uri()}, "position": position}
