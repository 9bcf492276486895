"""A value is only a placeholder, or starts or ends with quotes or white space.

**Finds** a Consumer Key that is the name of a variable (`ACME_CLIENT_ID`), a reference as text or
in another tool's notation (`env:ACME_CLIENT_ID`, `process.env.ACME_CLIENT_ID`), a guide's example,
or has characters that no Consumer Key has. It also finds a `my_domain` and a username that are a
guide's examples. For secrets and the Consumer Key, it finds values like
`changeme`, `<your secret>`, `***`, `[REDACTED] …`, an unexpanded `${X}` or `{{ … }}`, the name of
its own variable, a file's path in place of its content, and quotes or white space at the ends of a
value.

**Why it matters** Salesforce answers `invalid_client` or `invalid_client_id`, which doesn't point
to the value. Since May 2026 the Salesforce CLI prints `[REDACTED] …` instead of secrets, and
scripts that pass on its output now pass on that text.

**How to fix it** Put the real value in the variable or file. Values in a `.env` file don't need
quotes, and Docker's `--env-file` keeps quotes as part of the value.

**Source** Salesforce CLI release notes of May 2026 (sf org display hides secrets); Docker's
reference of `docker run --env-file`.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.errors import NotKnown
from sfcred.resolve.credential import Credential
from sfcred.spec.notations import equivalent, is_foreign
from sfcred.spec.source import Route, route_text

BAD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:changeme"})
# The name of a variable: capitals, with an underscore, which a Consumer Key doesn't look like.
_VARIABLE = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_KEY: Route = ("client_id",)
_USER: Route = ("jwt", "username")
_COPY = (
    "Copy the Consumer Key from the app's OAuth settings in Setup, or refer to it: "
    "`client_id: {env: NAME}`."
)

GOOD = Example("{}\n", base="oauth2", environ={"ACME_CLIENT_SECRET": "text:changeme0123456789"})

# "your" and "my" in some languages, and "here".
_YOUR = (
    "your|my|the|dein|deine|ihr|ihre|mein|votre|ton|ta|mon|tu|su|mi|sua|seu|minha|meu|jouw|uw|mijn"
    "|la[-_ ]tua|il[-_ ]tuo|twoj|din"
)
_HERE = "here|hier|aqui|aqu\u00ed|ici|qui|tutaj"
_WORDS = r"(?:[^\W\d_]|[-_ ])+"
_PLACEHOLDERS = (
    r"(?i)\[redacted\].*|<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|\([^()]*\)"
    r"|[*\u2022\u25cf]{3,}|\.{3,}|\u2026|\?{3,}|x{3,}|_{3,}|-{1,3}|(\w)\1{5,}"
    r"|change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|it)|fix[-_ ]?me|todo|tbd|n/a"
    r"|none|null|undefined"
    r"|secret|password|dummy|example|placeholder|sample|empty|redacted|hidden|foo|bar|baz|foobar"
    r"|test|testing|abc|abc123|key|asdf|qwerty"
    rf"|({_YOUR})[-_ ]{_WORDS}|({_HERE})[-_ ]{_WORDS}|{_WORDS}[-_ ]({_HERE}|goes[-_ ]here)"
    rf"|(paste|insert|enter|put|copy|add|replace|sample|example|dummy|fake)[-_ ]{_WORDS}"
    r"|[a-z_ -]{0,20}(consumer|client)[-_ ]?(key|id|secret)"
    r"|3mvg9([.\u2026*\u2022<\[{].*|x{4,40}|.*(your[_.]|consumer[_.]?key|client[_.]?id).*)"
    r"|__[a-z][\w-]*__|__n8n_blank_value_[0-9a-f-]+|\$\{[^{}]*\}|=?\{\{.*\}\}|\$[A-Z_]{3,}"
)
# Addresses and usernames as guides write them. An org can be called Yourway, and Salesforce itself
# gives scratch orgs usernames such as test-x1y2z3@example.com.
_OWNED = (
    "(?:own|my)?-?(?:domain|company|org|organi[sz]ation|instance|business|salesforce|sandbox|name"
    "|host|subdomain)(?:-?name)?"
)
_EXAMPLE_HOST = (
    rf"(?i)(?:https?://)?(?:your(?:-?{_OWNED})?|my-?domain(?:-?name)?|example|x{{3,}}"
    r"|[<{\[].*[>}\]])(?:--.*?)?\.(?:[a-z0-9-]+\.)*salesforce\.com(?:[:/].*)?"
)
_EXAMPLE_USER = (
    r"(?i)(?:you|your|username|your[-_.]?(?:user|user[-_.]?name|name|e?mail|login|account))@.*"
    r"|<.*>|[{\[].*[}\]]"
    rf"|.*@(?:your-?{_OWNED}|domain)\.[a-z.]+"
    r"|(?:user|name|e?mail|someone|me|login|integration[-_.]?user)@example\.[a-z.]+"
)
# What Salesforce makes, and what an app's metadata can choose.
_KEY_FORM = "[A-Za-z0-9._-]*"
# What neither a Consumer Key has, nor what people mistake for one: SFC110 names that.
_NO_KEY = re.compile("[^A-Za-z0-9._@!\\s\"'`-]")
# No key or secret of Salesforce's begins like this, and no private key.
_PATH = r"(?:(?:~|\.{1,2})?/|file://|[A-Za-z]:\\)[\w .@~/\\-]{1,200}"


@offline_check("SFC010", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check every value that can be read here, and a Consumer Key that is written out."""
    literal = credential.declared(_KEY)
    if isinstance(literal, str):
        yield from _judge_literal(literal)
    yield from _examples(credential)
    for route, reference in credential.references():
        try:
            value = credential.value(route).get_secret_value()
        except NotKnown:
            continue  # SFC005's, or n8n's
        # A path could be a link that someone named after a guess at the secret.
        own_name = reference.locator if reference.provider in ("env", "dotenv") else None
        yield from _judge(route, value, own_name)


def _judge_literal(text: str) -> Iterator[Problem]:
    """Judge a Consumer Key in the spec, and repeat it only where it can't be a secret."""
    bare = _bare(text)
    reference = re.fullmatch(
        rf"(?:env|ENV)\s*[:=]\s*({_VARIABLE})|[$%]?\{{?({_VARIABLE})\}}?%?", bare
    )
    if reference:
        name = reference[1] or reference[2]
        hint = f"Write `client_id: {{env: {name}}}`, or paste the key itself."
        yield Problem("client_id is the name of a variable, not a Consumer Key", _KEY, hint)
    elif re.fullmatch(r"[A-Za-z_]{2,16}:(?!//|[ ]).*", bare):
        hint = "Write a mapping, with a space after the colon: `client_id: {env: NAME}`."
        yield Problem("client_id is a reference written as text", _KEY, hint)
    elif (meant := equivalent(bare)) or is_foreign(bare):
        hint = f"sfcred writes this as `client_id: {meant or '{env: NAME}'}`."
        yield Problem("client_id is a reference in another tool's notation", _KEY, hint)
    elif re.fullmatch(_PLACEHOLDERS, bare, re.DOTALL):
        yield Problem("client_id is a placeholder, not a Consumer Key", _KEY, _COPY)
    elif not re.fullmatch(_KEY_FORM, bare):
        yield Problem("client_id has characters that no Consumer Key has", _KEY, _COPY)
    elif bare != text:
        hint = "Remove the quotes and white space: they are part of the value."
        yield Problem("client_id starts or ends with quotes or white space", _KEY, hint)


def _examples(credential: Credential) -> Iterator[Problem]:
    """Find an address and a username that were copied from a guide."""
    domain, username = credential.spec.my_domain, credential.declared(_USER)
    if domain and re.fullmatch(_EXAMPLE_HOST, domain.strip()):
        hint = "Copy the org's address from Setup, My Domain, Current My Domain URL."
        yield Problem("my_domain is a guide's example, not an org's address", ("my_domain",), hint)
    if isinstance(username, str) and re.fullmatch(_EXAMPLE_USER, username.strip()):
        hint = "Copy the integration user's Username from Setup, Users."
        yield Problem("jwt.username is a guide's example, not a user", _USER, hint)


def _bare(value: str) -> str:
    return value.strip().strip("\"'\u201c\u201d\u2018\u2019\u201e").strip()


def _judge(route: Route, value: str, own_name: str | None) -> Iterator[Problem]:
    name = route_text(route)
    bare = _bare(value)
    if bare == own_name or (route == _KEY and re.fullmatch(_VARIABLE, bare)):
        hint = "Put the value itself there, not the name of the variable."
        yield Problem(f"the value of {name} is the name of a variable", route, hint)
    elif re.fullmatch(_PLACEHOLDERS, bare, re.DOTALL):
        hint = "Put the real value where the reference points."
        yield Problem(f"the value of {name} is a placeholder", route, hint)
    elif re.fullmatch(_PATH, bare):
        hint = "Put the file's content there, or write `{file: PATH}`, relative to the spec."
        yield Problem(f"the value of {name} is a path, not what is in the file", route, hint)
    elif route == ("jwt", "private_key"):
        return  # the key checks judge what is harmless in a key
    elif bare != value:
        hint = "Remove the quotes and white space from the stored value."
        yield Problem(f"the value of {name} starts or ends with quotes or white space", route, hint)
    elif not value.isprintable():
        hint = "It must be a single line of plain text. Check the stored value."
        yield Problem(f"the value of {name} contains control characters", route, hint)
    elif route == _KEY and _NO_KEY.search(value):
        hint = "Copy the Consumer Key from the app's OAuth settings in Setup to where it points."
        yield Problem("the value of client_id has characters that no Consumer Key has", route, hint)
