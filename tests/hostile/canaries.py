"""Specs in every style of YAML, with a canary wherever the model marks nothing as public."""

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

#: Like nothing that sfcred knows, and without a secret's shape: only its place gives it away.
CANARY = "Kw9vQx3zHp7tBj"
#: So many characters of it in a row are too many.
WINDOW = 6

Draw = Callable[[st.SearchStrategy[Any]], Any]

_BASE: dict[str, Any] = {
    "version": 1,
    "name": "acme-crm",
    "description": "Acme CRM",
    "environment": "sandbox",
    "my_domain": "https://acme--uat.sandbox.my.salesforce.com",
    "client_id": {"env": "ACME_CLIENT_ID"},
    "app": {
        "type": "external_client_app",
        "label": "n8n",
        "contact_email": "crm@acme.com",
        "scopes": ["api", "refresh_token"],
        "callback_urls": ["https://n8n.acme.com/rest/oauth2-credential/callback"],
        "pre_authorized": True,
        "permission_sets": ["n8n_Integration"],
        "refresh_token_policy": {"lifetime": "30d"},
        "org_id": "00D000000000001EAA",
    },
    "n8n": {"url": "https://n8n.acme.com", "version": "2.40.5", "id": "acmeCrm000000001"},
    "doctor": {"ignore": {"SFC206": "the sync needs every object"}},
    "profiles": {"uat": {"environment": "sandbox"}, "production": {"environment": "production"}},
}
_FLOWS: dict[str, Any] = {
    "jwt": {"username": "n8n@acme.com.uat", "private_key": {"file": "acme.key"}},
    "oauth2": {"client_secret": {"env": "A"}, "refresh_token": {"env": "B"}},
}

#: What may stand at any place instead of what belongs there.
_ANYWHERE: tuple[Any, ...] = (
    {CANARY: "x"},
    {"type": CANARY},
    {"password": {"deep": [CANARY]}},
    [CANARY, [CANARY]],
    {"env": f"{CANARY} with blanks"},
    {CANARY: {CANARY: CANARY}},
    {"env": "A", "key": CANARY},
)
#: What may stand where a text without a public mark belongs, or one that has to have a form.
_TEXTS = (CANARY, f"${CANARY}", f" {CANARY} ", f"{CANARY}\ntwo", f"# {CANARY}", f"a: {CANARY}")
_ADDRESSES = (
    f"https://me:{CANARY}@acme.my.salesforce.com",
    f"https://{CANARY}@n8n.acme.com/",
    f"https://n8n.acme.com/?token={CANARY}",
    f"https://n8n.acme.com/rest/oauth2-credential/callback#{CANARY}",
    f"https://a:b{CANARY}/c@n8n.acme.com/x",
    CANARY,
)
_FORMED = (
    ("version",), ("name",), ("environment",), ("flow",), ("client_id",),
    ("jwt", "username"), ("jwt", "private_key"), ("oauth2", "client_secret"),
    ("oauth2", "refresh_token"), ("app", "type"), ("app", "contact_email"), ("app", "scopes"),
    ("app", "scopes", 0), ("app", "pre_authorized"), ("app", "refresh_token_policy"),
    ("app", "refresh_token_policy", "lifetime"), ("app", "org_id"), ("app", "ip_relaxation"),
    ("app", "callback_urls"), ("n8n", "deployment"),
    ("n8n", "version"), ("app",), ("n8n",), ("jwt",), ("oauth2",), ("doctor",),
    ("doctor", "ignore"), ("profiles",), ("profiles", "uat"), ("profiles", "uat", "environment"),
    ("profiles", "uat", "client_id"),
)  # fmt: skip
_ADDRESSED = (("my_domain",), ("n8n", "url"), ("app", "callback_urls", 0))
#: Fields that are public, but not as anything else than a text.
_FREE = (("description",), ("app", "label"), ("n8n", "name"), ("jwt", "certificate"))
_PARENTS = (
    (), ("jwt",), ("oauth2",), ("app",), ("n8n",), ("client_id",), ("doctor",),
    ("doctor", "ignore"), ("profiles",), ("profiles", "uat"), ("app", "refresh_token_policy"),
)  # fmt: skip


class Doubled:
    """A duplicate key: its value, and the value of the second one."""

    def __init__(self, first: object, second: object) -> None:
        self.first, self.second = first, second


@st.composite
def specs(draw: Draw) -> str:
    """A file with a spec, or several, as a text."""
    documents = [draw(_document()) for _ in range(draw(st.sampled_from([1, 1, 1, 2])))]
    head = draw(st.sampled_from(["", "", f"# {CANARY}\n", f"%TAG !e! tag:{CANARY},2000:\n---\n"]))
    text: str = head + f"\n--- # {CANARY}\n".join(documents)
    text = draw(_broken(text))
    if draw(st.booleans()):
        text = text.replace("\n", draw(st.sampled_from(["\r\n", "\r", "\u2028"])))
    return str(draw(st.sampled_from(["", "", "\ufeff"]))) + text


@st.composite
def _document(draw: Draw) -> str:
    flow = draw(st.sampled_from(["jwt", "oauth2"]))
    data = _copy({**_BASE, flow: _FLOWS[flow]})
    for key in draw(st.sets(st.sampled_from(["profiles", "doctor", "n8n", "app", "description"]))):
        del data[key]
    for _ in range(draw(st.integers(1, 3))):
        _plant(draw, data)
    writer = _Writer(draw)
    if draw(st.sampled_from([True, False, False])):
        return writer.flow(data, "  ") + "\n"
    return writer.block(data, "").lstrip("\n")


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return list(map(_copy, value)) if isinstance(value, list) else value


def _plant(draw: Draw, data: dict[str, Any]) -> None:
    """Puts a canary somewhere."""
    kind = draw(st.sampled_from(["text", "shape", "address", "key", "known", "twice", "id"]))
    if kind == "text":
        _set(data, draw(st.sampled_from(_FORMED)), draw(st.sampled_from(_TEXTS)))
    elif kind == "shape":
        route = draw(st.sampled_from(_FORMED + _ADDRESSED + _FREE))
        _set(data, route, _copy(draw(st.sampled_from(_ANYWHERE))))
    elif kind == "address":
        _set(data, draw(st.sampled_from(_ADDRESSED)), draw(st.sampled_from(_ADDRESSES)))
    elif kind == "id":  # one that n8n can't take
        _set(data, ("n8n", "id"), draw(st.sampled_from([f"{CANARY}/x", f"{CANARY}-{CANARY}"])))
    elif kind == "key":
        parent = draw(st.sampled_from(_PARENTS))
        _set(data, (*parent, draw(st.sampled_from(_KEYS))), draw(st.sampled_from(["x", None, {}])))
    elif kind == "known":  # a field that is known elsewhere, or nearly
        parent = draw(st.sampled_from(_PARENTS))
        name = draw(st.sampled_from(["client_secret", "pasword", "clientSecret", "descriptio"]))
        _set(data, (*parent, name), CANARY)
    else:
        parent = draw(st.sampled_from(_PARENTS))
        _set(
            data, (*parent, draw(st.sampled_from(["client_secret", CANARY]))), Doubled("x", CANARY)
        )


_KEYS = (CANARY, f"{CANARY} x", f"name {CANARY}", f"client_secret:{CANARY}", "<<")


def _set(data: Any, route: tuple[str | int, ...], value: object) -> None:
    *parents, last = route
    for step in parents:
        if not isinstance(data, dict | list):
            return
        if isinstance(data, dict) and isinstance(step, str):
            data = data.setdefault(step, {})
    if isinstance(data, dict) and isinstance(last, str):
        data[last] = value
    if isinstance(data, list) and isinstance(last, int) and data:
        data[last] = value


@st.composite
def _broken(draw: Draw, text: str) -> str:
    """Often as it is; else cut off, or with a sign too much somewhere."""
    if draw(st.sampled_from([True, True, False])):
        return text
    at = draw(st.integers(0, len(text)))
    sign: str = draw(
        st.sampled_from(["", "\t", '"', "'", "{", "]", ": ", "\n ", "`", "@", "%", "|", "&"])
    )
    return text[:at] + sign + (text[at:] if draw(st.booleans()) else "")


class _Writer:
    """Writes data as YAML, each part in a style that is drawn."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def _one(self, *choices: str) -> str:
        return str(self._draw(st.sampled_from(choices)))

    def _once_in(self, number: int) -> bool:
        return bool(self._draw(st.integers(1, number)) == 1)

    def _comment(self) -> str:
        return self._one("", "", "", f"  # {CANARY}", f" #{CANARY}: {CANARY}")

    def _property(self) -> str:
        return self._one(*[""] * 50, f"&{CANARY} ", "!!str ", f"!{CANARY} ", f"&{CANARY}\n      ")

    def block(self, value: Any, indent: str) -> str:
        """What follows a key's colon, or a list's hyphen, up to and with the line's end."""
        if isinstance(value, dict | list) and (not value or self._once_in(5)):
            return f" {self._property()}{self.flow(value, indent + '  ')}{self._comment()}\n"
        if isinstance(value, dict):
            lines = [self._pair(key, item, indent) for key, item in value.items()]
            return self._comment() + "\n" + "".join(lines)
        if isinstance(value, list):
            return "\n" + "".join(f"{indent}-{self.block(v, indent + '  ')}" for v in value)
        text = self._scalar(value, indent + "  ", in_flow=False)
        end = "" if text[:1] in "|>" else self._comment()
        return f" {self._property()}{text}{end}\n"

    def _pair(self, key: str, value: Any, indent: str) -> str:
        above = self._one(*[""] * 6, f"{indent}# {CANARY}\n")
        if isinstance(value, Doubled):
            return self._pair(key, value.first, indent) + self._pair(key, value.second, indent)
        name = self._key(key)
        if self._once_in(9):
            return f"{above}{indent}? {name}\n{indent}:{self.block(value, indent + '  ')}"
        return f"{above}{indent}{name}:{self.block(value, indent + '  ')}"

    def flow(self, value: Any, indent: str) -> str:
        """In braces, brackets and quotes, in one line or several."""
        if isinstance(value, dict):
            return "{" + self._joined(list(self._flow_pairs(value, indent)), indent) + "}"
        if isinstance(value, list):
            return "[" + self._joined([self.flow(item, indent) for item in value], indent) + "]"
        return self._scalar(value, indent, in_flow=True)

    def _flow_pairs(self, value: dict[str, Any], indent: str) -> list[str]:
        pairs = []
        for key, item in value.items():
            both = (item.first, item.second) if isinstance(item, Doubled) else (item,)
            for one in both:
                quoted = self._once_in(2)
                name = f'"{key}"' if quoted else self._key(key)
                colon = self._one(":", ": ") if quoted else ": "
                pairs.append(f"{name}{colon}{self.flow(one, indent)}")
        return pairs

    def _joined(self, parts: list[str], indent: str) -> str:
        between = self._one(", ", ",", f",\n{indent}", f", # {CANARY}\n{indent}")
        return between.join(parts)

    def _key(self, key: str) -> str:
        if not re.fullmatch(r"[\w]+", key):
            return self._one(f"'{key}'", f'"{key}"')
        return self._one(key, key, key, f"'{key}'", f'"{key}"', f"&{CANARY} {key}")

    def _scalar(self, value: Any, indent: str, *, in_flow: bool) -> str:
        if not isinstance(value, str):
            return {True: "true", False: "false", None: "null"}.get(value, str(value))
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        styles = [f'"{escaped}"']
        if "\n" not in value:
            styles += ["'" + value.replace("'", "''") + "'"]
        if re.fullmatch(r"[A-Za-z$][\w./@:$=-]*\w", value) and ": " not in value:
            styles += [value] * 3
            styles += [f"x\n{indent}  {value}", f'"x\n{indent}  {value}"']
        if value == CANARY:
            styles += [f"*{CANARY}"]
        if not in_flow:
            body = value.strip().replace("\n", f"\n{indent}")
            styles += [f"{mark}{self._comment()}\n{indent}{body}" for mark in ("|", ">-", "|+")]
        return self._one(*styles)


def leaks(text: str) -> str | None:
    """Where a text contains a part of the canary, however it is written; None if it doesn't."""
    folded = re.sub(r"[\s\\]", "", text).lower()
    windows = (CANARY[i : i + WINDOW].lower() for i in range(len(CANARY) - WINDOW + 1))
    at = next((folded.index(part) for part in windows if part in folded), None)
    return None if at is None else folded[max(0, at - 100) : at + 30]
