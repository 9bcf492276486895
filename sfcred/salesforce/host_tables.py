"""Tables of Salesforce's host names.

Sources: Salesforce's help pages "My Domain URL Formats" and "Partitioned Domains", and the domain
rules in the Salesforce CLI (`@salesforce/core`).
"""

import enum
from typing import Literal, NamedTuple

Environment = Literal["production", "sandbox"]


class HostKind(enum.Enum):
    """What a host can be used for in an OAuth flow."""

    GENERIC_LOGIN = "generic login"
    MY_DOMAIN = "My Domain"
    EXPERIENCE_CLOUD = "Experience Cloud"
    NOT_AN_AUTHORITY = "not an authority"
    INTERNAL = "internal"
    FOREIGN = "foreign"


class Partition(NamedTuple):
    """What a partition tells about its orgs: their login host, and what kind of org they are."""

    environment: Environment | None
    org: str


class Surface(NamedTuple):
    """What hosts below a suffix serve.

    Attributes:
        kind: What such a host can be used for.
        what: The same in words.
        authority: The suffix of the same org's My Domain, if its name can be derived.
        tag: What the last `--…` of the first label names, if it isn't a sandbox.
    """

    kind: HostKind
    what: str
    authority: str | None
    tag: str | None = None


# Salesforce help, "Partitioned Domains". The last four appear only in Salesforce's own code.
PARTITIONS = {
    "sandbox": Partition("sandbox", "a sandbox"),
    "scratch": Partition("sandbox", "a scratch org"),
    "develop": Partition("production", "a Developer Edition org"),
    "trailblaze": Partition("production", "a Trailhead playground"),
    "demo": Partition("production", "a demo org"),
    "patch": Partition("production", "a patch org"),
    "free": Partition(None, "a free org"),
    "bt": Partition(None, "one of Salesforce's own orgs"),
    "sfdctest": Partition(None, "one of Salesforce's own orgs"),
    "sfdcdot": Partition(None, "one of Salesforce's own orgs"),
    "sfrestore": Partition(None, "one of Salesforce's own orgs"),
}

_COM, _MIL, _CN, _ALT = (
    "my.salesforce.com",
    "my.salesforce.mil",
    "my.sfcrmproducts.cn",
    "my-salesforce.com",
)
#: The end of a My Domain's host.
MY_DOMAIN_SUFFIX = _COM
#: The same in the alternative format, which puts the sandbox's name in a label before the org's.
ALTERNATIVE_SUFFIX = _ALT
_YES, _SITE, _NO = HostKind.MY_DOMAIN, HostKind.EXPERIENCE_CLOUD, HostKind.NOT_AN_AUTHORITY

# fmt: off
SURFACES = {
    # suffix                           kind   what                                 authority
    _COM: Surface(                    _YES,  "a My Domain",                       _COM),
    _MIL: Surface(                    _YES,  "a My Domain of Government Cloud",   _MIL),
    _CN: Surface(                     _YES,  "a My Domain on Alibaba Cloud",      _CN),
    _ALT: Surface(                    _YES,  "a My Domain in another format",     _ALT),
    "my.site.com": Surface(           _SITE, "an Experience Cloud site address",  _COM),
    "force.com": Surface(             _SITE, "an old site address",               None),
    "secure.force.com": Surface(      _NO,   "an old Salesforce Sites address",   None),
    "my.salesforce-sites.com": Surface(_NO,  "a Salesforce Sites address",        _COM),
    "lightning.force.com": Surface(   _NO,   "the address of a Lightning page",   _COM),
    "lightning.crmforce.mil": Surface(_NO,   "the address of a Lightning page",   _MIL),
    "lightning.sfcrmapps.cn": Surface(_NO,   "the address of a Lightning page",   _CN),
    "my-lightning.com": Surface(      _NO,   "the address of a Lightning page",   _ALT),
    "my.salesforce-setup.com": Surface(_NO,  "the address of a Setup page",       _COM),
    "my.salesforce-scrt.com": Surface(_NO,   "a messaging address",               _COM),
    "file.force.com": Surface(        _NO,   "the address of a file",             _COM),
    "vf.force.com": Surface(          _NO,   "the address of a Visualforce page", _COM, "package"),
    "visual.force.com": Surface(      _NO,   "an old Visualforce page address",   _COM, "package"),
    "container.force.com": Surface(   _NO,   "a Lightning container address",     _COM, "package"),
    "content.force.com": Surface(     _NO,   "a content address",                 _COM, "package"),
    "documentforce.com": Surface(     _NO,   "a content address",                 _COM, "package"),
    "cloudforce.com": Surface(        _NO,   "a My Domain with a retired suffix", _COM),
    "database.com": Surface(          _NO,   "a My Domain with a retired suffix", _COM),
    "builder.salesforce-experience.com": Surface(
                                       _NO,   "an Experience Builder address",     _COM),
    "preview.salesforce-experience.com": Surface(
                                       _NO,   "an Experience Builder preview",     _COM),
    "live-preview.salesforce-experience.com": Surface(
                                       _NO,   "an Experience Builder preview",     _COM),
}
# fmt: on

#: Salesforce's two general login hosts, where users of any org can log in.
LOGIN_HOSTS: dict[Environment, str] = {
    "production": "login.salesforce.com",
    "sandbox": "test.salesforce.com",
}
#: The same as URLs without a trailing slash, for token requests and audiences.
LOGIN_URLS = {environment: f"https://{host}" for environment, host in LOGIN_HOSTS.items()}

SINGLE_HOSTS: dict[str, tuple[HostKind, Environment | None, str]] = {
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
    "api.salesforce.com": (_NO, None, "Salesforce's API gateway"),
    "test.api.salesforce.com": (_NO, None, "Salesforce's API gateway"),
    "gs1.salesforce.com": (HostKind.INTERNAL, None, "a host for Salesforce's own staff"),
}

# The hosts that `@salesforce/core` treats as internal.
INTERNAL_SUFFIXES = (
    ".stm.salesforce.com",
    ".stm.force.com",
    ".stm.salesforce.ms",
    ".blitz.salesforce.com",
    ".pc-rnd.salesforce.com",
    ".pc-rnd.force.com",
    ".localhost.sfdcdev.salesforce.com",
    ".crm.dev",
)

# Registered by Salesforce. A host below one of these is never called foreign.
OWN_SUFFIXES = (
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

#: The allowlist of `@salesforce/core` 9, anchored. Secrets don't go to every host below these,
#: because some serve customers' sites (http.trust.permitted).
TRUSTED_SUFFIXES = (
    ".salesforce.com",
    ".force.com",
    ".cloudforce.com",
    ".salesforceliveagent.com",
    ".salesforce.mil",
    ".crmforce.mil",
    ".sfcrmproducts.cn",
)

#: Microsoft Defender for Cloud Apps appends this to the name of the host that it proxies.
PROXY_SUFFIX = ".mcas.ms"
