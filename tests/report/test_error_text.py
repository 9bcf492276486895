"""What `sfcred explain --error` says about a text, known or not."""

import pytest

from sfcred.report.error_text import as_text, diagnose

# Only client credentials get this: a consent comes with a token.
_NO_TOKEN = "Failed to acquire OAuth2 access token: HTTP status 400"


def test_a_finding_of_sfcred_s_own_is_explained_by_its_id() -> None:
    text, is_known = as_text("acme.yaml:4:12: error SFC104 not-an-authority (acme-crm)")
    assert is_known
    assert "sfcred explain SFC104" in text


def test_an_id_that_is_no_check_s_is_unknown() -> None:
    text, is_known = as_text("SFC999 moon phase")
    assert not is_known
    assert "SFC999" not in text


def test_an_unknown_text_comes_with_the_nearest_and_with_the_next_steps() -> None:
    text, is_known = as_text("the client identifier seems invalid")
    assert not is_known
    assert "client identifier invalid" in text
    assert "sfcred doctor --live" in text
    assert "needs no connection" in text


def test_each_flow_s_causes_say_which_flow_they_are_of() -> None:
    saids = [one.said for one in diagnose("invalid_grant")]
    assert saids == [
        "invalid_grant in the JWT flow",
        "invalid_grant when a code is exchanged",
        "invalid_grant when a token is renewed",
        "invalid_grant with client credentials",
    ]


@pytest.mark.parametrize("text", ["The credential needs to be reconnected", _NO_TOKEN])
def test_n8n_s_texts_can_be_about_client_credentials(text: str) -> None:
    """Nobody gives consent there, so n8n's own advice to reconnect doesn't help."""
    (found,) = diagnose(text)
    whats = " ".join(cause.what for cause in found.causes)
    assert "has no user to run as" in whats
    assert ("refresh token" in whats) is (text != _NO_TOKEN)


def test_a_secret_in_the_place_of_a_name_is_masked() -> None:
    key = "3MVG9" + "aZ3kQ7xPwL0vN5mT" * 4
    text, _ = as_text(f"No such column '{key}' on entity 'Lead'")
    assert key not in text
