"""Types for the fields of a spec: their format, and how much of a value reports may show."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Discriminator, Field, GetJsonSchemaHandler, Tag
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from sfcred.n8n.http_domains import DOMAIN_PATTERN, HOST_LENGTH
from sfcred.n8n.ids import ID_PATTERN
from sfcred.paths import is_device
from sfcred.spec import limits
from sfcred.spec.refs import OneValidator, TextOrReference, require_local
from sfcred.text.redact import ADDRESS_FORM


class Public(NamedTuple):
    """Marks a string that reports may show. Strings without this mark are never shown.

    Values from a closed list (a `Literal`, true or false, a provider's name) need no mark. Reports
    show them if they are in the list.

    Attributes:
        form: A regular expression. The part that it matches at the beginning of the string is
            shown, and the rest is masked.
        names: Returns the words that the string can be. A string that resembles none of them is
            masked.
    """

    form: str = ".*"
    names: Callable[[], frozenset[str]] | None = None


def _no_device(name: str) -> str:
    """Return the name of a spec if files on every system can have it.

    Raises:
        PydanticCustomError: On Windows, a file with this name would be a device.
    """
    if is_device(name):
        raise PydanticCustomError("device_name", "a device on Windows")
    return name


def _no_pem(path: str) -> str:
    """Return the path of a certificate.

    Raises:
        PydanticCustomError: It is the certificate itself.
    """
    if "-----BEGIN " in path:
        raise PydanticCustomError("certificate_text", "a certificate, not its path")
    return path


@cache
def _scope_names() -> frozenset[str]:
    from sfcred.salesforce.scopes import SCOPES

    return frozenset(name for scope in SCOPES for name in (scope.wire, scope.label))


# The reader rejects longer values (see limits). These limits are for the JSON Schema.
#: A string that reports mask.
Text = Annotated[str, Field(min_length=1, max_length=limits.SCALAR)]
PublicText = Annotated[Text, Public()]
Address = Annotated[Text, Public(ADDRESS_FORM)]
#: The path of a file on this machine.
LocalPath = Annotated[PublicText, AfterValidator(require_local)]
#: The path of a certificate.
CertificatePath = Annotated[LocalPath, AfterValidator(_no_pem)]

#: The name of a spec or a profile. It appears in file names, on command lines and in reports.
NAME_PATTERN = "^[a-z0-9][a-z0-9-]{0,62}$"
# Plain words and small numbers between blanks and signs. A key or a password isn't that: it changes
# between small and capital letters more often than CamelCase does.
_WORDS = r"(?:[A-Za-z][a-z]{0,19}(?:[A-Z][a-z]{1,19}){0,2}|[A-Z]{1,20}|[0-9]{1,4})"
IN_WORDS = rf"\(?{_WORDS}(?:[ ._&/()-]{{1,3}}{_WORDS}){{0,6}}\)?$"
SMALL_NUMBER = r"[0-9]{1,2}(?:\.[0-9]{1,2})?$"
CHECK_PATTERN = "^SFC[0-9]{3}$"
VERSION_PATTERN = r"^v?[0-9]{1,6}\.[0-9]{1,6}(\.[0-9]{1,6})?([-+][0-9A-Za-z.+-]{1,40})?$"
EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+$"
ORG_ID_PATTERN = "^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$"
Name = Annotated[str, Field(pattern=NAME_PATTERN), Public(NAME_PATTERN), Public(IN_WORDS)]
SpecName = Annotated[Name, AfterValidator(_no_device)]
CheckId = Annotated[str, Field(pattern=CHECK_PATTERN), Public(CHECK_PATTERN)]
# A range, a prefix of a version, or the tag of an image.
_VERSIONS = (
    r"[v^~<>=* ]{0,4}[0-9]{1,6}(?:\.(?:[0-9]{1,6}|[xX*])){0,3}$"
    r"|(?:latest|stable|next|beta|nightly)$"
)
Version = Annotated[str, Field(pattern=VERSION_PATTERN), Public(VERSION_PATTERN), Public(_VERSIONS)]
Email = Annotated[str, Field(pattern=EMAIL_PATTERN), Public(EMAIL_PATTERN), Public(IN_WORDS)]
#: A username that is written out is no secret. Anything else in its place is masked.
Username = Annotated[
    TextOrReference,
    Public(
        r"(?:mailto:|[\s<(\"'\u2018-\u201f\u00ab\u00bb])*[A-Za-z0-9._%+'-]{1,80}"
        r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}[\s>)\"'\u2018-\u201f\u00ab\u00bb]*$"
    ),
]
OrgId = Annotated[str, Field(pattern=ORG_ID_PATTERN), Public(ORG_ID_PATTERN)]
# A check reports the ids that n8n doesn't accept everywhere.
N8nId = Annotated[str, Field(min_length=1), Public(ID_PATTERN)]
#: A host of `n8n.http_request`, or `*.` and a domain.
Domain = Annotated[
    str,
    Field(pattern=DOMAIN_PATTERN, max_length=HOST_LENGTH),
    Public(DOMAIN_PATTERN),
    Public(ADDRESS_FORM),
]
#: The forms of `n8n.http_request`, which pydantic adds to the place of an error.
WORD, HOSTS = "a word", "a list of hosts"
# Without the discriminator, a mistake would be an error of both forms.
HttpRequest = Annotated[
    Annotated[Literal["none", "org", "any"], Tag(WORD)]
    | Annotated[list[Domain], Field(min_length=1, max_length=limits.ENTRIES), Tag(HOSTS)],
    Discriminator(lambda value: HOSTS if isinstance(value, list) else WORD),
]
#: A name in Salesforce's metadata, with the namespace of a managed package if it has one. A check
#: judges its underscores.
API_NAME_PATTERN = "^[A-Za-z][A-Za-z0-9_]*$"
API_NAME_LENGTH = 57
ApiName = Annotated[
    str, Field(pattern=API_NAME_PATTERN, max_length=API_NAME_LENGTH), Public(API_NAME_PATTERN)
]
Scope = Annotated[str, Field(min_length=1), Public(names=_scope_names)]


class RefreshTokenPolicy(OneValidator):
    """How long Salesforce accepts a refresh token.

    Attributes:
        kind: infinite, zero, lifetime (since it was issued) or inactivity (since its last use).
        duration: For lifetime and inactivity: a number and h, d or mo (hours, days, months), such
            as `30d`.
    """

    __slots__ = ("duration", "kind")
    DURATION = "[1-9][0-9]{0,3}(h|d|mo)"

    def __init__(self, kind: str, duration: str | None = None) -> None:
        self.kind = kind
        self.duration = duration

    @classmethod
    def parse(cls, value: object) -> "RefreshTokenPolicy":
        """Return the policy that a value in a spec describes.

        Raises:
            PydanticCustomError: The value is not a policy.
        """
        import re

        if isinstance(value, str) and value in ("infinite", "zero"):
            return cls(value)
        if isinstance(value, dict) and len(value) == 1:
            ((kind, duration),) = value.items()
            is_duration = isinstance(duration, str) and re.fullmatch(cls.DURATION, duration)
            if kind in ("lifetime", "inactivity") and is_duration:
                return cls(kind, duration)
        raise PydanticCustomError("refresh_policy", "not a refresh token policy")

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


class PermissionSetName(OneValidator):
    """A permission set of an app's policy.

    Attributes:
        name: Its API name.
        label: Its label, if the spec states it.
    """

    __slots__ = ("label", "name")

    def __init__(self, name: str, label: str | None = None) -> None:
        self.name = name
        self.label = label

    @classmethod
    def parse(cls, value: object) -> "PermissionSetName":
        """Return the permission set that a value in a spec describes.

        Raises:
            PydanticCustomError: The value is neither a name nor {name: …, label: …}.
        """
        if isinstance(value, str) and value:
            return cls(value)
        if not isinstance(value, dict):
            raise PydanticCustomError("string_type", "not a name")
        texts = [text for text in value.values() if isinstance(text, str) and text]
        if "name" in value and value.keys() <= {"name", "label"} and len(texts) == len(value):
            return cls(value["name"], value.get("label"))
        raise PydanticCustomError("permission_set", "not a permission set")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        text = {"type": "string", "minLength": 1, "maxLength": limits.SCALAR}
        properties = {
            "name": {**text, "description": "Its API name.", "examples": ["n8n_Integration"]},
            "label": {**text, "description": "Its label.", "examples": ["n8n - Integration"]},
        }
        mapping = {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": properties,
        }
        return {"oneOf": [text, mapping]}
