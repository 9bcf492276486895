"""Find the parts that each service of a compose file consists of.

They are in the file and its overrides, in what the service extends, and in included files.

Source: compose-go v2 (loader/include.go, loader/extends.go, override/merge.go, override/uncity.go).
An extended file is interpolated like the main one, and an included one also from its own
environment file. A file's documents are merged in their order, and a service can only extend one of
its own document. Paths are relative to the file that they are in, and to the project directory of
an included file. What an extended file includes isn't read, nor an extended file with several
documents.
"""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.errors import ReadError
from sfcred.resolve.environment import yaml
from sfcred.resolve.environment.dotenv import read_variables
from sfcred.resolve.environment.interpolation import Lookup, interpolate
from sfcred.resolve.environment.model import OR_LEAVE_OUT, WRITE_OUT, Unknown, Value
from sfcred.resolve.environment.neighbours import HOME, Neighbours
from sfcred.spec.source import Node, Place

#: More files and documents than this are not read, and longer chains not followed. Real ones have
#: one or two.
_MOST = 20
_TOO_MANY = Unknown(f"names more than {_MOST} compose files", WRITE_OUT)
_TOO_LONG = Unknown(f"has more than {_MOST} YAML documents", WRITE_OUT)
_NOT_COMPOSE = Unknown("names a compose file that sfcred can't read", WRITE_OUT)
_NOT_THERE = Unknown(
    "has a service that extends one that isn't there",
    f"Correct its `extends`, {OR_LEAVE_OUT}",
)
_CIRCLE = Unknown(
    "names itself through `extends` or `include`, which Compose refuses",
    f"Remove one of them, {OR_LEAVE_OUT}",
)
_NESTED = Unknown(
    "includes a file that includes another one with its own folder or environment file", WRITE_OUT
)


_REMOVES = Unknown("takes a variable of another one away (`!reset`)", WRITE_OUT)


class Unread(Exception):
    """A part of a compose file can't be read."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


class Layer(NamedTuple):
    """What one file sets of a service."""

    node: Node
    #: The folder of its paths, relative to the compose file's; None in the compose file itself.
    folder: str | None
    lookup: Lookup
    #: The fields that a later layer takes away (`!reset` and `!override`).
    hidden: frozenset[str] = frozenset()
    #: The variables in its `environment` that a later layer takes away.
    removed: frozenset[str] = frozenset()

    def field(self, key: str) -> Node | None:
        """Return one of its fields, if it still has it."""
        return None if key in self.hidden else yaml.find(self.node, key)

    def path(self, written: str) -> str:
        """Return a path as Compose compares it with others."""
        return _joined(self.folder, written)


class Service(NamedTuple):
    """A service. A later layer wins over an earlier one."""

    layers: tuple[Layer, ...] = ()
    #: Why it can have further layers; None if it certainly hasn't.
    unread: Unknown | None = None

    def below(self, node: Node) -> "Service":
        """Return what a service on top of it leaves of it."""
        hidden = yaml.lone_keys(node)
        removed = yaml.reset_keys(yaml.find(node, "environment"))
        having = [layer for layer in self.layers if layer.field("environment") is not None]
        unread = self.unread
        if removed and not (len(having) == 1 and yaml.mapping(having[0].field("environment"))):
            # Compose turns several layers into a list, of which nothing is taken away.
            unread = unread or (_REMOVES if having else None)
            removed = frozenset()
        layers = (
            layer._replace(hidden=layer.hidden | hidden, removed=layer.removed | removed)
            for layer in self.layers
        )
        return Service(tuple(layers), unread)


class _File(NamedTuple):
    """A compose file, with the services of those that it includes."""

    own: Mapping[str, Node]
    included: Mapping[str, Service]
    folder: str | None
    lookup: Lookup


class ServiceReader:
    """Read the services of a compose file.

    Args:
        path: The compose file.
        neighbours: Reads the files that it names.
    """

    def __init__(self, path: Path, neighbours: Neighbours) -> None:
        self._path = path
        self._neighbours = neighbours
        self._parsed: dict[str, list[Node] | Unknown] = {}
        self._included = 0  # a file counts each time, because each time doubles what it includes
        #: Why every service can have further layers, and there can be further services.
        self.unread: Unknown | None = None

    def file(self, name: str) -> list[Node]:
        """Return the documents of a compose file.

        Raises:
            Unread: It can't be read.
        """
        if name not in self._parsed:
            if len(self._parsed) >= _MOST:
                raise Unread(_TOO_MANY)
            self._parsed[name] = self._parse(name)
        found = self._parsed[name]
        if isinstance(found, Unknown):
            raise Unread(found)
        return found

    def _parse(self, name: str) -> list[Node] | Unknown:
        if "\\" in name:  # only Windows takes it as a folder's separator
            return _NOT_COMPOSE
        content = self._neighbours.read(name)
        if isinstance(content, Unknown):
            return content
        roots = yaml.documents(content, self._path)
        return _NOT_COMPOSE if isinstance(roots, Place) else filled(roots) or _NOT_COMPOSE

    def services(
        self,
        roots: Sequence[Node],
        lookup: Lookup,
        folder: str | None = None,
        through: tuple[str, ...] = (),
    ) -> dict[str, Service]:
        """Return the services of a compose file and its overrides.

        Args:
            roots: The files' documents.
            lookup: Returns a variable to interpolate.
            folder: The folder of their paths.
            through: The files that lead to these by `include`.
        """
        result: dict[str, Service] = {}
        if len(roots) > _MOST:
            self.unread = self.unread or _TOO_LONG
            return result
        for root in roots:
            included = self._included_services(root, folder, lookup, through)
            services = yaml.find(root, "services")
            if "services" in yaml.lone_keys(root):
                result = {}
            for name in result.keys() & yaml.lone_keys(services):
                del result[name]
            file = _File(yaml.mapping(services), included, folder, lookup)
            for name in {**file.included, **file.own}:
                lower = _under(result.get(name, Service()), file.own.get(name))
                result[name] = _over(lower, self._service(name, file))
        return result

    def _included_services(
        self, root: Node, folder: str | None, lookup: Lookup, through: tuple[str, ...]
    ) -> dict[str, Service]:
        included: dict[str, Service] = {}
        for entry in yaml.items(yaml.find(root, "include")):
            try:
                below = self._include(entry, folder, lookup, through)
            except Unread as error:
                self.unread = self.unread or error.unknown
            else:  # an earlier one wins
                included = _merged(below, included)
        return included

    def _include(
        self, entry: Node, folder: str | None, lookup: Lookup, through: tuple[str, ...]
    ) -> dict[str, Service]:
        fields = yaml.mapping(entry)
        names = [_joined(folder, path) for path in _texts(fields.get("path", entry), lookup)]
        directory = _texts(fields.get("project_directory"), lookup)
        env_files = _texts(fields.get("env_file"), lookup)
        if through and (directory or env_files):
            raise Unread(_NESTED)
        if not names or set(names) & set(through):
            raise Unread(_CIRCLE if names else _NOT_COMPOSE)
        self._included += len(names)
        if self._included > _MOST:
            raise Unread(_TOO_MANY)
        roots = [root for name in names for root in self.file(name)]
        inside = _joined(folder, directory[0]) if directory else _folder(names[0])
        own = _joined(inside, ".env")
        if env_files:
            env_files = [_joined(folder, name) for name in env_files if name != "/dev/null"]
        elif self._neighbours.has(own):
            env_files = [own]
        values = self._variables(env_files, lookup)
        return self.services(roots, _after(lookup, values), inside, (*through, *names))

    def _variables(self, env_files: Sequence[str], lookup: Lookup) -> dict[str, Value]:
        """Return what the environment files of an included file set."""
        values: dict[str, Value] = {}
        for name in env_files:
            text = self._neighbours.text(name)
            if isinstance(text, Unknown):
                raise Unread(text)
            try:
                values |= read_variables(text, lookup, values.get, by_compose=True)
            except ReadError as error:
                reason = f"an environment file that it names {error.message}"
                raise Unread(Unknown(reason, error.hint)) from None
        return values

    def _service(self, name: str, file: _File, seen: tuple[tuple[str, str], ...] = ()) -> Service:
        """Return a service with what it extends below it."""
        result = file.included.get(name, Service())
        node = file.own.get(name)
        if node is None:
            return result
        result = _over(_under(result, node), Service((Layer(node, file.folder, file.lookup),)))
        extends = yaml.find(node, "extends")
        if extends is None:
            return result
        try:
            base = self._base(name, extends, file, seen)
        except Unread as error:
            base = Service(unread=error.unknown)
        return _over(_under(base, node), result)

    def _base(
        self, name: str, extends: Node, file: _File, seen: tuple[tuple[str, str], ...]
    ) -> Service:
        fields = yaml.mapping(extends)
        wanted = _texts(fields.get("service", extends), file.lookup)
        paths = [_joined(file.folder, path) for path in _texts(fields.get("file"), file.lookup)]
        step = (*paths, "")[0], name
        if step in seen or len(seen) >= _MOST:
            raise Unread(_CIRCLE if step in seen else _TOO_MANY)
        for path in paths:
            roots = self.file(path)
            if len(roots) > 1:
                raise Unread(_NOT_COMPOSE)
            own = yaml.mapping(yaml.find(roots[0], "services"))
            file = _File(own, {}, _folder(path), file.lookup)
        if len(wanted) != 1 or not (wanted[0] in file.own or wanted[0] in file.included):
            raise Unread(_NOT_THERE)
        return self._service(wanted[0], file, (*seen, step))


def filled(roots: Iterable[Node]) -> list[Node]:
    """Return the documents of a file without the empty ones, which Compose leaves out."""
    return [root for root in roots if root.value is not None]


def _merged(below: Mapping[str, Service], above: Mapping[str, Service]) -> dict[str, Service]:
    nothing = Service()
    names = {**below, **above}
    return {name: _over(below.get(name, nothing), above.get(name, nothing)) for name in names}


def _under(below: Service, node: Node | None) -> Service:
    return below if node is None else below.below(node)


def _over(below: Service, above: Service) -> Service:
    return Service(below.layers + above.layers, below.unread or above.unread)


def _texts(node: Node | None, lookup: Lookup) -> list[str]:
    """Return the expanded values of a scalar, or of a list of scalars, without empty ones."""
    result: list[str] = []
    texts = [yaml.text(one) or "" for one in yaml.one_or_more(node)]
    for text in texts:
        value = interpolate(text, lookup)
        if isinstance(value, Unknown):
            raise Unread(value)
        result += [value] if value else []
    return result


def _after(first: Lookup, values: Mapping[str, Value]) -> Lookup:
    """Return how a variable is found in an environment file, if it isn't found before."""

    def found(name: str) -> Value | None:
        value = first(name)
        return values.get(name) if value is None else value

    return found


def _joined(folder: str | None, path: str) -> str:
    """Join paths as compose-go does: without following links."""
    if folder is None or path.startswith(HOME):
        return path
    return posixpath.normpath(posixpath.join(folder, path))


def _folder(path: str) -> str:
    return posixpath.dirname(path) or "."
