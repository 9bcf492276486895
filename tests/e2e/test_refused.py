"""Every kind of credential that logs in with a client's secret, in one n8n of each version.

They arrive plain, encrypted and pushed, and renew their tokens. If Salesforce refuses the login, doctor
names the cause first, n8n fails, and `explain` agrees.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sfcred.salesforce.refusals.places import FIRST_TOKEN, OWN_TEXT, RECONNECT, SECRET_REFUSED
from tests.e2e.conftest import NEW, OLD, Bench
from tests.e2e.n8n import Client, N8n
from tests.e2e.org import Org
from tests.e2e.test_exchange import SCOPES
from tests.helpers.project import CONSUMER_KEY, CONSUMER_SECRET, REFRESH_TOKEN

SPEC = """\
version: 1
name: {name}
environment: sandbox
my_domain: {org}
client_id: {{env: KEY}}
{flow}
app: {{scopes: {scopes}}}
n8n: {{{type}version: "{version}", url: "https://n8n.acme.com"}}
doctor: {{ignore: {{SFC513: the overwrite is set}}}}
"""
CLIENT = "client_credentials: {client_secret: {env: SECRET}, run_as: n8n@acme.com.uat}"
CONSENT = "oauth2: {client_secret: {env: SECRET}, refresh_token: {env: TOKEN}}"
GENERIC = "type: oAuth2Api, "
#: Each kind's flow, scopes and type. The first is for the Salesforce node: before 2.41.0 with its
#: stored data, and then through the overwrite.
KINDS = {
    "node": (CLIENT, "[api]", ""),
    "request": (CLIENT, "[api]", GENERIC),
    "consent": (CONSENT, "[api, refresh_token]", GENERIC),
}
BAD, SEALED, PUSHED = "-bad-secret", "-sealed", "-pushed"
TRUE = {"KEY": CONSUMER_KEY, "SECRET": CONSUMER_SECRET, "TOKEN": REFRESH_TOKEN}
TRUE["OTHER"] = CONSUMER_SECRET


class Running(NamedTuple):
    """A running n8n: a client for it, the specs and the workflows, by the credential's name."""

    client: Client
    specs: dict[str, Path]
    workflows: dict[str, str]


@pytest.fixture(scope="module", params=[OLD, NEW])
def running(
    request: pytest.FixtureRequest, bench: Bench, org: Org, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    version = request.param
    specs = written(bench, version)
    folder = tmp_path_factory.mktemp(f"refused-{version}")
    bench.variables = {**TRUE, "OTHER": "another-secret-4711"}
    bench.variables["XDG_STATE_HOME"] = str(folder / "state")
    bench.variables["SFCRED_STATE"] = str(folder / "pushed.json")
    org.refuse("")
    org.know(specs.values(), TRUE)

    extra = {}
    if version == NEW:
        overwrite = bench.sfcred("render", str(specs["node"]), "--target", "n8n-overwrite")
        extra["CREDENTIALS_OVERWRITE_DATA"] = overwrite
    n8n = N8n(version, folder, extra)
    sealed = [spec for name, spec in specs.items() if SEALED in name]
    plain = [spec for name, spec in specs.items() if SEALED not in name and PUSHED not in name]
    imported = [*bench.rendered(*map(str, sealed), "--encrypt"), *bench.rendered(*map(str, plain))]
    assert {type(entry["data"]) for entry in imported[: len(sealed)]} == {str}
    n8n.import_credentials(bench.write("all.json", json.dumps(imported)), number=len(imported))
    org.know(specs.values(), TRUE)
    url = f"{org.url}/services/data/v59.0/query?q=SELECT%20Id%20FROM%20Account"
    with n8n.serving() as client:
        push(bench, n8n, client, [spec for name, spec in specs.items() if PUSHED in name])
        entries = client.get("credentials")
        assert len(entries) == len(specs)
        yield Running(client, specs, {e["name"]: client.create_run(e, url) for e in entries})


def written(bench: Bench, version: str) -> dict[str, Path]:
    """Write the specs of all kinds, and return them by name."""
    specs = {}
    for kind, (flow, scopes, type_) in KINDS.items():
        # Another credential of n8n's Salesforce type is in the way of pushing the first kind.
        for suffix in ("", BAD, SEALED, *([PUSHED] if type_ else [])):
            own = flow.replace("SECRET", "OTHER") if suffix == BAD else flow
            values = {"org": bench.org.url, "scopes": scopes, "type": type_, "version": version}
            text = SPEC.format(name=f"{kind}{suffix}", flow=own, **values)
            specs[f"{kind}{suffix}"] = bench.write(f"{kind}{suffix}-{version}.yaml", text)
    return specs


def push(bench: Bench, n8n: N8n, client: Client, specs: list[Path]) -> None:
    """Push specs into a running n8n."""
    body = {"label": "sfcred", "expiresAt": None, "scopes": SCOPES}
    bench.variables["N8N_API_KEY"] = client.post("api-keys", body)["rawApiKey"]
    bench.sfcred("push", *map(str, specs), "--n8n", f"http://127.0.0.1:{n8n.port}", "--yes")


@pytest.fixture(autouse=True)
def _known(running: Running, bench: Bench, org: Org) -> None:
    org.know(running.specs.values(), TRUE)
    org.expire_tokens()


def test_without_a_mistake_every_kind_logs_in(running: Running, bench: Bench, org: Org) -> None:
    bench.sfcred("doctor", "--live", *(str(running.specs[kind]) for kind in KINDS))
    well = [name for name in running.workflows if BAD not in name]
    assert len(well) == len(KINDS) * 3 - 1
    for name in well:
        for _ in range(2):
            org.requests.clear()
            has_record, error = running.client.run(running.workflows[name])
            assert has_record, (name, error)
            assert "POST /services/oauth2/token" in org.requests  # it renews without a person
            org.expire_tokens()


def test_only_the_older_api_refuses_what_the_node_needs(running: Running, bench: Bench) -> None:
    """The API of n8n 2.40.5 has no grantType and the like in its schema: see SFC515."""
    (entry,) = bench.rendered(str(running.specs["node"]))
    is_old = "grantType" in entry["data"]
    sent = json.dumps({key: entry[key] for key in ("name", "type", "data")}).encode()
    key = bench.variables["N8N_API_KEY"]
    request = urllib.request.Request(
        f"{running.client.base.removesuffix('rest/')}api/v1/credentials",
        sent,
        {"Content-Type": "application/json", "X-N8N-API-KEY": key},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answered = answer.status, ""
    except urllib.error.HTTPError as error:
        answered = error.code, error.read().decode()
    assert (answered[0] == 400) is is_old, answered
    assert ("grantType" in answered[1]) is is_old, answered


CLIENTS = ("node", "request")
FLOW_DISABLED = "the external client app or the oauth plugin is disabled"


@pytest.mark.parametrize(
    ("refusal", "kinds", "cause", "shown"),
    [
        ("", KINDS, "the Consumer Secret is wrong", SECRET_REFUSED),
        ("no-run-as-user", CLIENTS, "has no user to run as", RECONNECT),
        ("client-credentials-flow-off", CLIENTS, "is off in the app's settings", RECONNECT),
        ("no-valid-scopes", CLIENTS, "only has scopes that the client credentials", RECONNECT),
        ("refresh-token-expired", ["consent"], "refresh token", RECONNECT),
        ("flow-disabled", KINDS, "the app or its OAuth plugin is disabled", OWN_TEXT),
    ],
)
def test_doctor_names_the_cause_before_n8n_fails(
    running: Running,
    bench: Bench,
    org: Org,
    refusal: str,
    kinds: Collection[str],
    cause: str,
    shown: str,
) -> None:
    org.refuse(refusal)
    names = [kind if refusal else f"{kind}{BAD}" for kind in kinds]
    told = bench.sfcred("doctor", "--live", *(str(running.specs[n]) for n in names), status=1)
    assert told.count("most likely") == len(names)
    assert told.count(shown) == len(names), told
    for name in names:
        has_record, error = running.client.run(running.workflows[name])
        assert not has_record
        quote = FLOW_DISABLED if shown == OWN_TEXT else shown.split('"')[1]
        # A test that runs alone requests the credential's first token.
        quotes = (quote, FIRST_TOKEN.split('"')[1]) if shown == RECONNECT else (quote,)
        assert any(all(part in error for part in one.split("…")) for one in quotes), error
        explained = bench.sfcred("explain", "--error", error, "--spec", str(running.specs[name]))
        assert cause in explained, explained


def test_a_scope_that_the_app_lacks(running: Running, bench: Bench, org: Org) -> None:
    spec = running.specs["consent"]
    few = spec.read_text(encoding="utf-8").replace("[api, refresh_token]", "[refresh_token]")
    org.know([bench.write("few-scopes.yaml", few)], TRUE)
    told = bench.sfcred("doctor", "--live", str(spec), status=1)
    assert "most likely the token lacks the scope api" in told
    has_record, error = running.client.run(running.workflows["consent"])
    assert not has_record
    assert "Authorization failed - please check your credentials" in told
    assert "Authorization failed - please check your credentials" in error
    explained = bench.sfcred("explain", "--error", error, "--spec", str(spec))
    assert "the token lacks the scope api" in explained, error + explained
