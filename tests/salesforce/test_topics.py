"""A text that no row knows still gets the advice for its topic, and is still called unknown."""

import pytest

from sfcred.report.error_text import as_text, diagnose
from sfcred.salesforce.diagnosis import diagnose_text, topic
from sfcred.salesforce.refusals.topics import TOPICS


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Unsupported block type for private key: 59", "about-private-key"),
        ("expected PEM, and failed", "about-private-key"),
        ("the code verifier is required by this server", "about-pkce"),
        ("the redirect URL https://n8n.acme.com/x doesn't match", "about-callback-url"),
        ("Encryption key is missing from the config", "about-encryption-key"),
        ("Redis cluster refused the command", "about-redis"),
        ("TypeORM: connection lost", "about-database"),
        ('SQLITE_ERROR: near "-": syntax error', "about-database"),
        ("External secrets: provider failed to start", "about-secrets-store"),
        ("x509: unknown extension", "about-tls"),
        ("DNS lookup failed for the host", "about-name-resolution"),
    ],
)
def test_a_topic_is_named_and_the_text_stays_unknown(text: str, name: str) -> None:
    assert diagnose_text(text) == []
    assert [one.name for one in diagnose(text)] == [name]
    said, is_known = as_text(text)
    assert not is_known
    assert said.startswith("sfcred doesn't know this error.\n" + name)


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


@pytest.mark.parametrize("one", TOPICS, ids=lambda one: one.row.name)
def test_a_topic_s_cause_is_a_clause_and_its_fix_a_sentence(one: object) -> None:
    row = next(topic.row for topic in TOPICS if topic is one)
    (cause,) = row.causes
    assert cause.what.startswith("the text is about ")
    assert not cause.what.endswith(".")
    assert cause.fix.endswith(".")
