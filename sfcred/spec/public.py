"""Decide what reports may show of a spec, from the model's `Public` marks (fields.py).

Everything else is masked: values that the model doesn't mark, values that don't match the format of
their field, and unknown field names.
"""

import re
import types
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from sfcred.secrets import all_providers
from sfcred.spec.fields import (
    IN_WORDS,
    SMALL_NUMBER,
    PermissionSetName,
    Public,
    RefreshTokenPolicy,
)
from sfcred.spec.model import Section, Spec
from sfcred.spec.other_names import CHOICES, is_other_name
from sfcred.spec.refs import Reference
from sfcred.spec.source import Node, Place, Route, Span
from sfcred.text.near import is_near, is_part
from sfcred.text.redact import show

_TRUTHS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n"})


class Shape(NamedTuple):
    """What may be shown at one place of a spec; by default nothing.

    Attributes:
        fields: The fields of a mapping there.
        names: For a mapping whose keys the file chooses: the format of these keys.
        named: The shape of the values of such a mapping.
        items: The shape of the items of a list there.
        texts: What may be shown of a scalar there. In place of a list, the list's items count.
    """

    fields: "Mapping[str, Shape]" = MappingProxyType({})
    names: str | None = None
    named: "Shape | None" = None
    items: "Shape | None" = None
    texts: tuple[Public, ...] = ()

    def below(self, key: str) -> "Shape | None":
        """Return the shape of a mapping's value, or None if the key is unknown."""
        if key in self.fields:
            return self.fields[key]
        is_name = self.names is not None and re.fullmatch(self.names, key)
        return self.named if is_name else None

    def shown(self, text: str) -> int:
        """Return how many characters of a scalar may be shown, from its beginning."""
        if self.listed(text):
            return len(text)
        return max((_shown(public, text) for public in self.texts), default=0)

    def listed(self, text: str) -> list[str]:
        """Return the items that a text in place of a list is meant to be, if all may be shown."""
        items = self.items
        if items is None:
            return []
        entries = [entry.strip() for entry in re.split(r"[,;]", text)]
        whole = set(filter(items.is_shown, entries))
        # A space can be part of a name, but separates scopes and addresses.
        parts = [part for one in entries for part in ([one] if one in whole else one.split())]
        return [part for part in parts if part] if all(map(items.is_shown, parts)) else []

    def is_shown(self, text: str) -> bool:
        """Return whether a scalar may be shown as a whole."""
        return self.shown(text) == len(text)


NOTHING = Shape()


def _shown(public: Public, text: str) -> int:
    if public.names is not None and not _is_one_of(text, public.names()):
        return 0
    match = re.match(public.form, text)
    return match.end() if match else 0


def _is_one_of(text: str, names: frozenset[str]) -> bool:
    return is_near(text, names) or is_part(text, names)


@cache
def spec_shape() -> Shape:
    """Return what may be shown of a spec."""
    return _shape(Spec)


@cache
def known_words() -> frozenset[str]:
    """Return every name that the model knows: of all fields, and of the secret providers."""
    words: set[str] = {"<<"}
    shapes = [spec_shape()]
    while shapes:
        shape = shapes.pop()
        words |= shape.fields.keys()
        shapes += [*shape.fields.values(), *(s for s in (shape.named, shape.items) if s)]
    return frozenset(words)


def may_be_shown(key: str) -> bool:
    """Return whether a message may name a key that isn't known at its place."""
    return is_other_name(key) or is_near(key, known_words())


def shape_at(route: Route) -> Shape:
    """Return what may be shown at a route of a spec."""
    shape: Shape | None = spec_shape()
    for step in route:
        if shape is not None:
            shape = shape.items if isinstance(step, int) else shape.below(step)
    return shape or NOTHING


def quoted(text: str, route: Route, otherwise: str) -> str:
    """Return a field's value in quotes if it may be shown, or a substitute.

    Args:
        text: The value.
        route: The field.
        otherwise: The substitute for a value that may not be shown.
    """
    return show(text) if shape_at(route).shown(text) == len(text) else otherwise


def known_route(route: Route) -> Route:
    """Return a route without names that may not be shown: they could be guessed from a hash."""
    steps: list[str | int] = []
    shape = spec_shape()
    for step in route:
        below = shape.items if isinstance(step, int) else shape.below(step)
        is_shown = isinstance(step, int) or below is not None or may_be_shown(step)
        steps.append(step if is_shown else "…")
        shape = below or NOTHING
    return tuple(steps)


def dotted(route: Route) -> str:
    """Return a route for a message. Steps that may not be shown become `…`."""
    text = ""
    for step in known_route(route):
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


# -- from the model's annotations


def _shape(hint: object) -> Shape:
    """Return the shape of a type annotation of the model."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        marks = tuple(mark for mark in parts[1:] if isinstance(mark, Public))
        below = _shape(parts[0])
        return below._replace(texts=marks) if marks else below
    if origin in (Union, types.UnionType):
        return _either([_shape(part) for part in parts])
    if origin is Literal:
        words = _words(frozenset(map(str, parts)))
        numbers = (Public(SMALL_NUMBER),) if any(isinstance(part, int) for part in parts) else ()
        return Shape(texts=(*words.texts, *numbers))
    if origin is list:
        return Shape(items=_shape(parts[0]))
    if origin is dict:
        names = next(iter(_shape(parts[0]).texts), Public("(?!)"))
        return Shape(names=names.form, named=_shape(parts[1]))
    return _shape_of_class(hint)


def _shape_of_class(hint: object) -> Shape:
    if hint is bool:
        return _words(_TRUTHS)
    if hint is Reference:
        forms = {key: f"(?:{one.pattern})$" for key, one in all_providers().items()}
        return Shape({key: Shape(texts=(Public(form),)) for key, form in forms.items()})
    if hint is RefreshTokenPolicy:
        duration = Shape(texts=(Public(f"{RefreshTokenPolicy.DURATION}$"),))
        fields = {"lifetime": duration, "inactivity": duration}
        words = _words(frozenset({"infinite", "zero"})).texts
        return Shape(fields, texts=(*words, Public(IN_WORDS)))
    if hint is PermissionSetName:
        text = Shape(texts=(Public(),))
        return Shape({"name": text, "label": text}, texts=text.texts)
    if isinstance(hint, type) and issubclass(hint, Section):
        return Shape({n: _shape(h) for n, h in get_type_hints(hint, include_extras=True).items()
                      if n in hint.model_fields})  # fmt: skip
    return NOTHING


def _words(words: frozenset[str]) -> Shape:
    known = words | {other for other, choice in CHOICES.items() if choice in words}
    return Shape(texts=(Public(names=lambda: known),))


def _either(shapes: list[Shape]) -> Shape:
    """Combine the shapes of a union. At most one is a mapping, and at most one a list."""
    result = NOTHING
    for shape in shapes:
        result = Shape(
            {**result.fields, **shape.fields},
            result.names or shape.names,
            result.named or shape.named,
            result.items or shape.items,
            result.texts + shape.texts,
        )
    return result


# -- in a file


def public_places(text: str, roots: Iterable[Node]) -> dict[Place, int]:
    """Return how many characters of each scalar in a file, keys included, may be shown.

    A value that an alias repeats may be shown only if that is allowed in all of its places.

    Args:
        text: The file's text.
        roots: The roots of its documents.
    """
    shown: dict[Place, int] = {}

    def allow(place: Place, length: int) -> None:
        shown[place] = min(shown.get(place, length), length)

    waiting = [(root, spec_shape()) for root in roots]
    while waiting:
        node, shape = waiting.pop()
        if isinstance(node.value, dict):
            for key, place in node.keys.items():
                below = shape.below(key)
                allow(place, len(key) if below is not None or may_be_shown(key) else 0)
                if key in node.value:
                    waiting.append((node.value[key], below or NOTHING))
        elif isinstance(node.value, list):
            waiting += [(item, shape.items or NOTHING) for item in node.value]
        elif node.span is not None:
            allow(node.place, shape.shown(bare(text, node.span)))
    return shown


def bare(text: str, span: Span) -> str:
    """Return a scalar as it is written, without its quotes.

    Empty if the text differs from the value: a block, a scalar on several lines, or escapes.
    """
    written = text[span.start : span.end]
    if span.style in ("'", '"'):
        written = written[1:-1]
        if (span.style * 2 if span.style == "'" else "\\") in written:
            return ""
    return "" if span.style in ("|", ">") or len(written.splitlines()) > 1 else written
