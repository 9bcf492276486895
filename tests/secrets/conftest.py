"""What the tests of remote providers share."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sfcred.errors import SecretUnavailable
from sfcred.secrets import Surroundings, _aws, azure, gcp, onepassword, providers, sops, vault
from sfcred.secrets._remote import Memory

CANARY = "canaryVerySecretValue4711"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    memories: list[Memory] = [
        _aws.MEMORY, azure._MEMORY, gcp._MEMORY, onepassword._MEMORY, sops._MEMORY, vault._MEMORY
    ]  # fmt: skip
    for memory in memories:
        memory.clear()
    yield
    for memory in memories:
        memory.clear()


def read(reference: str, **environ: str) -> str:
    """The value behind `provider: locator`, as sfcred reads it."""
    return read_with(reference, environ)


def read_with(reference: str, environ: Mapping[str, str]) -> str:
    key, _, locator = reference.partition(": ")
    provider = providers()[key]
    assert provider.read is not None
    return provider.read(locator, Surroundings(Path.cwd(), Path.cwd(), environ, ())).get_secret_value()  # fmt: skip


def refusal(reference: str, **environ: str) -> str:
    """Message and hint, where a reference can't be read; never with a value in it."""
    with pytest.raises(SecretUnavailable) as caught:
        read_with(reference, environ)
    text = f"{caught.value.message}\n{caught.value.hint}"
    assert CANARY not in text
    assert caught.value.__cause__ is None or CANARY not in str(caught.value.__cause__)
    return text
