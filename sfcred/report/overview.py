"""The project at a glance: one row per credential, as text or JSON.

`schemas/list.schema.json` describes the JSON.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from sfcred.doctor.details import usable_certificate
from sfcred.findings import Report, Result
from sfcred.resolve.credential import Credential
from sfcred.spec.model import Environment, Flow
from sfcred.text.printable import counted, json_text, labelled
from sfcred.text.redact import public_address, redact
from sfcred.text.wrapping import wrapped
from sfcred.urls import split_url
from sfcred.version import __version__

#: The most rows of the text. The JSON has all.
_SHOWN = 500
_HEADINGS = ("CREDENTIAL", "FLOW", "ENV", "ORG", "N8N", "CERT UNTIL", "STATUS")
# The number of columns of a log.
_LOG = 80
_GAP = "  "
_MY_DOMAIN = ".my.salesforce.com"

Style = Callable[[str, str], str]


class Row(NamedTuple):
    """A credential at a glance. What the spec doesn't state, or can't be read, is None."""

    name: str
    profile: str | None
    file: str
    flow: Flow | None
    environment: Environment | None
    authority: str | None
    n8n_url: str | None
    certificate_until: datetime | None
    status: str


def rows(credentials: Iterable[Credential], report: Report) -> list[Row]:
    """Return a row for each credential, and for each spec that can't be understood.

    Args:
        credentials: The project's credentials.
        report: doctor's report on them, for the status.
    """
    known = {(c.source.shown, c.name, c.profile): c for c in credentials}
    return [_row(one, known.get((one.file, one.name, one.profile))) for one in report.results]


def _row(result: Result, credential: Credential | None) -> Row:
    if credential is None:
        nothing = (None,) * 5
        return Row(result.name, result.profile, result.file, *nothing, result.status)
    url, certificate = credential.n8n.url, usable_certificate(credential)
    return Row(
        result.name,
        result.profile,
        result.file,
        credential.decision.flow,
        credential.spec.environment,
        result.authority,
        public_address(url) if url else None,
        certificate.not_after if certificate else None,
        result.status,
    )


def as_text(
    found: Sequence[Row], style: Style, width: int | None, command: str = "sfcred doctor"
) -> str:
    """Return a table, and how many credentials need attention.

    Args:
        found: The rows.
        style: Colours a text, given the name of a style.
        width: The terminal's number of columns; None without one, and then nothing is wrapped. If
            the table is wider (80 columns, so that it fits a log), each credential gets two lines.
        command: What shows the findings of these credentials.
    """
    shown = found[:_SHOWN]
    table = [_HEADINGS, *map(_cells, shown)]
    sizes = [max(map(len, column)) for column in zip(*table, strict=True)]
    if sum(sizes) + len(_GAP) * (len(sizes) - 1) <= (width or _LOG):
        lines = [style(_line(_HEADINGS, sizes), "bold")]
        lines += [_line((*_cells(row)[:-1], _status(row, style)), sizes) for row in shown]
    else:
        lines = [line for row in shown for line in _record(row, style, width)]
    if len(found) > _SHOWN:
        lines.append(f"… and {len(found) - _SHOWN:,} more (to list all: --format json)")
    return "\n".join([*lines, "", wrapped(_summary(found, command), width)]) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    until = row.certificate_until
    return (
        redact(labelled(row.name, row.profile)),
        row.flow or "-",
        row.environment or "-",
        _host(row.authority).removesuffix(_MY_DOMAIN) or "-",
        _host(row.n8n_url) or "-",
        until.date().isoformat() if until else "-",
        row.status,
    )


def _host(address: str | None) -> str:
    url = split_url(address) if address else None
    return url.netloc if url is not None else address or ""


def _status(row: Row, style: Style) -> str:
    return style(row.status, "warning" if row.status == "unknown" else row.status)


def _line(texts: Sequence[str], sizes: Sequence[int]) -> str:
    padded = (text.ljust(size) for text, size in zip(texts[:-1], sizes, strict=False))
    return _GAP.join([*padded, texts[-1]])


def _record(row: Row, style: Style, width: int | None) -> list[str]:
    """Return a credential on two lines, for a terminal that is too narrow for the table."""
    name, *facts, until, _status_text = _cells(row)
    known = [fact for fact in facts if fact != "-"]
    known += [f"certificate until {until}"] if until != "-" else []
    head = f"{style(name, 'bold')}: {_status(row, style)}"
    return [head, wrapped(", ".join(known), width, "  ")] if known else [head]


def _summary(found: Sequence[Row], command: str) -> str:
    bad = sum(row.status not in ("ok", "info") for row in found)
    told = counted(len(found), "credential")
    if not bad:
        return told
    need = "needs" if bad == 1 else "need"
    return f"{told}; {bad:,} {need} attention: {command}"


def as_json(found: Iterable[Row]) -> str:
    """Return a JSON document (`list_version` 1)."""
    document = {
        "list_version": 1,
        "sfcred_version": __version__,
        "credentials": [_plain(row) for row in found],
    }
    return json_text(document)


def _plain(row: Row) -> dict[str, object]:
    until = row.certificate_until
    shown = row._replace(name=redact(row.name))._asdict()
    return {**shown, "certificate_until": until.isoformat() if until else None}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _CredentialModel(_Model):
    name: str
    profile: str | None
    file: str
    flow: Flow | None = Field(description="null if the spec doesn't determine it.")
    environment: Environment | None
    authority: str | None = Field(description="The URL of the org, or of a general login host.")
    n8n_url: str | None = Field(description="n8n's address; null if the spec has none.")
    certificate_until: str | None = Field(
        description="When the certificate expires (ISO 8601); null without a readable one."
    )
    status: Literal["ok", "unknown", "info", "warning", "error"] = Field(
        description="As in doctor's report, from the offline checks."
    )


class ListModel(_Model):
    """The output of `sfcred list --format json`."""

    model_config = ConfigDict(title="sfcred list")

    list_version: Literal[1]
    sfcred_version: str
    credentials: list[_CredentialModel]
