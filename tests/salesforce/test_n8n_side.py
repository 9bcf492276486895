"""n8n's services, its frames around other errors, and marks that only look like tags."""

import pytest

from sfcred.salesforce.diagnosis import diagnose_text


def names(text: str) -> list[str]:
    return [row.name for row in diagnose_text(text)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("connect ECONNREFUSED 127.0.0.1:6379", "own-service-refused"),
        ("connect ECONNREFUSED 10.1.2.3:8080", "connection-refused"),
        ("connect ECONNREFUSED 10.1.2.3:54321", "connection-refused"),
        ("getaddrinfo EAI_AGAIN redis", "container-name"),
        ("getaddrinfo EAI_AGAIN redis:6379", "container-name"),
        ("getaddrinfo EAI_AGAIN login.salesforce.com", "name-server-fails"),
        ("getaddrinfo ENOTFOUND acme.my.salesforce.com", "name-not-found"),
        ("getaddrinfo ENOTFOUND https", "name-not-found"),
        ("getaddrinfo ENOTFOUND undefined", "name-not-found"),
        ("connect() failed (111: Connection refused) while connecting to upstream", "reverse-proxy-upstream"),
        ("upstream: Connection refused", "connection-refused"),
    ],
)  # fmt: skip
def test_an_own_service_is_told_from_the_org(text: str, row: str) -> None:
    assert names(text) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Couldn't connect with these settings\nRequest failed with status code 401", "n8n-unauthorized"),
        ("Failed to connect. The window can be closed now.\n429 Too Many Requests", "n8n-too-many-requests"),
        ("Failed to connect. The window can be closed now.\n[object Object]", "n8n-connect-failed"),
        ("Couldn't connect with these settings\nfetch failed", "request-failed"),
    ],
)  # fmt: skip
def test_what_is_in_a_frame_tells_more(text: str, row: str) -> None:
    assert names(text) == [row]


@pytest.mark.parametrize(
    "text",
    [
        "<urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:600)>",
        '<p class="error">certificate verify failed</p>',
        "<code>certificate verify failed</code><br/>",
        "certificate <b>verify</b> failed",
        '<p\nclass="a">certificate</p>\nverify failed',
    ],
)
def test_tags_are_taken_out_and_python_s_errors_are_not(text: str) -> None:
    assert names(text) == ["tls-authority-unknown"]


@pytest.mark.parametrize(
    "text",
    [
        "the environment variable PATH was changed",
        '{"url": "https://api.example.com/api/v1/things", "status": "ok"}',
        "the cookie is secure",
        "[object Object]",
    ],
)
def test_what_is_only_near_is_unknown(text: str) -> None:
    assert names(text) == []


def test_a_note_of_n8n_s_is_no_error() -> None:
    text = "Legacy aes-256-cbc encryption key not found; falling back to instance key"
    (row,) = diagnose_text(text)
    assert row.causes[0].what.startswith("no error")
    assert names("Encryption key not found!") == ["n8n-encryption-key"]
