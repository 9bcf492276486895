"""Make the pictures of the documentation from what sfcred really shows.

    python -m scripts.screenshots [FOLDER]

It writes report.png and report-phone.png, the HTML report in Chromium, to docs/assets or to FOLDER.
doctor.svg, the text report at a terminal, is generated with the other texts: `make generate` writes
it, and a test compares it.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from html import escape
from pathlib import Path
from typing import NamedTuple

import click

from sfcred.cli.colours import COLOURS
from sfcred.report.api import ReportStyle, find_format
from sfcred.workspace import Workspace
from tests.e2e.fleet import make_fleet

ASSETS = Path(__file__).resolve().parents[1] / "docs/assets"

# The spec of the terminal's picture: a Lightning address, a misspelled scope, a slash too many.
_SPEC = """\
version: 1
name: acme-crm
environment: sandbox
my_domain: https://acme--uat.sandbox.lightning.force.com
client_id: {n8n: $secrets.vault.id}
oauth2: {client_secret: {n8n: $secrets.vault.secret}}
app:
  type: external_client_app
  label: n8n
  scopes: [Full, refresh_token]
  callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback/]
n8n: {url: https://n8n.acme.com, version: "2.40.5"}
"""
_COLUMNS = 80
# The size of a character and a line, and the space around them, in pixels.
_WIDTH, _HEIGHT, _MARGIN = 8.43, 19, 16
# The colors of doctor's styles (cli/colours.py) on a dark ground, by their codes.
_COLOURS = {"31": "#ff9492", "32": "#7ee2a0", "33": "#f2c062", "36": "#8cc2ff"}


class _View(NamedTuple):
    """A picture of the HTML report."""

    name: str
    width: int
    height: int


_VIEWS = (_View("report.png", 1000, 600), _View("report-phone.png", 390, 600))


# -- the terminal


def terminal_svg() -> str:
    """Return a picture of doctor's text report, as an SVG image."""
    lines = ["$ sfcred doctor", *_text_report().rstrip("\n").split("\n")]
    width = round(_COLUMNS * _WIDTH + 2 * _MARGIN)
    height = len(lines) * _HEIGHT + 2 * _MARGIN
    rows = [
        f'<text x="{_MARGIN}" y="{_MARGIN + (number + 0.75) * _HEIGHT:g}">{_row(line)}</text>\n'
        for number, line in enumerate(lines)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">\n'
        "<title>sfcred doctor at a terminal</title>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#14171a"/>\n'
        '<g fill="#e7eaee" font-size="14" font-family="ui-monospace, '
        'Cascadia Mono, DejaVu Sans Mono, Menlo, monospace">\n'
        f"{''.join(rows)}</g>\n</svg>\n"
    )


def _text_report() -> str:
    look = ReportStyle(lambda text, style: click.style(text, **COLOURS[style]), width=_COLUMNS)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("acme.yaml").write_text(_SPEC, encoding="utf-8")
        report = Workspace.open(Path("acme.yaml")).examine()
    return find_format("text")(report, look)


def _row(line: str) -> str:
    """Return a line's text, with its styles as elements. Only such spaces stay in every viewer."""
    pieces = ((style, escape(text).replace(" ", "&#160;")) for style, text in _pieces(line))
    return "".join(f"<tspan{style}>{text}</tspan>" if style else text for style, text in pieces)


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a line that have one style, with the style's attributes."""
    style = ""
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not piece.startswith("\x1b"):
            if piece:
                yield style, piece
            continue
        code = piece[2:-1]
        added = {"1": ' font-weight="bold"', "2": ' opacity="0.6"'}
        colour = f' fill="{_COLOURS[code]}"' if code in _COLOURS else ""
        style = "" if code == "0" else style + added.get(code, colour)


# -- the HTML report


def main(folder: Path = ASSETS) -> int:
    """Write the pictures of the HTML report."""
    with tempfile.TemporaryDirectory() as place:
        page = _html_report(Path(place))
        for view in _VIEWS:
            _take(page, view, folder / view.name)
    return 0


def _html_report(folder: Path) -> Path:
    """Write the report of a fleet of 20, and return its file."""
    variables = make_fleet(folder, 20)
    page = folder / "report.html"
    command = [sys.executable, "-m", "sfcred", "doctor", ".", "-o", f"html={page}"]
    environ = {**os.environ, **variables}
    subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False)
    return page


def _take(page: Path, view: _View, file: Path) -> None:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={page.parent / 'chromium'}")
    browser = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    try:
        size = {"width": view.width, "height": view.height, "deviceScaleFactor": 1}
        metrics = {**size, "mobile": view.width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(page.as_uri())
        file.write_bytes(browser.get_screenshot_as_png())
    finally:
        browser.quit()


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
