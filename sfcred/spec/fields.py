"""The types of a spec's fields: their forms, and how much of them reports may show."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sfcred.redact import ADDRESS_FORM
from sfcred.spec import limits
from sfcred.spec.refs import require_local


class Public(NamedTuple):
    """Marks a text that reports may show. A text without this mark is shown nowhere.

    What comes from a closed list (a `Literal`, true or false, a provider's name) needs no mark:
    reports show it where it is one of the list.

    Attributes:
        form: A regular expression. As much of the text as it matches from the beginning may be
            shown; the rest is masked.
        names: Gives the words that the text may be: one that is far from all of them is masked.
    """

    form: str = ".*"
    names: Callable[[], frozenset[str]] | None = None


@cache
def _scope_names() -> frozenset[str]:
    from sfcred.salesforce.scopes import SCOPES

    return frozenset(name for scope in SCOPES for name in (scope.wire, scope.label))


# The reader refuses what is longer (see limits); here the limits are for the JSON Schema.
#: A text that stays masked in reports.
Text = Annotated[str, Field(min_length=1, max_length=limits.SCALAR)]
PublicText = Annotated[Text, Public()]
Address = Annotated[Text, Public(ADDRESS_FORM)]
#: The path of a file on this machine.
LocalPath = Annotated[PublicText, AfterValidator(require_local)]

#: A spec's or a profile's name: it stands in file names, on command lines and in reports.
NAME_PATTERN = "^[a-z0-9][a-z0-9-]{0,62}$"
CHECK_PATTERN = "^SFC[0-9]{3}$"
VERSION_PATTERN = r"^v?[0-9]{1,6}\.[0-9]{1,6}(\.[0-9]{1,6})?([-+][0-9A-Za-z.+-]{1,40})?$"
EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+$"
ORG_ID_PATTERN = "^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$"
#: Ids that every part of n8n accepts. A check judges the others.
N8N_ID_FORM = "^[A-Za-z0-9_-]{1,16}$"
Name = Annotated[str, Field(pattern=NAME_PATTERN), Public(NAME_PATTERN)]
CheckId = Annotated[str, Field(pattern=CHECK_PATTERN), Public(CHECK_PATTERN)]
Version = Annotated[str, Field(pattern=VERSION_PATTERN), Public(VERSION_PATTERN)]
Email = Annotated[str, Field(pattern=EMAIL_PATTERN), Public(EMAIL_PATTERN)]
OrgId = Annotated[str, Field(pattern=ORG_ID_PATTERN), Public(ORG_ID_PATTERN)]
N8nId = Annotated[str, Field(min_length=1), Public(N8N_ID_FORM)]
Scope = Annotated[str, Field(min_length=1), Public(names=_scope_names)]


class RefreshTokenPolicy:
    """How long Salesforce honours a refresh token.

    Attributes:
        kind: infinite, zero, lifetime (since it was issued) or inactivity (since its last use).
        duration: For the last two: a number and h, d or mo (hours, days, months), as in `30d`.
    """

    __slots__ = ("duration", "kind")
    DURATION = "[1-9][0-9]{0,3}(h|d|mo)"

    def __init__(self, kind: str, duration: str | None = None) -> None:
        self.kind = kind
        self.duration = duration

    @classmethod
    def parse(cls, value: object) -> "RefreshTokenPolicy":
        """Takes what stands in a spec.

        Raises:
            PydanticCustomError: It is no policy.
        """
        import re

        if isinstance(value, str) and value in ("infinite", "zero"):
            return cls(value)
        if isinstance(value, dict) and len(value) == 1:
            ((kind, duration),) = value.items()
            is_duration = isinstance(duration, str) and re.fullmatch(cls.DURATION, duration)
            if kind in ("lifetime", "inactivity") and is_duration:
                return cls(kind, duration)
        raise PydanticCustomError("refresh_policy", "no refresh token policy")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        duration = {
            "type": "string",
            "pattern": f"^{cls.DURATION}$",
            "description": "A number and h, d or mo: hours, days or months.",
            "examples": ["30d"],
        }
        limited = [
            {
                "type": "object",
                "additionalProperties": False,
                "required": [kind],
                "properties": {kind: duration},
            }
            for kind in ("lifetime", "inactivity")
        ]
        return {"oneOf": [{"enum": ["infinite", "zero"]}, *limited]}
