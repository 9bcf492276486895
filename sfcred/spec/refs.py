"""Secret references. A reference says where a secret is, and never contains it."""

import re
from abc import abstractmethod
from typing import Annotated

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sfcred.paths import why_foreign
from sfcred.secrets import all_providers, find_provider, provider_keys
from sfcred.spec import limits
from sfcred.spec.source import Ambiguous


def require_local(path: str) -> str:
    """Return the path if it is that of a file on this machine.

    Raises:
        PydanticCustomError: It is not. The context has the reason.
    """
    reason = why_foreign(path)
    if reason:
        raise PydanticCustomError("foreign_path", "not a local path", {"reason": reason})
    return path


class OneValidator:
    """A type that pydantic validates with `parse`. Unlike a union, it reports a single error."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def parse(cls, value: object) -> object:
        """Return what a value in a spec describes.

        Args:
            value: Plain data.

        Raises:
            PydanticCustomError: The value is wrong. The error's type says why.
        """

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse)


class Reference(OneValidator):
    """`{provider: locator}` in a spec, for example `{env: ACME_CLIENT_SECRET}`."""

    __slots__ = ("locator", "provider")

    def __init__(self, provider: str, locator: str) -> None:
        self.provider = provider
        self.locator = locator

    def __repr__(self) -> str:
        return f"{{{self.provider}: {self.locator}}}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash((self.provider, self.locator))

    @classmethod
    def parse(cls, value: object) -> "Reference":
        """Return the reference that a value in a spec describes.

        Args:
            value: Plain data.

        Raises:
            PydanticCustomError: The value is not a reference. The error's type says why.
        """
        if isinstance(value, str):
            raise PydanticCustomError("literal_secret", "a literal where a reference belongs")
        if not isinstance(value, dict) or len(value) != 1:
            raise PydanticCustomError("reference_shape", "not a reference")
        ((key, locator),) = value.items()
        if key not in provider_keys():
            raise PydanticCustomError("reference_provider", "no such provider", {"given": key})
        provider = find_provider(key)
        if not isinstance(locator, str) or not re.fullmatch(provider.pattern, locator):
            dollar = isinstance(locator, str) and bool(re.fullmatch(r"\$\{?\w+\}?", locator))
            context = {
                "provider": key,
                "dollar": dollar and key == "env",
                "sign": _sign(key, locator),
                "needs_quotes": bool(re.fullmatch(provider.pattern, _as_written(locator))),
            }
            raise PydanticCustomError("reference_locator", "not a locator", context)
        require_local(provider.path_text(locator))
        return cls(key, locator)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"oneOf": reference_schemas()}


def _as_written(locator: object) -> str:
    """Return what YAML read as something else than text, as it is written; empty for the rest."""
    if isinstance(locator, Ambiguous):
        return locator.text
    return str(locator).lower() if isinstance(locator, bool | int) else ""


def _sign(provider: str, locator: object) -> str:
    """Return what is around a variable's name, in words; empty if it is something else."""
    if provider != "env" or not isinstance(locator, str):
        return ""
    if re.fullmatch(r"%\w+%", locator):
        return "without %"
    is_wrapped = re.fullmatch(r"env[:.]\w+|\{\{\s*[\w.$]+\s*\}\}|\w+\(\w+\)", locator)
    return "by only its name" if is_wrapped else ""


class _TextOrReferenceSchema(OneValidator):
    @classmethod
    def parse(cls, value: object) -> str | Reference:
        """Return the text, or the reference that a value describes."""
        if isinstance(value, str):
            if not value:
                raise PydanticCustomError("empty_text", "empty")
            return value
        if not isinstance(value, dict):
            raise PydanticCustomError("string_type", "neither a string nor a reference")
        return Reference.parse(value)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        text = {"type": "string", "minLength": 1, "maxLength": limits.SCALAR}
        return {"oneOf": [text, *reference_schemas()]}


TextOrReference = Annotated[str | Reference, _TextOrReferenceSchema]


def reference_schemas() -> list[JsonSchemaValue]:
    """Return the JSON Schema of each provider's reference."""
    return [
        {
            "type": "object",
            "title": f"{{{provider.key}: …}}: {provider.title}",
            "description": provider.description,
            "additionalProperties": False,
            "required": [provider.key],
            "properties": {
                provider.key: {
                    "type": "string",
                    "maxLength": limits.SCALAR,
                    "pattern": f"^(?:{provider.pattern})$",
                    "description": provider.description,
                    "examples": [provider.example],
                }
            },
        }
        for provider in all_providers().values()
    ]
