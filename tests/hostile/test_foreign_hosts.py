"""Ways to reach a foreign host, tried through every command that sends or renders.

There is one rule: sfcred contacts, and tells n8n to contact, only the org inside the fence, however
the repository, an answer or a file next to it spells another host.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from pytest_httpx import HTTPXMock

from tests.conftest import Outcome
from tests.helpers.n8n_api import API_KEY, URL, N8n
from tests.helpers.org_answers import GRANTED, OWN
from tests.helpers.project import Project
from tests.hostile.servers import Server, sfcred

Run = Callable[..., Outcome]
EVIL = "evil--uat.sandbox.my.salesforce.com"
FENCE = ("--org-host", OWN)

#: Hosts of another org, or hosts that some reader takes for the own org's.
SPELLINGS = (
    EVIL,
    f"{EVIL}.",
    f"{EVIL}:443",
    EVIL.upper(),
    "acme.my.salesforce.com",
    "login.salesforce.com",
    "test.salesforce.com",
    "LOGIN.salesforce.com.",
    "gs1.salesforce.com",
    "my.salesforce.com",
    "acme--uat.sandbox.my.salesforce.mil",
    "acme--uat.sandbox.my.sfcrmproducts.cn",
    f"evil.{OWN}",
    f"evil-{OWN}",
    f"{OWN}.evil.example",
    f"{OWN}.mcas.ms",
    f"{OWN}@{EVIL}",
    f"{OWN}:x@{EVIL}",
    f"{OWN}%40{EVIL}",
    f"{OWN}%2f@{EVIL}",
    f"{EVIL}#@{OWN}",
    f"{EVIL}#{OWN}",
    f"{EVIL}?{OWN}",
    f"{EVIL}/{OWN}",
    f"{EVIL}\\@{OWN}",
    f"{EVIL}\\.{OWN}",
    f"{EVIL};.{OWN}",
    f"{EVIL},{OWN}",
    f"{EVIL}%00.{OWN}",
    f"{EVIL}%2e{OWN}",
    f"{EVIL} {OWN}",
    f"{EVIL}\t.{OWN}",
    f"{EVIL}\u2028.{OWN}",
    f"{EVIL}\u3002{OWN}",
    "\u0430cme--uat.sandbox.my.salesforce.com",
    "acme--uat.sandbox.my.\uff53alesforce.com",
    "acme--uat.sandbox.my.sale\u017fforce.com",
    "acme--uat\u200b.sandbox.my.salesforce.com",
    "acme--uat\u00ad.sandbox.my.salesforce.com",
    "acme--uat.sandbox.my.salesforce\uff0ecom",
    "xn--acme--uat-.sandbox.my.salesforce.com",
    "xn--cme-5cd.my.salesforce.com",
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "\u2460.\u2461.\u2462.\u2463",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[fe80::1%25eth0]",
    f"[{EVIL}]",
    "*.my.salesforce.com",
    "acme--*.sandbox.my.salesforce.com",
)
SCHEMES = ("https://", "HTTPS://", "//", "https:", "https:///", "http://", "")
ADDRESSES = [f"https://{spelling}" for spelling in SPELLINGS] + [
    f"{scheme}{EVIL}" for scheme in SCHEMES
]
BASES = ("jwt", "oauth2")
IGNORES = ", ".join(
    f"SFC{number}: known" for number in (102, 103, 104, 105, 106, 107, 108, 114, 501, 502)
)


def hostile_spec(project: Project, address: str, base: str, version: str = "2.40.5") -> Path:
    return project.credential(
        f'my_domain: {json.dumps(address)}\nn8n: {{version: "{version}"}}\n'
        f"doctor: {{ignore: {{{IGNORES}}}}}\n",
        base,
    )


def hosts_in(value: object) -> set[str]:
    """Return the host of each text that looks like an address, for the strictest and the laxest reader."""
    if isinstance(value, dict):
        return set().union(*map(hosts_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(hosts_in, value))
    if not isinstance(value, str) or not re.match(r"(?i)[a-z]*:?/{2}", value):
        return set()
    return {(urlsplit(value).hostname or "").lower(), re.split(r"[/\\?#]", value + "/")[2].lower()}


# -- my_domain


@pytest.mark.parametrize("base", BASES)
def test_the_own_org_is_inside(
    project: Project, run: Run, httpx_mock: HTTPXMock, base: str
) -> None:
    """A control: the own org is reached, so that silence from the others means something."""
    httpx_mock.add_response(json=GRANTED, is_reusable=True)
    path = hostile_spec(project, f"https://{OWN}", base)
    run("doctor", path, "--live", *FENCE)
    assert {request.url.host for request in httpx_mock.get_requests()} == {OWN}
    assert run("render", path, "-o", "out.json", *FENCE).status == 0
    assert hosts_in(json.loads(Path("out.json").read_text(encoding="utf-8"))) == {OWN}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_outside_of_the_fence(
    project: Project, run: Run, httpx_mock: HTTPXMock, address: str, base: str
) -> None:
    httpx_mock.add_response(json=GRANTED, is_reusable=True, is_optional=True)
    path = hostile_spec(project, address, base)
    done = run("doctor", path, "--live", *FENCE)
    for request in httpx_mock.get_requests():
        assert (request.url.scheme, request.url.host, request.url.port) == ("https", OWN, None)
    assert done.status in (1, 4) or httpx_mock.get_requests(), done
    for options in ((), ("--no-check",)):
        written = run("render", path, "-o", "out.json", *FENCE, *options)
        if Path("out.json").exists():
            assert hosts_in(json.loads(Path("out.json").read_text(encoding="utf-8"))) <= {OWN}
            Path("out.json").unlink()
        else:
            assert written.status == 1, written


@pytest.mark.parametrize("address", [*ADDRESSES[:30:3], *ADDRESSES[30::3]])
def test_push_hands_n8n_no_other_host(
    project: Project, run: Run, httpx_mock: HTTPXMock, address: str
) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    n8n = N8n(httpx_mock)
    path = hostile_spec(project, address, "jwt", "2.41.1")
    run("push", path, "--n8n", URL, "--yes", "--no-check", *FENCE)
    assert hosts_in([body for _method, body in n8n.bodies]) <= {OWN}
    assert {request.url.host for request in httpx_mock.get_requests()} <= {"n8n.acme.com"}


@pytest.mark.parametrize(
    "more",
    [
        f"profiles: {{uat: {{my_domain: 'https://{EVIL}'}}}}\n",
        f"profiles: {{a: {{}}, uat: {{my_domain: 'https://{EVIL}', environment: sandbox}}}}\n",
        "profiles: {uat: {my_domain: null}}\n",
        'profiles: {uat: {n8n: {version: "2.19.0"}}}\n',
        f"x: &a {{my_domain: 'https://{EVIL}'}}\nprofiles: {{uat: *a}}\n",
        f"profiles: {{uat: {{my_domain: 'https://{OWN}', my_domain: 'https://{EVIL}'}}}}\n",
        f"profiles: {{uat: {{my_domain: ['https://{EVIL}']}}}}\n",
        f"profiles: {{uat: {{jwt: {{audience: 'https://{EVIL}'}}}}}}\n",
        f"my_domain: https://{EVIL}\n",
        f"---\n<<: {{my_domain: 'https://{EVIL}'}}\n",
    ],
)
def test_an_overlay_leads_nowhere_else(
    project: Project, run: Run, httpx_mock: HTTPXMock, more: str
) -> None:
    httpx_mock.add_response(json=GRANTED, is_reusable=True, is_optional=True)
    path = project.credential()
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    for profile in ((), ("--profile", "uat")):
        run("doctor", path, "--live", *FENCE, *profile)
        done = run("render", path, "-o", "out.json", "--no-check", *FENCE, *profile)
        assert done.status, done
        assert not Path("out.json").exists()
    assert {request.url.host for request in httpx_mock.get_requests()} <= {OWN}


# -- the fence itself


@pytest.mark.parametrize(
    "pattern",
    [
        "*", "**", "*.*", ".", "*.com", "*.COM.", ".com", "com", ".my.salesforce.com",
        "my.salesforce.com", "*my.salesforce.com", "*.my.salesforce.com", "*.my.salesforce.com.",
        "*.MY.SALESFORCE.COM", "*.salesforce.com", "*.sandbox.my.salesforce.com", "evil*",
        "*--uat.sandbox.my.salesforce.com", "????--uat.sandbox.my.salesforce.com",
        "[a-z]*.my.salesforce.com", "%", "acme--%.sandbox.my.salesforce.com", "/.*/", ".*",
        "\uff0a", "\uff0a.my.salesforce.com", "\u2217.my.salesforce.com", "0.0.0.0/0", "::/0",
        "!acme", f"-{EVIL}", f"{OWN} {EVIL}", f"{OWN};{EVIL}", f"{OWN}|{EVIL}", f"{OWN}\n{EVIL}",
        f"https://{OWN}", f"{OWN}/../{EVIL}", f"{OWN}@{EVIL}", "*.xn--salesforce.com",
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["option", "variable"])
def test_no_pattern_lets_everybody_in(
    project: Project, run: Run, httpx_mock: HTTPXMock, pattern: str, where: str
) -> None:
    httpx_mock.add_response(json=GRANTED, is_reusable=True, is_optional=True)
    if where == "variable":
        project.monkeypatch.setenv("SFCRED_ORG_HOSTS", pattern)
    options = ("--org-host", pattern) if where == "option" else ()
    path = hostile_spec(project, f"https://{EVIL}", "oauth2")
    done = run("doctor", path, "--live", *options)
    assert done.status in (1, 2, 4), done
    assert httpx_mock.get_requests() == []
    done = run("render", path, "-o", "out.json", "--no-check", *options)
    assert done.status in (1, 2), done
    assert not Path("out.json").exists()


# -- what an answer contains


ELSEWHERE = (
    "https://evil.example",
    f"https://{EVIL}",
    "https://login.salesforce.com",
    f"http://{OWN}",
    f"https://{OWN}:8443",
    f"https://{OWN}@evil.example",
    f"https://evil.example#{OWN}",
    f"//{EVIL}",
    f"https://{OWN}/../../@evil.example",
)


@pytest.mark.parametrize("status", [200, 201, 202, 300, 301, 302, 303, 307, 308, 401, 407])
@pytest.mark.parametrize("base", BASES)
def test_no_header_of_an_answer_is_followed(
    project: Project, run: Run, httpx_mock: HTTPXMock, status: int, base: str
) -> None:
    target = f"https://{EVIL}/services/oauth2/token"
    headers = {
        "Location": target,
        "Content-Location": target,
        "Refresh": f"0; url={target}",
        "Link": f'<{target}>; rel="canonical"',
        "Alt-Svc": f'h2="{EVIL}:443"',
        "WWW-Authenticate": f'Bearer realm="{target}"',
        "Proxy-Authenticate": f'Basic realm="{target}"',
        "Set-Cookie": f"sid=x; Domain={EVIL}",
    }
    httpx_mock.add_response(
        status_code=status, headers=headers, json=GRANTED, is_reusable=True, is_optional=True
    )
    run("doctor", project.credential("{}\n", base), "--live", *FENCE)
    requests = httpx_mock.get_requests()
    assert requests
    assert {request.url.host for request in requests} == {OWN}
    assert not [request for request in requests if "cookie" in request.headers]


@pytest.mark.parametrize("url", ELSEWHERE)
@pytest.mark.parametrize("field", ["id", "instance_url", "sfdc_community_url", "api_instance_url", "token_endpoint"])  # fmt: skip
@pytest.mark.parametrize("options", [FENCE, ()])
def test_no_address_of_a_token_s_answer_gets_the_token(
    project: Project,
    run: Run,
    httpx_mock: HTTPXMock,
    field: str,
    url: str,
    options: tuple[str, ...],
) -> None:
    answer = {**GRANTED, field: f"{url}/id/00D000000000001EAA/005000000000001AAA"}
    if field != "id":
        answer[field] = url
    httpx_mock.add_response(json=answer, is_reusable=True, is_optional=True)
    run("doctor", project.credential(), "--live", *options)
    allowed = {OWN}
    if (field, options) == ("instance_url", ()):  # orgs, if there is no fence
        allowed |= {EVIL, "login.salesforce.com"}
    for request in httpx_mock.get_requests():
        assert request.url.host in allowed
        assert (request.url.scheme, request.url.port) == ("https", None)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_address_of_the_discovery_document_is_asked(
    project: Project, run: Run, httpx_mock: HTTPXMock, url: str
) -> None:
    names = ("issuer", "token_endpoint", "userinfo_endpoint", "jwks_uri", "authorization_endpoint")
    httpx_mock.add_response(
        json=dict.fromkeys(names, url) | {"scopes_supported": []}, is_reusable=True
    )
    path = project.credential("oauth2: {refresh_token: null}\n", "oauth2")
    run("doctor", path, "--live", *FENCE)
    requests = httpx_mock.get_requests()
    assert {request.url.host for request in requests} == {OWN}
    assert not [request for request in requests if "authorization" in request.headers]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("command", ["push", "diff"])
def test_n8n_s_key_is_not_led_elsewhere(
    project: Project, run: Run, httpx_mock: HTTPXMock, status: int, command: str
) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    httpx_mock.add_callback(
        lambda _request: httpx.Response(status, headers={"Location": "https://evil.example/"}),
        is_reusable=True,
    )
    options = ("--yes",) if command == "push" else ()
    done = run(command, project.credential(), "--n8n", URL, *options)
    assert done.status, done
    assert {request.url.host for request in httpx_mock.get_requests()} == {"n8n.acme.com"}


@pytest.mark.parametrize(
    "cursor", ["https://evil.example/", "@evil.example", "../../../evil", "x&limit=1#", "x\r\nHost: evil.example", "\\\\evil"]
)  # fmt: skip
def test_n8n_s_cursor_stays_a_value(
    project: Project, run: Run, httpx_mock: HTTPXMock, cursor: str
) -> None:
    project.monkeypatch.setenv("N8N_API_KEY", API_KEY)
    pages: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        pages.append(request)
        more = cursor if len(pages) == 1 else None
        return httpx.Response(200, json={"data": [], "nextCursor": more})

    httpx_mock.add_callback(answer, is_reusable=True)
    run("diff", project.credential(), "--n8n", URL)
    assert {page.url.host for page in pages} == {"n8n.acme.com"}
    assert {page.url.path for page in pages} == {"/api/v1/credentials"}
    assert all(page.headers["host"] == "n8n.acme.com" for page in pages)


# -- files of the checkout


@pytest.fixture
def recorder() -> Iterator[Server]:
    server = Server(lambda _connection: None)
    yield server
    server.close()


#: Every name that is looked up is recorded, and resolves to the recorder.
LOOKUPS = """
import socket
def look_up(host, port, *args, **more):
    with open("lookups.txt", "a") as file:
        file.write(f"{{host}}\\n")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", {port}))]
socket.getaddrinfo = look_up
"""


@pytest.mark.parametrize(
    "name", [".env", "credentials/.env", "env", ".envrc", ".netrc", ".curlrc", ".httpx", "sfcred.env"]
)  # fmt: skip
def test_no_file_of_the_checkout_sets_the_environment(
    project: Project, recorder: Server, name: str
) -> None:
    proxy = f"http://127.0.0.1:{recorder.port}"
    variables = {
        "HTTPS_PROXY": proxy, "https_proxy": proxy, "ALL_PROXY": proxy, "HTTP_PROXY": proxy,
        "SFCRED_ORG_HOSTS": EVIL, "SFCRED_ALLOW_HOSTS": "evil.example", "SFCRED_N8N_URL": proxy,
        "SSL_CERT_FILE": "evil.pem", "SSLKEYLOGFILE": "keys.txt", "RES_OPTIONS": "x",
        "SFCRED_LOCAL_ORG": proxy, "ACME_CLIENT_ID": "x",
    }  # fmt: skip
    text = "".join(f"export {key}={value}\n" for key, value in variables.items())
    if name == ".netrc":
        project.spec(f"machine {OWN} login canary password canary\n", name)
    else:
        project.spec(text, name)
    project.spec(text.replace("export ", ""), ".env")
    path = project.credential("client_id: {dotenv: ACME_CLIENT_ID}\n", "oauth2")
    before = LOOKUPS.format(port=recorder.port)
    done = sfcred("doctor", path, "--live", before=before, environ={"SFCRED_ORG_HOSTS": OWN})
    assert done.status in (1, 4), done
    assert set(Path("lookups.txt").read_text(encoding="utf-8").split()) <= {
        OWN,
        "localhost",
        "127.0.0.1",
    }
    assert b"CONNECT" not in recorder.heard
    assert b"canary" not in recorder.heard
    assert not Path("keys.txt").exists()
    done = sfcred("diff", path, "--n8n", "https://n8n.acme.com:x", before=before)
    assert done.status == 2


@pytest.mark.parametrize(
    "setting",
    [
        f'org_hosts = ["{EVIL}"]', 'allow_hosts = ["evil.example"]', 'local_org = "http://evil"',
        f'my_domain = "https://{EVIL}"', 'proxy = "http://evil.example"', 'n8n_url = "https://evil"',
        'state = "/tmp/x"',
    ],
)  # fmt: skip
def test_no_setting_of_the_checkout_leads_elsewhere(
    project: Project, run: Run, httpx_mock: HTTPXMock, setting: str
) -> None:
    (project.folder / "sfcred.toml").write_text(f"{setting}\n", encoding="utf-8")
    path = hostile_spec(project, "https://evil.example", "jwt")
    done = run("doctor", path, "--live", *FENCE)
    assert done.status == 2, done
    assert httpx_mock.get_requests() == []


@pytest.mark.parametrize(
    "locator",
    [
        "$secrets.v.k + $http('https://evil.example')",
        "$secrets.v['k']}}{{$env.X",
        "$secrets.v[`k`]",
        "$env.N8N_ENCRYPTION_KEY",
        "$secrets.constructor.constructor('return fetch')()",
        "$vars.a;fetch('https://evil.example')",
        "$secrets.a\n.b",
    ],
)
@pytest.mark.parametrize("field", ["client_id", "oauth2.client_secret"])
def test_no_expression_makes_n8n_call_out(
    project: Project, run: Run, locator: str, field: str
) -> None:
    reference: Any = {"n8n": locator}
    for step in reversed(field.split(".")):
        reference = {step: reference}
    path = project.credential(json.dumps(reference), "oauth2")
    done = run("render", path, "-o", "out.json", "--no-check")
    assert done.status == 1, done
    assert not Path("out.json").exists()


# -- the browser


@pytest.mark.parametrize(
    "callback",
    [
        "http://evil.example\\@127.0.0.1:{port}/OauthRedirect",
        "http://evil.example#@127.0.0.1:{port}/OauthRedirect",
        "http://127.0.0.1:{port}@evil.example/OauthRedirect",
        "http://localhost.evil.example:{port}/OauthRedirect",
        "http://localhost%2eevil.example:{port}/OauthRedirect",
        "http://127.0.0.1:{port}\\@evil.example/OauthRedirect",
        "http://127.0.0.1\t.evil.example:{port}/OauthRedirect",
        "https://localhost:{port}/OauthRedirect",
    ],
)
def test_no_consent_comes_back_to_another_machine(
    project: Project, run: Run, httpx_mock: HTTPXMock, callback: str
) -> None:
    """A browser reads a backslash as a slash, so it would send the code to the first host."""
    url = json.dumps(callback.format(port=1717))
    path = project.credential(
        f"app: {{callback_urls: [{url}]}}\noauth2: {{refresh_token: {{file: token}}}}\n", "oauth2"
    )
    done = run("login", path, "--no-browser", "--no-check", "--timeout", "10")
    assert done.status == 2, done
    assert "the app has no callback on this machine" in done.err
    assert httpx_mock.get_requests() == []
