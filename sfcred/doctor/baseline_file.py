"""Read the baseline's file."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sfcred.errors import SettingsError
from sfcred.findings import Rule
from sfcred.spec.fields import CHECK_PATTERN
from sfcred.spec.source import Place

_REASON = "known since the baseline was written"


class KnownFinding(NamedTuple):
    """An entry of the baseline: the rule that suppresses a finding, and its credential."""

    rule: Rule
    credential: str | None
    profile: str | None


class Baseline(NamedTuple):
    """A baseline's entries by fingerprint. `version` is that of the file and its fingerprints."""

    version: Literal[1, 2]
    known: Mapping[str, KnownFinding]


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    fingerprint: str = Field(pattern="^[0-9a-f]{32}$")
    check: str = Field(pattern=CHECK_PATTERN)
    credential: str | None
    profile: str | None
    field: str = ""  # only for people who read the file; absent in version 1


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    baseline_version: Literal[1, 2]
    findings: list[_Entry]


def read_baseline(content: bytes, shown: str) -> Baseline:
    """Read a baseline from the content of its file.

    Args:
        content: The file's bytes.
        shown: The file's path, as messages show it.

    Raises:
        SettingsError: It is not a baseline.
    """
    try:
        text = content.decode("utf-8")
        file = _File.model_validate_json(text)
    except (UnicodeDecodeError, ValidationError):
        raise SettingsError(
            f"{shown}: not a baseline written by sfcred",
            hint="Write a new one with `sfcred doctor --write-baseline`.",
        ) from None
    lines = {
        mark: number for number, line in enumerate(text.split("\n"), 1) for mark in _marks(line)
    }
    known = {e.fingerprint: _known(e, lines.get(e.fingerprint, 1), shown) for e in file.findings}
    return Baseline(file.baseline_version, known)


def _marks(line: str) -> list[str]:
    return re.findall(r"\b[0-9a-f]{32}\b", line)


def _known(entry: _Entry, line: int, shown: str) -> KnownFinding:
    rule = Rule(
        entry.check,
        _REASON,
        "baseline",
        shown,
        Place(line, 1),
        scope=entry.credential or "a file without a name",
    )
    return KnownFinding(rule, entry.credential, entry.profile)
