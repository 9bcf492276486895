"""Read the environment of n8n's service from a compose file, as Docker Compose determines it.

Source: the Compose file reference (docs.docker.com) and compose-go: `environment` wins over
`env_file`, and a later file over an earlier one; values are interpolated from the `.env` file next
to the compose file, and those of an `env_file` also from `environment` and from what the files set
before, in this order. The shell wins over all, but sfcred can't know the shell that Compose will
run in.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError
from sfcred.resolve.environment import yaml
from sfcred.resolve.environment.dotenv import read_variables
from sfcred.resolve.environment.images import is_main, is_n8n
from sfcred.resolve.environment.interpolation import Lookup, interpolate
from sfcred.resolve.environment.model import NAMES, STATE_URL, Environment, Unknown, Value
from sfcred.resolve.environment.neighbours import Neighbours
from sfcred.spec.source import Node

_STEMS, _SUFFIXES = ("compose", "docker-compose"), (".yml", ".yaml")
#: What Compose reads without being told, and the first of these that it adds to it.
_DEFAULTS = frozenset(f"{stem}{suffix}" for stem in _STEMS for suffix in _SUFFIXES)
_OVERRIDES = tuple(f"{stem}.override{suffix}" for stem in _STEMS for suffix in _SUFFIXES)
#: The variable that names the files instead.
_FILES = "COMPOSE_FILE"
#: More environment files than this are not read. Real services have one or two.
_MOST_FILES = 20
_NAME_IT = "Set n8n.env_service to the service's name."
_INCLUDED = "Set n8n.env_file to the compose file with n8n's service."


class _Reader(NamedTuple):
    """What reading a compose file needs: the files next to it, and what they set."""

    shown: str
    neighbours: Neighbours
    lookup: Lookup


def is_compose(root: Node) -> bool:
    """Return whether a YAML document is a compose file."""
    return bool(yaml.mapping(yaml.find(root, "services")) or yaml.items(yaml.find(root, "include")))


def read_compose(
    root: Node, path: Path, shown: str, service: str | None, neighbours: Neighbours
) -> Environment:
    """Return the environment of n8n's service.

    Args:
        root: The compose file.
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
        return Environment(shown, {}, Unknown(f"the .env file next to it sets {_FILES}", STATE_URL))
    layers = [root, *(() if named else _overrides(path, neighbours))]
    if None in layers:
        return Environment(shown, {}, Unknown("its override file can't be read", STATE_URL))
    services: dict[str, list[Node]] = {}
    for layer in layers:
        for name, node in yaml.mapping(yaml.find(layer, "services")).items():
            services.setdefault(name, []).append(node)
    chosen = _choose(services, service, reader.lookup)
    if isinstance(chosen, Unknown):
        if any(yaml.find(layer, "include") for layer in layers if layer):
            chosen = Unknown("includes other compose files, which sfcred doesn't read", _INCLUDED)
        return Environment(shown, {}, chosen)
    return _environment(chosen, reader)


def _overrides(path: Path, neighbours: Neighbours) -> list[Node | None]:
    """Return the override file that Compose merges by itself; None if it can't be read."""
    for name in _OVERRIDES if path.name in _DEFAULTS else ():
        if neighbours.has(name):
            content = neighbours.read(name)
            found = None if isinstance(content, Unknown) else yaml.documents(content, path)
            return [found[0] if found else None]
    return []


def _dotenv(neighbours: Neighbours) -> Lookup:
    """Return how Compose finds a variable to interpolate: in the `.env` file."""
    if not neighbours.has(".env"):
        return lambda _name: None
    text = _text(neighbours, ".env")
    values = text if isinstance(text, Unknown) else _variables(text)
    if isinstance(values, Unknown):
        return lambda _name: values
    return values.get


def _text(neighbours: Neighbours, name: str) -> str | Unknown:
    content = neighbours.read(name)
    return content if isinstance(content, Unknown) else content.decode("utf-8-sig", "replace")


def _variables(text: str, *lookups: Lookup, raw: bool = False) -> dict[str, Value] | Unknown:
    try:
        return read_variables(text, *lookups, by_compose=True, raw=raw)
    except ReadError as error:
        return Unknown(f"an environment file next to it {error.message}", error.hint)


def _choose(
    services: dict[str, list[Node]], wanted: str | None, lookup: Lookup
) -> list[Node] | Unknown:
    """Return the layers of n8n's service."""
    if wanted is not None:
        missing = Unknown("has no service with the name in n8n.env_service", _NAME_IT)
        return services.get(wanted, missing)
    by_image = {n: s for n, s in services.items() if is_n8n(_image(s, lookup))}
    starts = ("entrypoint", "command")
    main = {n: s for n, s in by_image.items() if all(is_main(_last(s, key)) for key in starts)}
    by_name = {} if by_image else {n: s for n, s in services.items() if "n8n" in n.lower()}
    for candidates in (main, by_name):
        if len(candidates) == 1:
            return next(iter(candidates.values()))
    number = len(main or by_name)
    found = "several services" if number else "only workers" if by_image else "no service"
    return Unknown(f"has {found} whose image or name is n8n's", _NAME_IT)


def _image(layers: list[Node], lookup: Lookup) -> str:
    written = yaml.text(_last(layers, "image")) or ""
    value = interpolate(written, lookup)
    return written if isinstance(value, Unknown) else value


def _last(layers: list[Node], key: str) -> Node | None:
    """Return a field of a service: an override replaces it."""
    found = [node for layer in layers if (node := yaml.find(layer, key)) is not None]
    return found[-1] if found else None


def _environment(layers: list[Node], reader: _Reader) -> Environment:
    values: dict[str, Value] = {}
    rest: Unknown | None = None
    if any(yaml.find(layer, "extends") for layer in layers):
        rest = Unknown("n8n's service extends another one, which sfcred doesn't read", STATE_URL)
    entries = [one for layer in layers for one in _env_files(yaml.find(layer, "env_file"))]
    if len(entries) > _MOST_FILES:
        many = Unknown(f"n8n's service has more than {_MOST_FILES} environment files", STATE_URL)
        return Environment(reader.shown, {}, many)
    inline, open_names = _inline(layers)
    first = _first_of(reader.lookup, inline)
    for entry in entries:
        found = _env_file(entry, reader, first, lambda name: values.get(name, rest))  # noqa: B023 - called at once
        if isinstance(found, Unknown):
            # It could set anything, also what an earlier file sets.
            values, rest = {}, found
        else:
            values |= found
    for name in NAMES & inline.keys():
        written = inline[name]
        values[name] = (
            _passed(name, reader.lookup) if written is None else interpolate(written, reader.lookup)
        )
    return Environment(reader.shown, values, rest or open_names)


def _env_files(node: Node | None) -> list[Node]:
    return yaml.items(node) or ([node] if node is not None else [])


def _env_file(
    node: Node, reader: _Reader, first: Lookup, last: Lookup
) -> dict[str, Value] | Unknown:
    """Return the variables of one entry of `env_file`: a path, or a mapping with one."""
    fields = yaml.mapping(node)
    path = interpolate(yaml.text(fields.get("path", node)) or "", reader.lookup)
    if isinstance(path, Unknown):
        return path
    if yaml.text(fields.get("required")) == "false" and not reader.neighbours.has(path):
        return {}
    text = _text(reader.neighbours, path)
    if isinstance(text, Unknown):
        return text
    return _variables(text, first, last, raw=yaml.text(fields.get("format")) == "raw")


def _first_of(lookup: Lookup, inline: Mapping[str, str | None]) -> Lookup:
    """Return how Compose finds a variable that wins over one of an environment file."""

    @cache  # a file can refer to a long value thousands of times
    def found(name: str) -> Value | None:
        value, written = lookup(name), inline.get(name)
        return interpolate(written, lookup) if value is None and written is not None else value

    return found


def _inline(layers: Sequence[Node]) -> tuple[dict[str, str | None], Unknown | None]:
    """Return what `environment` sets, as a list or as a mapping, and what else it could set."""
    pairs: list[tuple[str, str | None]] = []
    for node in (yaml.find(layer, "environment") for layer in layers):
        pairs += (_pair(yaml.text(item) or "") for item in yaml.items(node))
        pairs += ((name, yaml.text(value)) for name, value in yaml.mapping(node).items())
    open_names = None
    for name, _written in pairs:
        if "$" in name:
            open_names = Unknown("a variable's name contains another variable", STATE_URL)
        elif name != name.rstrip():
            open_names = Unknown("a variable's name ends with a space", "Remove the space.")
    return dict(pairs), open_names


def _pair(text: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    return name, value if equals else None


def _passed(name: str, lookup: Lookup) -> Value:
    """Return a variable without a value: Compose takes it from the shell or the `.env` file."""
    found = lookup(name)
    why = f"{name} has no value, so it comes from the shell that starts n8n"
    return Unknown(why, STATE_URL) if found is None else found
