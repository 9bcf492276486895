"""Where a real n8n sends a credential's token, with each `n8n.http_request`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import OLD, Bench
from tests.e2e.elsewhere import Elsewhere
from tests.e2e.n8n import N8n, Running
from tests.e2e.org import Org
from tests.e2e.test_n8n import USERNAME, jwt_spec, oauth2_spec
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN


@pytest.fixture(autouse=True)
def _org_and_variables(bench: Bench, org: Org) -> None:
    org.requests.clear()
    bench.variables = {
        "KEY": CONSUMER_KEY,
        "SECRET": CONSUMER_SECRET,
        "TOKEN": REFRESH_TOKEN,
        "USERNAME": USERNAME,
    }


def imported(bench: Bench, n8n: N8n, spec: Path, wanted: str) -> dict[str, Any]:
    """Render a spec with this http_request, import it, and return the entry."""
    text = spec.read_text(encoding="utf-8")
    text = text.replace(f'version: "{OLD}"', f'version: "{n8n.version}", http_request: {wanted}')
    assert "http_request" in text
    spec.write_text(text, encoding="utf-8")
    (entry,) = bench.rendered("--no-check", str(spec))
    n8n.import_credentials(bench.folder / "rendered.json", number=1)
    return entry


def assert_found(bench: Bench, n8n: N8n, spec: Path, workflow_id: str, *expected: str) -> None:
    """Assert what doctor finds about the HTTP Request node in a workflow that n8n ran."""
    flow = n8n.folder / f"{workflow_id}.json"
    options = ("--workflows", str(flow), "--select", "SFC807,SFC810", "--format", "json")
    report = json.loads(bench.sfcred("doctor", *options, str(spec), status=1 if expected else 0))
    assert [one["check"] for one in report["findings"]] == [*expected]


@pytest.mark.parametrize("wanted", ["none", "org", "[api.acme.com]"])
def test_a_token_goes_only_where_the_spec_allows(
    bench: Bench, fresh: Running, org: Org, elsewhere: Elsewhere, wanted: str
) -> None:
    name = "may-" + wanted.strip("[]").partition(".")[0]
    spec = jwt_spec(bench, name, "rsa-2048")
    entry = imported(bench, fresh.n8n, spec, wanted)
    _, refused = fresh.request(entry, f"{elsewhere.url}/x", f"{name}-away")
    assert "prevent use within an HTTP Request" in refused or "Domain not allowed" in refused
    assert elsewhere.tokens == []
    assert_found(bench, fresh.n8n, spec, f"{name}-away", "SFC807")

    url = f"{org.url}/services/data/v59.0/query?q=SELECT%20Id%20FROM%20Account"
    is_allowed = wanted != "none"  # for JWT, a list always has the host of the login
    has_record, error = fresh.request(entry, url, f"{name}-org")
    assert (has_record, error == "") == (is_allowed, is_allowed), error
    assert_found(bench, fresh.n8n, spec, f"{name}-org", *(() if is_allowed else ("SFC810",)))
    assert fresh.query(entry)


@pytest.mark.parametrize("wanted", ["none", "[api.acme.com]", "org"])
def test_what_n8n_refuses_for_oauth2_is_found(
    bench: Bench, fresh: Running, org: Org, elsewhere: Elsewhere, wanted: str
) -> None:
    name = "refused-" + wanted.strip("[]").partition(".")[0]
    spec = oauth2_spec(bench, name)
    entry = imported(bench, fresh.n8n, spec, wanted)
    is_allowed = wanted == "org"
    # n8n 2.41 refreshes an expired token at login.salesforce.com only. So an allowed request goes to
    # a server on the org's host that takes any token.
    base = elsewhere.url.replace("localhost", "127.0.0.1") if is_allowed else org.url
    url = f"{base}/services/data/v59.0/query?q=SELECT%20Id%20FROM%20Account"
    has_record, error = fresh.request(entry, url, f"{name}-fixed")
    assert (has_record, error == "") == (is_allowed, is_allowed), error
    assert_found(bench, fresh.n8n, spec, f"{name}-fixed", *(() if is_allowed else ("SFC810",)))
    # n8n knows the host of an expression, and sfcred doesn't: it knows only that none is refused.
    has_record, error = fresh.request(entry, f"={{{{ '{url}' }}}}", f"{name}-dynamic")
    assert (has_record, error == "") == (is_allowed, is_allowed), error
    expected = ("SFC810",) if wanted == "none" else ()
    assert_found(bench, fresh.n8n, spec, f"{name}-dynamic", *expected)


@pytest.mark.parametrize("listed", ["", " , "])
@pytest.mark.parametrize("make", [oauth2_spec, jwt_spec])
def test_a_list_without_hosts_is_none(
    bench: Bench,
    fresh: Running,
    org: Org,
    elsewhere: Elsewhere,
    make: Callable[..., Path],
    listed: str,
) -> None:
    name = f"empty-{make.__name__[:3]}-{len(listed)}"
    spec = make(bench, name, "rsa-2048") if make is jwt_spec else make(bench, name)
    entry = imported(bench, fresh.n8n, spec, "none")
    entry["data"] |= {"allowedHttpRequestDomains": "domains", "allowedDomains": listed}
    if make is oauth2_spec:
        entry["data"]["oauthTokenData"]["instance_url"] = elsewhere.url  # it takes any token
    fresh.n8n.import_credentials(bench.write("empty.json", json.dumps([entry])), number=1)
    _, refused = fresh.request(entry, f"{org.url}/services/data", f"{name}-request")
    assert "No allowed domains specified" in refused or "Domain not allowed" in refused
    assert fresh.query(entry)


def test_a_list_doesn_t_govern_the_login_of_a_jwt_credential(
    bench: Bench, fresh: Running, org: Org, elsewhere: Elsewhere
) -> None:
    """So `sfcred diff` doesn't miss the login's host, which sfcred adds."""
    entry = imported(bench, fresh.n8n, jwt_spec(bench, "login-apart", "rsa-2048"), "[localhost]")
    assert entry["data"]["allowedDomains"] == "localhost, 127.0.0.1"
    entry["data"]["allowedDomains"] = "localhost"  # the org is at 127.0.0.1
    file = bench.write("login-apart.json", json.dumps([entry]))
    fresh.n8n.import_credentials(file, number=1)
    assert fresh.request(entry, f"{elsewhere.url}/x", "login-apart-away") == (True, "")
    assert org.requests == ["POST /services/oauth2/token"]
    assert [token.partition(" ")[0] for token in elsewhere.tokens] == ["Bearer"]
    fresh.n8n.import_credentials(file, number=1)  # without a cached token
    assert fresh.query(entry)


def test_any_lets_the_token_go_anywhere(bench: Bench, fresh: Running, elsewhere: Elsewhere) -> None:
    entry = imported(bench, fresh.n8n, jwt_spec(bench, "may-any", "rsa-2048"), "any")
    assert fresh.request(entry, f"{elsewhere.url}/x", "any-away") == (True, "")
    assert [token.partition(" ")[0] for token in elsewhere.tokens] == ["Bearer"]


@pytest.mark.parametrize("wanted", ["none", "org", "any"])
def test_the_salesforce_node_follows_an_instance_url_on_another_host(
    bench: Bench, fresh: Running, elsewhere: Elsewhere, wanted: str
) -> None:
    entry = imported(bench, fresh.n8n, oauth2_spec(bench, f"moved-{wanted}"), wanted)
    entry["data"]["oauthTokenData"]["instance_url"] = elsewhere.url
    path = bench.write("moved.json", json.dumps([entry]))
    fresh.n8n.import_credentials(path, number=1)
    assert fresh.query(entry)
    assert len(elsewhere.tokens) == 1
