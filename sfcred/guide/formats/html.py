"""A page of its own, to look at or to print."""

import html
import re

from sfcred.guide.api import Entry, Guide, Section, Step

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root {{ color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent) }}
body {{ font: 1rem/1.55 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem }}
h1 {{ font-size: 1.6rem }}
h2 {{ font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid var(--line) }}
.note {{ border-left: .3rem solid #b35900; padding: .2rem .8rem }}
li {{ margin: .7rem 0 }}
dl {{ display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .3rem 1rem }}
dt {{ font-weight: 600 }}
dd {{ margin: 0; overflow-wrap: anywhere }}
code {{ background: var(--line); border-radius: .25rem; padding: .1rem .3rem; user-select: all }}
@media (max-width: 36rem) {{ dl {{ grid-template-columns: 1fr }} dd {{ margin-bottom: .4rem }} }}
@media print {{ li {{ break-inside: avoid }} }}
</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""


def write(guide: Guide) -> str:
    """One self-contained page; every text is escaped."""
    body = [f'<p class="note">{_text(note)}</p>' for note in guide.notes]
    number = 1
    for section in guide.sections:
        body.append(_section(section, number))
        number += len(section.steps)
    return _PAGE.format(title=html.escape(guide.title), body="\n".join(body))


def _section(section: Section, first: int) -> str:
    steps = "\n".join(_step(step) for step in section.steps)
    return f'<h2>{_text(section.title)}</h2>\n<ol start="{first}">\n{steps}\n</ol>'


def _step(step: Step) -> str:
    entries = "".join(_entry(entry) for entry in step.entries)
    return f"<li>{_text(step.text)}{f'<dl>{entries}</dl>' if entries else ''}</li>"


def _entry(entry: Entry) -> str:
    lines = entry.value.split("\n")
    shown = [
        f"<code>{html.escape(line)}</code>" if entry.literal else _text(line) for line in lines
    ]
    return f"<dt>{_text(entry.field)}</dt><dd>{'<br>'.join(shown)}</dd>"


def _text(text: str) -> str:
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text))
