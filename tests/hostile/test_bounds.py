"""The time is proportional to the input, and every limit has one clear message.

If a test here fails, `python -m tests.hostile.sizes` prints which shape is slow.
With SFCRED_SWEEP set, the sizes are eight times as large, up to the limits.
"""

import os
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from textwrap import wrap

import pytest

from sfcred.report.error_text import diagnose
from sfcred.spec import limits
from tests.conftest import Outcome
from tests.helpers.der import der, integer
from tests.helpers.project import Project
from tests.hostile.sizes import (
    CAPS,
    FIELDS,
    OTHERS,
    SHAPES,
    SPECS,
    Case,
    Input,
    Spent,
    document,
    measure,
    quoted,
    spec_input,
)

pytestmark = [
    pytest.mark.timed,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a child process does the work"),
]

IS_SWEEP = "SFCRED_SWEEP" in os.environ
LARGE = 1_000_000 if IS_SWEEP else 64 * 1024
#: The allowed growth of the time from the first size to the second: eight times, with room for noise.
TIMES, MOST_TIMES, START = 8, 24, 0.6
#: The most processor seconds for any file that isn't refused for its size, where `loop` takes LOOP.
MOST, LOOP = 5.0, 0.05


def most() -> float:
    """Return MOST for this machine, as fast as it is now: shared ones vary by half in minutes."""
    return MOST * min(max(1.0, loop() / LOOP), 3.0)


def loop() -> float:
    """Return the processor seconds of a loop without sfcred."""
    began = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number * number & 7
    return time.process_time() - began


def grows_with_its_input(case: Case, large: int = LARGE) -> Spent:
    """Compare the times of two sizes, up to three times, because machines are busy."""
    small = spent = Spent(0, 0, -1)
    for _ in range(3):
        limit = most()
        small, spent = measure(case(large // TIMES), 2 * limit), measure(case(large), 2 * limit)
        if small.status >= 0 and 0 <= spent.status != 3:
            allowed = min(MOST_TIMES * small.seconds + START, limit)
            if spent.seconds < allowed:
                return spent
    pytest.fail(f"{large // TIMES} bytes: {small}; {large} bytes: {spent}")


def in_each_shape(field: str) -> Case:
    """Return specs with one text of each shape in a field, with one line per shape."""

    def build(size: int) -> Input:
        length = size // len(SHAPES)
        texts = [shape(length) for shape in SHAPES.values()]
        documents = [document(field, quoted(text), n) for n, text in enumerate(texts)]
        return spec_input("---\n".join(documents))

    return build


@pytest.mark.parametrize("field", FIELDS)
def test_no_text_in_any_field_takes_long(field: str) -> None:
    length = (limits.SCALAR - 64) // (1 if IS_SWEEP else 2)
    spent = grows_with_its_input(in_each_shape(field), len(SHAPES) * length)
    assert spent.status in (0, 1)


@pytest.mark.parametrize("name", SPECS)
def test_no_spec_takes_long(name: str) -> None:
    assert grows_with_its_input(SPECS[name]).status in (0, 1)


def _merged(prefix: str) -> Case:
    """Return all texts of one kind of input, joined together."""

    def build(size: int) -> Input:
        cases = [case for name, case in OTHERS.items() if name.startswith(f"{prefix}: ")]
        given = [case(size // len(cases)) for case in cases]
        return given[0]._replace(stdin="\n".join(one.stdin for one in given))

    return build


_SINGLE = {
    name: case for name, case in OTHERS.items() if IS_SWEEP or name.partition(": ")[2] not in SHAPES
}


@pytest.mark.parametrize("name", _SINGLE)
def test_no_other_input_takes_long(name: str) -> None:
    large = min(LARGE, CAPS.get(name.partition(":")[0], LARGE))
    assert grows_with_its_input(_SINGLE[name], large).status in (0, 1, 2, 4)


@pytest.mark.parametrize("kind", ["key", "certificate", "env"])
def test_no_file_that_a_spec_names_takes_long(kind: str) -> None:
    def build(size: int) -> Input:
        files: dict[str, str | bytes] = {}
        for number, shape in enumerate(SHAPES):
            given = OTHERS[f"{kind}: {shape}"](size)
            files |= {f"{number}/{name}": content for name, content in given.files.items()}
        return Input(files, ("doctor", "."))

    assert grows_with_its_input(build, 16_384).status in (0, 1)


def test_no_log_takes_long_to_diagnose() -> None:
    assert grows_with_its_input(_merged("explain")).status in (0, 1)


#: What the reader of pasted errors looks for, and what its patterns could go back over.
PASTED = [
    "\\", '"', "'", "{", "}", "error=", "&error=", "?error=%", '"error":"', '\\"error\\":\\"', '"error":"\\',
    "\\u0027", '\\\\"', '"  :', "invalid_grant", "invalid_grant: ", "<", "<a ", "&amp", "&#39;",
    "No such column 'a' on entity '", "a_", "a.", "https://test.salesforce.com", "Postgres", "Redis",
]  # fmt: skip


@pytest.mark.parametrize("text", PASTED)
def test_twice_the_paste_takes_twice_the_time(text: str) -> None:
    def seconds(size: int) -> float:
        paste = (text * (size // len(text) + 1))[:size]
        start = time.process_time()
        diagnose(paste)
        return time.process_time() - start

    small = large = 0.0
    for _ in range(3):  # machines are busy
        small, large = seconds(256 * 1024), seconds(512 * 1024)
        if large < min(3 * small + 0.1, most()):  # quadratic time would be four times as much
            return
    pytest.fail(f"256 KB: {small:.2f} s; 512 KB: {large:.2f} s")


FORMATS = ("json", "html", "sarif", "junit", "github", "gitlab", "concise", "ics", "openmetrics")


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_takes_long(name: str) -> None:
    def build(size: int) -> Input:
        given = SPECS["scopes in documents"](size)
        return given._replace(arguments=(*given.arguments, "--format", name))

    assert grows_with_its_input(build).status == 1


@pytest.mark.parametrize(
    "arguments",
    [("resolve",), ("render", "-o", "out.json"), ("app", "-o", "out"), ("doctor", "--diff")],
)
def test_no_other_command_takes_long(arguments: tuple[str, ...]) -> None:
    def build(size: int) -> Input:
        given = SPECS["documents"](size)
        return given._replace(arguments=(arguments[0], "acme.yaml", *arguments[1:]))

    assert grows_with_its_input(build).status in (0, 1, 2)


# -- one message for each limit

DOCUMENT = "version: 1\nname: a\nenvironment: sandbox\nclient_id: X\n"
Run = Callable[..., Outcome]


def _many(template: str, number: int) -> str:
    return "".join(template.replace("#", str(n)) for n in range(number))


def exceeding() -> Iterator[tuple[str, str]]:
    """A spec for each limit, with a part of the message."""
    over = limits.ENTRIES + 1
    yield "a" * (limits.FILE_BYTES + 1), "larger than 1024 KB"
    yield f"# {'a' * limits.LINE}\n{DOCUMENT}", "has a line of more than 16384 characters"
    yield f"{DOCUMENT}description: {'a' * 5000}\n", "has a value of more than 4096 characters"
    yield f"{DOCUMENT}{'a' * 1000}: 1\n{'b' * 4097}: 1\n", "is not valid YAML"
    yield f'{DOCUMENT}? "{"b" * 4097}"\n: 1\n', "has a value of more than 4096 characters"
    yield f"{DOCUMENT}version: {'9' * 5000}\n", "has a value of more than 4096 characters"
    yield (
        f"{DOCUMENT}app: {{scopes: [{_many('s#, ', over)}]}}\n",
        "has a list or a mapping of more than 500 entries",
    )
    yield (
        f"{DOCUMENT}profiles:\n{_many('  p#: {}' + chr(10), over)}",
        "has a list or a mapping of more than 500 entries",
    )
    yield f"{DOCUMENT}{_many('k#: 1' + chr(10), over)}", "more than 500 entries"
    yield f"{DOCUMENT}{_many('name: a' + chr(10), 200)}", "duplicate keys"
    yield "[" * 40, "is nested deeper than 32 levels"
    yield "a\n---\n" * (limits.DOCUMENTS + 1), "has more than 2500 documents"
    spec = f"{DOCUMENT}profiles: {{{_many('p#: {}, ', 400)}}}\n---\n"
    yield spec * 7, "has more than 2500 credentials"
    sets = f"app: {{permission_sets: [{_many('s#, ', 450)}]}}\n"
    sets += f"profiles:\n{_many('  p#: {}' + chr(10), 400)}"
    yield f"{DOCUMENT}{sets}---\n" * 2, "becomes too large when its profiles are applied"
    text = f"description: {'a ' * 2000}\nmy_domain: {'b' * 4000}\n"
    yield (
        "---\n".join(f"{DOCUMENT}{text}profiles: {{{_many('p#: {}, ', 300)}}}\n" for _ in "abc"),
        "becomes too large when its profiles are applied",
    )
    long = f"a: &a {'a' * 4000}\napp: {{scopes: [{'*a, ' * 490}*a]}}\n"
    yield "---\n".join([long] * 4), "or more than 4 MB of text"


@pytest.mark.parametrize(("text", "message"), [*exceeding()])
def test_each_limit_has_one_clear_finding(
    project: Project, run: Run, text: str, message: str
) -> None:
    project.spec(text)
    outcome = run("doctor", "acme.yaml", "--format", "concise")
    assert outcome.status == 1
    found = [line for line in outcome.out.splitlines() if "SFC001" in line]
    assert len(found) == 1, outcome
    assert message in found[0]
    assert len(found[0]) < 500


def test_the_first_entry_over_the_limit_is_shown(project: Project, run: Run) -> None:
    before = f"{DOCUMENT}app:\n  scopes:\n"
    project.spec(before + _many("  - s#\n", limits.ENTRIES + 1))
    place = f"acme.yaml:{before.count(chr(10)) + limits.ENTRIES + 1}:5"
    assert run("doctor", "acme.yaml", "--format", "concise").out.startswith(place)


def test_what_is_wrong_with_a_spec_is_listed_up_to_a_number(project: Project, run: Run) -> None:
    project.spec(DOCUMENT + _many("unknown#: 1\n", 400))
    outcome = run("doctor", "acme.yaml", "--format", "concise")
    assert outcome.status == 1
    assert outcome.out.count("SFC002") == limits.SCHEMA_ERRORS + 1
    assert "300 more fields and values in this spec are wrong" in outcome.out


def test_a_literal_secret_is_never_among_those_that_are_only_counted(
    project: Project, run: Run
) -> None:
    project.spec(_many("unknown#: 1\n", 400) + DOCUMENT + "oauth2: {client_secret: abc}\n")
    outcome = run("doctor", "acme.yaml", "--format", "concise")
    assert outcome.out.count("SFC004") == 1


def test_secrets_by_their_shape_are_listed_up_to_a_number(project: Project, run: Run) -> None:
    project.spec(DOCUMENT + "# 5Aep861aB3dE5aB3dE5aB3dE5aB3dE5aB3\n" * 1000)
    outcome = run("doctor", "acme.yaml", "--format", "concise")
    assert outcome.out.count("SFC004") == limits.SCHEMA_ERRORS + 1
    assert "more lines of the file contain text that looks like a secret" in outcome.out


def test_a_file_of_findings_is_not_examined_to_its_end(project: Project, run: Run) -> None:
    specs = [
        DOCUMENT.replace("a\n", f"a{n}\n") + f"app: {{scopes: [{_many('s#, ', 400)}]}}\n"
        for n in range(100)
    ]
    project.spec("---\n".join(specs))
    outcome = run("doctor", "acme.yaml", "--format", "concise")
    assert outcome.status == 1
    assert outcome.out.count("SFC001") == 1
    assert "has more than 10000 findings; the rest of the file is not examined" in outcome.out
    assert outcome.out.count("SFC201") < limits.FINDINGS + 500


def test_what_is_not_examined_is_not_rendered_either(project: Project, run: Run) -> None:
    text = f"{DOCUMENT}profiles: {{{_many('p#: {}, ', 400)}}}\n---\n"
    project.spec(text * 7)
    outcome = run("render", "acme.yaml", "--no-check", "-o", "out.json")
    assert outcome.status in (1, 2)
    assert not (project.folder / "out.json").exists()


def test_two_thousand_specs_in_one_file_are_no_mistake(project: Project, run: Run) -> None:
    base = "environment: sandbox\nclient_id: X\noauth2: {client_secret: {env: S}}\n"
    project.spec("---\n".join(f"version: 1\nname: acme-{n}\n{base}" for n in range(2000)))
    outcome = run("doctor", "acme.yaml", "--format", "json", "--select", "SFC006")
    assert (outcome.status, '"credentials": 2000' in outcome.out) == (0, True)


CONFIGURATION = {
    "a = " + "[" * 100_000: "not valid TOML: it is nested too deeply",
    "a = " + "9" * 10_000: "it has a number or a date that can't be read",
    "#" * 140_000: "larger than 128 KB",
    "a." * 300 + "b = 1": ":1:1: this line has more than 200 dots",
    "paths = [" + '"a", ' * 600 + "]": "should have at most 500 items",
    f'baseline = "{"a" * 5000}"': "baseline: string should have at most 4096 characters",
    f'{"k" * 5000} = "a"': "a name in it: unknown setting",
    "[path_ignores]\n" + _many('"p#" = {SFC206 = "w"}\n', 300): "at most 200 items",
    f'path_ignores = {{"{"a" * 300}" = {{SFC206 = "w"}}}}': "at most 256 characters",
    'path_ignores = {"' + "*a" * 20 + 'b" = {SFC206 = "w"}}': "at most 2 * in a name",
    'path_ignores = {"' + "**/a/" * 20 + 'b" = {SFC206 = "w"}}': "at most 2 * in a name",
}


@pytest.mark.parametrize("text", CONFIGURATION)
@pytest.mark.parametrize("shared", [False, True])
def test_a_configuration_has_limits(project: Project, run: Run, text: str, shared: bool) -> None:
    project.spec(DOCUMENT)
    message = CONFIGURATION[text]
    if shared and not text.startswith("#"):
        head = "tool.sfcred." if not text.startswith("[") else ""
        text = head + text.replace("[path_ignores]", "[tool.sfcred.path_ignores]")
        project.spec(text, "pyproject.toml")
    else:
        project.spec(text, "sfcred.toml")
    outcome = run("doctor", "acme.yaml")
    assert outcome.status == 2, outcome
    assert message in outcome.err
    assert len(outcome.err) < 1000
    assert "bug" not in outcome.err


@pytest.mark.parametrize("value", ["[" * 50_000, "9" * 50_000, '{"a":' * 10_000, "a" * 100_000])
def test_variables_have_limits(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    project.spec(DOCUMENT)
    for name in ("SFCRED_PATH_IGNORES", "SFCRED_JOBS", "SFCRED_SELECT", "SFCRED_BASELINE"):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            outcome = run("doctor", "acme.yaml")
        assert outcome.status == 2, (name, outcome)
        assert len(outcome.err) < 1000


def test_a_pattern_of_the_configuration_can_t_keep_sfcred_busy() -> None:
    """The time grew with the length of a file name to the power of the number of stars in the pattern."""
    name = "a" * 240
    given = Input(
        {
            f"s/{name}.yaml": DOCUMENT,
            "sfcred.toml": 'path_ignores = {"**/*a*b" = {SFC206 = "w"}, "*a*a" = {SFC206 = "w"}}',
        },
        ("doctor", "s"),
    )
    assert measure(given, 5).seconds < 1


def test_a_log_has_a_limit() -> None:
    given = Input({}, ("explain", "--error", "-"), "invalid_grant: audience is invalid\n" * 150_000)
    assert measure(given).status == 2


def test_the_end_of_a_long_log_is_read_too() -> None:
    log = "nothing to see here\n" * 50_000 + "invalid_grant: audience is invalid\n"
    assert measure(Input({}, ("explain", "--error", "-"), log)).status == 0


def test_metadata_has_a_limit_of_depth(project: Project, run: Run) -> None:
    project.credential("app: {type: connected_app}\n")
    depth = 100_000
    project.spec(
        "<ConnectedApp>" + "<a>" * depth + "</a>" * depth + "</ConnectedApp>", "m/a.connectedApp"
    )
    outcome = run("app", "acme.yaml", "--check", "m")
    assert outcome.status in (1, 2, 4), outcome
    assert "nested deeper than 32 levels" in outcome.err + outcome.out


def test_a_key_has_a_limit(project: Project, run: Run) -> None:
    """Signing with it would take minutes."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    p, q = (1 << 9001) + 1, (1 << 9002) + 1  # not primes, but nobody can tell in time
    d = 65537
    public = rsa.RSAPublicNumbers(65537, p * q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    key = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    project.credential()
    (project.folder / "acme.key").write_bytes(pem)
    outcome = run("doctor", "acme.yaml")
    assert "an RSA key of more than 16384 bits" in outcome.out


@pytest.mark.parametrize("algorithm", ["06072a8648ce380401", "06092a864886f70d010301"])
def test_a_key_of_another_algorithm_has_a_limit(project: Project, run: Run, algorithm: str) -> None:
    """Reading a DSA or DH key calculates its public part, which would take minutes."""
    prime, base, exponent = (1 << 9999) - 159, (1 << 9998) - 12345, (1 << 9990) - 99
    third = [exponent] if algorithm == "06072a8648ce380401" else []
    numbers = b"".join(map(integer, [prime, *third, base]))
    kind = der(0x30, bytes.fromhex(algorithm) + der(0x30, numbers))
    key = der(0x30, integer(0) + kind + der(0x04, integer(exponent)))
    body = "\n".join(wrap(b64encode(key).decode(), 64))
    project.credential()
    pem = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
    (project.folder / "acme.key").write_text(pem, encoding="ascii")
    outcome = run("doctor", "acme.yaml")
    assert "a private key with an algorithm that n8n can't use" in outcome.out


def test_blanks_in_an_environment_file_have_a_limit(project: Project, run: Run) -> None:
    """python-dotenv looks for a comment after each of them."""
    project.credential("n8n: {env_file: n8n.env}\n", "oauth2")
    project.spec("N8N_HOST=a" + " " * 60_000 + "b\n", "n8n.env")
    outcome = run("doctor", "acme.yaml", "-v")
    assert "has more than 1000 blanks in a row" in outcome.out


def test_credentials_of_one_name_are_imported_in_linear_time() -> None:
    entry = '{"id":"%d","name":"Acme","type":"salesforceOAuth2Api","data":{}}'
    text = "[" + ",".join(entry % n for n in range(2_000)) + "]"
    given = Input({"e.json": text}, ("import", "e.json", "-o", "new", "--secrets", "keyring"))
    assert measure(given, 20).seconds < 15
