"""Read the environment of n8n's service from a compose file, as Docker Compose determines it.

Source: the Compose file reference (docs.docker.com) and compose-go: `environment` wins over
`env_file`, and a later file over an earlier one; values are interpolated from the `.env` file next
to the compose file, and those of an `env_file` also from `environment` and from what the files set
before, in this order. The shell wins over all, but sfcred can't know the shell that Compose will
run in.
"""

import posixpath
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError
from sfcred.resolve.environment import yaml
from sfcred.resolve.environment.compose_services import (
    Layer,
    Service,
    ServiceReader,
    Unread,
    filled,
)
from sfcred.resolve.environment.dockerfile import set_by_dockerfile
from sfcred.resolve.environment.dotenv import read_variables
from sfcred.resolve.environment.images import (
    is_main,
    is_n8n,
    is_named_worker,
    set_by_command,
)
from sfcred.resolve.environment.interpolation import Lookup, interpolate
from sfcred.resolve.environment.model import NAMES, WRITE_OUT, Environment, Unknown, Value
from sfcred.resolve.environment.neighbours import Neighbours
from sfcred.spec.source import Node

_STEMS, _SUFFIXES = ("compose", "docker-compose"), (".yml", ".yaml")
#: What Compose reads without being told: the first of these, and the first override it finds.
DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = tuple(f"{stem}.override{suffix}" for stem in _STEMS for suffix in _SUFFIXES)
#: The variable that names the files instead.
_FILES = "COMPOSE_FILE"
#: More environment files than this are not read. Real services have one or two.
_MOST_FILES = 20
_NAME_IT = "Set n8n.env_service to the service's name."
#: The fields of a service that start it.
_STARTS = ("entrypoint", "command")


class _Reader(NamedTuple):
    """What reading a service's environment needs."""

    shown: str
    neighbours: Neighbours
    lookup: Lookup


class _Written(NamedTuple):
    """What `environment` sets a variable to."""

    text: str | None
    lookup: Lookup


def is_compose(roots: Sequence[Node]) -> bool:
    """Return whether the documents of a YAML file are a compose file."""
    return all(map(yaml.mapping, filled(roots))) and any(
        yaml.mapping(yaml.find(root, "services")) or yaml.items(yaml.find(root, "include"))
        for root in roots
    )


def read_compose(
    roots: Sequence[Node], path: Path, shown: str, service: str | None, neighbours: Neighbours
) -> Environment:
    """Return the environment of n8n's service.

    Args:
        roots: The compose file's documents. Compose merges them like files.
        path: Its path.
        shown: Its path for messages.
        service: `n8n.env_service`.
        neighbours: Reads the files next to it.
    """
    reader = _Reader(shown, neighbours, _dotenv(neighbours))
    named = reader.lookup(_FILES)
    if isinstance(named, Unknown):
        return Environment(shown, {}, named)
    if named is not None and named != path.name:
        return Environment(shown, {}, Unknown(f"the .env file next to it sets {_FILES}", WRITE_OUT))
    services = ServiceReader(path, neighbours)
    try:
        overrides = [] if named else _overrides(path, neighbours, services)
    except Unread as error:
        reason = f"its override file: {error.unknown.reason}"
        return Environment(shown, {}, Unknown(reason, error.unknown.hint))
    found = services.services([*filled(roots), *overrides], reader.lookup)
    chosen = _choose(found, service)
    if isinstance(chosen, Unknown):
        return Environment(shown, {}, services.unread or chosen)
    unread = chosen.unread or services.unread
    return _environment(chosen.layers, unread, reader)


def _overrides(path: Path, neighbours: Neighbours, services: ServiceReader) -> list[Node]:
    """Return the override file that Compose merges by itself."""
    for name in _OVERRIDES if path.name in DEFAULTS else ():
        if neighbours.has(name):
            return services.file(name)
    return []


def _dotenv(neighbours: Neighbours) -> Lookup:
    """Return how Compose finds a variable to interpolate: in the `.env` file."""
    if not neighbours.has(".env"):
        return lambda _name: None
    text = neighbours.text(".env")
    values = text if isinstance(text, Unknown) else _variables(text)
    if isinstance(values, Unknown):
        return lambda _name: values
    return values.get


def _variables(text: str, *lookups: Lookup, raw: bool = False) -> dict[str, Value] | Unknown:
    try:
        return read_variables(text, *lookups, by_compose=True, raw=raw)
    except ReadError as error:
        return Unknown(f"an environment file next to it {error.message}", error.hint)


def _choose(services: Mapping[str, Service], wanted: str | None) -> Service | Unknown:
    """Return n8n's service."""
    if wanted is not None:
        missing = Unknown("has no service with the name in n8n.env_service", _NAME_IT)
        return services.get(wanted, missing)
    by_image = {n: s for n, s in services.items() if is_n8n(_image(s.layers))}
    by_name = {} if by_image else {n: s for n, s in services.items() if "n8n" in n.lower()}
    # An image that is built here can be n8n's. A ready one of another name can be a database's.
    built = {n: s for n, s in by_name.items() if _last(s.layers, "build") or not _image(s.layers)}
    candidates = {n: s for n, s in (by_image or built or by_name).items() if _is_main(s)}
    if len(candidates) > 1:  # their images can start as workers without a command
        candidates = {n: s for n, s in candidates.items() if not is_named_worker(n)} or candidates
    if len(candidates) == 1:
        return next(iter(candidates.values()))
    number = len(candidates)
    is_worker = bool(by_image or by_name)
    found = "several services" if number else "only workers" if is_worker else "no service"
    return Unknown(f"has {found} whose image or name is n8n's", _NAME_IT)


def _is_main(service: Service) -> bool:
    return all(is_main(_last(service.layers, key)) for key in _STARTS)


def _image(layers: Sequence[Layer]) -> str:
    having = [layer for layer in layers if layer.field("image") is not None]
    written = yaml.text(_last(layers, "image")) or ""
    value = interpolate(written, having[-1].lookup) if having else ""
    return written if isinstance(value, Unknown) else value


def _last(layers: Sequence[Layer], key: str) -> Node | None:
    """Return a field of a service: a later layer replaces it."""
    found = [node for layer in layers if (node := layer.field(key)) is not None]
    return found[-1] if found else None


def _environment(layers: Sequence[Layer], unread: Unknown | None, reader: _Reader) -> Environment:
    values = _built(layers, reader)
    inline, open_names = _inline(layers, reader.lookup)
    rest = unread
    # A layer that isn't known could set what a file sets, and `environment` wins.
    entries = [] if unread else _env_files(layers)
    if len(entries) > _MOST_FILES:
        many = Unknown(f"n8n's service has more than {_MOST_FILES} environment files", WRITE_OUT)
        return Environment(reader.shown, {}, many)
    first = _first_of(reader.lookup, inline)
    for layer, entry in entries:
        found = _env_file(layer, entry, reader, first, lambda name: values.get(name, rest))  # noqa: B023 - called at once
        if isinstance(found, Unknown):
            # It could set anything, also what an earlier file sets.
            values, rest = {}, found
        else:
            values |= found
    for name in NAMES & inline.keys():
        values[name] = _set(name, inline[name])
    values |= set_by_command(_last(layers, key) for key in _STARTS)
    return Environment(reader.shown, values, rest or open_names, _names(entries))


def _built(layers: Sequence[Layer], reader: _Reader) -> dict[str, Value]:
    """Return what the image sets, if it is built from a Dockerfile that can be read."""
    having = [layer for layer in layers if layer.field("build") is not None]
    if not having:
        return {}
    layer = having[-1]
    node = layer.field("build")
    fields = yaml.mapping(node)

    def field(key: str, default: str) -> str:
        value = interpolate(yaml.text(fields.get(key)) or default, layer.lookup)
        return value if isinstance(value, str) else ""

    text: str | Unknown | None = yaml.text(fields.get("dockerfile_inline"))
    if text is None:
        context = field("context", (yaml.text(node) if not fields else None) or ".")
        path = posixpath.join(context, field("dockerfile", "Dockerfile"))
        text = reader.neighbours.text(layer.path(path))
    if isinstance(text, Unknown):
        return {}
    is_started = any(_last(layers, key) is not None for key in _STARTS)
    return set_by_dockerfile(text, field("target", ""), is_started=is_started)


def _names(entries: Sequence[tuple[Layer, Node]]) -> frozenset[str]:
    paths = (yaml.text(yaml.mapping(entry).get("path", entry)) or "" for _, entry in entries)
    return frozenset(map(posixpath.normpath, paths))


def _env_files(layers: Sequence[Layer]) -> list[tuple[Layer, Node]]:
    """Return the entries of `env_file`. One with the path of an earlier one takes its place."""
    found: dict[str, tuple[Layer, Node]] = {}
    for layer in layers:
        node = layer.field("env_file")
        for entry in yaml.one_or_more(node):
            path = yaml.text(yaml.mapping(entry).get("path", entry)) or ""
            value = interpolate(path, layer.lookup)
            found[layer.path(path if isinstance(value, Unknown) else value)] = layer, entry
    return list(found.values())


def _env_file(
    layer: Layer, node: Node, reader: _Reader, first: Lookup, last: Lookup
) -> dict[str, Value] | Unknown:
    """Return the variables of one entry of `env_file`: a path, or a mapping with one."""
    fields = yaml.mapping(node)
    path = interpolate(yaml.text(fields.get("path", node)) or "", layer.lookup)
    if isinstance(path, Unknown):
        return path
    path = layer.path(path)
    if yaml.text(fields.get("required")) == "false" and not reader.neighbours.has(path):
        return {}
    text = reader.neighbours.text(path)
    if isinstance(text, Unknown):
        return text
    return _variables(text, first, last, raw=yaml.text(fields.get("format")) == "raw")


def _first_of(lookup: Lookup, inline: Mapping[str, _Written]) -> Lookup:
    """Return how Compose finds a variable that wins over one of an environment file."""

    @cache  # a file can refer to a long value thousands of times
    def found(name: str) -> Value | None:
        value, written = lookup(name), inline.get(name)
        if value is not None or written is None or written.text is None:
            return value
        return interpolate(written.text, written.lookup)

    return found


def _inline(layers: Sequence[Layer], lookup: Lookup) -> tuple[dict[str, _Written], Unknown | None]:
    """Return what `environment` sets, as a list or as a mapping, and what else it could set."""
    pairs: dict[str, _Written] = {}
    open_names = None
    for layer in layers:
        node = layer.field("environment")
        for name, text in (_pair(yaml.text(item) or "") for item in yaml.items(node)):
            pairs[name] = _Written(text, layer.lookup)
        for name, value in yaml.mapping(node).items():
            if name in layer.removed:
                continue
            text = yaml.text(value)
            # Compose looks up a mapping's null only where all files are merged.
            pairs[name] = _Written(text, lookup if text is None else layer.lookup)
    for name in pairs:
        if "$" in name:
            open_names = Unknown("a variable's name contains another variable", WRITE_OUT)
        elif name != name.rstrip():
            open_names = Unknown("a variable's name ends with a space", "Remove the space.")
    return pairs, open_names


def _pair(text: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    return name, value if equals else None


def _set(name: str, written: _Written) -> Value:
    """Return a variable's value; if it has none, that of the `.env` file."""
    if written.text is not None:
        return interpolate(written.text, written.lookup)
    found = written.lookup(name)
    why = f"{name} has no value, so it comes from the shell that starts n8n"
    return Unknown(why, WRITE_OUT) if found is None else found
