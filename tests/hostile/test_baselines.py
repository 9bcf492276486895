"""Baselines depend on check, credential and field, not on what is shown of a line."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome

Run = Callable[..., Outcome]

LOGIN = """\
version: 1
name: acme
environment: sandbox
my_domain: https://acme--uat.sandbox.lightning.force.com/x?sid=1  # copied
client_id: {env: GONE}
flow: jwt
jwt: {username: n8n@acme.com, private_key: {env: GONE2}}
app:
  scopes:
    - full
    - refresh_token
    - foo bar
    - web
profiles:
  a: {n8n: {id: same}}
  b: {n8n: {id: same}}
"""
CONSENT = """\
version: 1
name: acme
environment: sandbox
client_id: {env: GONE}
flow: oauth2
oauth2: {client_secret: {env: X}}
app: {scopes: [full, refresh_token, nope, nix], callback_urls: ['https://a/?b=c']}
"""
#: What sfcred 0.1.0 wrote for these two: fingerprint, check, profile.
VERSION_1 = """\
1cf4eade02ef505b7c3b1862ed55173f SFC005
4e7015e354789265048fc1cb4a8f7b81 SFC005
c0e449009aa317507e13ce582a7fadcb SFC006
01beb0fe3e47896046e5724f32ed8396 SFC106
99d07f47d9c9b7943bbf2e1a9cf621d2 SFC201
ca48b4f47eaf2a76d010809b140b2d8f SFC201
d8713806128b0a8c2889cffa61b39078 SFC504
4a1673c456304a511f13a1beca7562cd SFC005 a
e9c8b13fd39cb658c79e104b14261224 SFC005 a
f396e3533428a19f0e55a4bf8421a80a SFC104 a
76d3768fbbd86fcfdf67cb9c43fd3de4 SFC107 a
5bad0105124216d850baff9516f1d32b SFC108 a
a08c7ad79ee8ffdc8cd933e3f8218659 SFC201 a
9a48a41b9c41adb08d5b8cb9adefee8a SFC205 a
f99597f07597406dfeecca80308b152e SFC206 a
76e23e1a8a30a8e5aabc33c8775cf539 SFC507 a
848be8c44cb5b8909f61e09b77bb1ca8 SFC005 b
ced92e184e0f91b110b7f7d730562058 SFC005 b
8bfb3875a0e378dc8c31e991715b807d SFC007 b
d47fcc884b1ccf17a13d323008ba712b SFC104 b
01c4158461eb49770481b34ac88f2706 SFC107 b
62b4e85501cca8c305db79ed1836e1b1 SFC108 b
86b34975005e02be53619a3a9feba967 SFC201 b
8e0def2971d9b18fe6b8c75177e03aad SFC205 b
389527e37b6cf374cd52815dfa4a1f0f SFC206 b
f7a2458daf71fd0aae24e9d9dea82d62 SFC507 b
"""
BASELINE = Path("sfcred-baseline.json")
FIRST, SECOND = Path("credentials/a.yaml"), Path("credentials/sub/b.yaml")


@pytest.fixture(autouse=True)
def _project() -> None:
    Path("sfcred.toml").touch()
    SECOND.parent.mkdir(parents=True)
    FIRST.write_text(LOGIN, encoding="utf-8")
    SECOND.write_text(CONSENT, encoding="utf-8")


def write_version_1() -> None:
    entries = [line.split() for line in VERSION_1.splitlines()]
    findings = [
        {"fingerprint": e[0], "check": e[1], "credential": "acme", "profile": (*e, None)[2]}
        for e in entries
    ]
    BASELINE.write_text(
        json.dumps({"baseline_version": 1, "findings": findings}, indent=1), encoding="utf-8"
    )


def found(run: Run, *arguments: str) -> list[str]:
    done = run("doctor", "--format", "json", *arguments)
    findings = json.loads(done.out)["findings"]
    # Version 1 did not know that nobody is assigned to an app that `sfcred app` would write.
    return [f"{f['check']} {f['profile']}" for f in findings if f["check"] != "SFC602"]


def test_version_1_is_read_once_more(run: Run) -> None:
    write_version_1()
    # Since then, secrets of which none is here are one finding, not one for each.
    old = [" ".join((*line.split()[1:], "None")[:2]) for line in set(VERSION_1.splitlines())]
    now = found(run, "--no-ignores")
    assert set(now) == set(old)
    assert sorted(f for f in now if "SFC005" not in f) == sorted(
        f for f in old if "SFC005" not in f
    )
    assert found(run) == []
    done = run("doctor", "-q", "--ignore", "SFC602")
    assert (done.status, done.out) == (0, "")
    assert "version 1 baseline" in done.err
    assert "--write-baseline" in done.err


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no line feed in a name")
def test_a_warning_is_one_line_whatever_the_file_is_called(run: Run) -> None:
    Path("sfcred.toml").write_text('baseline = "a\\nhint run evil"\n', encoding="utf-8")
    Path("a\nhint run evil").write_text('{"baseline_version": 1, "findings": []}', encoding="utf-8")
    done = run("doctor", "-q")
    assert "version 1 baseline" in done.err
    assert len(done.err.splitlines()) == 1


def test_version_1_hides_nothing_new(run: Run) -> None:
    write_version_1()
    FIRST.write_text(LOGIN.replace("    - foo bar\n", "    - other\n"), encoding="utf-8")
    assert found(run) == ["SFC201 a", "SFC201 b", *["SFC012 None"] * 2]
    FIRST.write_text(
        LOGIN.replace("client_id: {env: GONE}", "client_id: {env: GONE3}"), encoding="utf-8"
    )
    assert "SFC005 a" in found(run)


def test_version_1_is_rewritten(run: Run) -> None:
    write_version_1()
    done = run("doctor", "--write-baseline", "-q")
    assert (done.status, done.out) == (0, "")
    assert json.loads(BASELINE.read_text(encoding="utf-8"))["baseline_version"] == 2
    assert found(run) == []
    assert run("doctor", "-q").err == ""


def test_what_a_line_looks_like_is_not_in_it(run: Run) -> None:
    run("doctor", "--write-baseline")
    FIRST.write_text(
        LOGIN.replace("my_domain: https", "# moved\n\nmy_domain:   https")
        .replace("jwt: {", "jwt: # {\n  {")
        .replace("{env: GONE}", '{"env": "GONE"}'),
        encoding="utf-8",
    )
    assert found(run) == []


def test_another_field_credential_or_profile_is_new(run: Run) -> None:
    run("doctor", "--write-baseline")
    FIRST.write_text(LOGIN.replace("    - web\n", "    - web\n    - another\n"), encoding="utf-8")
    assert found(run) == ["SFC201 a", "SFC201 b"]
    FIRST.write_text(LOGIN + "  c: {n8n: {id: c}}\n", encoding="utf-8")
    assert {line.split()[1] for line in found(run)} == {"c"}
    FIRST.write_text(LOGIN, encoding="utf-8")
    SECOND.write_text(CONSENT.replace("name: acme", "name: acme-2"), encoding="utf-8")
    assert "SFC201 None" in found(run)


def test_equal_ones_are_counted(run: Run) -> None:
    FIRST.unlink()
    SECOND.write_text(CONSENT, encoding="utf-8")
    Path("credentials/c.yaml").write_text(CONSENT, encoding="utf-8")
    run("doctor", "--write-baseline")
    assert found(run) == []
    Path("credentials/d.yaml").write_text(CONSENT, encoding="utf-8")
    assert "SFC201 None" in found(run)


def test_sarif_and_gitlab_know_a_finding_by_the_same(run: Run) -> None:
    sarif = json.loads(run("doctor", "--format", "sarif").out)["runs"][0]["results"]
    gitlab = json.loads(run("doctor", "--format", "gitlab").out)
    marks = [result["partialFingerprints"]["sfcred/v2"] for result in sarif]
    assert marks == [entry["fingerprint"] for entry in gitlab]
    assert len(set(marks)) == len(marks)
    # If this changes, every known finding looks new, in every project.
    assert "2c83910dccd294e0d82c215c98b7127c" in marks
