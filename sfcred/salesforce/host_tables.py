"""Salesforce's host names as tables.

The formats are those of Salesforce's help pages "My Domain URL Formats" and "Partitioned
Domains" and of the domain rules in Salesforce's own command line (`@salesforce/core`).
"""

import enum
from typing import Literal, NamedTuple

Environment = Literal["production", "sandbox"]


class HostKind(enum.Enum):
    """What a host is good for in an OAuth flow."""

    GENERIC_LOGIN = "generic login"
    MY_DOMAIN = "My Domain"
    EXPERIENCE_CLOUD = "Experience Cloud"
    NOT_AN_AUTHORITY = "not an authority"
    INTERNAL = "internal"
    FOREIGN = "foreign"


class Partition(NamedTuple):
    """What a partition says: which login host its orgs have, and what sort of org it is."""

    environment: Environment | None
    org: str


class Surface(NamedTuple):
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


# Salesforce help, "Partitioned Domains"; the last four appear in Salesforce's own code only.
PARTITIONS = {
    "sandbox": Partition("sandbox", "a sandbox"),
    "scratch": Partition("sandbox", "a scratch org"),
    "develop": Partition("production", "a Developer Edition org"),
    "trailblaze": Partition("production", "a Trailhead playground"),
    "demo": Partition("production", "a demo org"),
    "patch": Partition("production", "a patch org"),
    "free": Partition(None, "a free org"),
    "bt": Partition(None, "an org of Salesforce's own"),
    "sfdctest": Partition(None, "an org of Salesforce's own"),
    "sfdcdot": Partition(None, "an org of Salesforce's own"),
    "sfrestore": Partition(None, "an org of Salesforce's own"),
}

_COM, _MIL, _CN, _ALT = (
    "my.salesforce.com",
    "my.salesforce.mil",
    "my.sfcrmproducts.cn",
    "my-salesforce.com",
)
#: What a My Domain ends in.
MY_DOMAIN_SUFFIX = _COM
#: The same on hosts that have the sandbox's name in a label before the org's.
ALTERNATIVE_SUFFIX = _ALT
_YES, _SITE, _NO = HostKind.MY_DOMAIN, HostKind.EXPERIENCE_CLOUD, HostKind.NOT_AN_AUTHORITY

# fmt: off
SURFACES = {
    # suffix                           kind   what                                 authority
    _COM: Surface(                    _YES,  "a My Domain",                       _COM),
    _MIL: Surface(                    _YES,  "a My Domain of Government Cloud",   _MIL),
    _CN: Surface(                     _YES,  "a My Domain on Alibaba Cloud",      _CN),
    _ALT: Surface(                    _YES,  "a My Domain of the other form",     _ALT),
    "my.site.com": Surface(           _SITE, "an Experience Cloud site's address",_COM),
    "force.com": Surface(             _SITE, "a site's old address",              None),
    "secure.force.com": Surface(      _NO,   "an old Salesforce Sites address",   None),
    "my.salesforce-sites.com": Surface(_NO,  "a Salesforce Sites address",        _COM),
    "lightning.force.com": Surface(   _NO,   "a Lightning page's address",        _COM),
    "lightning.crmforce.mil": Surface(_NO,   "a Lightning page's address",        _MIL),
    "lightning.sfcrmapps.cn": Surface(_NO,   "a Lightning page's address",        _CN),
    "my-lightning.com": Surface(      _NO,   "a Lightning page's address",        _ALT),
    "my.salesforce-setup.com": Surface(_NO,  "a Setup page's address",            _COM),
    "my.salesforce-scrt.com": Surface(_NO,   "a messaging address",               _COM),
    "file.force.com": Surface(        _NO,   "a file's address",                  _COM),
    "vf.force.com": Surface(          _NO,   "a Visualforce page's address",      _COM, "package"),
    "visual.force.com": Surface(      _NO,   "a Visualforce page's old address",  _COM, "package"),
    "container.force.com": Surface(   _NO,   "a Lightning container's address",   _COM, "package"),
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

#: Where users of any org log in, by the sort of org: Salesforce's two general login hosts.
LOGIN_HOSTS: dict[Environment, str] = {
    "production": "login.salesforce.com",
    "sandbox": "test.salesforce.com",
}
#: The same as URLs, without a slash at the end: token hosts and audiences.
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
    "api.salesforce.com": (_NO, None, "Salesforce's API gateway, which logs nobody in"),
    "test.api.salesforce.com": (_NO, None, "Salesforce's API gateway, which logs nobody in"),
    "gs1.salesforce.com": (HostKind.INTERNAL, None, "a host of Salesforce's own staff"),
}

# What `@salesforce/core` takes for Salesforce's internal hosts.
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

# Registered by Salesforce: a host below one of them is never called foreign.
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
PROXY_SUFFIX = ".mcas.ms"
