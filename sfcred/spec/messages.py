"""Messages and hints for what the models reject."""

import re
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sfcred.secrets import find_provider, provider_keys
from sfcred.spec.fields import CHECK_PATTERN, HOSTS, WORD
from sfcred.spec.meant import meant_choice, meant_items, meant_text
from sfcred.spec.model import Overlay, Spec
from sfcred.spec.other_names import PROVIDERS, hint_for_other_name
from sfcred.spec.public import dotted, may_be_shown, shape_at
from sfcred.spec.source import Ambiguous, Node, Route
from sfcred.text.near import fold, nearest

_IGNORE = "SFC206: the sync needs every object"
_SEE_REFERENCE = "See the spec reference (sfcred schema)."


class SchemaError(NamedTuple):
    """Something in a document that the models reject."""

    kind: Literal["schema", "literal_secret"]
    message: str
    hint: str
    route: Route
    on_key: bool = False


def further_errors(number: int) -> SchemaError:
    """Return the entry that counts the errors that aren't listed."""
    hint = "Fix the listed ones first."
    return SchemaError(
        "schema", f"{number} more fields and values in this spec are wrong", hint, ()
    )


def missing_field(name: str, profile: str | None) -> SchemaError:
    """Return the error for a required field that neither the spec nor its profile sets."""
    where = f" (profile {profile})" if profile else ""
    return SchemaError("schema", f"`{name}` is missing{where}", _hint_for(Spec, name), (name,))


def schema_error(details: ErrorDetails, node: Node) -> SchemaError:
    """Return one of pydantic's errors in plain words.

    Args:
        details: The error, without its input.
        node: The mapping that was validated.
    """
    route = _route(details["loc"])
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(route, node)
    if len(route) > 1 and route[-1] == "[key]":
        return _wrong_key(route[:-1])
    if kind == "missing":
        message = f"`{dotted(route)}` is missing"
        return SchemaError(
            "schema", message, _hint_for(_model_at(route[:-1]), str(route[-1])), route
        )
    value = node.find(route)
    if kind == "literal_secret":
        return _literal(route, value)
    message, hint = _wrong_value(kind, details.get("ctx", {}), route, value)
    return SchemaError("schema", message, hint, route)


def _route(loc: Route) -> Route:
    """Return the place of an error, without the form that pydantic took the value for."""
    return tuple(
        step
        for at, step in enumerate(loc)
        if loc[at - 1 : at] != ("http_request",) or step not in (WORD, HOSTS)
    )


# The path of a file, as people write it: with a folder, or with the suffix of a key.
_LIKE_A_PATH = re.compile(
    r"(?:~|\.{1,2}|[A-Za-z]:|[\w.-]+)?(?:[/\\][\w .-]+)+|[\w.-]+\.(?:key|pem|p8|der|token|txt)",
    re.ASCII,
)


def _literal(route: Route, value: Node | None) -> SchemaError:
    name, dots = str(route[-1]), dotted(route)
    text = value.value if value is not None and isinstance(value.value, str) else ""
    message = f"`{dots}` must be a reference, not a literal value"
    hint = f"Keep the value in a safe place and refer to it: `{name}: {{env: NAME}}`."
    if _LIKE_A_PATH.fullmatch(text):
        hint = f"For the path of a file, write `{name}: {{file: PATH}}`. Otherwise, {_lower(hint)}"
    elif name == "private_key":
        hint = f"Keep the key in a file and refer to it: `{name}: {{file: ../secrets/NAME.key}}`."
    return SchemaError("literal_secret", message, hint, route)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _wrong_key(route: Route) -> SchemaError:
    if route[0] == "profiles":
        message = f"{_named(route[-1])} can't be the name of a profile"
        hint = "Use up to 63 characters: a-z, 0-9 and hyphens, starting with a letter or digit."
    else:
        message = f"{_named(route[-1])} is not the id of a check"
        hint = "Use an id such as SFC206. Run `sfcred explain` to list them."
    return SchemaError("schema", message, hint, route, on_key=True)


_MERGE_KEYS = "YAML merge keys are not supported. Use profiles."


def _unknown_key(route: Route, node: Node) -> SchemaError:
    model = _model_at(route[:-1])
    known = list(model.model_fields) if model else []
    where = f"in `{dotted(route[:-1])}`" if len(route) > 1 else "at the top level of a spec"
    message = f"{_named(route[-1])} is not a field {where}"
    there = _keys_at(route[:-1], node)
    # A field that is set already isn't the one that was meant: it would be there twice.
    near = nearest(str(route[-1]), [name for name in known if name not in there])
    elsewhere = _section_of(str(route[-1]))
    other_name = hint_for_other_name(str(route[-1]))
    if elsewhere:
        hint = f"Move it to `{elsewhere}`."
    elif other_name:
        hint = other_name
    elif near:
        hint = f"Did you mean `{near}`?"
    elif route[-1] == "<<":
        hint = _MERGE_KEYS
    else:
        hint = f"Use one of: {', '.join(known)}."
    return SchemaError("schema", message, hint, route, on_key=True)


def _keys_at(route: Route, node: Node) -> frozenset[str]:
    mapping = node.find(route) if route else node
    value = mapping.value if mapping is not None else None
    return frozenset(value if isinstance(value, dict) else ())


def _section_of(name: str) -> str | None:
    """Return the section that has a field of that name."""
    models = {key: _section(field.annotation) for key, field in Overlay.model_fields.items()}
    return next((key for key, m in models.items() if m and name in m.model_fields), None)


def _wrong_value(  # noqa: C901, PLR0911 - a table of cases
    kind: str, context: dict[str, Any], route: Route, value: Node | None
) -> tuple[str, str]:
    """Return the message and hint for a wrong value, without the value itself."""
    name = dotted(route)
    field = name.rpartition(".")[2]
    if _is_ignore(route):
        return _wrong_ignore(route)
    if (
        value is not None
        and value.text is not None
        and kind in ("string_type", "string_pattern_mismatch", "bool_type")
    ):
        ambiguous = _ambiguous(kind, route, value)
        if ambiguous:
            return ambiguous
    match kind:
        case "literal_error":
            return _wrong_choice(str(context.get("expected", "")), name, route, value)
        case "string_type" | "empty_text" | "string_too_short":
            return _no_string(name, field, value)
        case "bool_type":
            return f"`{name}` must be true or false", "Write true or false, without quotes."
        case "list_type":
            items = meant_items(route, value) or "one, two"
            return (
                f"`{name}` must be a list",
                f"Write `{field}: [{items}]`, or one `- item` per line.",
            )
        case "too_short":
            return f"`{name}` is empty", f"Add an entry, or remove `{field}`."
        case "dict_type" | "model_type" | "model_attributes_type":
            return (
                f"`{name}` must be a mapping",
                f"Write `{field}:` and its fields indented below.",
            )
        case "string_pattern_mismatch":
            hint = _hint_for(_model_at(route[:-1]), str(route[-1]))
            return f"`{name}` is not in the right format", meant_text(route, value) or hint
        case _:
            return _wrong_reference(kind, context, name)


def _no_string(name: str, field: str, value: Node | None) -> tuple[str, str]:
    if field == "certificate" and value is not None and isinstance(value.value, dict):
        return (
            f"`{name}` must be a path: a certificate is public, so it needs no reference",
            f"Write the path itself: `{field}: ../certs/NAME.crt`.",
        )
    hint = "Write a string. Quote it if YAML reads it as something else."
    return f"`{name}` must be a string", hint


def _wrong_choice(choices: str, name: str, route: Route, value: Node | None) -> tuple[str, str]:
    expected, field = choices.replace("'", "`"), route[-1]
    if value is not None and value.value == expected:
        hint = f"Write it without quotes: `{field}: {expected}`."
        return f"`{name}` must be the number {expected}, not text", hint
    others = ", or a list of hosts" if field == "http_request" else ""
    return f"`{name}` must be {expected}{others}", meant_choice(route, value, expected)


def _is_ignore(route: Route) -> bool:
    """Return whether a route is that of `doctor.ignore`, or of an entry there."""
    return any(route[at : at + 2] == ("doctor", "ignore") for at in range(len(route)))


def _wrong_ignore(route: Route) -> tuple[str, str]:
    """Return the message and hint for an ignore without its reason."""
    if route[-1] == "ignore":
        return (
            "`doctor.ignore` must be a mapping from the ids of checks to reasons",
            f"Write the reason after the id: `ignore: {{{_IGNORE}}}`.",
        )
    message = f"`{dotted(route)}` must be the reason for leaving the check out, as a string"
    # What isn't an id isn't repeated: it could be a secret.
    is_id = re.fullmatch(CHECK_PATTERN, str(route[-1]))
    example = f"{route[-1]}: the sync needs every object" if is_id else _IGNORE
    hint = f"Write the reason after the id: `{example}`."
    return message, f"{hint} Quote it if YAML reads it as something else."


def _wrong_reference(  # noqa: C901, PLR0911 - a table of cases
    kind: str, context: dict[str, Any], name: str
) -> tuple[str, str]:
    known = ", ".join(provider_keys())
    match kind:
        case "reference_provider":
            return _wrong_provider(str(context["given"]), name)
        case "reference_locator":
            return _wrong_locator(context, name)
        case "certificate_text":
            hint = "Write it to a file, and its path here: `certificate: ../certs/NAME.crt`."
            return f"`{name}` is the certificate itself, not the path of its file", hint
        case "foreign_path":
            hint = "Use the path of a local file that works on every system: `../secrets/NAME.key`."
            return f"`{name}` {context['reason']}", hint
        case "device_name":
            hint = "Choose another name: sfcred names files after the credential."
            return f"`{name}` is the name of a device on Windows", hint
        case "reference_shape":
            return (
                f"`{name}` must be a reference: a mapping with one key",
                f"Write `{{env: NAME}}`, or use another provider: {known}.",
            )
        case "refresh_policy":
            return (
                f"`{name}` is not a refresh token policy",
                "Write infinite, zero, {lifetime: 30d} or {inactivity: 90d} (h, d or mo).",
            )
        case "permission_set":
            return (
                f"`{name}` is not a permission set",
                "Write its API name, or {name: n8n_Integration, label: n8n - Integration}.",
            )
        case _:
            return f"`{name}` is not in the right format", _SEE_REFERENCE


def _wrong_provider(given: str, name: str) -> tuple[str, str]:
    known = provider_keys()
    before, colon, _ = given.partition(":")
    if colon and before in known:
        hint = f"Write a space after the colon: `{{{before}: …}}`."
        return f"`{name}` is not a reference: a space is missing", hint
    near = PROVIDERS.get(fold(given)) or nearest(given, known)
    hint = f"Did you mean `{{{near}: …}}`?" if near else f"Use one of: {', '.join(known)}."
    if re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", given):
        hint = "For an environment variable, write `{env: NAME}`."
    if given == "<<":
        hint = f"{_MERGE_KEYS} An alias alone works: `{name.rpartition('.')[2]}: *NAME`."
    return f"`{name}` refers to {_named(given)}, which is not a secret provider", hint


def _wrong_locator(context: dict[str, Any], name: str) -> tuple[str, str]:
    provider = find_provider(context["provider"])
    form = f"`{{{provider.key}: {provider.example}}}`"
    if sign := context.get("sign"):
        return (
            f"`{name}` must name {provider.title} {sign}",
            f"Write only its name: {form}.",
        )
    if context.get("dollar"):
        return (
            f"`{name}` must name {provider.title} without a $",
            f"Write it without the $: {form}.",
        )
    if context.get("needs_quotes"):
        hint = f'Put it in quotes: `{{{provider.key}: "…"}}`.'
        return f"`{name}` must name {provider.title}, but YAML doesn't read this as text", hint
    hint = f"Write it like {form}: {provider.description}"
    if provider.key == "env":
        hint = f"Write it like {form}, with letters, digits and underscores only."
    return f"`{name}` does not name {provider.title}", hint


def _ambiguous(kind: str, route: Route, value: Node) -> tuple[str, str] | None:
    """Return message and hint for a value that YAML reads differently from what you meant."""
    name, text = dotted(route), value.text or ""
    if route == ("version",):
        return None
    is_public = shape_at(route).shown(text) == len(text)
    if kind == "bool_type" and isinstance(value.value, Ambiguous):
        boolean = "true" if text.lower() in ("yes", "on", "y") else "false"
        given = f"`{text}`" if is_public else "this value"
        return f"`{name}` must be true or false, and {given} is neither", f"Write {boolean}."
    if kind == "bool_type" or isinstance(value.value, str) or value.value is None:
        return None
    is_number = isinstance(value.value, int | float) and not isinstance(value.value, bool)
    what = "as a number" if is_number else "differently"
    if not is_public:
        return f"`{name}` must be a string, but YAML reads this value {what}", "Quote it."
    return (
        f"`{name}` must be a string, but YAML reads an unquoted {text} {what}",
        f'Quote it: {route[-1]}: "{text}".'
        if isinstance(route[-1], str)
        else f'Quote it: "{text}".',
    )


def _hint_for(model: type[BaseModel] | None, name: str) -> str:
    field = model.model_fields.get(name) if model else None
    if field is None:
        return _SEE_REFERENCE
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
    """Return the model of the mapping at a route of a spec."""
    model: type[BaseModel] | None = Spec
    for step in route:
        if model is None or step not in model.model_fields:
            # Below `profiles`, each name holds an overlay.
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
    """Return a key for a message. An unknown key could be a misplaced secret, and isn't shown."""
    return f"`{key}`" if may_be_shown(str(key)) else "this key"
