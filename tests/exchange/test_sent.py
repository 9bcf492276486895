"""What n8n got in this run is masked wherever it repeats it."""

from collections.abc import Iterable

import pytest

from sfcred.exchange.sent import Sent
from sfcred.text.echoes import scrub

KEY, FIRST, SECOND = "key-4711-of-the-api", "first-secret-0815", "another-0816-value"


def test_what_any_call_sent_is_masked_before_and_after_a_harmless_answer() -> None:
    known = Sent(KEY)
    known.add({"data": {"clientSecret": FIRST, "scopes": ["api"]}})
    for text in ("Bad request", f"no {FIRST}", f"no {KEY}", "Bad request"):
        assert known.mask(text) == text.replace(FIRST, "****").replace(KEY, "****")
    assert known.mask(f"and {SECOND}") == f"and {SECOND}"
    known.add({"data": {"privateKey": SECOND}})
    assert known.mask(f"and {SECOND}") == "and ****"
    assert known.mask(f"{FIRST} and {SECOND}") == "**** and ****"


def test_a_text_is_compared_with_each_value_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing takes milliseconds per value: a thousand values with each of a thousand answers."""
    compared: list[str] = []

    def scrub_start(text: str, values: Iterable[str]) -> str:
        given = list(values)
        compared.extend(given)
        return scrub(text, given)

    monkeypatch.setattr("sfcred.exchange.sent.scrub_start", scrub_start)
    known = Sent(KEY)
    for number in range(50):
        known.add({"clientSecret": f"{FIRST}-{number}"})
        assert known.mask("Bad request") == "Bad request"
    assert len(compared) == 51


def test_few_texts_are_remembered() -> None:
    known = Sent(KEY)
    for number in range(250):
        known.mask(f"request {number}")
    assert len(known._compared) <= 100
