"""Whose host is it, and can it authorize: Salesforce's host names as tables.

The formats are those of Salesforce's help pages "My Domain URL Formats" and "Partitioned
Domains" and of the domain rules in Salesforce's own command line (`@salesforce/core`). A host
is always matched by whole labels from its end, so that a look-alike never passes.
"""

import enum
import re
from typing import Literal, NamedTuple

from sfcred.urls import UrlParts, take_apart

Environment = Literal["production", "sandbox"]


class HostKind(enum.Enum):
    """What a host is good for in an OAuth flow."""

    GENERIC_LOGIN = "generic login"
    MY_DOMAIN = "My Domain"
    EXPERIENCE_CLOUD = "Experience Cloud"
    NOT_AN_AUTHORITY = "not an authority"
    INTERNAL = "internal"
    FOREIGN = "foreign"


class Host(NamedTuple):
    """A host name and what it says about itself.

    Attributes:
        name: The host name in lower case.
        kind: What the host is good for.
        environment: Production or sandbox, as far as the name itself tells; else None.
        what: The same in words that fit after "is": "a Lightning page's address".
        my_domain: For a host that is no authority: the My Domain URL it stands for, where the
            name tells it.
        sandbox: The sandbox's name: "uat" of `acme--uat.sandbox.my.salesforce.com`.
        org: The My Domain name: "acme".
    """

    name: str
    kind: HostKind
    environment: Environment | None
    what: str
    my_domain: str | None = None
    sandbox: str | None = None
    org: str | None = None


class UrlFault(NamedTuple):
    """One thing that is wrong with a My Domain as it is written, and what to do about it."""

    what: str
    hint: str


class _Partition(NamedTuple):
    """What a partition says: which login host its orgs have, and what sort of org it is."""

    environment: Environment | None
    org: str


class _Surface(NamedTuple):
    """What is served below a suffix.

    Attributes:
        kind: What such a host is good for.
        what: The same in words.
        authority: The suffix of the My Domain that the same org has, where names correspond.
        tag: What the last `--…` of the first label names, where that is no sandbox.
    """

    kind: HostKind
    what: str
    authority: str | None
    tag: str | None = None


class _HostParts(NamedTuple):
    """What stands before a suffix, taken apart: `acme--uat.sandbox` or `acme--uat.cs12`."""

    names: list[str]
    org: str
    sandbox: str | None
    partition: str | None
    instance: str | None

    @property
    def outdated(self) -> bool:
        """A form from before enhanced domains, which always partition a sandbox's name."""
        return self.instance is not None or (self.partition is None and self.sandbox is not None)


# Salesforce help, "Partitioned Domains"; the last four appear in Salesforce's own code only.
_PARTITIONS = {
    "sandbox": _Partition("sandbox", "a sandbox"),
    "scratch": _Partition("sandbox", "a scratch org"),
    "develop": _Partition("production", "a Developer Edition org"),
    "trailblaze": _Partition("production", "a Trailhead playground"),
    "demo": _Partition("production", "a demo org"),
    "patch": _Partition("production", "a patch org"),
    "free": _Partition(None, "a free org"),
    "bt": _Partition(None, "an org of Salesforce's own"),
    "sfdctest": _Partition(None, "an org of Salesforce's own"),
    "sfdcdot": _Partition(None, "an org of Salesforce's own"),
    "sfrestore": _Partition(None, "an org of Salesforce's own"),
}

_COM, _MIL, _CN, _ALT = (
    "my.salesforce.com",
    "my.salesforce.mil",
    "my.sfcrmproducts.cn",
    "my-salesforce.com",
)
_YES, _SITE, _NO = HostKind.MY_DOMAIN, HostKind.EXPERIENCE_CLOUD, HostKind.NOT_AN_AUTHORITY

# fmt: off
_SURFACES = {
    # suffix                           kind   what                                 authority
    _COM: _Surface(                    _YES,  "a My Domain",                       _COM),
    _MIL: _Surface(                    _YES,  "a My Domain of Government Cloud",   _MIL),
    _CN: _Surface(                     _YES,  "a My Domain on Alibaba Cloud",      _CN),
    _ALT: _Surface(                    _YES,  "a My Domain of the other form",     _ALT),
    "my.site.com": _Surface(           _SITE, "an Experience Cloud site's address",_COM),
    "force.com": _Surface(             _SITE, "a site's old address",              None),
    "secure.force.com": _Surface(      _NO,   "an old Salesforce Sites address",   None),
    "my.salesforce-sites.com": _Surface(_NO,  "a Salesforce Sites address",        _COM),
    "lightning.force.com": _Surface(   _NO,   "a Lightning page's address",        _COM),
    "lightning.crmforce.mil": _Surface(_NO,   "a Lightning page's address",        _MIL),
    "lightning.sfcrmapps.cn": _Surface(_NO,   "a Lightning page's address",        _CN),
    "my-lightning.com": _Surface(      _NO,   "a Lightning page's address",        _ALT),
    "my.salesforce-setup.com": _Surface(_NO,  "a Setup page's address",            _COM),
    "my.salesforce-scrt.com": _Surface(_NO,   "a messaging address",               _COM),
    "file.force.com": _Surface(        _NO,   "a file's address",                  _COM),
    "vf.force.com": _Surface(          _NO,   "a Visualforce page's address",      _COM, "package"),
    "visual.force.com": _Surface(      _NO,   "a Visualforce page's old address",  _COM, "package"),
    "container.force.com": _Surface(   _NO,   "a Lightning container's address",   _COM, "package"),
    "content.force.com": _Surface(     _NO,   "a content address",                 _COM, "package"),
    "documentforce.com": _Surface(     _NO,   "a content address",                 _COM, "package"),
    "cloudforce.com": _Surface(        _NO,   "a My Domain with a retired suffix", _COM),
    "database.com": _Surface(          _NO,   "a My Domain with a retired suffix", _COM),
    "builder.salesforce-experience.com": _Surface(
                                       _NO,   "an Experience Builder address",     _COM),
    "preview.salesforce-experience.com": _Surface(
                                       _NO,   "an Experience Builder preview",     _COM),
    "live-preview.salesforce-experience.com": _Surface(
                                       _NO,   "an Experience Builder preview",     _COM),
}
# fmt: on

#: Where users of any org log in, by the sort of org: Salesforce's two general login hosts.
LOGIN_HOSTS: dict[Environment, str] = {
    "production": "login.salesforce.com",
    "sandbox": "test.salesforce.com",
}
#: The same as URLs, without a slash at the end: token hosts and audiences.
LOGIN_URLS = {environment: f"https://{host}" for environment, host in LOGIN_HOSTS.items()}

_SINGLE_HOSTS: dict[str, tuple[HostKind, Environment | None, str]] = {
    LOGIN_HOSTS["production"]: (
        HostKind.GENERIC_LOGIN,
        "production",
        "Salesforce's general login host for production",
    ),
    LOGIN_HOSTS["sandbox"]: (
        HostKind.GENERIC_LOGIN,
        "sandbox",
        "Salesforce's general login host for sandboxes",
    ),
    "api.salesforce.com": (_NO, None, "Salesforce's API gateway, which logs nobody in"),
    "test.api.salesforce.com": (_NO, None, "Salesforce's API gateway, which logs nobody in"),
    "gs1.salesforce.com": (HostKind.INTERNAL, None, "a host of Salesforce's own staff"),
}

# What `@salesforce/core` takes for Salesforce's internal hosts.
_INTERNAL_SUFFIXES = (
    ".stm.salesforce.com",
    ".stm.force.com",
    ".stm.salesforce.ms",
    ".blitz.salesforce.com",
    ".pc-rnd.salesforce.com",
    ".pc-rnd.force.com",
    ".localhost.sfdcdev.salesforce.com",
    ".crm.dev",
)

# Registered by Salesforce: a host below one of them is never called foreign.
_OWN_SUFFIXES = (
    ".salesforce.com",
    ".salesforce.mil",
    ".force.com",
    ".crmforce.mil",
    ".sfcrmproducts.cn",
    ".sfcrmapps.cn",
    ".my-salesforce.com",
    ".my-lightning.com",
    ".site.com",
    ".salesforce-setup.com",
    ".salesforce-sites.com",
    ".salesforce-experience.com",
    ".salesforce-scrt.com",
    ".salesforceliveagent.com",
    ".forceusercontent.com",
    ".documentforce.com",
    ".visualforce.com",
    ".cloudforce.com",
    ".database.com",
)

#: The allow-list of `@salesforce/core` 9, anchored. Not every host below is a destination for
#: secrets: some carry customers' sites (http.trust.permitted).
TRUSTED_SUFFIXES = (
    ".salesforce.com",
    ".force.com",
    ".cloudforce.com",
    ".salesforceliveagent.com",
    ".salesforce.mil",
    ".crmforce.mil",
    ".sfcrmproducts.cn",
)

#: Microsoft Defender for Cloud Apps puts this behind the host that it stands in front of.
_PROXY_SUFFIX = ".mcas.ms"


def classify(host: str) -> Host:
    """What a host is, judged by its name alone.

    Args:
        host: A host name without scheme, port or path, in any case of letters.

    Returns:
        The host with its kind. What is no well-formed DNS name is FOREIGN.
    """
    name = host.lower()
    if not (host.isascii() and is_host_name(name)):
        return _foreign(name)
    return (
        _single_host(name)
        or _proxied(name)
        or _internal(name)
        or _instance(name)
        or _org_host(name)
        or _own(name)
        or _foreign(name)
    )


def is_salesforce(host: str) -> bool:
    """True for a well-formed host below a suffix that Salesforce's own command line trusts.

    Stricter than `classify`: sites, Setup and alternative suffixes are Salesforce's too, but not
    on the list of Salesforce's own command line.

    Args:
        host: A host name without scheme, port or path.
    """
    name = host.lower()
    return host.isascii() and is_host_name(name) and name.endswith(TRUSTED_SUFFIXES)


def is_destination(host: str) -> bool:
    """Whether a secret may be sent to a host: a My Domain or a general login host.

    Hosts that carry customers' sites, files or packages are Salesforce's too, and still no
    destination: what answers there may be a customer's own page.

    Args:
        host: A host name without scheme, port or path.
    """
    kinds = (HostKind.MY_DOMAIN, HostKind.GENERIC_LOGIN)
    return is_salesforce(host) and classify(host).kind in kinds


def is_shared(suffix: str) -> bool:
    """Whether hosts of different customers may lie below a name, as below my.salesforce.com.

    Args:
        suffix: A name without a dot at its beginning, such as `sandbox.my.salesforce.com`.
    """
    name = suffix.lower()
    own = (*_SURFACES, *(known.removeprefix(".") for known in _OWN_SUFFIXES))
    if any(f".{known}".endswith(f".{name}") for known in own):
        return True
    first = name.partition(".")[0]
    names_an_org = classify(name).org is not None
    is_own = name.endswith(_OWN_SUFFIXES)
    return is_own and (not names_an_org or first in _PARTITIONS or _is_instance(first))


def is_host_name(text: str) -> bool:
    """True for a full DNS host name of two labels or more (RFC 1123), written in ASCII.

    Args:
        text: The name; a dot at its end makes it fail.
    """
    label = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    return len(text) <= 253 and re.fullmatch(rf"(?:{label}\.)+{label}", text) is not None  # noqa: PLR2004 - RFC 1035


def _foreign(name: str) -> Host:
    return Host(name, HostKind.FOREIGN, None, "not one of Salesforce's hosts")


def _single_host(name: str) -> Host | None:
    known = _SINGLE_HOSTS.get(name)
    return Host(name, *known) if known else None


def _proxied(name: str) -> Host | None:
    if not name.endswith(_PROXY_SUFFIX):
        return None
    behind = classify(name.removesuffix(_PROXY_SUFFIX))
    if behind.kind is HostKind.FOREIGN:
        return None
    usable = behind.kind in {HostKind.MY_DOMAIN, HostKind.GENERIC_LOGIN}
    return behind._replace(
        name=name,
        kind=HostKind.NOT_AN_AUTHORITY,
        what="a Microsoft Defender proxy in front of Salesforce, copied from a browser",
        my_domain=f"https://{behind.name}" if usable else behind.my_domain,
    )


def _internal(name: str) -> Host | None:
    if not f".{name}".endswith(_INTERNAL_SUFFIXES):
        return None
    return Host(name, HostKind.INTERNAL, None, "a host for Salesforce's own staff")


def _instance(name: str) -> Host | None:
    """`na44.salesforce.com` and, on Hyperforce, `usa2s.sfdc-abc.salesforce.com`."""
    first, _, rest = name.partition(".")
    first = first.removesuffix("-api")
    if not (
        _is_instance(first) and re.fullmatch(r"(?:sfdc-[a-z0-9-]+\.)?(?:sales)?force\.com", rest)
    ):
        return None
    environment: Environment | None = "sandbox" if _is_sandbox_instance(first) else None
    return Host(name, _NO, environment, "a Salesforce instance's address, not an org's")


def _own(name: str) -> Host | None:
    if not f".{name}".endswith(_OWN_SUFFIXES):
        return None
    return Host(name, _NO, None, "a Salesforce address, but none that logs an org's users in")


def _org_host(name: str) -> Host | None:
    """The host of one org: a name before one of the suffixes in the table."""
    labels = name.split(".")
    for first in range(len(labels)):
        if surface := _SURFACES.get(".".join(labels[first:])):
            place = _place(labels[:first], surface)
            return _describe(name, surface, place) if place else None
    return None


def _place(labels: list[str], surface: _Surface) -> _HostParts | None:
    """Takes apart what stands before a suffix; None where it has no form that is known."""
    names, instance, partition = labels, None, None
    if len(labels) > 1:
        names, last = labels[:-1], labels[-1]
        instance, partition = (last, None) if _is_instance(last) else (None, last)
    match names:
        case [label]:
            label = label.rpartition("--")[0] if surface.tag else label
            names = [label]
            org, _, sandbox = label.partition("--")
        case [sandbox, org] if partition == "sandbox" and surface.authority == _ALT:
            pass
        case _:
            return None
    if not org or org in _PARTITIONS:
        return None
    return _HostParts(names, org, sandbox or None, partition, instance)


def _describe(name: str, surface: _Surface, place: _HostParts) -> Host:
    kind, what = surface.kind, surface.what
    if kind is _YES and place.outdated:
        kind, what = _NO, "an address from before enhanced domains"
    elif kind is _YES and (partition := _PARTITIONS.get(place.partition or "")):
        what = f"the My Domain of {partition.org}"
    return Host(
        name,
        kind,
        _environment(kind, place),
        what,
        _my_domain(surface, place) if kind is _NO else None,
        place.sandbox,
        place.org,
    )


def _environment(kind: HostKind, place: _HostParts) -> Environment | None:
    if place.partition:
        known = _PARTITIONS.get(place.partition)
        return known.environment if known else None
    if place.sandbox or (place.instance and _is_sandbox_instance(place.instance)):
        return "sandbox"
    return None if kind is _SITE else "production"


def _my_domain(surface: _Surface, place: _HostParts) -> str | None:
    """The My Domain of the same org; None where the host leaves the sandbox's name out."""
    if surface.authority is None:
        return None
    partition = place.partition or ("sandbox" if place.sandbox else None)
    if place.instance and _is_sandbox_instance(place.instance) and not place.sandbox:
        return None
    parts = [*place.names, *([partition] if partition else []), surface.authority]
    return f"https://{'.'.join(parts)}"


def _is_instance(label: str) -> bool:
    """`na44`, `cs9`, `um1`, and on Hyperforce `usa123` or `deu12s`."""
    return re.fullmatch(r"(?:na|eu|ap|cs|um|gs|[a-z]{3})\d{1,4}s?", label) is not None


def _is_sandbox_instance(label: str) -> bool:
    return label.startswith("cs") or label.endswith("s")


def inspect_my_domain(value: str) -> tuple[str | None, tuple[UrlFault, ...]]:
    """Judges a My Domain as it is written: its form, not whose it is.

    n8n (2.20.0 and later) takes one slash off the value's end and uses the rest unchanged, as the
    assertion's audience and in front of `/services/oauth2/token`. So everything but
    `https://HOST` breaks one of the two. No fault repeats the value's user info, path, query or
    fragment: an address copied from a browser may hold a session.

    Args:
        value: The text from the spec.

    Returns:
        The host name in lower case, or None where none can be made out; and what is wrong.
    """
    written = _meant(value)
    host, host_faults = _judge_host(written.host)
    faults = (*_judge_text(value), *_judge_scheme(written), *host_faults, *_judge_rest(written))
    hint = f"Write {_suggestion(host)}."
    return host, tuple(UrlFault(what, hint) for what in faults)


def repaired_my_domain(value: str) -> str | None:
    """The My Domain URL that a wrongly written one certainly means.

    Args:
        value: The text from the spec.

    Returns:
        The URL, or None where something would have to be guessed, or where what is to go may
        have been meant: another host, a port, a user name.
    """
    written = _meant(value)
    name, _faults = _judge_host(written.host)
    if name is None or written.user_info or written.port is not None:
        return None
    host = classify(name)
    return f"https://{host.name}" if host.kind is HostKind.MY_DOMAIN else host.my_domain


def _meant(value: str) -> UrlParts:
    """The parts of what a person wrote: without quotes, and with backslashes as slashes."""
    return take_apart(value.strip().strip("\"'<>").strip().replace("\\", "/"))


def _judge_text(value: str) -> list[str]:
    faults = []
    if value != value.strip():
        faults.append("there is white space around it, which n8n keeps")
    bare = value.strip()
    if any(sign.isspace() or not sign.isprintable() for sign in bare):
        faults.append("there is white space or an invisible sign inside it")
    if bare != bare.strip("\"'<>"):
        faults.append("quotes or angle brackets are part of it")
    if "\\" in bare:
        faults.append("it has a backslash where a URL has a slash")
    return faults


def _judge_scheme(written: UrlParts) -> list[str]:
    scheme = written.scheme.lower()
    if not scheme:
        return ["https:// is missing: without it n8n has no URL to ask for a token"]
    if scheme == "http":
        return ["it starts with http://: Salesforce issues tokens over https only"]
    if scheme != "https":
        return ["it starts with another scheme than https"]
    if written.slashes != "//":
        return ["https: must be followed by exactly two slashes"]
    if written.scheme != "https":
        return ["https has capital letters: Salesforce may not recognise the audience"]
    return []


def _judge_host(written: str) -> tuple[str | None, list[str]]:
    """The usable name of a host as it is written, and what is wrong with it."""
    host = written.lower().removesuffix(".")
    if _is_address(host):
        return host.strip("[]"), ["it is an IP address, for which Salesforce has no certificate"]
    if host in {"http", "https"}:
        return None, ["the scheme stands there twice"]
    # Lower-casing turns some signs outside ASCII, such as the Kelvin sign, into ASCII letters.
    if not (written.isascii() and is_host_name(f"{host}.com")):
        return None, [_why_no_name(written)]
    faults = []
    if "." not in host:
        faults.append("the host is a single word, not a full name")
    if written.endswith("."):
        faults.append("the host ends with a dot: Salesforce may not recognise the audience")
    if written != written.lower():
        faults.append("the host has capital letters: Salesforce may not recognise the audience")
    return host, faults


def _why_no_name(written: str) -> str:
    if not written:
        return "it names no host"
    if not written.isascii():
        return "the host has letters outside ASCII, perhaps look-alikes of Latin ones"
    if "_" in written:
        return "the host has an underscore, which no My Domain has"
    return "the host is no well-formed name"


def _judge_rest(written: UrlParts) -> list[str]:
    faults = []
    if written.user_info:
        faults.append("it has a user name or password before an @")
    if written.port is not None:
        faults.append("it has a port, which would become part of the audience")
    if written.path.strip("/"):
        faults.append("it has a path, to which n8n would append /services/oauth2/token")
    elif len(written.path) > 1:
        faults.append("it ends with several slashes, of which n8n takes off only one")
    if written.query is not None:
        faults.append("it has a query (?…), which breaks audience and token URL")
    if written.fragment is not None:
        faults.append("it has a fragment (#…), which breaks audience and token URL")
    return faults


def _is_address(host: str) -> bool:
    numbers = r"[0-9]+(?:\.(?:0x[0-9a-f]+|[0-9]+))*|\[?[0-9a-f.]*:[0-9a-f:.]*\]?"
    return re.fullmatch(numbers, host) is not None


def _suggestion(host: str | None) -> str:
    """What to write instead; never a host that isn't Salesforce's."""
    if host and "." not in host and host != "localhost":
        host = f"{host}.{_COM}"
    known = classify(host or "")
    if known.kind in {HostKind.FOREIGN, HostKind.INTERNAL}:
        return "the org's My Domain, as https://NAME.my.salesforce.com"
    return known.my_domain or f"https://{known.name}"
