"""`sfcred keygen`: real keys, checked with openssl, and nothing in use is ever lost."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.text.shell import for_shell
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import has_mode, skip_without_posix

Run = Callable[..., Outcome]
NEW = "jwt: {private_key: {file: new.key}, certificate: new.crt}\n"


def openssl(*arguments: str) -> str:
    done = subprocess.run(
        ["openssl", *arguments], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout + done.stderr


def public_half(file: str, kind: str) -> str:
    asked = ("pkey", "-pubout") if kind == "key" else ("x509", "-pubkey", "-noout")
    return openssl(asked[0], "-in", file, *asked[1:])


@pytest.mark.parametrize("bits", ["2048", "3072", "4096"])
def test_openssl_reads_both_and_they_are_a_pair(project: Project, run: Run, bits: str) -> None:
    done = run("keygen", project.credential(NEW), "--bits", bits)
    assert done.status == 0, done
    assert public_half("new.key", "key") == public_half("new.crt", "certificate")
    assert f"{bits} bit" in openssl("pkey", "-in", "new.key", "-noout", "-text")
    text = openssl("x509", "-in", "new.crt", "-noout", "-text", "-subject")
    assert "sha256WithRSAEncryption" in text
    # OpenSSL 3.6 writes no spaces around the sign.
    assert "CN = sfcred acme-crm" in text or "CN=sfcred acme-crm" in text
    assert Path("new.crt").stat().st_size < 4096
    assert Path("new.key").read_text(encoding="utf-8").startswith("-----BEGIN PRIVATE KEY-----\n")
    assert has_mode(Path("new.key"), 0o600)


def test_doctor_is_content_with_it(project: Project, run: Run) -> None:
    spec = project.credential(NEW)
    run("keygen", spec, "--days", "90", "--subject", "n8n at Acme")
    assert run("doctor", spec).status == 0
    assert "n8n at Acme" in openssl("x509", "-in", "new.crt", "-noout", "-subject")
    assert "will not expire" in openssl("x509", "-in", "new.crt", "-checkend", str(89 * 86400))


def test_it_says_which_goes_where_and_shows_no_key(project: Project, run: Run) -> None:
    done = run("keygen", project.credential(NEW))
    assert "certificate: new.crt\n  goes to Salesforce: Setup, External Client App" in done.out
    assert "never to Salesforce" in done.out
    assert "BEGIN" not in done.out + done.err
    body = Path("new.key").read_text(encoding="utf-8").splitlines()[1]
    assert body not in done.out + done.err


@pytest.mark.parametrize("there", ["new.key", "new.crt"])
def test_what_is_there_stays(project: Project, run: Run, there: str) -> None:
    Path(there).write_text("kept", encoding="utf-8")
    done = run("keygen", project.credential(NEW))
    assert done.status == 2
    assert Path(there).read_text(encoding="utf-8") == "kept"
    assert sorted(p.name for p in Path().glob("new.*")) == [there]
    assert run("keygen", project.credential(NEW), "--force").status == 0


def test_git_must_ignore_the_key(project: Project, run: Run) -> None:
    project.material("other", "tracked:rsa-2048")
    done = run("keygen", project.credential(NEW))
    assert done.status == 2
    assert "does not ignore it" in done.err
    Path(".gitignore").write_text("*.key\n", encoding="utf-8")
    assert run("keygen", project.credential(NEW)).status == 0


@pytest.mark.parametrize(
    ("fragment", "base", "options", "words"),
    [
        ("{}\n", "oauth2", (), "the flow of acme-crm is oauth2, which needs no key"),
        ("{}\n", "client_credentials", (), "is client_credentials, which needs no key"),
        (
            "jwt: {private_key: {env: KEY}, certificate: x.crt}\n",
            "jwt",
            (),
            "doesn't name the files",
        ),
        (
            "jwt: {private_key: {file: x.key}, certificate: null}\n",
            "jwt",
            (),
            "doesn't name the files",
        ),
        (NEW, "jwt", ("--subject", "x" * 65), "the limit is 64"),
        (NEW, "jwt", ("--rotate",), "no key pair to rotate"),
    ],
)
def test_refused(
    project: Project, run: Run, fragment: str, base: str, options: tuple[str, ...], words: str
) -> None:
    done = run("keygen", project.credential(fragment, base), *options)
    assert done.status == 2
    assert words in done.err


def test_a_rotation_leaves_the_pair_in_use_alone(project: Project, run: Run) -> None:
    spec = project.credential()
    before = {name: Path(name).read_bytes() for name in ("acme.key", "acme.crt")}
    done = run("keygen", spec, "--rotate")
    assert done.status == 0
    assert {name: Path(name).read_bytes() for name in before} == before
    assert public_half("acme.next.key", "key") == public_half("acme.next.crt", "certificate")
    steps = [line for line in done.out.splitlines() if line[:1].isdigit()]
    assert [line[0] for line in steps] == ["1", "2", "3", "4", "5"]
    # The printed steps work: run step 2 in a shell, then doctor.
    moves = done.out.partition("2. ")[2].partition("\n3. ")[0].replace("\n", "; ")
    skip_without_posix("mv and cp")
    subprocess.run(moves, shell=True, check=True)  # noqa: S602 - this tests the printed text
    assert run("doctor", spec).status == 0
    assert Path("acme.old.key").read_bytes() == before["acme.key"]
    # Another app could still need the old pair: nothing overwrites it.
    unfinished = run("keygen", spec, "--rotate")
    assert unfinished.status == 2
    assert "the last rotation isn't finished: acme.old.key still exists" in unfinished.err
    Path("acme.old.key").unlink()
    Path("acme.old.crt").unlink()
    assert run("keygen", spec, "--rotate").status == 0
    begun = run("keygen", spec, "--rotate")
    assert begun.status == 2
    assert "acme.next.key: already exists" in begun.err
    assert "Finish this rotation first" in begun.err


def test_folders_are_created_for_their_owner_only(project: Project, run: Run) -> None:
    spec = project.credential(
        "jwt: {private_key: {file: secrets/new/x.key}, certificate: certs/x.crt}\n"
    )
    assert run("keygen", spec).status == 0
    assert has_mode(Path("secrets/new"), 0o700)
    assert run("doctor", spec).status == 0


def test_a_new_folder_for_keys_is_ignored(project: Project, run: Run) -> None:
    project.material("other", "tracked:rsa-2048")
    spec = project.credential(
        "jwt: {private_key: {file: secrets/x.key}, certificate: certs/x.crt}\n"
    )
    done = run("keygen", spec)
    assert done.status == 0, done
    listed = ["git", "status", "--porcelain", "--untracked-files=all"]
    shown = subprocess.run(listed, capture_output=True, encoding="utf-8", check=True).stdout
    assert "certs/x.crt" in shown
    assert "secrets/" not in shown
    assert has_mode(Path("secrets"), 0o700)


@pytest.mark.parametrize(("folder", "is_there"), [("secrets", True), (".", True), ("pair", False)])
def test_a_key_that_git_would_take_is_refused(
    project: Project, run: Run, folder: str, is_there: bool
) -> None:
    project.material("other", "tracked:rsa-2048")
    if is_there:
        Path(folder).mkdir(exist_ok=True)
    certificate = "pair" if folder == "pair" else "certs"  # git must not ignore a certificate
    spec = project.credential(
        f"jwt: {{private_key: {{file: {folder}/x.key}}, certificate: {certificate}/x.crt}}\n"
    )
    done = run("keygen", spec)
    assert done.status == 2
    assert "does not ignore it" in done.err
    assert not Path(folder, "x.key").exists()


def test_a_second_run_names_the_rotation(project: Project, run: Run) -> None:
    done = run("keygen", project.credential())
    assert done.status == 2
    assert "run `sfcred keygen acme.yaml --rotate`" in done.err


SHARED = """\
profiles:
  dev: {my_domain: https://acme--dev.sandbox.my.salesforce.com, app: {label: n8n dev}}
  uat: {my_domain: https://acme--uat.sandbox.my.salesforce.com}
"""


@pytest.mark.parametrize("by", ["path", "name"])
def test_all_holders_of_a_shared_pair_are_named(project: Project, run: Run, by: str) -> None:
    spec = project.credential(SHARED)
    Path("credentials").mkdir()
    other = Path("credentials/other.yaml")
    text = spec.read_text(encoding="utf-8").replace("acme-crm", "other").partition("profiles:")[0]
    other.write_text(
        text.replace("acme.key", "../acme.key").replace(
            "certificate: acme.crt", "certificate: o.crt"
        ),
        encoding="utf-8",
    )
    Path("credentials/acme.yaml").write_text(
        spec.read_text(encoding="utf-8")
        .replace("acme.key", "../acme.key")
        .replace("acme.crt", "../acme.crt"),
        encoding="utf-8",
    )
    name = "credentials/acme.yaml" if by == "path" else "acme-crm"
    done = run("keygen", name, "--profile", "uat", "--rotate")
    assert done.status == 0, done
    assert "3 credentials use this pair and change together:\n" in done.out
    into_n8n = done.out.partition("4. Write the new key into n8n, for each of them:\n")[2]
    for label, option in (("[dev]", "--profile dev"), ("[uat]", "--profile uat"), ("other", "")):
        assert re.search(
            rf"(?m)^   .*{re.escape(label)}: run `sfcred push *{option} --n8n URL`", into_n8n
        ), label
    assert "acme-crm [dev]: n8n dev in https://acme--dev.sandbox.my.salesforce.com\n" in done.out
    assert "acme-crm [uat]: " in done.out
    assert "  other: " in done.out
    assert "to each of these apps" in done.out
    logins = done.out.partition("\n3. ")[2].partition("\n4. ")[0].splitlines()[1:]
    assert {line.strip() for line in logins} == {
        "sfcred doctor credentials/acme.yaml --profile dev --live",
        "sfcred doctor credentials/acme.yaml --profile uat --live",
        "sfcred doctor credentials/other.yaml --live",
    }
    moves = done.out.partition("2. ")[2].partition("\n3. ")[0].replace("\n", "; ")
    skip_without_posix("mv and cp")
    subprocess.run(moves, shell=True, check=True)  # noqa: S602 - this tests the printed text
    assert Path("credentials/o.crt").read_bytes() == Path("acme.crt").read_bytes()


def test_a_pair_with_one_holder_has_no_list(project: Project, run: Run) -> None:
    project.credential(SHARED, name="other.yaml")
    done = run("keygen", project.credential(NEW))
    assert done.status == 0
    assert "each" not in done.out


@pytest.mark.parametrize(
    "bend",
    [
        lambda key: f'"{key}"',
        lambda key: key.replace("\n", "\n    "),
        lambda key: key.replace("\n", "\n\n"),
    ],
    ids=["quoted", "indented", "empty lines"],
)
def test_a_repaired_key_is_the_same_key_and_openssl_reads_it(
    project: Project, run: Run, bend: Callable[[str], str]
) -> None:
    spec = project.credential()
    before = public_half("acme.key", "key")
    Path("acme.key").write_text(
        bend(Path("acme.key").read_text(encoding="utf-8")), encoding="utf-8"
    )
    assert "keygen acme.yaml --repair" in run("doctor", spec).out
    done = run("keygen", spec, "--repair")
    assert done.status == 0, done
    assert done.out == (
        f"acme.key: rewritten; it is still the same key\nnext: sfcred doctor {for_shell(spec)}\n"
    )
    assert public_half("acme.key", "key") == before
    assert has_mode(Path("acme.key"), 0o600)
    assert run("doctor", spec).status == 0


@pytest.mark.parametrize(
    ("fragment", "base", "options", "words"),
    [
        ("{}\n", "oauth2", (), "needs no key"),
        ("jwt: {private_key: {env: KEY}}\n", "jwt", (), "doesn't name the file"),
        ("jwt: {private_key: {file: no.key}}\n", "jwt", (), "no.key"),
        ("jwt: {private_key: {file: acme.crt}}\n", "jwt", (), "not a usable private key"),
        ("{}\n", "jwt", ("--rotate",), "--repair keeps the key"),
        ("{}\n", "jwt", ("--force",), "--repair keeps the key"),
    ],
)
def test_nothing_to_repair(
    project: Project, run: Run, fragment: str, base: str, options: tuple[str, ...], words: str
) -> None:
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    spec = project.credential(fragment, base)
    done = run("keygen", spec, "--repair", *options)
    assert done.status == 2
    assert words in done.err
    for path, content in before.items():
        assert path.read_bytes() == content
