"""Expressions in fields that decide something: read as n8n reads them, or never called the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sfcred.n8n.expression import literal
from tests.conftest import Outcome
from tests.exchange.test_generic_type import ORG, generic_entry
from tests.exchange.test_held import imported
from tests.exchange.test_import import jwt_entry, oauth2_entry, spec_of, write
from tests.helpers.material import Workshop

Run = Callable[..., Outcome]


def written(word: str) -> str:
    """Return a word as an expression that is certain: a string and nothing else."""
    return f'={{{{ "{word}" }}}}'


CLIENT = {"grantType": written("clientCredentials"), "scope": "api", "authUrl": None}


def test_a_generic_grant_type_is_read_through_an_expression(run: Run) -> None:
    imported(run, generic_entry(**CLIENT))
    spec = spec_of("acme-rest")
    assert ("client_credentials" in spec, "oauth2" in spec) == (True, False)


@pytest.mark.parametrize("version", ["2.40.5", "2.41.1"])
def test_a_salesforce_grant_type_is_read_through_an_expression(run: Run, version: str) -> None:
    token = f"{ORG}/services/oauth2/token"
    entry = oauth2_entry(
        **{**CLIENT, "scope": ""}, accessTokenUrl=token, authentication=written("header")
    )
    source = write(entry)
    done = run("import", source, "--n8n-version", version)
    assert "wrote credentials/" in done.out, done
    assert "client_credentials" in spec_of("acme-gr-e-1")
    assert "1 same" in run("diff", "--export", source).out


DECIDING: dict[str, dict[str, Any]] = {
    "grantType": {"grantType": "={{ $vars.grant }}"},
    "grantType in other quotes": {"grantType": "={{ 'clientCredentials' }}"},
    "authentication": {"authentication": "={{ $vars.where }}"},
    "authentication in the body": {"authentication": written("body")},
    "useDynamicClientRegistration": {"useDynamicClientRegistration": "={{ true }}"},
    "clientCredentialType": {"clientCredentialType": written("certificate")},
    "clientCredentialType by a variable": {"clientCredentialType": "={{ $vars.kind }}"},
    "allowedHttpRequestDomains": {"allowedHttpRequestDomains": "={{ $vars.mode }}"},
    "allowedDomains": {"allowedDomains": "={{ $vars.hosts }}"},
}


@pytest.mark.parametrize("case", DECIDING)
@pytest.mark.parametrize("make", [generic_entry, oauth2_entry])
def test_what_only_n8n_knows_is_left_out(
    run: Run, case: str, make: Callable[..., dict[str, Any]]
) -> None:
    changes = {"allowedHttpRequestDomains": "domains", **DECIDING[case]}
    done = run("import", write(make(**changes)), "--n8n-version", "2.40.5")
    assert (done.status, "left out Acme" in done.out) == (4, True), done
    assert not Path("credentials").exists()


#: A value in n8n that isn't the spec's, whatever it evaluates to. `diff` must not call it the same.
OTHERS: dict[str, dict[str, Any]] = {
    "a secret that n8n evaluates": {"clientSecret": "=canary-secret"},
    "hosts by a variable": {"allowedHttpRequestDomains": "={{ $vars.mode }}"},
    "a grant by a variable": {"grantType": "={{ $vars.grant }}"},
}


@pytest.mark.parametrize("case", OTHERS)
@pytest.mark.parametrize("make", [generic_entry, oauth2_entry])
def test_an_expression_is_never_the_same_as_a_text(
    run: Run, case: str, make: Callable[..., dict[str, Any]]
) -> None:
    # What n8n reads is the text after the sign; the spec's secret begins with the sign.
    fields = {"allowedHttpRequestDomains": "all", "clientSecret": literal("=canary-secret")}
    before = make(**fields)
    run("import", write(before), "--n8n-version", "2.40.5")
    assert "1 same" in run("diff", "--export", write(before)).out
    again = run("diff", "--export", write(make(**{**fields, **OTHERS[case]})))
    assert (again.status, "1 changed" in again.out) == (1, True), again
    assert "canary" not in again.out + again.err


@pytest.mark.parametrize("form", ["={{$secrets.vault.key}}", "={{  $secrets.vault.key }}"])
def test_a_secret_s_place_is_the_same_in_any_spacing(run: Run, form: str) -> None:
    imported(run, generic_entry(clientId=form, clientSecret=form))


def test_a_body_that_adds_nothing_is_held(run: Run) -> None:
    imported(run, generic_entry(additionalBodyProperties="{}"))
    done = run("import", write(generic_entry(additionalBodyProperties='{"a": 1}') | {"id": "b"}))
    assert "its additionalBodyProperties is set to something" in done.out


def test_an_environment_in_quotes_is_the_same(run: Run, workshop: Workshop) -> None:
    entry = jwt_entry(workshop, environment="sandbox", myDomainUrl="")
    run("import", write(entry), "--n8n-version", "2.41.1")
    for value, state in ((written("sandbox"), "1 same"), ("={{ $vars.env }}", "1 changed")):
        entry["data"]["environment"] = value
        source = Path("again.json")
        source.write_text(json.dumps([entry]), encoding="utf-8")
        assert state in run("diff", "--export", source).out
