"""n8n's two types of Salesforce credentials."""

import pytest

from sfcred.n8n.credential_types import JWT, OAUTH2, WRITTEN_BY_N8N, fields


def _names(type_name: str, version: tuple[int, int, int] | None) -> set[str]:
    return {field.name for field in fields(type_name, version)}


def test_my_domain_came_with_2_20() -> None:
    assert "myDomainUrl" not in _names(JWT, (2, 19, 0))
    assert "myDomainUrl" in _names(JWT, (2, 20, 0))


def test_the_cached_token_came_with_2_29_2() -> None:
    assert _names(JWT, (2, 29, 2)) - _names(JWT, (2, 27, 4)) == {"accessToken", "instanceUrl"}


@pytest.mark.parametrize("version", [None, (1, 0, 0), (2, 20, 0), (2, 41, 3)])
def test_what_a_person_fills_in(version: tuple[int, int, int] | None) -> None:
    jwt = {field.name for field in fields(JWT, version) if field.required}
    oauth2 = {field.name for field in fields(OAUTH2, version) if field.required}
    assert jwt == {"clientId", "username", "privateKey"}
    assert oauth2 == {"clientId", "clientSecret"}


def test_secrets_are_marked() -> None:
    secrets = {field.name for name in (JWT, OAUTH2) for field in fields(name, None) if field.secret}
    assert secrets == {"privateKey", "accessToken", "clientSecret", "oauthTokenData"}


def test_what_n8n_writes_itself_is_hidden() -> None:
    known = {field.name: field for name in (JWT, OAUTH2) for field in fields(name, None)}
    assert all(known[name].hidden for name in WRITTEN_BY_N8N if name in known)


def test_another_type_is_none_of_ours() -> None:
    with pytest.raises(KeyError):
        fields("oAuth2Api", None)
