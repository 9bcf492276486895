"""doctor --fix corrects what is certain, and changes nothing else."""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.fix import correct
from sfcred.fix.documents import data_of
from sfcred.spec.model import Spec
from tests.conftest import Outcome
from tests.helpers.project import Project
from tests.helpers.systems import has_mode, make_executable, needs_posix

Run = Callable[..., Outcome]

UNTIDY = """\
# yaml-language-server: $schema=../credential.schema.json
name: acme-crm   # the name
# which version
version: 1
environment: sandbox
jwt:
  # the key
  private_key: {file: acme.key}
  username: n8n@acme.com.uat
  certificate: 'acme.crt'
my_domain: "https://acme--uat.sandbox.lightning.force.com/lightning/page"   # copied

client_id: {env: ACME_CLIENT_ID}
app:
  scopes: [Api, "RefreshToken", 'Manage user data via Web browsers (web)']   # hm
n8n:
  url: https://n8n.acme.com
  version: "2.40.5"
"""
TIDY = """\
# yaml-language-server: $schema=../credential.schema.json
# which version
version: 1
name: acme-crm   # the name
environment: sandbox
my_domain: "https://acme--uat.sandbox.my.salesforce.com"   # copied

client_id: {env: ACME_CLIENT_ID}
jwt:
  username: n8n@acme.com.uat
  # the key
  private_key: {file: acme.key}
  certificate: 'acme.crt'
app:
  scopes: [api, "refresh_token", 'web']   # hm
n8n:
  url: https://n8n.acme.com
  version: "2.40.5"
"""


def test_what_is_certain_is_corrected(project: Project, run: Run) -> None:
    spec = project.spec(UNTIDY)
    done = run("doctor", spec, "--fix")
    assert spec.read_text(encoding="utf-8") == TIDY
    assert done.status == 0
    assert done.err == "corrected 4 values and the order of keys in 1 file\n"
    again = run("doctor", spec, "--fix")
    assert (again.status, again.err) == (0, "")
    assert spec.read_text(encoding="utf-8") == TIDY


@needs_posix
def test_what_somebody_changes_meanwhile_stays(
    project: Project, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves the spec while the checks run: here, when git is asked about the key."""
    spec, programs = project.spec(UNTIDY), tmp_path / "programs"
    project.material("acme.key", "rsa-2048")
    subprocess.run(["git", "init", "--quiet"], check=True)
    programs.mkdir()
    git = programs / "git"
    git.write_text(
        f"#!/bin/sh\nsed -i s/acme--uat/other--uat/ '{spec.absolute()}'\n"
        f"exec '{shutil.which('git')}' \"$@\"\n",
        encoding="utf-8",
    )
    make_executable(git)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    done = run("doctor", spec, "--fix")
    assert spec.read_text(encoding="utf-8") == UNTIDY.replace("acme--uat", "other--uat")
    assert done.status == 2
    assert f"{spec}: was changed in the meantime, so it isn't replaced" in done.err


@pytest.mark.parametrize(
    ("options", "warning"),
    [
        (("--fix", "--dry-run"), ""),
        (("--diff",), "warning: --diff is now called --fix --dry-run\n"),
        (("--fix", "--diff"), "warning: --diff is now called --fix --dry-run\n"),
    ],
)
def test_a_dry_run_shows_it_and_writes_nothing(
    project: Project, run: Run, options: tuple[str, ...], warning: str
) -> None:
    spec = project.spec(UNTIDY)
    done = run("doctor", spec, *options)
    assert (done.status, done.err) == (1, warning)
    assert spec.read_text(encoding="utf-8") == UNTIDY
    assert '+my_domain: "https://acme--uat.sandbox.my.salesforce.com"   # …' in done.out
    assert "  username: n8n@acme.com.uat" in done.out, "a username that is written out is public"
    spec.write_text(TIDY, encoding="utf-8")
    done = run("doctor", spec, *options)
    assert (done.status, done.out, done.err) == (0, "", warning)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://acme.my.salesforce.com/", "https://acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com//", "https://acme.my.salesforce.com"),
        ("https://ACME.my.salesforce.com", "https://acme.my.salesforce.com"),
        ("acme.my.salesforce.com", "https://acme.my.salesforce.com"),
        ("http://acme.my.salesforce.com/x?y#z", "https://acme.my.salesforce.com"),
        ("https://acme.my.salesforce-setup.com/lightning/setup", "https://acme.my.salesforce.com"),
        # These would be guesses, or may be intended:
        ("https://acme.my.salesforce.com:8443", None),
        ("https://me@acme.my.salesforce.com", None),
        ("https://acme.example.com/", None),
        ("https://na44.salesforce.com", None),
        ("acme", None),
    ],
)
def test_my_domain(project: Project, run: Run, old: str, new: str | None) -> None:
    before = TIDY.replace('"https://acme--uat.sandbox.my.salesforce.com"', old)
    spec = project.spec(before.replace("environment: sandbox", "environment: production"))
    run("doctor", spec, "--fix")
    assert f"my_domain: {new or old}   # copied" in spec.read_text(encoding="utf-8")


def test_in_a_profile_and_in_blocks(project: Project, run: Run) -> None:
    overlay = "profiles:\n  uat:\n    my_domain: acme--uat.sandbox.my.salesforce.com\n    app:\n      scopes:\n        - Api # one\n        - offline_access\n"
    spec = project.spec(TIDY + overlay)
    run("doctor", spec, "--fix")
    text = spec.read_text(encoding="utf-8")
    assert "    my_domain: https://acme--uat.sandbox.my.salesforce.com\n" in text
    assert "        - api # one\n        - offline_access\n" in text


@pytest.mark.parametrize(
    "text",
    [
        # Text that an alias repeats, a block scalar, and text that isn't YAML.
        "version: 1\nname: a\nx: &d https://acme.my.salesforce.com//\nmy_domain: *d\n",
        "version: 1\nname: a\nmy_domain: |\n  acme.my.salesforce.com/x\n",
        "name: a\nversion: 1\nname: b\n",
        "name: [\n",
        "",
        "- 1\n",
        "name: chart\nversion: 1\ndescription: something else\n",
        "name: chart\nversion: 1\ndependencies: []\nn8n: {}\n",
        "{name: a, version: 1}\n",
        "name: &n a\nversion: 1\ndescription: *n\n",
    ],
)
def test_what_is_not_certain_stays(text: str, project: Project, run: Run) -> None:
    spec = project.spec(text)
    run("doctor", spec, "--fix")
    kept = spec.read_text(encoding="utf-8")
    assert kept == text or data_of(kept) == data_of(text)


def test_line_ends_and_marks_stay(project: Project, run: Run) -> None:
    spec = project.spec("")
    spec.write_bytes("\ufeff".encode() + UNTIDY.replace("\n", "\r\n").encode())
    run("doctor", spec, "--fix")
    assert spec.read_bytes() == "\ufeff".encode() + TIDY.replace("\n", "\r\n").encode()


def test_permissions_stay_and_links_are_refused(project: Project, run: Run) -> None:
    spec = project.spec(UNTIDY)
    spec.chmod(0o640)
    run("doctor", spec, "--fix")
    assert has_mode(spec, 0o640)
    spec.write_text(UNTIDY, encoding="utf-8")
    link = Path("link.yaml")
    link.symlink_to(spec)
    done = run("doctor", link, "--fix")
    assert done.status == 2
    assert "symbolic link" in done.err
    assert spec.read_text(encoding="utf-8") == UNTIDY


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="nothing is forbidden to root, and Windows has other permissions",
)
def test_a_folder_that_can_t_be_written(project: Project, run: Run) -> None:
    spec = project.spec(UNTIDY, "locked/acme.yaml")
    spec.parent.chmod(0o500)
    done = run("doctor", spec, "--fix")
    assert done.status == 3
    assert spec.read_text(encoding="utf-8") == UNTIDY


def test_what_is_ignored_is_not_corrected(project: Project, run: Run) -> None:
    spec = project.spec(TIDY.replace(".my.salesforce.com", ".lightning.force.com"))
    spec.write_text(
        spec.read_text(encoding="utf-8") + "doctor:\n  ignore: {SFC104: 'a test'}\n",
        encoding="utf-8",
    )
    run("doctor", spec, "--fix")
    assert "lightning.force.com" in spec.read_text(encoding="utf-8")


KEYS = [name for name in Spec.model_fields if name != "profiles"]
VALUES = st.sampled_from(
    ["x", "'y'", "[a, b]", "{a: b}", "|\n  text\n  # no comment", "\n  - 1\n  # c\n  - 2", "\n  url: u # c\n\n  scopes: [Api]"]
)  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(KEYS), VALUES, st.sampled_from(["", "# c\n", "\n", "\n# d\n"])), unique_by=lambda k: k[0], min_size=1),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)  # fmt: skip
def test_order_changes_neither_data_nor_lines(
    blocks: list[tuple[str, str, str]], end: str, ends: bool
) -> None:
    text = "".join(f"{above}{key}: {value}\n" for key, value, above in blocks)
    text = text.replace("\n", end).removesuffix("" if ends else end)
    after = correct(Path("x"), text, []).after
    assert data_of(after) == data_of(text)
    assert Counter(after.split()) == Counter(text.split())
    assert correct(Path("x"), after, []).after == after
    keys = [k for k in re.findall(r"(?m)^(\w+):", after) if k in KEYS]
    order = ["version", "name", *KEYS]
    # If its last line has no line end, a block scalar would change its meaning in its new place.
    assert keys == sorted(keys, key=order.index) or not ends


@pytest.mark.parametrize(
    "value", ['"one\n  # two"', "'one\n  # two'", "|\n   one\n  # two", ">-\n   one\n\n  # two"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028"])
def test_what_looks_like_a_comment_stays_where_it_belongs(value: str, end: str) -> None:
    text = f"app:\n  label: {value}\n  # the type\n  type: connected_app".replace("\n", end)
    after = correct(Path("x"), text, []).after
    assert data_of(after) == data_of(text)
    assert after.index("type:") < after.index("label:")
    assert after.index("# the type") < after.index("type:")


@given(st.text(max_size=200))
def test_any_text_is_left_alone_or_says_the_same(text: str) -> None:
    before = data_of(text)
    after = correct(Path("x"), text, []).after
    if before is None:
        assert after == text
    else:
        assert data_of(after) == before or "my_domain" in text


@pytest.mark.parametrize("options", [("--fix", "--dry-run"), ("--diff",)])
@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b"name: [", "SFC001"),
        (bytes(range(128, 228)), "SFC001"),
        (b"version: 1\nname: acme-crm\ncolour: red\n", "SFC002"),
        (b"name: a\nname: b\n", "SFC003"),
    ],
)
def test_a_dry_run_reports_what_it_cannot_understand(
    project: Project, run: Run, content: bytes, check: str, options: tuple[str, ...]
) -> None:
    spec = project.folder / "acme.yaml"
    spec.write_bytes(content)
    done = run("doctor", spec, *options)
    assert (done.status, check in done.err, done.out) == (1, True, ""), done
    assert spec.read_bytes() == content
