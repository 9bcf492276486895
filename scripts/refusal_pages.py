"""Generate the part of docs/troubleshooting.md that comes from the diagnosis table."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sfcred.salesforce import refusals
from sfcred.salesforce.diagnosis import fix_of, rank, without_names
from sfcred.salesforce.refusals import (
    KnownWording,
    Refusal,
    RefusalCause,
    http_status,
    rehearsable,
)
from sfcred.salesforce.refusals.n8n_shows import shown_in_n8n

_GRANTS = {
    "": "",
    "jwt": " (JWT)",
    "refresh": " (refresh)",
    "code": " (code)",
    "client": " (client credentials)",
}
_REHEARSE = "sfcred local-org --refuse"
_BLOCK = re.compile(r"(?s)(<!-- refusals -->\n).*?(<!-- /refusals -->)")


class Chapter(NamedTuple):
    """A chapter of the page: a symptom, where to read on, and the rows."""

    title: str
    about: str
    rows: tuple[Refusal, ...]


#: The chapters, in the order in which people meet the symptoms.
CHAPTERS = (
    Chapter(
        "A node fails, and n8n hides the reason",
        "n8n replaces the answer with a text of its own. The answer is in the error's details. "
        "`sfcred doctor --live` shows it, too ([Live checks](live.md)).",
        (*refusals.n8n_http.ROWS, *refusals.http_status.ROWS),
    ),
    Chapter(
        "The login is refused",
        "These are answers of Salesforce's token endpoint. [My Domain](guides/my-domain.md) and "
        "[External Client Apps](guides/external-client-apps.md) explain the two commonest reasons.",
        (
            *refusals.jwt_login.ROWS,
            *refusals.user_and_limits.ROWS,
            *refusals.malformed_request.ROWS,
            *refusals.client_credentials.ROWS,
        ),
    ),
    Chapter(
        "The app isn't found, or is blocked",
        "See also [External Client Apps](guides/external-client-apps.md) and [Several "
        "orgs](guides/several-orgs.md).",
        refusals.app_state.ROWS,
    ),
    Chapter(
        "The Connect button fails",
        "`sfcred guide` lists the app's settings, and `sfcred login` gives consent without n8n. On "
        "n8n Cloud, see [n8n Cloud](guides/n8n-cloud.md).",
        (
            *refusals.authorize_page.ROWS,
            *refusals.n8n_connect.ROWS,
            *refusals.n8n_callback.ROWS,
            *refusals.n8n_login_page.ROWS,
        ),
    ),
    Chapter(
        "It worked, and then stopped",
        "A refresh token can end in many ways. `sfcred doctor` knows which of them the app's "
        "settings allow.",
        refusals.refresh.ROWS,
    ),
    Chapter(
        "The login works, but the API refuses",
        "The user or the app lacks a right. [Live checks](live.md) tell which.",
        (*refusals.api_session.ROWS, *refusals.streaming.ROWS),
    ),
    Chapter(
        "A node fails after the login",
        "The credential works. The query, the record or the user's permissions are the reason.",
        (
            *refusals.node_errors.ROWS,
            *refusals.api_limits.ROWS,
            *refusals.queries.ROWS,
            *refusals.record_rules.ROWS,
            *refusals.record_values.ROWS,
            *refusals.files_and_email.ROWS,
            *refusals.api_requests.ROWS,
        ),
    ),
    Chapter(
        "Login History shows a status",
        "In Setup, Login History, the column Status often has the reason that the answer hides.",
        (
            *refusals.history_oauth.ROWS,
            *refusals.history_user.ROWS,
            *refusals.history_sign_on.ROWS,
        ),
    ),
    Chapter(
        "No connection: names, proxies, certificates",
        "The same variables serve sfcred ([Configuration](configuration.md)) and n8n "
        "([n8n in containers](guides/containers.md)).",
        (
            *refusals.host_names.ROWS,
            *refusals.network.ROWS,
            *refusals.proxies.ROWS,
            *refusals.tls.ROWS,
        ),
    ),
    Chapter(
        "The private key isn't accepted",
        "`sfcred doctor` reads the key without a connection. See also [Rotate a "
        "key](guides/rotate-a-key.md).",
        (*refusals.private_keys.ROWS, *refusals.encrypted_keys.ROWS),
    ),
    Chapter(
        "n8n complains about the credential",
        "See also [n8n in containers](guides/containers.md) and [Exchange with n8n](exchange.md).",
        (
            *refusals.n8n_credentials.ROWS,
            *refusals.n8n_external_secrets.ROWS,
            *refusals.n8n_api.ROWS,
        ),
    ),
    Chapter(
        "n8n doesn't reach its own services",
        "These texts are about n8n's database, Redis, or the proxy in front of it, not about "
        "Salesforce. See also [n8n in containers](guides/containers.md).",
        refusals.n8n_services.ROWS,
    ),
    Chapter(
        "A secret can't be read from its store",
        "What the stores' clients say. See also [Secrets](secrets.md).",
        refusals.secret_stores.ROWS,
    ),
    Chapter(
        "Import and export fail",
        "See also [From n8n to code](guides/from-n8n-to-code.md).",
        refusals.n8n_command_line.ROWS,
    ),
    Chapter(
        "Deploying the app fails",
        "`sfcred app` writes the source and prints the commands ([External Client "
        "Apps](guides/external-client-apps.md)).",
        (*refusals.deployment.ROWS, *refusals.salesforce_cli.ROWS),
    ),
    Chapter(
        "sfcred says",
        "Its findings have pages of their own ([Checks](checks/index.md)).",
        (*refusals.sfcred_itself.ROWS, *refusals.sfcred_setup.ROWS),
    ),
)


def with_refusals(page: str) -> str:
    """Return the page with the current table between its markers."""
    text = "\n".join(line for chapter in CHAPTERS for line in _chapter(chapter))
    return _BLOCK.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", page)


def _chapter(chapter: Chapter) -> Iterator[str]:
    """Yield a chapter: rows with several causes as sections, the others in a table."""
    yield from (f"## {chapter.title}", "", chapter.about, "")
    rows = [without_names(row) for row in chapter.rows]
    single = [row for row in rows if len(row.causes) == 1]
    for row in rows:
        if row not in single:
            yield from _section(row)
    if single:
        yield from ("| text | usual cause | fix |", "|---|---|---|")
        yield from (_line(row) for row in single)
        yield ""


# The forms of an HTTP status that the page lists; the others differ by a few letters.
_MOST_FORMS = 8


def _line(row: Refusal) -> str:
    (cause,) = row.causes
    texts = _texts(row)
    shown = texts[:_MOST_FORMS] if row in http_status.ROWS else texts
    more = ", and its other forms" if len(shown) < len(texts) else ""
    said = f"{', '.join(f'`{text}`' for text in shown)}{more}"
    cells = (said, _sentence(cause.what), f"{fix_of(cause, None)}{_checks(cause)}{_rehearse(row)}")
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _section(row: Refusal) -> Iterator[str]:
    usual, *others = _texts(row)
    yield from (f"### {usual}{_GRANTS[row.answers[0].grant]}", "")
    if others:
        yield from (f"Also: {', '.join(f'`{text}`' for text in others)}.", "")
    for number, cause in enumerate(rank(row), 1):
        yield f"{number}. **{_sentence(cause.what)}** {fix_of(cause, None)}{_checks(cause)}"
    first = row.answers[0]
    shown = shown_in_n8n(row, first, frozenset({first.grant} - {""}))
    if last := f"{shown}{_rehearse(row)}".strip():
        yield from ("", last)
    yield ""


def _texts(row: Refusal) -> list[str]:
    """Return a row's different texts, the usual one first."""
    return list(dict.fromkeys(_said(answer) for answer in row.answers))


def _said(answer: KnownWording) -> str:
    said = ": ".join(part for part in (answer.error, answer.description) if part)
    return re.sub(r"\{\w+\}", "…", said)


def _rehearse(row: Refusal) -> str:
    known = row.name in {one.name for one in rehearsable()}
    return f" To rehearse it: `{_REHEARSE} {row.name}`." if known else ""


def _sentence(clause: str) -> str:
    begin = clause[0] if clause.startswith("n8n") else clause[0].upper()
    return f"{begin}{clause[1:]}."


def _checks(cause: RefusalCause) -> str:
    """Return links to the checks that find the cause without a login."""
    ids = [sign for sign in cause.signs if sign.startswith("SFC")]
    if not ids:
        return ""
    return f" (Found offline by {', '.join(f'[{i}](checks/{i.lower()}.md)' for i in ids)}.)"
