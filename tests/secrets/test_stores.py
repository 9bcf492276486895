"""Providers that can store a value: nothing else is lost, and nothing is replaced unasked."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.errors
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from pydantic import SecretStr

from sfcred.errors import SecretUnavailable, SfcredError, WriteError, WriteRefused
from sfcred.secrets import Provider, Surroundings, all_providers, find_provider
from sfcred.secrets.store_cache import StoreCache
from tests.helpers.systems import has_mode

VALUE = SecretStr("5Aep861.new_token'with #signs")


class MemoryKeyring(KeyringBackend):
    """A password store in memory."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._unlock()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._unlock()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]

    def _unlock(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked("secret detail")


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(Path.cwd(), Path.cwd(), {}, (), StoreCache())


LOCATORS = {"file": "token", "dotenv": "ACME_TOKEN", "keyring": "sfcred/acme"}
EVERY = pytest.mark.parametrize("key", LOCATORS)


def provider(key: str) -> Provider:
    return find_provider(key)


def read(key: str, around: Surroundings) -> str:
    function = provider(key).read
    assert function is not None
    return function(LOCATORS[key], around).get_secret_value()


def write(key: str, around: Surroundings, value: SecretStr = VALUE, *, force: bool = False) -> None:
    store = provider(key).store
    assert store is not None
    store.prepare(LOCATORS[key], around, force)
    store.write(LOCATORS[key], value, around, force)


def test_these_can_keep_a_value() -> None:
    assert {key for key, found in all_providers().items() if found.store} == set(LOCATORS)


@EVERY
@pytest.mark.usefixtures("memory")
def test_what_is_written_is_read(key: str, around: Surroundings) -> None:
    write(key, around)
    assert read(key, around) == VALUE.get_secret_value()


@EVERY
@pytest.mark.usefixtures("memory")
def test_what_is_there_is_kept_unless_forced(key: str, around: Surroundings) -> None:
    write(key, around, SecretStr("old"))
    with pytest.raises(WriteRefused):
        write(key, around)
    assert read(key, around) == "old"
    write(key, around, force=True)
    assert read(key, around) == VALUE.get_secret_value()


@pytest.mark.parametrize("key", ["file", "dotenv"])
def test_files_are_the_owner_s(key: str, around: Surroundings) -> None:
    write(key, around)
    path = Path("token" if key == "file" else ".env")
    assert has_mode(path, 0o600)


@pytest.mark.parametrize("key", ["file", "dotenv"])
def test_through_no_link(key: str, around: Surroundings) -> None:
    target = Path("elsewhere")
    target.write_text("kept", encoding="utf-8")
    Path("token" if key == "file" else ".env").symlink_to(target)
    with pytest.raises(WriteRefused):
        write(key, around, force=True)
    assert target.read_text(encoding="utf-8") == "kept"


ENV = "# a comment\nexport OTHER='x ${Y}'\nACME_TOKEN=old # why\n\nLAST=\"a\\nb\"\n"


def test_the_rest_of_env_stays_as_it_is(around: Surroundings) -> None:
    Path(".env").write_text(ENV, encoding="utf-8")
    write("dotenv", around, SecretStr("new"), force=True)
    assert Path(".env").read_text(encoding="utf-8") == ENV.replace(
        "ACME_TOKEN=old # why\n", "ACME_TOKEN=new\n"
    )


@pytest.mark.parametrize("before", ["", "A=1", "A=1\n", "\n\n", "A='multi\nline'\n", "ACME_TOKEN=\n", "ACME_TOKEN\n"])  # fmt: skip
def test_a_key_is_added(around: Surroundings, before: str) -> None:
    Path(".env").write_text(before, encoding="utf-8")
    write("dotenv", around, SecretStr("new"))
    assert read("dotenv", around) == "new"
    if "ACME" not in before:
        assert Path(".env").read_text(encoding="utf-8").startswith(before)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    lines=st.lists(st.from_regex(r"\A[A-Z]{1,4}=('[a-z $#\"]{0,9}'|[a-z0-9]{0,9})\Z"), max_size=5),
    value=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
)
def test_other_keys_keep_their_values(around: Surroundings, lines: list[str], value: str) -> None:
    from dotenv import dotenv_values

    path = Path(".env")
    path.write_text("\n".join(lines), encoding="utf-8")
    before = dotenv_values(path, interpolate=False)
    try:
        write("dotenv", around, SecretStr(value), force=True)
    except WriteRefused:  # has no notation with the same meaning for every reader
        assert dotenv_values(path, interpolate=False) == before
        return
    assert dotenv_values(path, interpolate=False) == {**before, "ACME_TOKEN": value}


# -- the keyring


def test_an_entry_that_is_missing(memory: MemoryKeyring, around: Surroundings) -> None:
    with pytest.raises(SecretUnavailable) as raised:
        read("keyring", around)
    assert "no entry sfcred/acme" in raised.value.message
    assert "sfcred login" in raised.value.hint
    assert memory.entries == {}


def test_a_keyring_that_is_locked(memory: MemoryKeyring, around: Surroundings) -> None:
    memory.locked = True
    with pytest.raises(SecretUnavailable) as raised:
        read("keyring", around)
    assert "KeyringLocked" in raised.value.message
    assert "secret detail" not in raised.value.message + raised.value.hint


def test_a_keyring_that_locks_in_between(memory: MemoryKeyring, around: Surroundings) -> None:
    memory.set_password = lambda *_given: (_ for _ in ()).throw(RuntimeError("x"))  # type: ignore[method-assign]
    with pytest.raises(WriteError):
        write("keyring", around)


def test_a_machine_without_a_keyring(around: Surroundings) -> None:
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(SecretUnavailable) as raised:
            read("keyring", around)
    finally:
        keyring.set_keyring(before)
    assert "no usable keyring" in raised.value.message


def test_a_missing_package_is_named(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SfcredError) as raised:
        read("keyring", around)
    assert " install 'keyring>=25'" in raised.value.hint
