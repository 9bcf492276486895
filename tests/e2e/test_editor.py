"""The published schemas in the programs that use them: check-jsonschema and a language server."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from scripts.demo import PROJECTS
from scripts.generate import ROOT
from sfcred.spec.model import App, Jwt, N8n, OAuth2, Spec
from tests.conftest import Outcome
from tests.e2e.lsp import Editor
from tests.helpers.project import Project

Run = Callable[..., Outcome]
SCHEMAS = ROOT / "schemas"
BROKEN = sorted(path.name for path in (ROOT / "examples/broken").iterdir())
#: Checks that a schema can express: syntax, fields and types, duplicate keys, literals.
SAID_BY_A_SCHEMA = ("SFC001", "SFC002", "SFC003", "SFC004")


def check(*arguments: str | Path) -> Outcome:
    program = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run([program, *arguments], capture_output=True, encoding="utf-8", check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


# -- check-jsonschema


def test_the_schemas_are_schemas() -> None:
    done = check("--check-metaschema", *sorted(SCHEMAS.glob("*.json")))
    assert done.status == 0, done


@pytest.mark.parametrize("name", PROJECTS)
def test_the_schema_takes_the_examples(name: str) -> None:
    specs = sorted((ROOT / "examples" / name / "credentials").glob("*.yaml"))
    assert specs
    done = check("--schemafile", SCHEMAS / "credential.schema.json", *specs)
    assert done.status == 0, done


@pytest.mark.parametrize("name", BROKEN)
def test_the_schema_refuses_what_doctor_refuses_for_its_form(name: str) -> None:
    folder = ROOT / "examples/broken" / name
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    is_about_form = any(check_id in expected for check_id in SAID_BY_A_SCHEMA)
    done = check("--schemafile", SCHEMAS / "credential.schema.json", folder / "acme.yaml")
    assert (done.status == 1) is is_about_form, done


def test_the_other_schemas_take_what_sfcred_writes(project: Project, run: Run) -> None:
    spec = project.credential()
    assert run("doctor", spec, "-o", "json=report.json").status == 0
    assert run("render", spec, "-o", "rendered.json").status == 0
    Path("sfcred.toml").write_text(
        'paths = ["credentials"]\nfail_on = "warning"\n', encoding="utf-8"
    )
    for name, file in (
        ("report", "report.json"),
        ("n8n", "rendered.json"),
        ("settings", "sfcred.toml"),
    ):
        done = check("--schemafile", SCHEMAS / f"{name}.schema.json", file)
        assert done.status == 0, done
    Path("sfcred.toml").write_text('fail_on = "waring"\n', encoding="utf-8")
    assert check("--schemafile", SCHEMAS / "settings.schema.json", "sfcred.toml").status == 1


# -- an editor


@pytest.fixture
def spec(run: Run) -> Path:
    """The spec that `sfcred init` writes. Its first line names the schema next to it."""
    flow = ("--my-domain", "https://acme--uat.sandbox.my.salesforce.com")
    user = ("--username", "n8n@acme.com.uat", "--contact-email", "crm@acme.com")
    n8n = ("--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.40.5")
    assert run("init", "acme-crm", *flow, *user, *n8n).status == 0
    return Path("credentials/acme-crm.yaml").absolute()


@pytest.fixture
def editor(spec: Path) -> Iterator[Editor]:
    editor = Editor(spec.parents[1])
    yield editor
    editor.close()


def modeline(spec: Path) -> str:
    return spec.read_text(encoding="utf-8").splitlines(keepends=True)[0]


def test_what_init_writes_has_nothing_underlined(editor: Editor, spec: Path) -> None:
    assert editor.open(spec, spec.read_text(encoding="utf-8")) == []


def test_the_fields_of_a_spec_are_offered(editor: Editor, spec: Path) -> None:
    editor.open(spec, modeline(spec) + "version: 1\n")
    offered = editor.complete(spec, 2, 0)
    assert set(Spec.model_fields) - {"version"} <= set(offered)


@pytest.mark.parametrize(
    ("section", "model"), [("jwt", Jwt), ("oauth2", OAuth2), ("app", App), ("n8n", N8n)]
)
def test_the_fields_of_a_section_are_offered(
    editor: Editor, spec: Path, section: str, model: type[BaseModel]
) -> None:
    editor.open(spec, f"{modeline(spec)}version: 1\n{section}:\n  \n")
    assert set(model.model_fields) <= set(editor.complete(spec, 3, 2))


def test_the_values_of_a_field_are_offered(editor: Editor, spec: Path) -> None:
    editor.open(spec, modeline(spec) + "environment: \n")
    assert {"production", "sandbox"} <= set(editor.complete(spec, 1, 13))


def test_the_providers_of_a_reference_are_offered(editor: Editor, spec: Path) -> None:
    editor.open(spec, modeline(spec) + "oauth2:\n  client_secret:\n    \n")
    assert {"env", "file", "dotenv", "keyring", "n8n"} <= set(editor.complete(spec, 3, 4))


@pytest.mark.parametrize(
    ("text", "line", "model", "field"),
    [
        ("my_domain: https://acme.my.salesforce.com\n", 1, Spec, "my_domain"),
        ("environment: sandbox\n", 1, Spec, "environment"),
        ("jwt:\n  username: x@acme.com\n", 2, Jwt, "username"),
        ("app:\n  contact_email: crm@acme.com\n", 2, App, "contact_email"),
        ('n8n:\n  version: "2.40.5"\n', 2, N8n, "version"),
    ],
    ids=lambda part: part if isinstance(part, str) and "\n" not in part else "",
)
def test_a_field_s_meaning_is_shown(
    editor: Editor, spec: Path, text: str, line: int, model: type[BaseModel], field: str
) -> None:
    editor.open(spec, modeline(spec) + text)
    description = model.model_fields[field].description
    assert description
    shown = editor.hover(spec, line, 4)
    # Hover text is Markdown: compare it without escapes and line breaks.
    assert " ".join(description.split()) in " ".join(shown.replace("\\", "").split())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("environment: sandbox", "environment: staging", "production"),
        ("my_domain:", "my_domian:", "my_domian"),
        ("  private_key: {", "  private_key: x # {", ""),
        ('version: "2.40.5"', "version: 2.40", "string"),
    ],
    ids=["value", "field", "literal secret", "number"],
)
def test_what_is_wrong_is_underlined(
    editor: Editor, spec: Path, old: str, new: str, said: str
) -> None:
    text = spec.read_text(encoding="utf-8")
    assert text.count(old) == 1
    found = editor.open(spec, text.replace(old, new))
    line = text[: text.index(old)].count("\n")
    about = [one["message"] for one in found if one["range"]["start"]["line"] == line]
    assert any(said in message for message in about), found
