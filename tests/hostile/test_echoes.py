"""An org, or what claims to be one, repeats the secrets that it was sent: no form of them is shown."""

import base64
import html
import json
import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from pytest_httpx import HTTPXMock

from sfcred.text.echoes import scrub, scrub_start
from tests.conftest import Outcome
from tests.helpers.project import REFRESH_TOKEN, Project

Run = Callable[..., Outcome]
USERNAME = "Canary.User+n8n@Acme.com"


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "its first letters": lambda text: text[:32],
    "with blanks": " ".join,
    "with a line break": lambda text: f"{text[:40]}\n{text[40:]}",
    "lower case": str.lower,
    "upper case": str.upper,
    "percent-encoded": lambda text: quote(text, safe=""),
    "in lower case, too": lambda text: quote(text, safe="").lower(),
    "every sign percent-encoded": lambda text: "".join(f"%{one:02x}" for one in text.encode()),
    "twice": lambda text: quote(quote(text, safe=""), safe="").replace("%2540", "%25%34%30"),
    "a form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON's escapes": lambda text: "".join(f"\\u{ord(one):04X}" for one in text),
    "JSON in JSON": lambda text: json.dumps("".join(f"\\u{ord(one):04x}" for one in text)),
    "HTML": lambda text: html.escape(text).replace("@", "&commat;").replace(".", "&period;"),
    "HTML's numbers": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML's hexadecimal numbers": lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 after something": lambda text: base64.b64encode(b"ab:" + text.encode()).decode(),
    "base64 in something": lambda text: base64.b64encode(f"a{text}zz".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 in lower case": lambda text: base64.b64encode(text.encode()).decode().lower(),
    "HTML without semicolons": lambda text: "".join(f"&#{ord(one)}" for one in text),
    "HTML in part": lambda text: f"&#x{ord(text[0]):x}{text[1:]}",
    "HTML's decimal numbers in part": lambda text: f"{text[:9]}&#{ord(text[9])}{text[10:]}",
    "HTML's numbers with zeros": lambda text: "".join(f"&#x0000{ord(one):x}" for one in text),
    "octal numbers": lambda text: "".join(f"\\{ord(one):03o}" for one in text),
    "code points in braces": lambda text: "".join(f"\\u{{{ord(one):x}}}" for one in text),
    "code points of Python": lambda text: "".join(f"\\U{ord(one):08x}" for one in text),
    "base64 of percent-encoding": lambda text: base64_of(quote(text, safe="")),
    "base64 of every sign": lambda text: base64_of("".join(f"%{one:02X}" for one in text.encode())),
    "base64 of HTML": lambda text: base64_of("".join(f"&#{ord(one)};" for one in text)),
    "base64 of JSON": lambda text: base64_of("x" + json.dumps({"a": text})),
    "base64 of JSON's escapes": lambda text: base64_of(
        "".join(f"\\u{ord(one):04x}" for one in text)
    ),
    "base64 of upper case": lambda text: base64_of(text.upper()),
    "base64 of base64": lambda text: base64_of("Basic " + base64_of("id:" + text)),
    "base64 after letters": lambda text: "abc" + base64_of(text),
    "base64 in lines": lambda text: base64.encodebytes(("x" * 50 + text).encode()).decode(),
    "base64 of two bytes a letter": lambda text: base64.b64encode(
        text.encode("utf-16-le")
    ).decode(),
    "base64, percent-encoded": lambda text: quote(base64_of("??>" + quote_plus(text)), safe=""),
    "Basic": lambda text: quote(f"Basic {base64.b64encode(f'x:{text}'.encode()).decode()}"),
}
FILES = ["json", "html", "github"]


def reports(run: Run, path: Path, *options: str) -> Outcome:
    """Return all that a login's reports show, with those in files after the one on the terminal."""
    done = run(
        "doctor", path, "--live", *(f"--output={form}=told.{form}" for form in FILES), *options
    )
    done.out += "".join(Path(f"told.{form}").read_text(encoding="utf-8") for form in FILES)
    return done


def shown(done: Outcome, form: str) -> bool:
    """Whether enough of it is there to read it, in whichever way the report escapes."""
    out = html.unescape(done.out + done.err).replace("\\\\", "\\")
    return any(form[start : start + 12].lower() in out.lower() for start in (0, 8, len(form) - 12))


@pytest.mark.parametrize("how", FORMS)
@pytest.mark.parametrize("field", ["error", "error_description"])
def test_no_refusal_shows_a_refresh_token(
    project: Project, run: Run, httpx_mock: HTTPXMock, how: str, field: str
) -> None:
    form = FORMS[how](REFRESH_TOKEN)
    body = {"error": "invalid_grant", "error_description": "no", field: f"<{form}>"}
    httpx_mock.add_response(status_code=400, json=body, is_reusable=True)
    path = project.credential("{}\n", "oauth2")
    done = reports(run, path, "-v")
    assert httpx_mock.get_requests()
    assert not shown(done, form), done


@pytest.mark.parametrize("how", FORMS)
def test_no_refusal_shows_a_username(
    project: Project, run: Run, httpx_mock: HTTPXMock, how: str
) -> None:
    project.material("acme.key", "rsa-2048")
    project.material("acme.crt", "certificate")
    project.monkeypatch.setenv("UN", USERNAME)
    form = FORMS[how](USERNAME)
    body = {"error": "invalid_grant", "error_description": f"user {form} hasn't approved"}
    httpx_mock.add_response(status_code=400, json=body, is_reusable=True)
    done = run("doctor", project.credential("jwt: {username: {env: UN}}\n"), "--live", "-v")
    assert httpx_mock.get_requests()
    assert not shown(done, form), done


@pytest.mark.parametrize("before", [0, 100, 230, 245, 253])
@pytest.mark.parametrize("status", [301, 302, 307])
def test_no_redirect_shows_a_refresh_token(
    project: Project, run: Run, httpx_mock: HTTPXMock, status: int, before: int
) -> None:
    """Hosts are shown in lower case, and cut."""
    token = REFRESH_TOKEN.replace("_", "-")
    project.monkeypatch.setenv("ACME_REFRESH_TOKEN", token)
    url = f"https://{'x' * before}{token}.evil.example/x"
    httpx_mock.add_response(status_code=status, headers={"location": url}, is_reusable=True)
    path = project.credential("{}\n", "oauth2")
    done = reports(run, path)
    assert done.out.count("SFC911") >= 1 + len(FILES)
    assert token[:9].lower() not in (done.out + done.err).lower()


#: Secrets whose letters change their number, in one case or encoding.
LETTERS = ("straße-9Gruß", "İstanbul-9ıx", "ﬁnanz-ǰ9ŉx", "Ωμέγα-ΐς99", "😀𐐀geheim😀", "né-Ünïcode9")
WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "casefold": str.casefold,
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in upper case": lambda text: json.dumps(text.upper())[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[1:-1],
    "each half a number": lambda text: "".join(f"&#{one};" for one in units(text)),
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded Latin-1": lambda text: quote(
        text, safe="", encoding="latin-1", errors="ignore"
    ),
    "bytes": lambda text: "".join(f"\\x{one:02x}" for one in text.encode()),
    "octal bytes": lambda text: "".join(f"\\{one:03o}" for one in text.encode()),
    "HTML": lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    "base64": base64_of,
    "base64 of upper case": lambda text: base64_of(text.upper()),
    "base64 of JSON": lambda text: base64_of(json.dumps(text)),
}


#: Secrets that read as if they were encoded themselves.
LIKE_ESCAPES = (
    'pa"ss%41word', 'abc&amp;d"efgh', 'hunter%202/"x', "a%2541b'c\\u0041d", '&#65&quot;"x/y<z>',
    'C:\\new\\table"x', 'tab\there"%7e', 'a"bcde%4', "%%%41%2", 'QUJD"REVG%52', 'x\\\\y"%5c',
    "p%C3%A4ss<\\x41>", "&&amp;&lt<b>\\101",
)  # fmt: skip
ENCODED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON of PHP": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "HTML": html.escape,
    "HTML of JSON": lambda text: html.escape(json.dumps(text)),
    "percent-encoded": lambda text: quote(text, safe=""),
    "a form": quote_plus,
    "percent-encoded twice": lambda text: quote(quote(text, safe=""), safe=""),
    "base64": base64_of,
    "base64 of JSON": lambda text: base64_of(json.dumps({"a": text})),
    "upper case": lambda text: json.dumps(text.upper())[1:-1],
    "JSON, then upper case": lambda text: json.dumps(text)[1:-1].upper(),
    "HTML, then upper case": lambda text: html.escape(text).upper(),
}


@pytest.mark.parametrize("after", ["", "1", "b;", "41"])
@pytest.mark.parametrize("how", ENCODED)
@pytest.mark.parametrize("secret", LIKE_ESCAPES)
def test_a_secret_that_reads_like_an_escape_is_masked(secret: str, how: str, after: str) -> None:
    form = ENCODED[how](secret)
    told = scrub(f"no ({form}{after}) no", [secret])
    assert told.startswith("no (")
    assert told.endswith(") no")
    assert "****" in told
    assert form[2:-2] not in told


@pytest.mark.parametrize("secret", ["shor", "short", "short1", "short1!", "käse"])
@pytest.mark.parametrize("around", ["", "a", "ab", "id:"])
def test_a_short_secret_is_masked_in_base64(secret: str, around: str) -> None:
    for text in (base64_of(around + secret), base64_of(around + secret + "xy").rstrip("=")):
        assert "****" in scrub(f"no ({text}) no", [secret]), text
        assert scrub(f"no ({text}) no", [secret]).endswith(") no")


@pytest.mark.parametrize("secret", ["short1", "short1!"])
def test_nor_in_base64_of_another_case(secret: str) -> None:
    assert "****" in scrub(f"no ({base64_of(secret).lower()}) no", [secret])


NAMES = {"ä": "auml", "ß": "szlig", ".": "period", "@": "commat", "\n": "NewLine", "'": "apos", "_": "lowbar"}  # fmt: skip


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, str.swapcase])
@pytest.mark.parametrize("secret", ["xyäz_9.ß", "Ünï@acme.'x", "a\nb\tc\bd\fe"])
def test_escapes_whose_case_was_changed(secret: str, change: Callable[[str], str]) -> None:
    named = "".join(f"&{NAMES[one]};" if one in NAMES else one for one in secret)
    for form in (
        named,
        json.dumps(secret)[1:-1],
        f"{json.dumps(secret)[1:-1]}0000",
        "".join(f"\\u{{{ord(one):x}}}" for one in secret),
        "".join(f"\\x{one:02x}" for one in secret.encode()),
        "".join(f"\\U{ord(one):08x}" for one in secret),
        "".join(f"&#x{ord(one):x};" for one in secret),
    ):
        told = scrub(f"no ({change(form)}) no", [secret])
        assert "****" in told, form
        assert change(form)[2:-4] not in told


def units(text: str) -> list[int]:
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def has_form(secret: str, how: str) -> bool:
    """Return whether a secret can be written so: Latin-1 has few letters."""
    return "Latin-1" not in how or all(ord(one) < 256 for one in secret)


@pytest.mark.parametrize(
    ("secret", "how"),
    [(secret, how) for secret in LETTERS for how in WRITTEN if has_form(secret, how)],
)
def test_letters_that_change_their_number_hide_nothing(secret: str, how: str) -> None:
    form = WRITTEN[how](secret)
    told = scrub(f"no ({form}) no", [secret])
    assert told.startswith("no (")
    assert told.endswith(") no")
    assert form[2:-2] not in told
    assert "****" in told


@pytest.mark.parametrize("secret", [*LETTERS, USERNAME, REFRESH_TOKEN])
def test_what_stands_around_a_secret_stays(secret: str) -> None:
    assert scrub(f"Größe ﬁx {secret}, ſo 😀", [secret]) == "Größe ﬁx ****, ſo 😀"


@pytest.mark.timed
@pytest.mark.parametrize(
    "unit",
    [
        "%25",
        "&#x41",
        "&amp;amp;",
        "\\\\\\u0041",
        "QUJD",
        "ß",
        "QUJD%26%2365",
        "\\",
        "&",
        "%",
        "a\n",
        "SlZKU0Yx",
        "QUJDRE ",
        "&AUMLX",
        "\\U00E4",
        "%41&amp;\\n",
    ],
)
def test_the_time_is_proportional_to_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        scrub(text, [REFRESH_TOKEN, USERNAME])
        return time.process_time() - begin

    small, large = min(seconds(16_000) for _ in range(3)), seconds(128_000)
    assert large < max(0.5, 8 * 3 * small)  # if it were quadratic, 64 times as much


@pytest.mark.timed
def test_a_long_text_takes_no_longer() -> None:
    """An n8n's answer can have 50 MB."""
    text = "QUJD%26%2365" * 400_000
    begin = time.process_time()
    scrub_start(text, [REFRESH_TOKEN, USERNAME])
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("how", ["as it is", "every sign percent-encoded"])
def test_where_the_search_ends_no_piece_is_left(how: str) -> None:
    secret = "ZJQXKVWYZJQXKVWYPMGB" * 90  # long, so that many of them become short
    for shift in range(0, 64, 7):
        shown = scrub_start(f"{'.' * shift}{FORMS[how](secret) * 20}", [secret])
        assert set(shown) <= {".", "*"}, shown


def test_other_words_stay() -> None:
    text = "invalid_grant: 100% &amp; a+b \\ c, https://x.example/%41 SGVsbG8="
    assert scrub(text, ["hunter2hunter2", "abc"]) == text


def test_what_overlaps_is_masked_whole() -> None:
    assert scrub("say abcdefgh!", ["abcdef", "efgh", "cdef"]) == "say ****!"


PARTS: dict[str, Callable[[str], str]] = {
    "its beginning": lambda text: text[:32],
    "its end": lambda text: text[-20:],
    "its middle": lambda text: text[20:40],
    "a line break inside": lambda text: f"{text[:20]}\n{text[20:]}",
    "blanks between all letters": " ".join,
    "two blanks and tabs": " \t ".join,
    "lines of 16": lambda text: "\r\n".join(text[at : at + 16] for at in range(0, len(text), 16)),
    "no-break spaces": "\u00a0".join,
    "its beginning in base64": lambda text: base64_of(text[:32]),
    "its beginning in hexadecimal escapes": lambda text: "".join(
        f"\\x{ord(one):02x}" for one in text[:32]
    ),
    "zero-width spaces": "\u200b".join,
}


@pytest.mark.parametrize("how", PARTS)
def test_a_part_of_a_secret_is_masked(how: str) -> None:
    secret = "k9Zr2Wm7Qx4Lt8Vb1Nc6Hs3Jd5Fg0PyAeUiRoTzXkQwMnBvLp"
    said = scrub(f"n8n says <{PARTS[how](secret)}> twice", [secret, "https://acme.example/a"])
    assert said.replace("=", "") == "n8n says <****> twice"


def test_addresses_of_the_same_host_stay() -> None:
    text = "https://acme.my.salesforce.com/other refused: the host acme.my.salesforce.com is busy"
    assert scrub(text, ["https://acme.my.salesforce.com/services/oauth2/token"]) == text


# -- values that are no text


@pytest.mark.skipif(os.name != "posix", reason="variables of bytes")
@pytest.mark.parametrize("options", [("--encrypt",), ()])
def test_a_secret_that_is_not_utf_8_is_no_bug(project: Project, options: tuple[str, ...]) -> None:
    project.credential("{}\n", "oauth2", "credentials/a.yaml")
    Path("sfcred.toml").touch()
    environ = {**os.environb, b"ACME_CLIENT_SECRET": b"12345678\xfe", b"N8N_ENCRYPTION_KEY": b"\xff"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-I", "-m", "sfcred", "render", "--no-check", "--force", "-o", "o.json", *options],
        env=environ, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert Path("o.json").exists()


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000, "", "-1", "30"])
@pytest.mark.parametrize("kind", ["external_client_app", "connected_app"])
def test_a_period_that_is_no_number_is_no_bug(
    project: Project, run: Run, kind: str, number: str
) -> None:
    """Metadata comes with the checkout, and Python counts `²` among the digits."""
    fragment = f"app: {{type: {kind}, refresh_token_policy: {{lifetime: 30d}}}}\n"
    project.credential(fragment, "oauth2", "credentials/a.yaml")
    Path("sfcred.toml").touch()
    assert run("app", "-o", "app").status == 0
    for file in [path for path in Path("app").rglob("*") if path.is_file()]:
        text = file.read_text(encoding="utf-8")
        text = text.replace(":30:", f":{number}:").replace(">30<", f">{number}<")
        file.write_text(text, encoding="utf-8")
    done = run("app", "--check", "app")
    assert "bug in sfcred" not in done.out + done.err
    assert ("SFC705" in done.out) is (number != "30"), done
