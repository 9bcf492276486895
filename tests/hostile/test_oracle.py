"""The value behind a reference is never compared with anything that the same pull request can write."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.project import BASES, Project

SECRET = "3MVG9canaryDatabasePassword4711canaryDatabasePassword4711canaryDatabase"
GUESSES = [SECRET.replace("4711", str(number)) for number in range(4708, 4714)]
assert SECRET in GUESSES

Run = Callable[..., object]


def credential(number: int, client_id: object, *, base: str = "oauth2", **fields: object) -> str:
    """Return a complete spec with its own org."""
    data = yaml.safe_load(BASES[base])
    data.update(fields, name=f"acme-{number}", client_id=client_id)
    data["n8n"]["id"] = f"acme{number}"
    return yaml.safe_dump(data, sort_keys=False)


def org(number: int) -> str:
    return f"https://acme--s{number}.sandbox.my.salesforce.com"


def outcome_of(run: Run, project: Project, secret: str, *options: str) -> str:
    project.monkeypatch.setenv("DB_PASSWORD", secret)
    return str(run("doctor", "--format", "json", "--require-secrets", *options, "guesses.yaml"))


def told_apart(run: Run, project: Project, *options: str) -> list[str]:
    """Return what doctor reports if a guess is right, and if none is."""
    right = outcome_of(run, project, SECRET, *options)
    wrong = outcome_of(run, project, SECRET.replace("4711", "9999"), *options)
    return [line for line in (right, wrong) if SECRET in line] or [right, wrong]


def write_guesses(
    project: Project, places: dict[str, Callable[[int, str], object]], how: str
) -> None:
    specs = [credential(0, {"env": "DB_PASSWORD"}, my_domain=org(0))]
    specs += [
        credential(number, places[how](number, guess), my_domain=org(number))
        for number, guess in enumerate(GUESSES, 1)
    ]
    project.spec("---\n".join(specs), "guesses.yaml")


def _in_a_file(number: int, guess: str) -> object:
    Path(f"g{number}").write_text(guess, encoding="utf-8")
    Path(f"g{number}").chmod(0o600)
    return {"file": f"g{number}"}


def _in_env_file(number: int, guess: str) -> object:
    with Path(".env").open("a", encoding="utf-8") as file:
        file.write(f"G{number}={guess}\n")
    return {"dotenv": f"G{number}"}


def _in_a_folder(number: int, guess: str) -> object:
    Path("mounted").mkdir(exist_ok=True)
    Path(f"mounted/g{number}").write_text(guess, encoding="utf-8")
    Path("sfcred.toml").write_text('secrets_dirs = ["mounted"]\n', encoding="utf-8")
    return {"secrets_dir": f"g{number}"}


PLACES: dict[str, Callable[[int, str], object]] = {
    "text": lambda _number, guess: guess,
    "file": _in_a_file,
    "dotenv": _in_env_file,
    "secrets_dir": _in_a_folder,
}


@pytest.mark.parametrize("how", PLACES)
def test_no_guess_of_a_consumer_key_is_named(run: Run, project: Project, how: str) -> None:
    write_guesses(project, PLACES, how)
    right, wrong = told_apart(run, project)
    assert right == wrong
    report = json.loads(right.partition("--- out\n")[2].partition("\n--- err")[0])
    assert "SFC111" not in {finding["check"] for finding in report["findings"]}
    (reason,) = [one["reason"] for one in report["not_checked"] if one["check"] == "SFC111"]
    assert "tell whether they are the same" in reason


@pytest.mark.parametrize("how", PLACES)
def test_no_guess_is_counted(run: Run, project: Project, how: str) -> None:
    """SFC605 counts credentials with one key and org: four guesses of the same text, and the value."""
    specs = [credential(0, {"env": "DB_PASSWORD"})]
    specs += [credential(number, PLACES[how](number, SECRET)) for number in range(1, 5)]
    project.spec("---\n".join(specs), "guesses.yaml")
    right, wrong = told_apart(run, project)
    assert right == wrong
    assert '"check": "SFC605"' in right, "it is listed as not checked"
    assert "more than 4" not in right


def test_no_guess_of_a_username_s_end(run: Run, project: Project) -> None:
    """A sandbox's name is literal text in the spec."""
    username = "n8n@acme.com.canary"
    project.monkeypatch.setenv("USERNAME_4711", username)
    specs = [
        credential(
            number, "3MVG9x", base="jwt", my_domain=f"https://acme--{end}.sandbox.my.salesforce.com",
            jwt={"username": {"env": "USERNAME_4711"}, "private_key": {"file": "acme.key"}},
        )
        for number, end in enumerate(["canary", "other", "com"])
    ]  # fmt: skip
    project.spec("---\n".join(specs), "guesses.yaml")
    found = json.loads(Path(reported(run)).read_text(encoding="utf-8"))
    assert "SFC108" not in {finding["check"] for finding in found["findings"]}
    unchecked = [one for one in found["not_checked"] if one["check"] == "SFC108"]
    assert [one["credential"] for one in unchecked] == ["acme-0", "acme-1", "acme-2"]
    assert "jwt.username is a reference" in unchecked[0]["reason"]


def reported(run: Run) -> str:
    run("doctor", "-o", "json=report.json", "--require-secrets", "guesses.yaml")
    return "report.json"


def test_texts_and_texts_and_variables_and_variables_are_compared(
    run: Run, project: Project
) -> None:
    project.monkeypatch.setenv("OTHER_CLIENT_ID", SECRET)
    project.monkeypatch.setenv("DB_PASSWORD", SECRET)
    for pair in ([SECRET, SECRET], [{"env": "DB_PASSWORD"}, {"env": "OTHER_CLIENT_ID"}]):
        specs = [credential(n, one, my_domain=org(n)) for n, one in enumerate(pair)]
        project.spec("---\n".join(specs), "guesses.yaml")
        assert "SFC111" in Path(reported(run)).read_text(encoding="utf-8")
        assert "tell whether" not in Path(reported(run)).read_text(encoding="utf-8")
    same = {"file": "g1"}
    _in_a_file(1, SECRET)
    specs = [credential(n, same, my_domain=org(n)) for n in range(2)]
    project.spec("---\n".join(specs), "guesses.yaml")
    assert "this Consumer Key is also used for another org" in Path(reported(run)).read_text(
        encoding="utf-8"
    )


_NAMES = ["client_id", "client_secret", "refresh_token", "username"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    field=st.sampled_from(_NAMES),
    values=st.tuples(*[st.from_regex(r"\A[a-z0-9]{12,20}@acme\.com\.[a-z]{9}\Z")] * 2),
    guess=st.booleans(),
)
def test_two_values_of_one_shape_give_one_report(
    run: Run, project: Project, field: str, values: tuple[str, str], guess: bool
) -> None:
    """Whatever text is in the other fields, the report depends only on the value's form."""
    base = "jwt" if field == "username" else "oauth2"
    spec = yaml.safe_load(credential(0, {"env": "DB_PASSWORD"}, base=base))
    place = spec if field == "client_id" else spec[base]
    place[field] = {"env": "DB_PASSWORD"}
    if guess:  # in every place where text is allowed
        tail = values[0].rpartition(".")[2]
        spec["description"] = spec["n8n"]["name"] = spec["app"]["label"] = values[0]
        spec["my_domain"] = f"https://acme--{tail}.sandbox.my.salesforce.com"
        spec["app"]["contact_email"] = values[0]
    text = yaml.safe_dump(spec) + "---\n" + credential(1, values[0], my_domain=org(1))
    project.spec(text, "guesses.yaml")
    assert outcome_of(run, project, values[0]) == outcome_of(run, project, values[1])


COMMANDS = ["resolve guesses.yaml", "guide acme-0", "doctor guesses.yaml", "doctor -v guesses.yaml",
            "doctor --format sarif guesses.yaml", "doctor --format html guesses.yaml",
            "render -o out/x.json guesses.yaml", "app -o app guesses.yaml"]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_the_same(run: Run, project: Project, command: str) -> None:
    Path("credentials").mkdir()
    write_guesses(project, PLACES, "text")
    Path("guesses.yaml").rename("credentials/guesses.yaml")
    told = []
    for number, value in enumerate([SECRET, SECRET.replace("4711", "9999")]):
        project.monkeypatch.setenv("DB_PASSWORD", value)
        words = command.replace("guesses.yaml", "credentials/guesses.yaml")
        text = str(
            run(
                *words.replace("out/", f"out{number}-").replace("-o app", f"-o app{number}").split()
            )
        )
        text = re.sub(r"out\d-|app\d|\d{4}-\d\d-\d\d|\d\d:\d\d(:\d\d)?", "", text)
        told.append(text)
    assert told[0] == told[1]
    assert os.environ["DB_PASSWORD"] not in told[1]
