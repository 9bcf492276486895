"""Compare credentials with each other, each reduced to what the project checks need."""

import hashlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

from sfcred.checks.api import ProjectEntry, project_check
from sfcred.doctor.lines import Lines
from sfcred.doctor.options import Options
from sfcred.doctor.recorder import Recorder
from sfcred.doctor.rules import Rules
from sfcred.doctor.subject import Found, Subject
from sfcred.errors import Cause, NotKnown
from sfcred.findings import NotRun
from sfcred.paths import place_of
from sfcred.resolve.client_credentials import needed_overwrite
from sfcred.resolve.credential import Credential
from sfcred.resolve.deployed_app import deployed_app
from sfcred.secrets import find_provider
from sfcred.spec.refs import Reference
from sfcred.spec.source import START, Route
from sfcred.text.printable import listed
from sfcred.text.redact import redact

_PLACES: tuple[Route, ...] = (
    ("name",),
    ("client_id",),
    ("n8n", "id"),
    ("app",),
    ("app", "label"),
    ("app", "api_name"),
)
_CLIENT: Route = ("client_id",)
_SALT = os.urandom(16)

Kind = Literal["text", "value", "place"]


class _Kept(NamedTuple):
    """What is left of a credential for the project checks."""

    entry: ProjectEntry
    rules: Rules


class ProjectChecks:
    """The checks that compare credentials with each other.

    Args:
        recorder: Runs the checks, and records what they find.
        options: The options of the run.
        lines: Reads the lines that findings are about.
    """

    def __init__(self, recorder: Recorder, options: Options, lines: Lines) -> None:
        self._recorder = recorder
        self._options = options
        self._lines = lines
        self._is_wanted = bool(recorder.ids("project"))  # if not, no Consumer Key is read
        self._kept: list[_Kept] = []

    def add(self, credential: Credential, document: str, rules: Rules) -> None:
        """Keep what the checks need of a credential.

        Args:
            credential: The credential.
            document: Its spec: the file and the document in it.
            rules: The rules for its findings.
        """
        if self._is_wanted:
            entry = _entry_of(credential, len(self._kept), document)
            self._kept.append(_Kept(entry, rules))

    def run(self) -> None:
        """Run the checks over all credentials that were added, and the rest of the project's."""
        general = self._options.general_rules
        entries = [one.entry for one in self._kept]
        if entries:
            others, not_compared = _other_entries(self._options, self._recorder.ids("project"))
            entries = [*others, *entries]
            self._recorder.draft.not_run += not_compared
        found: dict[int, list[Found]] = {}
        for item in self._recorder.run(project_check, entries, None, "", general)[0]:
            entry = item.problem.entry
            if entry is None:
                raise TypeError(f"{item.check.name} yields a problem without an entry")
            if entry.is_chosen and item.problem.is_unknown:
                self._not_compared(item, entry)
            elif entry.is_chosen:
                found.setdefault(entry.number, []).append(item)
        # In the files' order, so that each file is read again only once.
        for number in sorted(found):
            self._recorder.record(found[number], self._subject(*self._kept[number]))

    def _not_compared(self, item: Found, entry: ProjectEntry) -> None:
        is_ignored = item.check.id in self._kept[entry.number].rules
        self._recorder.draft.not_run.append(
            NotRun(
                (item.check.id,),
                entry.name,
                entry.profile,
                entry.file,
                redact(item.problem.message),
                redact(item.problem.hint),
                Cause.IGNORED if is_ignored else item.problem.cause,
            )
        )

    def _subject(self, entry: ProjectEntry, rules: Rules) -> Subject:
        return Subject(
            entry.name,
            entry.profile,
            entry.file,
            lambda problem: entry.places.get(problem.at, START),
            lambda number: self._lines.masked(entry.file, number),
            rules,
        )


def _entry_of(credential: Credential, number: int, document: str) -> ProjectEntry:
    """Return a credential's entry. It is small, because there can be ten thousand."""
    authority = credential.authority
    kind, client = _client(credential)
    has_domain = authority is not None and credential.spec.my_domain is not None
    return ProjectEntry(
        number=number,
        name=credential.name,
        profile=credential.profile,
        file=credential.source.shown,
        document=document,
        flow=credential.decision.flow,
        authority=authority.url if authority else "",
        org=authority.host.my_domain_host if authority and has_domain else "",
        app=deployed_app(credential),
        external_client_app=credential.is_external_client_app,
        n8n=credential.n8n.key,
        n8n_id=credential.n8n.credential_id,
        n8n_type=credential.n8n_type if credential.decision.flow else None,
        overwrite=needed_overwrite(credential),
        client=_fingerprint(client),
        client_kind=kind,
        places={
            route: credential.node.place_of(route)
            for route in _PLACES
            if credential.node.find(route) is not None
        },
    )


def _other_entries(
    options: Options, checks: Sequence[str]
) -> tuple[list[ProjectEntry], list[NotRun]]:
    """Return the entries of the project's credentials that the run is not about.

    Args:
        options: The options of the run.
        checks: The ids of the project checks.

    Returns:
        The entries, and what to tell about specs that can't be compared with, if there are any.
    """
    found: list[ProjectEntry] = []
    misread: list[str] = []
    for file in options.rest():
        shown = file.spec.source.shown
        if file.spec.is_misread:
            misread.append(shown)
        found += [
            _entry_of(one, len(found), f"{shown}#{declaration.index}")._replace(is_chosen=False)
            for declaration in file.spec.declarations
            for one in file.credentials(declaration)
            if one.counts_for(options.profile)
        ]
    return found, [_misread(misread, checks)] if misread else []


def _misread(files: Sequence[str], checks: Sequence[str]) -> NotRun:
    others = f", like {listed(files[1:])}" if len(files) > 1 else ""
    reason = f"it has errors{others}, so nothing was compared with it"
    hint = "Run sfcred doctor without names or paths, and correct what it reports."
    # Whoever names a spec asks about that one: what is wrong with others doesn't make it fail.
    return NotRun(tuple(checks), None, None, files[0], reason, hint, Cause.NOT_STATED)


def _client(credential: Credential) -> tuple[Kind, str]:
    """Return what is known of the Consumer Key, to compare it with other credentials'.

    A value from a reference is never compared with anything that a pull request can supply (a
    literal in a spec, a file, its author's own store): the result would confirm a correct guess.
    """
    declared = credential.declared(_CLIENT)
    if not isinstance(declared, Reference):
        return "text", declared or ""
    provider = find_provider(declared.provider)
    if provider.is_own(declared.locator):
        with suppress(NotKnown):
            return "value", credential.value(_CLIENT).get_secret_value()
    return "place", f"{declared.provider} {_place(credential, declared)}"


def _place(credential: Credential, reference: Reference) -> str:
    """Return a text that is equal for references to the same place, whichever spec they are in."""
    provider, locator = find_provider(reference.provider), reference.locator
    path = credential.values.path(reference, credential.folder)
    if path is not None:
        return f"{place_of(path)} {os.path.basename(locator)}"  # noqa: PTH119 - a text
    return locator if provider.is_own(locator) else f"{credential.folder} {locator}"


def _fingerprint(text: str) -> str:
    if not text:
        return ""
    data = text.encode("utf-8", "surrogateescape")
    return sys.intern(hashlib.blake2b(data, digest_size=12, key=_SALT).hexdigest())
