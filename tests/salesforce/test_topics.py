"""A text that no row knows gets advice on what it is about, and is still called unknown."""

import pytest

from sfcred.report.error_text import as_text, diagnose
from sfcred.salesforce.diagnosis import topic
from sfcred.salesforce.refusals.topics import TOPICS, Topic


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Unsupported block type for private key: 59", "a private key"),
        ("expected PEM, and failed", "a private key"),
        ("the code verifier is required by this server", "PKCE"),
        ("the redirect URL https://n8n.acme.com/x doesn't match", "the callback URL"),
        ("Encryption key is missing from the config", "encryption"),
        ("Redis cluster refused the command", "Redis"),
        ("TypeORM: connection lost", "a database"),
        ('SQLITE_ERROR: near "-": syntax error', "a database"),
        ("External secrets: provider failed to start", "a store of secrets"),
        ("x509: unknown extension", "TLS"),
        ("DNS lookup failed for the host", "the lookup of a host name"),
        (
            "Überprüfen Sie Ihren Benutzernamen und Ihr Kennwort.",
            "a login with a username and a password",
        ),
        (
            "ユーザ名またはパスワードが正しくない可能性があります",
            "a login with a username and a password",
        ),
    ],
)
def test_a_topic_is_named_and_the_text_stays_unknown(text: str, about: str) -> None:
    assert diagnose(text) == ()
    said, is_known = as_text(text)
    assert not is_known
    assert said.startswith("sfcred doesn't know this error.\n")
    assert f"Its words are about {about}. If that is what failed:\n  " in said


@pytest.mark.parametrize(
    "text",
    [
        "the private key has a new owner",
        "Redis is running",
        "We use PKCE and it works",
        "The certificate of our site is fine",
        "permission denied (publickey)",
        "npm ERR! missing script: build",
        "invalid\nprivate key",
        "Cannot decrypt the PDF",
        '[{"errorCode": "SOMETHING_NEW", "message": "the private key is invalid"}]',
    ],
)
def test_a_word_alone_or_an_answer_of_the_api_has_no_topic(text: str) -> None:
    assert topic(text) is None


def test_a_known_text_wins_over_its_topic() -> None:
    assert [one.name for one in diagnose("private key error: no start line")] == ["key-not-pem"]


@pytest.mark.parametrize("one", TOPICS, ids=lambda one: one.about)
def test_a_topic_s_advice_is_sentences(one: Topic) -> None:
    assert one.usually.startswith("Usually, ")
    assert one.usually.endswith(".")
    assert one.fix.endswith(".")
