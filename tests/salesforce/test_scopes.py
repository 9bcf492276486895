"""Every scope, its spellings, and texts that aren't scopes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.salesforce.scopes import SCOPES, Scope, find, identify, includes, nearest

# The scopes that live orgs list in their openid-configuration.
WIRE_VALUES = [
    "address",
    "api",
    "cdp_api",
    "cdp_calculated_insight_api",
    "cdp_identityresolution_api",
    "cdp_ingest_api",
    "cdp_profile_api",
    "cdp_query_api",
    "cdp_segment_api",
    "chatbot_api",
    "chatter_api",
    "content",
    "custom_permissions",
    "data_cloud_user_claims",
    "eclair_api",
    "einstein_gpt_api",
    "email",
    "forgot_password",
    "full",
    "id",
    "interaction_api",
    "lightning",
    "mcp_api",
    "offline_access",
    "openid",
    "pardot_api",
    "phone",
    "profile",
    "pwdless_login_api",
    "refresh_token",
    "scrt_api",
    "sfap_api",
    "user_registration_api",
    "visualforce",
    "wave_api",
    "web",
]


def test_the_table_is_complete() -> None:
    assert sorted(scope.wire for scope in SCOPES) == WIRE_VALUES
    assert len({scope.connected_app for scope in SCOPES}) == len(SCOPES)


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.wire)
def test_every_scope_is_found_by_each_of_its_names(scope: Scope) -> None:
    assert find(scope.wire) is scope
    for name in (scope.wire, scope.wire.upper(), scope.wire.replace("_", "-"), f" {scope.wire},"):
        assert identify(name) is scope
    for name in (scope.connected_app, scope.external_client_app, scope.connected_app.lower()):
        assert identify(name) is scope
    same_checkbox = [other for other in SCOPES if other.label == scope.label]
    assert identify(scope.label) is same_checkbox[0]
    assert nearest(scope.wire) is scope


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.wire)
def test_a_metadata_spelling_has_no_comma_or_space(scope: Scope) -> None:
    assert scope.connected_app.isalnum()
    assert scope.external_client_app.isalnum()


def test_one_spelling_differs_between_the_two_kinds_of_app() -> None:
    different = [s for s in SCOPES if s.connected_app != s.external_client_app]
    assert [(s.connected_app, s.external_client_app) for s in different] == [
        ("SFAP", "SFApiPlatform")
    ]


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("Manage user data via APIs", "api"),
        ("Manage user data via APIs (api)", "api"),
        ("manage user data via apis", "api"),
        ("Access and manage your data (api)", "api"),
        ("Perform requests on your behalf (refresh_token, offline_access)", "refresh_token"),
        ("Refresh Token", "refresh_token"),
        ("Basic", "id"),
        ("CustomApplications", "visualforce"),
    ],
)
def test_labels_of_today_and_yesterday(text: str, wire: str) -> None:
    found = identify(text)
    assert found
    assert found.wire == wire


@pytest.mark.parametrize("text", ["cdpapi", "apis", "api refresh_token", "all", ""])
def test_what_is_no_scope_is_not_identified(text: str) -> None:
    assert identify(text) is None
    assert find(text) is None


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("cdpapi", "cdp_api"),
        ("refresh_tokn", "refresh_token"),
        ("refreshtoken", "refresh_token"),
        ("offline", "offline_access"),
        ("mcp", "mcp_api"),
        ("visual-force", "visualforce"),
    ],
)
def test_the_nearest_scope(text: str, wire: str) -> None:
    found = nearest(text)
    assert found
    assert found.wire == wire


def test_nothing_is_near_to_nonsense() -> None:
    assert nearest("zzzzzzzz") is None


def test_what_a_scope_covers() -> None:
    assert includes("api") == {"chatter_api"}
    assert includes("web") == {"visualforce"}
    assert includes("id") == {"profile", "email", "address", "phone"}
    assert includes("refresh_token") == {"offline_access"}
    assert includes("offline_access") == {"refresh_token"}
    assert includes("openid") == includes("no_such_scope") == frozenset()


def test_full_covers_everything_but_refreshing_and_the_id_token() -> None:
    outside = {scope.wire for scope in SCOPES} - includes("full")
    assert outside == {"full", "refresh_token", "offline_access", "openid"}


@given(st.text())
def test_any_text_may_stand_for_a_scope(text: str) -> None:
    for found in (find(text), identify(text), nearest(text)):
        assert found is None or found in SCOPES
    assert text not in includes(text)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("refresh-token", "refresh_token"),
        ("REFRESH_TOKN", "refresh_token"),
        ("custom-permission", "custom_permissions"),
        ("chatter-apii", "chatter_api"),
        ("qqqqqqqqqq", None),
        ("", None),
    ],
)
def test_the_nearest_whatever_joins_its_words(text: str, wire: str | None) -> None:
    found = nearest(text)
    assert (found.wire if found else None) == wire


def test_each_scope_has_its_names_in_metadata() -> None:
    assert len({scope.wire for scope in SCOPES}) == len(SCOPES)
    for scope in SCOPES:
        assert scope.connected_app
        assert scope.external_client_app
        assert find(scope.wire) is scope
        assert scope.label.endswith(")") or scope.label == scope.wire
