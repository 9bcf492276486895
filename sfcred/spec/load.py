"""A document becomes a declaration: validated, with its profiles, every error at its place."""

import re
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sfcred.printable import one_line
from sfcred.redact import redact
from sfcred.secrets import all_providers
from sfcred.spec import limits
from sfcred.spec.model import NAME_PATTERN, REQUIRED, Overlay, Spec
from sfcred.spec.overlay import apply_profile
from sfcred.spec.public import dotted, may_be_shown, shape_at
from sfcred.spec.source import Ambiguous, Fault, Node, Route, Source


class SchemaError(NamedTuple):
    """Something in a document that the models don't take."""

    kind: Literal["schema", "literal_secret"]
    message: str
    hint: str
    route: Route
    on_key: bool = False


class Variant(NamedTuple):
    """A spec as it stands for one credential: itself, or with one profile applied."""

    profile: str | None
    spec: Spec
    node: Node


class Declaration:
    """One document of a file, as far as it could be understood.

    Attributes:
        source: The file.
        node: The document's root.
        index: Which document of the file, from 0.
        misfits: What the models refuse; then there are no variants.
        variants: One without profiles, else one a profile.
    """

    __slots__ = ("_budget", "index", "misfits", "node", "source", "variants")

    def __init__(self, source: Source, index: int, budget: "_Budget") -> None:
        self.source = source
        self._budget = budget
        self.index = index
        self.node = source.documents[index]
        self.misfits: list[SchemaError] = []
        self.variants: list[Variant] = []
        self._understand()

    @property
    def name(self) -> str:
        """The spec's name, or something to call it by where it has none that may be shown."""
        node = self.node.find(("name",))
        name = node.value if node is not None else None
        if isinstance(name, str) and re.fullmatch(NAME_PATTERN, name):
            return name
        return one_line(redact(f"{self.source.path.stem}#{self.index + 1}"))

    @property
    def profiles(self) -> list[str]:
        """The names of its profiles; empty where it can't be understood."""
        return [variant.profile for variant in self.variants if variant.profile is not None]

    def _understand(self) -> None:
        spec = self._validate(self.node)
        if spec is None:
            return
        profiles = list(spec.profiles or (None,))
        self._budget.spend(len(profiles), self.node)
        variants = [self._variant(spec, profile) for profile in profiles]
        self._refuse([misfit for variant in variants for misfit in _incomplete(variant)])
        if not self.misfits:
            self.variants = variants

    def _refuse(self, misfits: list[SchemaError], further: int = 0) -> None:
        """Keeps what is wrong: up to a limit, and how much there is beyond it."""
        further += len(misfits[limits.MISFITS :])
        self.misfits += misfits[: limits.MISFITS]
        self._budget.misfits -= len(self.misfits)
        if further:
            self.misfits.append(_further(further))

    def _variant(self, spec: Spec, profile: str | None) -> Variant:
        if profile is None:
            return Variant(None, spec, self.node)
        node = apply_profile(self.node, profile)
        return Variant(profile, Spec.model_validate(node.data()), node)

    def _validate(self, node: Node) -> Spec | None:
        if not isinstance(node.value, dict):
            hint = "Write `name: value` lines; `version: 1` is a good first one."
            self.misfits.append(
                SchemaError("schema", "a spec is a mapping of names to values", hint, ())
            )
            return None
        try:
            return Spec.model_validate(node.data())
        except ValidationError as error:
            # Without the input: pydantic would carry an inline secret along.
            found = error.errors(include_input=False, include_url=False)
            if len(found) > limits.MISFITS:  # a literal secret is listed, whatever isn't
                found.sort(key=lambda details: details["type"] != "literal_secret")
            listed = found[: limits.MISFITS]
            self._refuse([_misfit(one, node) for one in listed], len(found) - len(listed))
            return None


class SpecFile:
    """A file of specs: its source and its documents, understood as far as possible."""

    __slots__ = ("declarations", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.declarations: list[Declaration] = []
        budget = _Budget()
        try:
            for index in range(len(source.documents)):
                budget.refuse_more_misfits(source.documents[index])
                self.declarations.append(Declaration(source, index, budget))
        except _Exceeded as limit:
            source.faults.append(limit.fault)


class _Exceeded(Exception):
    """The documents of a file, from here on, are too much."""

    def __init__(self, message: str, hint: str, node: Node) -> None:
        super().__init__(message)
        self.fault = Fault("syntax", message, hint, node.place)


class _Budget:
    """What the documents of one file may still become: profiles multiply what stands in it."""

    def __init__(self) -> None:
        self.credentials = limits.CREDENTIALS
        self.nodes = limits.FILE_NODES
        self.text = limits.TEXT
        self.misfits = limits.FINDINGS

    def spend(self, credentials: int, spec: Node) -> None:
        """Takes off what the credentials of a document need.

        Raises:
            _Exceeded: It is more than there is.
        """
        profiles = spec.find(("profiles",))
        apart = (profiles.size, profiles.weight) if profiles is not None else (0, 0)
        self.credentials -= credentials
        self.nodes -= apart[0] + credentials * (spec.size - apart[0])
        self.text -= apart[1] + credentials * (spec.weight - apart[1])
        if self.credentials < 0:
            message = f"has more than {limits.CREDENTIALS} credentials, each profile counted"
            raise _Exceeded(message, "Split it into several files.", spec)
        if self.nodes < 0 or self.text < 0:
            message = "becomes too large when its profiles are applied: more than "
            message += f"{limits.FILE_NODES} values, or 4 MB of text"
            hint = "Let the spec and its profiles say less, or split the file."
            raise _Exceeded(message, hint, spec)

    def refuse_more_misfits(self, spec: Node) -> None:
        """Stops at a file of which nothing fits.

        Raises:
            _Exceeded: There are enough misfits already.
        """
        if self.misfits <= 0:
            message = f"has more than {limits.FINDINGS} values and fields that are wrong; "
            message += "from here on it isn't examined"
            raise _Exceeded(message, "Correct what is found first.", spec)


def _further(number: int) -> SchemaError:
    hint = "Correct those that are listed first."
    return SchemaError(
        "schema", f"{number} more fields and values of this spec are wrong", hint, ()
    )


def _incomplete(variant: Variant) -> list[SchemaError]:
    missing = [name for name in REQUIRED if getattr(variant.spec, name) is None]
    where = f" (profile {variant.profile})" if variant.profile else ""
    return [
        SchemaError("schema", f"`{name}` is missing{where}", _hint_for(Spec, name), (name,))
        for name in missing
    ]


def _misfit(details: ErrorDetails, node: Node) -> SchemaError:
    route: Route = tuple(details["loc"])
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(route)
    if len(route) > 1 and route[-1] == "[key]":
        return _key_misfit(route[:-1])
    if kind == "missing":
        message = f"`{dotted(route)}` is missing"
        return SchemaError(
            "schema", message, _hint_for(_model_at(route[:-1]), str(route[-1])), route
        )
    if kind == "literal_secret":
        return _literal(route)
    value = node.find(route)
    message, hint = _wrong_value(kind, details.get("ctx", {}), route, value)
    return SchemaError("schema", message, hint, route)


def _literal(route: Route) -> SchemaError:
    name = str(route[-1])
    return SchemaError(
        "literal_secret",
        f"`{dotted(route)}` holds a text where only a reference may stand",
        f"Put the value where it is safe and refer to it: `{name}: {{env: NAME}}`.",
        route,
    )


def _key_misfit(route: Route) -> SchemaError:
    if route[0] == "profiles":
        message = f"{_named(route[-1])} can't be a profile's name"
        hint = "Use a-z, 0-9 and hyphens, at most 63, beginning with a letter or digit."
    else:
        message = f"{_named(route[-1])} is not a check's id"
        hint = "Write an id such as SFC206; `sfcred explain` lists them."
    return SchemaError("schema", message, hint, route, on_key=True)


def _unknown_key(route: Route) -> SchemaError:
    model = _model_at(route[:-1])
    known = list(model.model_fields) if model else []
    where = f"in `{dotted(route[:-1])}`" if len(route) > 1 else "at the top of a spec"
    message = f"{_named(route[-1])} is not a field {where}"
    near = nearest(str(route[-1]), known)
    elsewhere = _section_of(str(route[-1]))
    if elsewhere:
        hint = f"It belongs into `{elsewhere}`."
    elif near:
        hint = f"Did you mean `{near}`?"
    elif route[-1] == "<<":
        hint = "YAML's merge keys are not supported; use profiles."
    else:
        hint = f"Known here: {', '.join(known)}."
    return SchemaError("schema", message, hint, route, on_key=True)


def _section_of(name: str) -> str | None:
    """The section that has a field of that name."""
    models = {key: _section(field.annotation) for key, field in Overlay.model_fields.items()}
    return next((key for key, m in models.items() if m and name in m.model_fields), None)


def _wrong_value(  # noqa: C901, PLR0911 - a table of cases
    kind: str, context: dict[str, Any], route: Route, value: Node | None
) -> tuple[str, str]:
    """Message and hint for a value of the wrong kind; the value itself is never shown."""
    name = dotted(route)
    field = name.rpartition(".")[2]
    if (
        value is not None
        and value.text is not None
        and kind in ("string_type", "string_pattern_mismatch", "literal_error", "bool_type")
    ):
        ambiguous = _ambiguous(kind, route, value)
        if ambiguous:
            return ambiguous
    match kind:
        case "literal_error":
            expected = str(context.get("expected", "")).replace("'", "`")
            return f"`{name}` must be {expected}", _near_choice(value, expected)
        case "string_type" | "empty_text" | "string_too_short":
            return (
                f"`{name}` must be a text",
                "Write the text; put it in quotes if YAML reads it otherwise.",
            )
        case "bool_type":
            return f"`{name}` must be true or false", "Write true or false, without quotes."
        case "list_type":
            return (
                f"`{name}` must be a list",
                f"Write `{field}: [one, two]`, or one `- item` a line.",
            )
        case "dict_type" | "model_type" | "model_attributes_type" | "too_short":
            return (
                f"`{name}` must be a mapping",
                f"Write `{field}:` and its fields indented below.",
            )
        case "string_pattern_mismatch":
            return f"`{name}` has the wrong form", _hint_for(_model_at(route[:-1]), str(route[-1]))
        case _:
            return _wrong_reference(kind, context, name)


def _wrong_reference(kind: str, context: dict[str, Any], name: str) -> tuple[str, str]:
    known = ", ".join(all_providers())
    match kind:
        case "reference_provider":
            given = str(context["given"])
            near = nearest(given, list(all_providers()))
            hint = f"Did you mean `{{{near}: …}}`?" if near else f"Known: {known}."
            return f"`{name}` refers to {_named(given)}, which is no place for secrets", hint
        case "reference_locator":
            provider = all_providers()[context["provider"]]
            hint = f"Write it like `{{{provider.key}: {provider.example}}}`: {provider.description}"
            return f"`{name}` does not name {provider.title}", hint
        case "foreign_path":
            hint = "Name a file of this machine, on every system: `../secrets/NAME.key`."
            return f"`{name}` {context['reason']}", hint
        case "reference_shape":
            return (
                f"`{name}` must be a reference: a mapping with one key",
                f"Write `{{env: NAME}}` or another of: {known}.",
            )
        case "refresh_policy":
            return (
                f"`{name}` is no refresh token policy",
                "Write infinite, zero, {lifetime: 30d} or {inactivity: 90d} (h, d or mo).",
            )
        case _:
            return f"`{name}` has the wrong form", "See the spec's reference (sfcred schema)."


def _ambiguous(kind: str, route: Route, value: Node) -> tuple[str, str] | None:
    """For what YAML took for something else than the person meant."""
    name, text = dotted(route), value.text or ""
    is_public = shape_at(route).shown(text) == len(text)
    if kind == "bool_type" and isinstance(value.value, Ambiguous):
        boolean = "true" if text.lower() in ("yes", "on", "y") else "false"
        given = f"`{text}`" if is_public else "this"
        return f"`{name}` must be true or false, and {given} is neither", f"Write {boolean}."
    if kind == "bool_type" or isinstance(value.value, str) or value.value is None:
        return None
    is_number = isinstance(value.value, int | float) and not isinstance(value.value, bool)
    what = "a number" if is_number else "something else than a text"
    if not is_public:
        return f"`{name}` must be a text, and YAML reads this as {what}", "Put it in quotes."
    return (
        f"`{name}` must be a text, and YAML reads the unquoted {text} as {what}",
        f'Put it in quotes: {route[-1]}: "{text}".'
        if isinstance(route[-1], str)
        else f'Put it in quotes: "{text}".',
    )


def _near_choice(value: Node | None, expected: str) -> str:
    choices = [part for part in expected.split("`") if part.strip() not in ("", "or", ",")]
    given = value.value if value is not None and isinstance(value.value, str) else ""
    near = nearest(given, choices)
    return f"Did you mean `{near}`?" if near else f"Write {expected}."


def nearest(given: str, known: list[str]) -> str | None:
    """The known name that a misspelt one most likely stands for, or None."""
    from difflib import get_close_matches

    folded = {name.lower().replace("-", "_"): name for name in known}
    wanted = given[:64].lower().replace("-", "_")
    close = get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def _hint_for(model: type[BaseModel] | None, name: str) -> str:
    field = model.model_fields.get(name) if model else None
    if field is None:
        return "See the spec's reference (sfcred schema)."
    example = f" Example: {name}: {_example(field.examples)}." if field.examples else ""
    return f"{field.description}{example}"


def _example(examples: list[object] | None) -> str:
    import json

    first = examples[0] if examples else None
    if isinstance(first, dict) and len(first) == 1:
        ((key, value),) = first.items()
        return f"{{{key}: {value}}}"
    return json.dumps(first) if isinstance(first, str) and first[:1].isdigit() else str(first)


def _model_at(route: Route) -> type[BaseModel] | None:
    """The model of the mapping at a route of a spec."""
    model: type[BaseModel] | None = Spec
    for step in route:
        if model is None or step not in model.model_fields:
            # A profile's name leads from `profiles` to the overlay.
            model = Overlay if model is None and route[0] == "profiles" else None
            continue
        model = _section(model.model_fields[str(step)].annotation)
    return model


def _section(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, Literal, Annotated):
        return None
    return next((found for part in get_args(annotation) if (found := _section(part))), None)


def _named(key: str | int) -> str:
    """A key as a message may name it: another one may be a secret in the wrong place."""
    return f"`{key}`" if may_be_shown(str(key)) else "this key"
