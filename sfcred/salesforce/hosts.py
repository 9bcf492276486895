"""Tell whose host a name is, and whether you can log in there.

Hosts are always matched by whole labels from the end, so look-alikes never pass.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from sfcred.salesforce.host_tables import (
    ALTERNATIVE_SUFFIX,
    INTERNAL_SUFFIXES,
    OWN_SUFFIXES,
    PARTITIONS,
    PROXY_SUFFIX,
    SINGLE_HOSTS,
    SURFACES,
    TRUSTED_SUFFIXES,
    Environment,
    HostKind,
    Surface,
)
from sfcred.text.near import is_close


class Host(NamedTuple):
    """A host, and what its name tells about it.

    Attributes:
        name: The host name in lower case.
        kind: What the host can be used for.
        environment: Production or sandbox, or None if the name doesn't tell.
        what: What the host is, in words that fit after "is": "the address of a Lightning page".
        my_domain: For a host that is not an authority: the My Domain URL of the same org, if it can
            be derived from the name.
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

    @property
    def my_domain_host(self) -> str:
        """The host name of the org's My Domain; this one's, if the name doesn't tell."""
        return (self.my_domain or self.name).removeprefix("https://")


class _HostParts(NamedTuple):
    """The parts of a host before its suffix: `acme--uat.sandbox` or `acme--uat.cs12`."""

    names: list[str]
    org: str
    sandbox: str | None
    partition: str | None
    instance: str | None

    @property
    def lacks_sandbox(self) -> bool:
        """Whether it is below `sandbox`, but without the sandbox's name after two hyphens."""
        return self.partition == "sandbox" and self.sandbox is None

    @property
    def outdated(self) -> bool:
        """Whether the name predates enhanced domains, which always partition sandbox names."""
        return self.instance is not None or (self.partition is None and self.sandbox is not None)


@lru_cache(maxsize=256)
def classify(host: str) -> Host:
    """Return what a host is, judging by its name alone.

    Args:
        host: A host name without scheme, port or path, in upper or lower case.

    Returns:
        The host with its kind. A name that is not a well-formed DNS name is FOREIGN.
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
    """Return whether a well-formed host is below a suffix that the Salesforce CLI trusts.

    This is stricter than `classify`: sites, Setup and alternative suffixes are Salesforce's too,
    but are not on the CLI's list.

    Args:
        host: A host name without scheme, port or path.
    """
    name = host.lower()
    return host.isascii() and is_host_name(name) and name.endswith(TRUSTED_SUFFIXES)


def is_destination(host: str) -> bool:
    """Return whether a secret may be sent to a host: a My Domain or a general login host.

    Hosts with customers' sites, files or packages are Salesforce's too, but a customer's own page
    could answer there.

    Args:
        host: A host name without scheme, port or path.
    """
    kinds = (HostKind.MY_DOMAIN, HostKind.GENERIC_LOGIN)
    return is_salesforce(host) and classify(host).kind in kinds


# The domains of logins, the usual one first. Typos are judged without the dots and hyphens.
_LOGIN_DOMAINS = ("my.salesforce.com", "my.salesforce.mil", "my.sfcrmproducts.cn", "salesforce.com")


def meant_host(name: str) -> str | None:
    """Return the Salesforce host that a misspelled name probably stands for, or None."""
    labels = name.lower().split(".")
    if labels[-2:] == ["my", "salesforce"] and len(labels) > 2:  # noqa: PLR2004 - NAME.my.salesforce
        host = f"{name.lower()}.com"
        return host if classify(host).kind in _FOR_LOGINS else None
    if labels[-2:] == ["salesforce", "com"]:
        return _meant_below(labels[:-2]) if labels[:-2] else None
    if classify(name).kind in _FOR_LOGINS:
        return None
    for domain in _LOGIN_DOMAINS:
        for size in (4, 3, 2):
            rest, end = labels[:-size], "".join(labels[-size:])
            is_near = is_close(end, domain.replace(".", ""), _TYPOS)
            if rest and is_near and classify(host := ".".join([*rest, domain])).kind in _FOR_LOGINS:
                return host
    return None


def _meant_below(labels: list[str]) -> str | None:
    """Return the login host that the labels before salesforce.com probably stand for, or None."""
    right = _corrected(labels)
    host = ".".join([*right, "salesforce.com"])
    return host if right != labels and classify(host).kind in _FOR_LOGINS else None


def _corrected(labels: list[str]) -> list[str]:
    *names, last = labels
    if not names:
        near = next((word for word in ("login", "test") if is_close(last, word, 1)), None)
        is_site = last in _SITES or _is_instance(last)
        return [near] if near and not is_site else labels if is_site else [last, "my"]
    if last == "my":
        return _with_sandbox([*names[:-1], _near_partition(names[-1]), last])
    if last in PARTITIONS:
        return [*labels, "my"]
    return [*names, "my"] if is_close(last, "my", 1) else labels


def _with_sandbox(labels: list[str]) -> list[str]:
    """Write a sandbox's name after two hyphens: `acme-uat.sandbox.my` is `acme--uat.sandbox.my`."""
    match labels:
        case [label, "sandbox", last] if "--" not in label:
            org, hyphen, sandbox = label.rpartition("-")
            return [f"{org}--{sandbox}", "sandbox", last] if org and hyphen else labels
        case _:
            return labels


def _near_partition(label: str) -> str:
    """Return the partition that a label is a typo of; the label itself if it is none."""
    long = [known for known in PARTITIONS if len(known) >= _LONG_ENOUGH]
    if label in PARTITIONS or len(label) < _LONG_ENOUGH:
        return label
    return next((known for known in long if is_close(label, known, _TYPOS)), label)


# Shorter names differ by so few letters that a typo can't be told from another name.
_LONG_ENOUGH = 6
# Salesforce's own sites, which are no orgs.
_SITES = frozenset(
    (
        "www", "status", "help", "trust", "developer", "developers", "support", "success", "api",
        "trailhead", "appexchange", "admin", "partners", "info", "security", "login", "test", "go",
        "my", "c", "welcome", "mobile", "investor", "compliance",
    )
)  # fmt: skip
# One letter too many, two swapped, or a missing dot: more would be another name.
_TYPOS = 2
_FOR_LOGINS = (HostKind.MY_DOMAIN, HostKind.GENERIC_LOGIN)


def is_shared(suffix: str) -> bool:
    """Return whether different customers can have hosts below a name, as with my.salesforce.com.

    Args:
        suffix: A name without a leading dot, such as `sandbox.my.salesforce.com`.
    """
    name = suffix.lower()
    own = (*SURFACES, *(known.removeprefix(".") for known in OWN_SUFFIXES))
    if any(f".{known}".endswith(f".{name}") for known in own):
        return True
    first = name.partition(".")[0]
    names_an_org = classify(name).org is not None
    is_own = name.endswith(OWN_SUFFIXES)
    return is_own and (not names_an_org or first in PARTITIONS or _is_instance(first))


def is_host_name(text: str) -> bool:
    """Return whether a text is an ASCII DNS host name of two or more labels (RFC 1123).

    Args:
        text: The name. A trailing dot is not accepted.
    """
    label = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    return len(text) <= 253 and re.fullmatch(rf"(?:{label}\.)+{label}", text) is not None  # noqa: PLR2004 - RFC 1035


def _foreign(name: str) -> Host:
    return Host(name, HostKind.FOREIGN, None, "not one of Salesforce's hosts")


def _single_host(name: str) -> Host | None:
    known = SINGLE_HOSTS.get(name)
    return Host(name, *known) if known else None


def _proxied(name: str) -> Host | None:
    if not name.endswith(PROXY_SUFFIX):
        return None
    behind = classify(name.removesuffix(PROXY_SUFFIX))
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
    if not f".{name}".endswith(INTERNAL_SUFFIXES):
        return None
    return Host(name, HostKind.INTERNAL, None, "a host for Salesforce's own staff")


def _instance(name: str) -> Host | None:
    """Match `na44.salesforce.com` and, on Hyperforce, `usa2s.sfdc-abc.salesforce.com`."""
    first, _, rest = name.partition(".")
    first = first.removesuffix("-api")
    if not (
        _is_instance(first) and re.fullmatch(r"(?:sfdc-[a-z0-9-]+\.)?(?:sales)?force\.com", rest)
    ):
        return None
    environment: Environment | None = "sandbox" if _is_sandbox_instance(first) else None
    what = "the address of a Salesforce instance, not of an org"
    return Host(name, HostKind.NOT_AN_AUTHORITY, environment, what)


def _own(name: str) -> Host | None:
    if not f".{name}".endswith(OWN_SUFFIXES):
        return None
    what = "a Salesforce address, but not one where an org's users log in"
    return Host(name, HostKind.NOT_AN_AUTHORITY, None, what)


def _org_host(name: str) -> Host | None:
    """Match the host of one org: a name before one of the suffixes in the table."""
    labels = name.split(".")
    for first in range(len(labels)):
        if surface := SURFACES.get(".".join(labels[first:])):
            place = _place(labels[:first], surface)
            return _describe(name, surface, place) if place else None
    return None


def _place(labels: list[str], surface: Surface) -> _HostParts | None:
    """Split the labels before a suffix. Return None if their format is unknown."""
    names, instance, partition = labels, None, None
    if len(labels) > 1:
        names, last = labels[:-1], labels[-1]
        instance, partition = (last, None) if _is_instance(last) else (None, last)
    match names:
        case [label]:
            label = label.rpartition("--")[0] if surface.tag else label
            names = [label]
            org, _, sandbox = label.partition("--")
        case [sandbox, org] if partition == "sandbox" and surface.authority == ALTERNATIVE_SUFFIX:
            pass
        case _:
            return None
    if not org or org in PARTITIONS:
        return None
    return _HostParts(names, org, sandbox or None, partition, instance)


def _describe(name: str, surface: Surface, place: _HostParts) -> Host:
    kind, what = surface.kind, surface.what
    if kind is HostKind.MY_DOMAIN and place.outdated:
        kind, what = HostKind.NOT_AN_AUTHORITY, "an address from before enhanced domains"
    elif kind is HostKind.MY_DOMAIN and place.lacks_sandbox:
        kind, what = (
            HostKind.NOT_AN_AUTHORITY,
            "a sandbox's address without two hyphens before the sandbox's name",
        )
    elif kind is HostKind.MY_DOMAIN and (partition := PARTITIONS.get(place.partition or "")):
        what = f"the My Domain of {partition.org}"
    return Host(
        name,
        kind,
        _environment(kind, place),
        what,
        _my_domain(surface, place) if kind is HostKind.NOT_AN_AUTHORITY else None,
        place.sandbox,
        place.org,
    )


def _environment(kind: HostKind, place: _HostParts) -> Environment | None:
    if place.partition:
        known = PARTITIONS.get(place.partition)
        return known.environment if known else None
    if place.sandbox or (place.instance and _is_sandbox_instance(place.instance)):
        return "sandbox"
    return None if kind is HostKind.EXPERIENCE_CLOUD else "production"


def _my_domain(surface: Surface, place: _HostParts) -> str | None:
    """Return the same org's My Domain, or None if the host leaves out the sandbox's name."""
    if surface.authority is None or place.lacks_sandbox:
        return None
    partition = place.partition or ("sandbox" if place.sandbox else None)
    if place.instance and _is_sandbox_instance(place.instance) and not place.sandbox:
        return None
    parts = [*place.names, *([partition] if partition else []), surface.authority]
    return f"https://{'.'.join(parts)}"


def _is_instance(label: str) -> bool:
    """Match `na44`, `cs9`, `um1`, and on Hyperforce `usa123` or `deu12s`."""
    return re.fullmatch(r"(?:na|eu|ap|cs|um|gs|[a-z]{3})\d{1,4}s?", label) is not None


def _is_sandbox_instance(label: str) -> bool:
    return label.startswith("cs") or label.endswith("s")
