"""The local org's pages. Every text is escaped, and each page says what this is."""

import html
from collections.abc import Iterable

from sfcred.local_org.registry import Registry
from sfcred.salesforce.refusals import REFUSALS
from sfcred.salesforce.scopes import find

BANNER = "This is no Salesforce: a local stand-in to rehearse on."

_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - local org</title>
<meta name="viewport" content="width=device-width">
<style>
:root {{ color-scheme: light dark; --line: color-mix(in srgb, currentColor 25%, transparent) }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 0 1rem 3rem }}
.banner {{ background: #b35900; color: #fff; padding: .5rem 1rem; margin: 0 -1rem 1.5rem; font-weight: 600 }}
h1 {{ font-size: 1.5rem }}
form, section {{ border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }}
label {{ display: block; margin: .5rem 0 }}
input {{ display: block }}
input, select {{ font: inherit; padding: .4rem; width: 100%; max-width: 24rem; box-sizing: border-box }}
button {{ font: inherit; padding: .4rem 1.4rem; margin: .8rem .6rem 0 0 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line) }}
.scroll {{ overflow-x: auto }}
</style></head>
<body><p class="banner">{banner}</p>
<h1>{title}</h1>
{body}
</body></html>
"""  # noqa: E501 - style sheets read best a rule a line


def frame(title: str, body: str) -> str:
    """A whole page; `body` is HTML, the title is text."""
    return _FRAME.format(title=html.escape(title), banner=BANNER, body=body)


def status_page(registry: Registry, refusing: str, base_url: str) -> str:
    """What the org knows, and the form to choose what it refuses."""
    rows = "".join(
        f"<tr><td>{html.escape(r.name)}</td><td>{html.escape(r.flow)}</td>"
        f"<td>{'sandbox' if r.is_sandbox else 'production'}</td>"
        f"<td>{html.escape(r.org_id)}</td></tr>"
        for r in registry.registrations
    )
    left_out = "".join(
        f"<li>{html.escape(name)}: {html.escape(reason)}</li>" for name, reason in registry.left_out
    )
    options = "".join(
        f"<option{' selected' if row.name == refusing else ''}>{html.escape(row.name)}</option>"
        for row in REFUSALS
        if row.answers[0].step not in ("network", "n8n")
    )
    body = f"""<p>Rehearse: <code>sfcred doctor --local-org {html.escape(base_url)}</code></p>
<section class="scroll"><table><tr><th>credential<th>flow<th>environment<th>org</tr>{rows}</table>
{f"<p>Left out:</p><ul>{left_out}</ul>" if left_out else ""}</section>
<form method="post" action="/_local/refuse"><label>The next logins are refused with
<select name="name"><option value="">nothing: behave</option>{options}</select></label>
<button>Set</button> now: {html.escape(refusing or "nothing")}</form>"""
    return frame("Local org", body)


def login_page(ticket: str, username: str) -> str:
    """The login form: any password will do."""
    body = f"""<form method="post" action="/_local/login">
<input type="hidden" name="ticket" value="{html.escape(ticket)}">
<label>Username <input name="username" value="{html.escape(username)}" autocomplete="off"></label>
<label>Password <input name="password" type="password" value="play" autocomplete="off"></label>
<p>Any password will do: nothing is checked, and nothing is kept.</p>
<button id="login">Log in</button></form>"""
    return frame("Log in", body)


def consent_page(ticket: str, label: str, scopes: Iterable[str]) -> str:
    """Allow or deny."""
    items = "".join(f"<li>{html.escape(_label(scope))}</li>" for scope in scopes)
    body = f"""<form method="post" action="/_local/consent">
<input type="hidden" name="ticket" value="{html.escape(ticket)}">
<p><strong>{html.escape(label)}</strong> asks to:</p><ul>{items}</ul>
<button id="allow" name="decision" value="allow">Allow</button>
<button id="deny" name="decision" value="deny">Deny</button></form>"""
    return frame("Allow access?", body)


def error_page(error: str, description: str) -> str:
    """An error that is shown and not sent back."""
    body = (
        f"<section><p><code>error={html.escape(error)}</code></p>"
        f"<p><code>error_description={html.escape(description)}</code></p></section>"
        "<p>What it means: <code>sfcred explain --error</code> with one of these lines.</p>"
    )
    return frame("The login can't go on", body)


def _label(scope: str) -> str:
    known = find(scope)
    return known.label if known else scope
