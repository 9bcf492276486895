"""Recognize files in a folder of specs that are something else: compose files, manifests, exports.

A file with a spec's own fields is a spec, whatever is wrong with it. A file that nothing here
recognizes counts as one, too.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from sfcred.spec.source import START, Node, Place, Source


class Foreign(NamedTuple):
    """What a file is instead of a spec.

    Attributes:
        what: The kind of file, such as `a compose file`.
        hint: What to do with it; empty if it can stay, outside of the specs.
        place: Where it shows.
        is_spec: Whether it would be a spec, if it could be read: then it must not be left out.
    """

    what: str
    hint: str = ""
    place: Place = START
    is_spec: bool = False


#: Fields at the top level of a spec that hardly anything else has there.
_OWN = frozenset(
    (
        *("environment", "my_domain", "flow", "client_id", "oauth2", "jwt"),
        *("client_credentials", "app", "n8n", "doctor"),
    )
)
_KEYS = re.compile(r"^(?:\"([\w$.-]+)\"|'([\w$.-]+)'|([\w$.-]+)) *:(?:[ \t\r]|$)", re.MULTILINE)
_OURS, _THEIRS = (re.compile(f"^{sign * 7}(?: .*)?$", re.MULTILINE) for sign in "<>")
_TEMPLATE = re.compile(r"^[ \t]*(?:- +)?(?:[\w.-]+: *)?(?:\{\{|\{%|<%)", re.MULTILINE)
_EXPORT = re.compile(r'"type"\s*:\s*"')

_IMPORT = "Turn it into specs: sfcred import FILE. It contains secrets, so keep it out of git."
#: The kinds that their top-level keys show.
_KINDS: tuple[tuple[frozenset[str], Foreign], ...] = tuple(
    (frozenset(keys.split()), Foreign(what))
    for keys, what in (
        ("apiVersion kind", "a Kubernetes manifest"),
        ("apiVersion name version", "a Helm chart's description"),
        ("services", "a compose file"),
        ("nodes connections", "an n8n workflow"),
        ("on jobs", "a GitHub workflow"),
        ("version updates", "a Dependabot configuration"),
        ("repos", "a pre-commit configuration"),
        ("openapi", "an OpenAPI description"),
        ("swagger", "an OpenAPI description"),
        ("AWSTemplateFormatVersion", "a CloudFormation template"),
    )
)


def recognize(source: Source) -> Foreign | None:
    """Return what a file is, if it is certainly not a spec that can be read as one.

    Args:
        source: The file, as far as it could be parsed.
    """
    keys = _top_level(source)
    is_spec = bool(keys & _OWN)
    for look in (_conflict, _sops, _kind, _export, _vault, _template):
        found = look(source, keys, is_spec)
        if found is not None:
            return found
    return None


def is_usable_spec(source: Source) -> bool:
    """Return whether a file has a spec's own fields, and is nothing else."""
    return recognize(source) is None and bool(_top_level(source) & _OWN)


def _top_level(source: Source) -> frozenset[str]:
    """Return the top-level keys of all documents; from the text if it isn't valid YAML."""
    roots = [one.value for one in source.documents if isinstance(one.value, dict)]
    keys = frozenset(key for root in roots for key in root)
    if not source.faults:
        return keys
    found = ("".join(match.groups("")) for match in _KEYS.finditer(source.text))
    return keys.union(found)


_Look = Callable[[Source, frozenset[str], bool], Foreign | None]


def _conflict(source: Source, _keys: frozenset[str], is_spec: bool) -> Foreign | None:
    ours, theirs = _OURS.search(source.text), _THEIRS.search(source.text)
    if ours is None or theirs is None:
        return None
    hint = "Keep one side of each conflict, and delete the lines with the markers."
    what = "a file with merge-conflict markers"
    return Foreign(what, hint, source.place_at(ours.start()), is_spec)


def _sops(_source: Source, keys: frozenset[str], is_spec: bool) -> Foreign | None:
    if "sops" not in keys:
        return None
    hint = "Refer to its values from a spec: {sops: FILE#KEY}."
    if is_spec:
        hint = "A spec contains no secrets: decrypt it, and refer to secrets instead."
    return Foreign("a file that SOPS encrypted", hint, is_spec=is_spec)


def _kind(source: Source, keys: frozenset[str], is_spec: bool) -> Foreign | None:
    if is_spec:
        return None
    for wanted, kind in _KINDS:
        if wanted <= keys and not (wanted == {"services"} and _is_list(source, "services")):
            return kind
    return None


def _is_list(source: Source, key: str) -> bool:
    nodes = [one.find((key,)) for one in source.documents]
    return any(node is not None and not isinstance(node.value, dict) for node in nodes)


def _export(source: Source, _keys: frozenset[str], is_spec: bool) -> Foreign | None:
    entries = [entry for one in source.documents for entry in _entries(one)]
    is_parsed = any({"type", "data"} <= set(entry) for entry in entries)
    is_json = source.text.lstrip().startswith(("[", "{")) and '"data"' in source.text
    if is_spec or not (is_parsed or (source.faults and is_json and _EXPORT.search(source.text))):
        return None
    return Foreign("an export of n8n's credentials", _IMPORT)


def _entries(node: Node) -> list[dict[str, Node]]:
    items = node.value if isinstance(node.value, list) else [node]
    return [item.value for item in items if isinstance(item.value, dict)]


def _vault(source: Source, _keys: frozenset[str], _is_spec: bool) -> Foreign | None:
    if not source.text.startswith("$ANSIBLE_VAULT;"):
        return None
    return Foreign("a file that Ansible Vault encrypted")


def _template(source: Source, keys: frozenset[str], is_spec: bool) -> Foreign | None:
    found = _TEMPLATE.search(source.text) if source.faults else None
    if found is None:
        return None
    is_spec = is_spec or not keys  # nothing shows what else it would be
    hint = "sfcred reads finished specs: fill the template in first, and check the result."
    what = "a template (of Jinja, Helm or the like)"
    return Foreign(what, hint if is_spec else "", source.place_at(found.start()), is_spec)
