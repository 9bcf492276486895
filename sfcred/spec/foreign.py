"""Recognize files in a folder of specs that are something else: compose files, manifests, exports.

A file with a spec's own fields is a spec, whatever is wrong with it. One with none of them is
something else, even if nothing here recognizes it.
"""

import re
from typing import NamedTuple

from sfcred.spec.source import START, Node, Place, Source
from sfcred.text.near import is_near
from sfcred.text.shell import for_shell


class Foreign(NamedTuple):
    """What a file is instead of a spec.

    Attributes:
        what: The kind of file, such as `a compose file`.
        hint: What to do with it; empty if it can stay, outside of the specs.
        place: Where it shows.
        is_spec: Whether it would be a spec, if it could be read: then it must not be left out.
        is_unsure: Whether it could be a spec or not, so that it may be left out all the same.
    """

    what: str
    hint: str = ""
    place: Place = START
    is_spec: bool = False
    is_unsure: bool = False


#: Fields at the top level of a spec that hardly anything else has there.
_OWN = frozenset(
    (
        *("environment", "my_domain", "flow", "client_id", "oauth2", "jwt"),
        *("client_credentials", "app", "n8n", "doctor"),
    )
)
#: Those of them that other files have, too, such as a chart's values.
_COMMON = frozenset(("environment", "app", "n8n"))
_KEYS = re.compile(r"^(?:\"([\w$.-]+)\"|'([\w$.-]+)'|([\w$.-]+)) *:(?:[ \t\r]|$)", re.MULTILINE)
_OURS, _THEIRS = (re.compile(f"^{sign * 7}(?: .*)?$", re.MULTILINE) for sign in "<>")
_TEMPLATE = re.compile(r"^[ \t]*(?:- +)?(?:[\w.-]+: *)?(?:\{\{|\{%|<%)", re.MULTILINE)
_SOPS_LINES = re.compile(r"^sops_(?:mac|version)=", re.MULTILINE)
# No value of these fields can look like this.
_FILLED = re.compile(r"^(?:name|environment|flow) *: [^\n#]*(?:\{\{|\{%|<%|\$\{)", re.MULTILINE)
_EXPORT = re.compile(r'"type"\s*:\s*"')

_IMPORT = "Turn it into specs: `sfcred import {}`. It contains secrets, so keep it out of git."
_FETCH = "Get the file itself: run `git lfs pull`."
_UNSURE = "If it should be a spec, start it with `version: 1` (`sfcred init` writes one)."
#: The kinds that the start of their text shows.
_STARTS: tuple[tuple[str, Foreign], ...] = (
    (
        "version https://git-lfs.github.com/spec/",
        Foreign("a Git LFS pointer", _FETCH, is_spec=True),
    ),
    ("$ANSIBLE_VAULT;", Foreign("a file that Ansible Vault encrypted")),
    ("-----BEGIN AGE ENCRYPTED FILE-----", Foreign("a file that age encrypted")),
    ("-----BEGIN PGP ", Foreign("a file that PGP encrypted or signed")),
    ("-----BEGIN ", Foreign("a key or a certificate")),
    ("<!DOCTYPE", Foreign("a web page")),
    ("<html", Foreign("a web page")),
    ("<?xml", Foreign("an XML file")),
)
#: The kinds that their top-level keys show. A `*` marks a list, and a `.` a mapping.
_KINDS: tuple[tuple[str, str], ...] = (
    ("apiVersion kind", "a Kubernetes manifest"),
    ("apiVersion name version", "a Helm chart's description"),
    ("dependencies digest", "a Helm chart's lock file"),
    ("services.", "a compose file"),
    ("version volumes.", "a compose file"),
    ("version networks.", "a compose file"),
    ("nodes connections", "an n8n workflow"),
    ("data* nextCursor", "an answer of n8n's API"),
    ("on jobs", "a GitHub workflow"),
    ("name runs.", "a GitHub action"),
    ("stages*", "a GitLab pipeline"),
    ("version updates", "a Dependabot configuration"),
    ("version tasks.", "a Taskfile"),
    ("repos", "a pre-commit configuration"),
    ("creation_rules*", "a configuration of SOPS"),
    ("packageDirectories", "a Salesforce DX project's configuration"),
    ("hosts tasks*", "an Ansible playbook"),
    ("openapi", "an OpenAPI description"),
    ("swagger", "an OpenAPI description"),
    ("$schema properties", "a JSON Schema"),
    ("AWSTemplateFormatVersion", "a CloudFormation template"),
    ("resources*", "a kustomization"),
    ("image replicaCount", "a Helm chart's values"),
    ("image. ingress.", "a Helm chart's values"),
    ("image. resources.", "a Helm chart's values"),
    ("image. service.", "a Helm chart's values"),
    ("main. ingress.", "a Helm chart's values"),
    ("main. image.", "a Helm chart's values"),
)


def recognize(source: Source) -> Foreign | None:
    """Return what a file is, if it is certainly not a spec that can be read as one.

    Args:
        source: The file, as far as it could be parsed.
    """
    keys = _top_level(source)
    is_spec = _is_spec(keys)
    for look in (_start, _conflict, _sops, _kind, _export, _template, _unknown):
        found = look(source, keys, is_spec)
        if found is not None:
            return found
    return None


def _is_spec(keys: frozenset[str]) -> bool:
    own = keys & _OWN
    return bool(own - _COMMON or (own and "version" in keys))


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


def _start(source: Source, _keys: frozenset[str], _is_spec: bool) -> Foreign | None:
    text = source.text.lstrip()
    return next((kind for start, kind in _STARTS if text.startswith(start)), None)


def _conflict(source: Source, _keys: frozenset[str], is_spec: bool) -> Foreign | None:
    marks = [mark for mark in (_OURS.search(source.text), _THEIRS.search(source.text)) if mark]
    if not marks or (len(marks) == 1 and not source.faults):
        return None
    hint = "Keep one side of each conflict, and delete the lines with the markers."
    what = "a file with merge-conflict markers"
    return Foreign(what, hint, source.place_at(marks[0].start()), is_spec)


def _sops(source: Source, keys: frozenset[str], is_spec: bool) -> Foreign | None:
    if "sops" not in keys and not _SOPS_LINES.search(source.text):
        return None
    hint = "Refer to its values from a spec: {sops: FILE#KEY}."
    if is_spec:
        hint = "A spec contains no secrets: decrypt it, and refer to secrets instead."
    return Foreign("a file that SOPS encrypted", hint, is_spec=is_spec)


def _kind(source: Source, keys: frozenset[str], is_spec: bool) -> Foreign | None:
    """Judge the documents one by one, because a spec can be among others."""
    found = [(one, what) for one in source.documents if (what := _kind_of(one))]
    if not found and source.faults and not is_spec:
        what = next((what for wanted, what in _KINDS if _plain(wanted) <= keys), None)
        return Foreign(what) if what else None
    if not found:
        return None
    place, what = found[0][0].place, found[0][1]
    if not is_spec:
        return Foreign(what)
    hint = "Move the document that isn't a spec to a file in another folder."
    return Foreign(f"a spec together with {what}", hint, place, is_spec=True)


def _kind_of(document: Node) -> str | None:
    """Return what a document without a spec's own fields is, by its keys."""
    entries = _entries(document)
    top = entries[0] if entries else {}
    if not top or _is_spec(frozenset(top)):
        return None
    values = [node.value for node in top.values()]
    if all(isinstance(one, dict) and {"image", "build"} & one.keys() for one in values):
        return "a compose file"  # of the first version
    return next((what for wanted, what in _KINDS if _has(top, wanted)), None)


def _has(top: dict[str, Node], wanted: str) -> bool:
    shapes = {"*": list, ".": dict}
    for key in wanted.split():
        node, shape = top.get(key.rstrip("*.")), shapes.get(key[-1])
        if node is None or (shape and node.value and not isinstance(node.value, shape)):
            return False
    return True


def _plain(wanted: str) -> frozenset[str]:
    return frozenset(key.rstrip("*.") for key in wanted.split())


def _export(source: Source, _keys: frozenset[str], is_spec: bool) -> Foreign | None:
    entries = [entry for one in source.documents for entry in _entries(one)]
    is_parsed = any({"type", "data"} <= set(entry) for entry in entries)
    is_json = source.text.lstrip().startswith(("[", "{")) and '"data"' in source.text
    if is_spec:
        return None
    if is_parsed or (source.faults and is_json and _EXPORT.search(source.text)):
        shown = for_shell(source.shown) if is_json else "EXPORT.json"
        return Foreign("an export of n8n's credentials", _IMPORT.format(shown))
    is_answer = any({"id", "type", "createdAt"} <= set(entry) for entry in entries)
    return Foreign("an answer of n8n's API") if is_answer else None


def _entries(node: Node) -> list[dict[str, Node]]:
    items = node.value if isinstance(node.value, list) else [node]
    return [item.value for item in items if isinstance(item.value, dict)]


def _template(source: Source, keys: frozenset[str], is_spec: bool) -> Foreign | None:
    found = (_TEMPLATE if source.faults else _FILLED).search(source.text)
    if found is None:
        return None
    # Nothing shows what else it would be.
    is_spec = is_spec or keys <= {"version", "name", "description"}
    hint = "sfcred reads finished specs: fill the template in first, and check the result."
    what = "a template (of Jinja, Helm or the like)"
    return Foreign(what, hint if is_spec else "", source.place_at(found.start()), is_spec)


def _unknown(source: Source, keys: frozenset[str], _is_spec: bool) -> Foreign | None:
    """Return a file without any of a spec's fields, not even with a typo."""
    if source.faults or not source.documents or "version" in keys:
        return None
    entries = [entry for one in source.documents for entry in _entries(one)]
    if any(is_near(key, _OWN) for key in keys.union(*entries)):
        return None
    return Foreign("a file with none of a spec's fields", _UNSURE, is_spec=True, is_unsure=True)
