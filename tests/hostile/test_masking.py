"""Only public fields are shown, in excerpts and messages, in every YAML style."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sfcred.report import format_names
from tests.conftest import Outcome
from tests.helpers.project import BASES, Project
from tests.helpers.specs import HEAD
from tests.hostile.canaries import CANARY, leaks, specs

Run = Callable[..., Outcome]

COMMANDS: tuple[tuple[str, ...], ...] = (
    *(("doctor", "--format", name) for name in format_names()),
    ("doctor", "-v", "--require-secrets"),
    ("doctor", "--diff"),
    ("resolve",),
    ("resolve", "--format", "json"),
    ("guide", "--profile", "uat"),
    ("guide",),
    ("render", "--no-check", "-o", "out.json", "--force"),
    ("render", "-o", "out.json", "--force"),
    ("app", "-o", "salesforce", "--force", "--no-check"),
    ("diff", "--export", "export.json"),
    ("app", "--check", "."),
    ("doctor", "--fix", "-q"),
)


def assert_silent(run: Run, spec: Path) -> None:
    Path("export.json").write_text("[]", encoding="utf-8")
    for name, *options in COMMANDS:
        done = run(name, spec, *options)
        found = leaks(done.out + done.err)
        assert not found, f"{name} {options}: {found}"
        assert "Traceback" not in done.err
        assert "a bug in sfcred" not in done.err
        assert done.status in (0, 1, 2, 4), done


#: Regressions, the first one as it was reported.
KNOWN = (
    f'oauth2: {{"client_secret":"{CANARY}"}}\n',
    f"oauth2:\n  client_secret: {{type: {CANARY}}}\n",
    f"oauth2:\n  client_secret: {{env: {CANARY}-x}}\n",
    f"oauth2:\n  ? client_secret\n  : {CANARY}\n",
    f"oauth2:\n  ? {CANARY}\n",
    f"? {CANARY}\n: x\n",
    # Related cases: keys, tags, anchors, aliases, directives, comments.
    f"{CANARY}: x\n",
    f"oauth2: {{{CANARY}: x}}\n",
    f"oauth2:\n  client_secret: {{{CANARY}: x}}\n",
    f"oauth2:\n  client_secret: !{CANARY} x\n",
    f"oauth2:\n  client_secret: !<tag:{CANARY}> x\n",
    f"oauth2:\n  client_secret: &{CANARY} x\n",
    f"oauth2:\n  client_secret: *{CANARY}\n",
    f"{CANARY}: 1\n{CANARY}: 2\n",
    f"oauth2:\n  client_secret: x\n  client_secret: {CANARY}\n",
    f"oauth2:\n  client_secret: x  # {CANARY}\n",
    f"oauth2:\n  # {CANARY}\n  client_secret: x\n",
    f"oauth2: &{CANARY}\n  client_secret: x\nx: {{<<: *{CANARY}}}\n",
    f"oauth2: {{client_secret: x,\n  # {CANARY}\n  x: y}} # {CANARY}\n",
    # What pydantic writes for a key of the wrong type.
    f"'[key]': {CANARY}\nprofiles: {{'[key]': {CANARY}}}\ndoctor: {{'[key]': {CANARY}}}\n",
    # Values in public fields that don't belong there.
    f"description: {{type: {CANARY}}}\n",
    f"description: [{CANARY}]\n",
    f"description: |\n  {CANARY}\n  x: [\n",
    f"flow: {CANARY}\n",
    f"n8n: {{version: {CANARY}}}\n",
    f"n8n: {{id: '{CANARY}/x'}}\n",
    f"app: {{scopes: [{CANARY}]}}\n",
    f"app: {{scopes: {CANARY}}}\n",
    f"app: {{refresh_token_policy: {{{CANARY}: 3d}}}}\n",
    f"app: {{pre_authorized: {CANARY}}}\n",
    f"app: {{contact_email: {CANARY}}}\n",
    f"doctor: {{ignore: {{{CANARY}: because}}}}\n",
    f"doctor: {{ignore: {{{CANARY}: {{a: b}}}}}}\n",
    f"profiles: {{{CANARY}: {{}}}}\n",
    f"profiles: {{'{CANARY} x': {{environment: 3}}}}\n",
    f"profiles: {{'{CANARY} x': 3}}\n",
    f"n8n: {{url: 'https://me:{CANARY}@n8n.acme.com'}}\n",
    f"n8n: {{url: 'https://{CANARY}@n8n.acme.com'}}\n",
    f"n8n: {{url: 'https://n8n.acme.com/webhook?x={CANARY}'}}\n",
    f"app: {{callback_urls: ['http://me:{CANARY}@n8n.acme.com/?x']}}\n",
    f"app: {{callback_urls: ['http://n8n.acme.com/rest/oauth2-credential/callback?{CANARY}']}}\n",
    # A literal that looks like another tool's notation.
    f"oauth2: {{client_secret: ${CANARY}}}\n",
    # A value that an alias copies to a place for a secret.
    f"description: &a {CANARY}\noauth2: {{client_secret: *a, zz: 1}}\n",
    f'description: "a\n  {CANARY}"\noauth2: [\n',
)


@pytest.mark.parametrize("text", KNOWN, ids=range(len(KNOWN)))
def test_a_known_case(project: Project, run: Run, text: str) -> None:
    assert_silent(run, project.spec(HEAD + text))
    assert_silent(run, project.spec(text))


@pytest.mark.parametrize("name", [CANARY, f"{CANARY} x", f"'{CANARY}'", f"[{CANARY}]"])
def test_a_name_that_is_none(project: Project, run: Run, name: str) -> None:
    assert_silent(run, project.spec(HEAD.replace("acme-crm", name)))
    done = run("doctor", project.spec(HEAD.replace("acme-crm", name)))
    assert "(acme#1)" in done.out


@pytest.mark.parametrize("address", [f"https://me:{CANARY}@acme.my.salesforce.com", CANARY])
@pytest.mark.parametrize("base", BASES)
def test_a_my_domain_that_is_none(project: Project, run: Run, address: str, base: str) -> None:
    domain = "https://acme--uat.sandbox.my.salesforce.com"
    assert_silent(run, project.spec(BASES[base].replace(domain, address)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=specs())
def test_whatever_the_style(project: Project, run: Run, text: str) -> None:
    spec = project.folder / "acme.yaml"
    spec.write_bytes(text.encode())
    assert_silent(run, spec)


#: A line with a finding, and what is shown of it.
SHOWN = (
    ("oauth2: {client_secret: abc, x: y}", "oauth2: {client_secret: ****, ****: ****}"),
    ('oauth2: {"client_secret":"abc"}', 'oauth2: {"client_secret":****}'),
    ("oauth2: {client_secret: {env: ACME}, zz: 1}",
     "oauth2: {client_secret: {env: ACME}, ****: ****}"),
    ("oauth2: {client_secret: {env: my-password}}", "oauth2: {client_secret: {env: ****}}"),
    ("client_scret: abc  # def", "client_scret: ****  # …"),
    ("description: {type: a, label: b}", "description: {type: ****, label: ****}"),
    ("environment: sandbux", "environment: sandbux"),
    ("environment: Prod", "environment: Prod"),
    ("environment: staging", "environment: staging"),
    ("environment: hunter2", "environment: ****"),
    ("environment: production-hunter2", "environment: ****"),
    ("environment: Test-2024", "environment: ****"),
    ("environment: san", "environment: ****"),
    ("app: {type: ECA, session_level: high}", "app: {type: ECA, session_level: high}"),
    ("app: {type: my secret eca}", "app: {type: ****}"),
    ("jwt: {private_key: ../secrets/x.key}", "jwt: {private_key: ****}"),
    ("n8n: {verison: 2.40.5}", "n8n: {verison: ****}"),
    ("n8n: {version: 2.40}", "n8n: {version: 2.40}"),
    ("flow: &a jwtt", "flow: &**** jwtt"),
    ("zz: *a", "****: *****"),
    ("app: {org_id: !!str 00D000000000001EA}", "app: {org_id: !**** ****}"),
    ("n8n: {url: 'https://n8n.acme.com/?a=b#c', zz: 1}",
     "n8n: {url: 'https://n8n.acme.com/?****', ****: ****}"),
    ("n8n: {name: Ünï \U0001f600 x, zz: 1}", "n8n: {name: Ünï \U0001f600 x, ****: ****}"),
    ("doctor: {ignore: {SFC206: needed, SFX: abc}}",
     "doctor: {ignore: {SFC206: needed, ****: ****}}"),
    ("profiles: {uat: {environment: x}}", "profiles: {uat: {environment: ****}}"),
    ("app: {permission_sets: [a, b], scopes: [api, secret], zz: 1}",
     "app: {permission_sets: [a, b], scopes: [api, ****], ****: ****}"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "shown"), SHOWN)
def test_what_of_a_line_is_shown(project: Project, run: Run, line: str, shown: str) -> None:
    done = run("doctor", project.spec(f"version: 1\nname: acme-crm\nx: &a b\n{line}\n"))
    found = re.search(r"(?m)^ +4 \| (.*)$", done.out)
    assert found, done.out
    assert found[1] == shown


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\ufeff"])
@pytest.mark.parametrize("above", ["# \U0001f600", "description: '\U0001f600\u00e9\u4e2d'"])
def test_the_caret_stays_below_its_value(
    project: Project, run: Run, end: str, mark: str, above: str
) -> None:
    lines = ["version: 1", "name: acme-crm", above, "client_id: abc", "app: {scopes: [api, foo]}"]
    spec = project.folder / "acme.yaml"
    text = f"{mark}{end.join([*lines, 'environment: sandbox', 'n8n: {versoin: 1}', ''])}"
    spec.write_bytes(text.encode())
    done = run("doctor", spec)
    assert "    7 | n8n: {versoin: ****}\n      |       ^" in done.out


def test_what_a_person_needs_is_still_said(project: Project, run: Run) -> None:
    done = run("doctor", project.spec(HEAD + "n8n: {verison: x}\nclient_secret: a\nfoo bar: x\n"))
    assert "`verison` is not a field in `n8n`" in done.out
    assert "Did you mean `version`?" in done.out
    assert "Move it to `oauth2`" in done.out
    assert "this key is not a field at the top level of a spec" in done.out


CONFIGURATIONS = (
    f"a = '{CANARY}\n",
    f"{CANARY} = 1\n{CANARY} = 1\n",
    f"{CANARY} = 1\n",
    f"ignore = '{CANARY}'\n",
    f"[a]\n[[a.{CANARY}]]\n[a.{CANARY}]\n",
    f"x = {{{CANARY} = 1, {CANARY} = 2}}\n",
    f"[path_ignores.'x']\n{CANARY} = 'a'\n",
)


@pytest.mark.parametrize("text", CONFIGURATIONS, ids=range(len(CONFIGURATIONS)))
def test_a_secret_in_the_configuration_is_not_shown(project: Project, run: Run, text: str) -> None:
    Path("sfcred.toml").write_text(text, encoding="utf-8")
    done = run("doctor", project.credential())
    assert not leaks(done.out + done.err), done


def test_the_shell_is_offered_names_that_are_names(project: Project) -> None:
    names = f"profiles: {{uat: {{}}, {CANARY}: {{}}, '$(touch {CANARY})': {{}}}}\n"
    project.spec(HEAD.replace("acme-crm", CANARY) + names, "credentials/acme.yaml")
    for words in ("sfcred doctor --profile ", "sfcred guide "):
        environ = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
        done = subprocess.run(
            [sys.executable, "-m", "sfcred"],
            env={**os.environ, **environ, "_SFCRED_COMPLETE": "bash_complete"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert not leaks(done.stdout + done.stderr)


def test_aliases_in_aliases_nest_no_deeper_than_the_text(project: Project, run: Run) -> None:
    nested = "[" * 30, "]" * 30
    lines = ["a0: &a0 x"]
    lines += [f"a{n}: &a{n} {nested[0]}*a{n - 1}{nested[1]}" for n in range(1, 35)]
    done = run("doctor", project.spec("\n".join(lines) + "\n"))
    assert done.status == 1, done
    assert "nested deeper than 32 levels" in done.out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # A word of a list is shown, and a slip of one; another word may be a secret.
        ("environment: sandbx", True),
        (f"environment: {CANARY}", False),
        ("flow: jwtt", True),
        (f"flow: {CANARY}", False),
        ("app: {refresh_token_policy: infinit}", True),
        (f"app: {{refresh_token_policy: {CANARY}}}", False),
        (f"app: {{refresh_token_policy: {{lifetime: {CANARY}}}}}", False),
        (f"app: {{refresh_token_policy: {{{CANARY}: 30d}}}}", False),
        (f"app: {{scopes: [{CANARY}]}}", False),
        ("n8n: {deployment: clowd}", True),
        (f"n8n: {{deployment: {CANARY}}}", False),
        (f"doctor: {{ignore: {{{CANARY}: x}}}}", False),
        (f"profiles: {{{CANARY}+: {{}}}}", False),
        (f"model_fields: {CANARY}", False),
        (f"oauth2: {{model_config: {CANARY}}}", False),
    ],
)
def test_a_word_is_shown_only_if_it_is_a_known_one(run: Run, text: str, *, shown: bool) -> None:
    Path("acme.yaml").write_text(f"version: 1\nname: acme\n{text}\n", encoding="utf-8")
    done = run("doctor", "acme.yaml")
    assert CANARY not in done.out + done.err
    assert (f"| {text}" in done.out) is shown or not shown
