"""Check a release before it is published. .github/workflows/release.yml runs this.

    python scripts/release.py check TAG     compare a tag with the version and CHANGELOG.md
    python scripts/release.py notes         print what CHANGELOG.md tells about the version
    python scripts/release.py contents DIR  look into the wheel and the sdist in a folder
    python scripts/release.py try PROGRAM   run every command of an installed sfcred

docs/releasing.md describes a release from beginning to end.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the version is the checkout's, whatever is installed

from sfcred.version import __version__  # noqa: E402 - see above

_FINAL = re.compile(r"\d+\.\d+\.\d+")
_UNRELEASED = "Unreleased"
_HEADING = re.compile(r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)


# -- the version, the tag and the changelog


def sections(changelog: str) -> dict[str, str]:
    """Return the text of each version of a changelog, newest first. Dates are left out."""
    parts = _HEADING.split(changelog)
    return {name: text.strip() for name, text in zip(parts[1::3], parts[3::3], strict=True)}


def wrong_with(tag: str, version: str, changelog: str) -> Iterator[str]:
    """Yield why a tag can't be released as it is.

    Args:
        tag: The tag's name.
        version: The version in sfcred/version.py.
        changelog: The text of CHANGELOG.md.
    """
    found = sections(changelog)
    if not _FINAL.fullmatch(version):
        yield f"sfcred/version.py has {version}, which is not the version of a release"
    if tag != f"v{version}":
        yield f"the tag is {tag}, and sfcred/version.py has {version}"
    if not found.get(version):
        yield f"CHANGELOG.md has nothing about {version}"
    elif next(iter(found)) not in (version, _UNRELEASED):
        yield f"CHANGELOG.md begins with a newer version than {version}"
    if found.get(_UNRELEASED):
        yield f"CHANGELOG.md has changes under [{_UNRELEASED}], which belong to {version}"
    yield from wrong_headings(changelog)


def wrong_headings(changelog: str) -> Iterator[str]:
    """Yield what is wrong with a changelog's headings: their form, versions and dates."""
    for line in re.findall(r"^## .*", changelog, re.MULTILINE):
        if not _HEADING.fullmatch(line):
            yield f"CHANGELOG.md has a heading that isn't `## [VERSION] - YYYY-MM-DD`: {line}"
    found = _HEADING.findall(changelog)
    names = [name for name, _day in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"CHANGELOG.md has two sections for {name}"
    # It is already tomorrow in the time zones that are furthest ahead.
    today = (datetime.now(UTC) + timedelta(hours=14)).date()
    for name, day in found:
        released = today if name == _UNRELEASED else _date(day)
        if released is None:
            yield f"CHANGELOG.md has no date for {name}: write `## [{name}] - YYYY-MM-DD`"
        elif released > today:
            yield f"CHANGELOG.md has {name} on {day}, which is in the future"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def notes() -> str:
    """Return what CHANGELOG.md tells about this version, as GitHub shows a release.

    Links become absolute, because a release is shown without the files that they lead to. Lines of
    one paragraph are joined, because GitHub keeps line breaks there.
    """
    source = tomllib.loads(_text("pyproject.toml"))["project"]["urls"]["Source"]
    return notes_of(sections(_text("CHANGELOG.md"))[__version__], f"{source}/blob/v{__version__}/")


def notes_of(section: str, files: str) -> str:
    """Return a changelog's section with absolute links and one line per paragraph.

    Args:
        section: The section's text.
        files: The address of the repository's files.
    """
    joined = re.sub(r"(?<=\S)\n(?! *(?:[-#|]|$)) *", " ", section, flags=re.MULTILINE)
    return re.sub(r"\]\((?!https://|#)", f"]({files}", joined) + "\n"


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# -- what is in the packages


def contents_of(file: Path) -> dict[str, bytes]:
    """Return the files in a wheel or an sdist, by their paths (without an sdist's own folder)."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(file) as sdist:
        members = [one for one in sdist if one.isfile()]
        opened = {one.name: sdist.extractfile(one) for one in members}
        return {name.partition("/")[2]: one.read() for name, one in opened.items() if one}


def wrong_in(wheel: Mapping[str, bytes], sdist: Mapping[str, bytes]) -> Iterator[str]:
    """Yield how the packages differ from the repository."""
    info = f"sfcred-{__version__}.dist-info/"
    modules = {path for path in _tracked() if path.startswith("sfcred/")}
    installed = {path: wheel[path] for path in wheel if not path.startswith(info)}
    sources = {path: sdist[path] for path in sdist if path != "PKG-INFO"}
    yield from _differences("the wheel", installed, modules)
    yield from _differences("the sdist", sources, _tracked())
    if f"{info}licenses/LICENSE" not in wheel:
        yield "the wheel lacks the license"
    for name, metadata in (("wheel", wheel[f"{info}METADATA"]), ("sdist", sdist["PKG-INFO"])):
        yield from (f"the {name} {reason}" for reason in _wrong_with_metadata(metadata))


def _differences(
    what: str, there: Mapping[str, bytes], expected: AbstractSet[str]
) -> Iterator[str]:
    yield from (f"{what} lacks {path}" for path in sorted(expected - there.keys()))
    yield from (f"{what} has {path}" for path in sorted(there.keys() - expected))
    for path in sorted(there.keys() & expected):
        if there[path] != (ROOT / path).read_bytes():
            yield f"{what} has another {path} than the repository"


def _wrong_with_metadata(content: bytes) -> Iterator[str]:
    found = message_from_bytes(content)
    if found["Version"] != __version__:
        yield f"has the version {found['Version']}"
    readme = found.get_payload()
    if not isinstance(readme, str) or "# sfcred" not in readme:
        yield "lacks the README"
    elif relative := re.findall(r"\]\((?!https://|#)[^)]*\)", readme):
        yield f"has a README with links that lead nowhere on an index: {', '.join(relative)}"
    elif pages := re.findall(r"!\[[^\]]*\]\((https://github\.com/[^)]*/blob/[^)]*)\)", readme):
        yield f"has a README whose pictures are GitHub's pages around them: {', '.join(pages)}"


def _tracked() -> set[str]:
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return {os.fsdecode(name) for name in done.stdout.split(b"\0") if name}


# -- every command, as somebody runs it who has only the package

_ANSWERS = (
    *("--my-domain", "https://acme--uat.sandbox.my.salesforce.com"),
    *("--username", "n8n@acme.com.uat", "--contact-email", "crm@acme.com"),
    *("--n8n-url", "https://n8n.acme.com", "--n8n-version", "2.41.1", "--no-input"),
)
#: Each command, with the exit status that it must have in a new project. Those that need an org,
#: n8n or a browser are refused before they connect.
COMMANDS: Sequence[tuple[int, tuple[str, ...]]] = (
    (0, ("init", "acme-crm", *_ANSWERS)),
    (0, ("keygen", "acme-crm")),
    (
        0,
        ("doctor", "--require-secrets", "--output=html=doctor.html", "--output=sarif=doctor.sarif"),
    ),
    (0, ("resolve",)),
    (0, ("list",)),
    (0, ("guide", "acme-crm", "--format=html")),
    (0, ("app", "-o", "app")),
    (0, ("render", "-o", "rendered/credentials.json")),
    (0, ("diff", "--export", "rendered/credentials.json")),
    (0, ("import", "rendered/credentials.json")),
    (2, ("needs",)),
    (2, ("push", "--n8n", "https://n8n.acme.com", "--dry-run")),
    (2, ("login", "acme-crm")),
    (0, ("local-org", "--refuse", "list")),
    (0, ("explain", "SFC104")),
    (0, ("explain", "--error", "invalid_grant")),
    (0, ("schema",)),
    (0, ("completion", "bash")),
    (0, ("help", "doctor")),
    (0, ("--help",)),
)


def try_commands(program: str) -> Iterator[str]:
    """Run every command of an installed sfcred, and yield what went wrong."""
    environ = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ
    }
    environ |= {"ACME_CRM_CLIENT_ID": "3MVG9" + "aZ3kQ7xPwL0vN5mT" * 5}
    with tempfile.TemporaryDirectory() as folder:
        environ["HOME"] = environ["USERPROFILE"] = folder
        for status, arguments in COMMANDS:
            done = subprocess.run(
                [program, *arguments], cwd=folder, env=environ, capture_output=True, check=False
            )
            if done.returncode != status:
                told = (done.stdout + done.stderr).decode("utf-8", "replace")
                command = " ".join(["sfcred", *arguments])
                yield f"{command} ended with {done.returncode}, not {status}:\n{told}"


def main(arguments: Sequence[str]) -> None:
    """Do what the arguments select. See the module's docstring."""
    match list(arguments):
        case ["check", tag]:
            wrong = list(wrong_with(tag, __version__, _text("CHANGELOG.md")))
        case ["notes"]:
            sys.stdout.write(notes())
            return
        case ["contents", folder]:
            (wheel,), (sdist,) = Path(folder).glob("*.whl"), Path(folder).glob("*.tar.gz")
            wrong = list(wrong_in(contents_of(wheel), contents_of(sdist)))
        case ["try", program]:
            wrong = list(try_commands(str(Path(program).absolute())))
        case _:
            sys.exit(__doc__)
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main(sys.argv[1:])
