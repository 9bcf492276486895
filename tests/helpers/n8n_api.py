"""n8n's public API as its versions provide it, for pytest-httpx."""

import json
from typing import Any

import httpx
from pytest_httpx import HTTPXMock

URL = "https://n8n.acme.com"
API_KEY = "n8n_api_canaryKey"


class N8n:
    """The API of one version of n8n."""

    def __init__(self, mock: HTTPXMock | None = None) -> None:
        self.entries: dict[str, dict[str, str]] = {}
        self.data: dict[str, dict[str, Any]] = {}  # what it stores, also by itself
        self.takes_id = True
        self.takes_project = True
        self.lists = True
        self.patches = True
        self.limits_hosts = True
        self.needs: tuple[str, ...] = ()
        self.unknown_fields: tuple[str, ...] = ()
        self.tests = True
        self.reads = True
        self.test_answer: dict[str, Any] = {}
        self.tested: list[str] = []
        self.connected: set[str] = set()
        self.bodies: list[tuple[str, dict[str, Any]]] = []
        if mock is not None:
            mock.add_callback(self.answer, is_reusable=True, is_optional=True)

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["X-N8N-API-KEY"] == API_KEY
        if request.url.path.endswith("/test"):
            return self._test(request.url.path.split("/")[-2])
        body = json.loads(request.content) if request.content else {}
        self.bodies.append((request.method, body))
        action = {"GET": self._get, "POST": self._create, "PATCH": self._update, "PUT": self._move}
        return action[request.method](request, body)

    def _get(self, request: httpx.Request, body: object) -> httpx.Response:
        place = request.url.path.removeprefix("/api/v1/credentials")
        if place in ("/schema/salesforceOAuth2Api", "/schema/salesforceJwtApi"):
            names = ["clientId", "clientSecret"]
            names += ["allowedHttpRequestDomains", "allowedDomains"] if self.limits_hosts else []
            fields = {name: {"type": "string"} for name in names}
            schema = {"type": "object", "additionalProperties": False, "properties": fields}
            return httpx.Response(200, json=schema)
        if place[1:] in self.entries and self.tests and self.reads:
            return httpx.Response(200, json=self.entries[place[1:]])
        return self._list(request, body) if not place else _no(404, "not found")

    def _test(self, key: str) -> httpx.Response:
        if not self.tests or key not in self.entries:
            return _no(404, "not found")
        if not self.reads:
            return _no(403, "Forbidden")
        self.tested.append(key)
        entry = self.entries[key]
        if self.test_answer:
            return httpx.Response(200, json=self.test_answer)
        if entry["type"] == "salesforceOAuth2Api" and key not in self.connected:
            text = "This OAuth2 credential was not connected to an account."
            return httpx.Response(200, json={"status": "Error", "message": text})
        if entry["type"] == "salesforceJwtApi":  # it stores the token of its login
            entry["updatedAt"] += "+"
        return httpx.Response(200, json={"status": "OK", "message": "Connection successful!"})

    def _list(self, request: httpx.Request, _body: object) -> httpx.Response:
        if not self.lists:
            return _no(405, "GET method not allowed")
        entries = list(self.entries.values())
        start = int(request.url.params.get("cursor", "0"))
        cursor = str(start + 1) if start + 1 < len(entries) else None
        return httpx.Response(200, json={"data": entries[start : start + 1], "nextCursor": cursor})

    def _create(self, _request: httpx.Request, body: dict[str, Any]) -> httpx.Response:
        if "id" in body and not self.takes_id:
            return _no(400, "request/body/id is read-only")
        if body.get("id") in self.entries:
            return _no(409, "A credential with this ID already exists")
        if "projectId" in body and not self.takes_project:
            text = 'request/body must NOT have additional properties: "projectId"'
            return _no(400, text)
        missing = [field for field in self.needs if field not in body["data"]]
        if missing and body["type"] == "salesforceOAuth2Api":
            text = f'request.body.data requires property "{missing[0]}"'
            return _no(400, text)
        key = body.get("id") or f"made{len(self.entries)}"
        return self._store(key, body)

    def _update(self, request: httpx.Request, body: dict[str, Any]) -> httpx.Response:
        if not self.patches:
            return _no(405, "PATCH method not allowed")
        key = request.url.path.rpartition("/")[2]
        if key not in self.entries:
            return _no(404, "Credential not found")
        kind = body.get("type", self.entries[key]["type"])
        if not kind.startswith("salesforce") and kind != "oAuth2Api":  # validates data by type
            return _no(400, "request.body.data is not allowed to have the additional property")
        if unknown := [field for field in self.unknown_fields if field in body["data"]]:
            text = (
                f'request.body.data is not allowed to have the additional property "{unknown[0]}"'
            )
            return _no(400, text)
        kept = self.data.get(key, {}) if body.get("isPartialData") else {}
        return self._store(key, {**body, "type": kind}, kept)

    def _move(self, _request: httpx.Request, _body: object) -> httpx.Response:
        return httpx.Response(204)

    def _takes(self, data: dict[str, Any]) -> bool:
        return self.limits_hosts or "allowedHttpRequestDomains" not in data

    def _store(
        self, key: str, body: dict[str, Any], kept: dict[str, Any] | None = None
    ) -> httpx.Response:
        if not self._takes(body["data"]):
            text = 'request.body.data is not allowed to have the additional property "allowedHttpRequestDomains"'
            return _no(400, text)
        stamp = f"2026-01-01T00:00:{len(self.bodies):02}.000Z"
        entry = {"id": key, "name": body["name"], "type": body["type"], "updatedAt": stamp}
        self.entries[key] = entry
        self.data[key] = {**(kept or {}), **body["data"]}
        if "oauthTokenData" in body["data"]:
            self.connected.add(key)
        return httpx.Response(200, json=entry)

    def sent(self, method: str) -> list[dict[str, Any]]:
        return [body for name, body in self.bodies if name == method]


def _no(status: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"message": message})
