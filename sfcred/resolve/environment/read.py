"""Decide what kind of file n8n's environment is in, and read it."""

from pathlib import Path
from weakref import WeakKeyDictionary

from sfcred.errors import NotKnown, ReadError
from sfcred.resolve.environment import yaml
from sfcred.resolve.environment.compose import DEFAULTS, is_compose, read_compose
from sfcred.resolve.environment.dotenv import read_variables
from sfcred.resolve.environment.kubernetes import is_kubernetes, read_kubernetes
from sfcred.resolve.environment.model import Environment
from sfcred.resolve.environment.neighbours import Neighbours
from sfcred.resolve.values import Values
from sfcred.spec.source import Place

#: The file that Compose reads for itself.
DOTENV = ".env"
_Key = tuple[Path, str, str | None]
_YAML = frozenset({".yaml", ".yml"})
#: Files that also set variables, in a form that sfcred doesn't read.
_OTHER_KINDS = frozenset(
    {".bat", ".cjs", ".cmd", ".container", ".dockerfile", ".gotmpl", ".hcl", ".ini", ".j2", ".js"}
    | {".json", ".mjs", ".nix", ".ps1", ".service", ".sh", ".tf", ".tfvars", ".tmpl", ".toml"}
    | {".tpl", ".ts", ".xml"}
)
#: Files without a suffix that aren't lists of variables.
_OTHER_NAMES = frozenset({"dockerfile", "containerfile", "procfile"})
#: What was read in each run, because credentials share their n8n.
_KEPT: "WeakKeyDictionary[Values, dict[_Key, Environment | NotKnown]]" = WeakKeyDictionary()
_MOST_KEPT = 512
_WHAT_IT_READS = (
    "Use an environment file (NAME=value), a compose file, or Kubernetes manifests; for Helm or "
    "Kustomize, the output of `helm template` or `kustomize build`. Or set n8n.url in the spec "
    "and remove n8n.env_file from it."
)


def read_environment(
    path: Path, shown: str, service: str | None, project: Path, values: Values
) -> Environment:
    """Return the environment of n8n.

    Args:
        path: `n8n.env_file`, which is inside the project.
        shown: Its path as written in the spec.
        service: `n8n.env_service`.
        project: The project's root.
        values: Reads the file.

    Raises:
        NotKnown: The file can't be read, or is of a kind that sfcred doesn't read.
    """
    key = (path, shown, service)
    kept = _KEPT.setdefault(values, {})
    if key not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        try:
            kept[key] = _read(path, shown, service, project, values)
        except NotKnown as error:
            kept[key] = error
    found = kept[key]
    if isinstance(found, NotKnown):  # a new one, because exceptions collect tracebacks
        raise NotKnown(found.message, hint=found.hint, cause=found.cause, topic=found.topic)
    return found


def _read(
    path: Path, shown: str, service: str | None, project: Path, values: Values
) -> Environment:
    try:
        content = values.file(path)
        if path.suffix.lower() in _YAML:
            neighbours = Neighbours(path.parent, project, values)
            return _from_yaml(content, path, shown, service, neighbours)
        if path.suffix.lower() in _OTHER_KINDS or path.name.lower() in _OTHER_NAMES:
            raise _not_a_kind(shown)
        text = content.decode("utf-8-sig", "replace")
        found = Environment(shown, read_variables(text))
    except ReadError as error:
        reason = error.message.removeprefix(f"{path}: ")
        raise NotKnown(
            f"n8n's environment file {shown}: {reason}",
            hint=error.hint,
        ) from None
    found.whole = _whole(path, shown, project, values)
    return found


def _whole(path: Path, shown: str, project: Path, values: Values) -> Environment | None:
    """Return what a compose file next to an environment file gives n8n, if it uses that file."""
    neighbours = Neighbours(path.parent, project, values)
    name = next(filter(neighbours.has, DEFAULTS), None)
    content = None if name is None else neighbours.read(name)
    if name is None or not isinstance(content, bytes):
        return None
    try:
        other = f"{shown.removesuffix(path.name)}{name}"
        found = _from_yaml(content, path.parent / name, other, None, neighbours)
    except (NotKnown, ReadError):
        return None
    is_used = path.name == DOTENV or path.name in found.files
    return found if is_used and not found.is_open else None


def _from_yaml(
    content: bytes, path: Path, shown: str, service: str | None, neighbours: Neighbours
) -> Environment:
    roots = yaml.documents(content, path)
    if isinstance(roots, Place):
        raise NotKnown(
            f"n8n's environment file {shown} is not YAML that sfcred can read (line {roots.line})",
            hint=_WHAT_IT_READS,
        )
    if roots and all(map(is_kubernetes, roots)):
        return read_kubernetes(roots, shown, service)
    if is_compose(roots) and not any(map(is_kubernetes, roots)):
        return read_compose(roots, path, shown, service, neighbours)
    raise _not_a_kind(shown)


def _not_a_kind(shown: str) -> NotKnown:
    message = f"n8n's environment file {shown} is of a kind that sfcred can't read"
    return NotKnown(message, hint=_WHAT_IT_READS)
