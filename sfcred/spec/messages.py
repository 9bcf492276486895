"""What the models refuse, in words."""

from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sfcred.secrets import all_providers
from sfcred.spec.model import Overlay, Spec
from sfcred.spec.public import dotted, may_be_shown, shape_at
from sfcred.spec.source import Ambiguous, Node, Route


class SchemaError(NamedTuple):
    """Something in a document that the models don't take."""

    kind: Literal["schema", "literal_secret"]
    message: str
    hint: str
    route: Route
    on_key: bool = False


def further_errors(number: int) -> SchemaError:
    """Return the entry that counts the errors beyond those that are listed."""
    hint = "Correct those that are listed first."
    return SchemaError(
        "schema", f"{number} more fields and values of this spec are wrong", hint, ()
    )


def missing_field(name: str, profile: str | None) -> SchemaError:
    """Return the error for a required field that neither the spec nor its profile sets."""
    where = f" (profile {profile})" if profile else ""
    return SchemaError("schema", f"`{name}` is missing{where}", _hint_for(Spec, name), (name,))


def schema_error(details: ErrorDetails, node: Node) -> SchemaError:
    """Return an error of pydantic's in plain words.

    Args:
        details: The error, without its input.
        node: The mapping that was validated.
    """
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
