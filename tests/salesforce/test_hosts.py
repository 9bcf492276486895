"""Which host is Salesforce's: every known form, in both directions, and look-alikes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.salesforce.host_tables import TRUSTED_SUFFIXES, HostKind
from sfcred.salesforce.hosts import (
    classify,
    is_destination,
    is_host_name,
    is_salesforce,
    is_shared,
    meant_host,
)
from sfcred.salesforce.my_domain import inspect_my_domain

GENERIC, MY, SITE = HostKind.GENERIC_LOGIN, HostKind.MY_DOMAIN, HostKind.EXPERIENCE_CLOUD
NO, INTERNAL, FOREIGN = HostKind.NOT_AN_AUTHORITY, HostKind.INTERNAL, HostKind.FOREIGN
PROD, SAND = "production", "sandbox"
UAT = "https://acme--uat.sandbox.my.salesforce.com"
ACME = "https://acme.my.salesforce.com"

# host, kind, environment, the My Domain that belongs to it, sandbox, org
Form = tuple[str, HostKind, str | None, str | None, str | None, str | None]
FORMS: list[Form] = [
    ("login.salesforce.com", GENERIC, PROD, None, None, None),
    ("test.salesforce.com", GENERIC, SAND, None, None, None),
    ("acme.my.salesforce.com", MY, PROD, None, None, "acme"),
    ("acme-dev-ed.my.salesforce.com", MY, PROD, None, None, "acme-dev-ed"),
    ("acme--uat.sandbox.my.salesforce.com", MY, SAND, None, "uat", "acme"),
    ("acme-uat.sandbox.my.salesforce.com", NO, SAND, None, None, "acme-uat"),
    ("acme.sandbox.my.salesforce.mil", NO, SAND, None, None, "acme"),
    ("acme-dev-ed.develop.my.salesforce.com", MY, PROD, None, None, "acme-dev-ed"),
    ("acme.scratch.my.salesforce.com", MY, SAND, None, None, "acme"),
    ("acme.trailblaze.my.salesforce.com", MY, PROD, None, None, "acme"),
    ("acme.demo.my.salesforce.com", MY, PROD, None, None, "acme"),
    ("acme.patch.my.salesforce.com", MY, PROD, None, None, "acme"),
    ("acme.free.my.salesforce.com", MY, None, None, None, "acme"),
    ("acme.bt.my.salesforce.com", MY, None, None, None, "acme"),
    ("acme.sfdctest.my.salesforce.com", MY, None, None, None, "acme"),
    ("acme.tomorrow.my.salesforce.com", MY, None, None, None, "acme"),
    ("acme.my.salesforce.mil", MY, PROD, None, None, "acme"),
    ("acme--uat.sandbox.my.salesforce.mil", MY, SAND, None, "uat", "acme"),
    ("acme.my.sfcrmproducts.cn", MY, PROD, None, None, "acme"),
    ("acme--uat.sandbox.my.sfcrmproducts.cn", MY, SAND, None, "uat", "acme"),
    ("acme.my-salesforce.com", MY, PROD, None, None, "acme"),
    ("uat.acme.sandbox.my-salesforce.com", MY, SAND, None, "uat", "acme"),
    ("acme.my.site.com", SITE, None, None, None, "acme"),
    ("acme--uat.sandbox.my.site.com", SITE, SAND, None, "uat", "acme"),
    ("acme.force.com", SITE, None, None, None, "acme"),
    # addresses with a My Domain
    ("acme--uat.my.salesforce.com", NO, SAND, UAT, "uat", "acme"),
    ("acme--uat.cs12.my.salesforce.com", NO, SAND, UAT, "uat", "acme"),
    ("acme.cs12.my.salesforce.com", NO, SAND, None, None, "acme"),
    ("acme.na44.my.salesforce.com", NO, PROD, ACME, None, "acme"),
    ("acme.lightning.force.com", NO, PROD, ACME, None, "acme"),
    ("acme--uat.sandbox.lightning.force.com", NO, SAND, UAT, "uat", "acme"),
    ("acme--uat.lightning.force.com", NO, SAND, UAT, "uat", "acme"),
    (
        "acme.scratch.lightning.force.com",
        NO,
        SAND,
        "https://acme.scratch.my.salesforce.com",
        None,
        "acme",
    ),
    (
        "x-dev-ed.develop.lightning.force.com",
        NO,
        PROD,
        "https://x-dev-ed.develop.my.salesforce.com",
        None,
        "x-dev-ed",
    ),
    ("acme.lightning.crmforce.mil", NO, PROD, "https://acme.my.salesforce.mil", None, "acme"),
    ("acme.lightning.sfcrmapps.cn", NO, PROD, "https://acme.my.sfcrmproducts.cn", None, "acme"),
    ("acme.my-lightning.com", NO, PROD, "https://acme.my-salesforce.com", None, "acme"),
    (
        "uat.acme.sandbox.my-lightning.com",
        NO,
        SAND,
        "https://uat.acme.sandbox.my-salesforce.com",
        "uat",
        "acme",
    ),
    ("acme.my.salesforce-setup.com", NO, PROD, ACME, None, "acme"),
    ("acme--uat.sandbox.my.salesforce-setup.com", NO, SAND, UAT, "uat", "acme"),
    ("acme--c.vf.force.com", NO, PROD, ACME, None, "acme"),
    ("acme--uat--c.sandbox.vf.force.com", NO, SAND, UAT, "uat", "acme"),
    ("acme--uat--c.cs3.visual.force.com", NO, SAND, UAT, "uat", "acme"),
    ("acme--c.container.force.com", NO, PROD, ACME, None, "acme"),
    ("acme--c.documentforce.com", NO, PROD, ACME, None, "acme"),
    ("acme--c.content.force.com", NO, PROD, ACME, None, "acme"),
    ("acme--uat.sandbox.file.force.com", NO, SAND, UAT, "uat", "acme"),
    ("acme.my.salesforce-sites.com", NO, PROD, ACME, None, "acme"),
    ("acme.my.salesforce-scrt.com", NO, PROD, ACME, None, "acme"),
    ("acme.builder.salesforce-experience.com", NO, PROD, ACME, None, "acme"),
    ("acme.preview.salesforce-experience.com", NO, PROD, ACME, None, "acme"),
    ("acme.live-preview.salesforce-experience.com", NO, PROD, ACME, None, "acme"),
    ("acme.cloudforce.com", NO, PROD, ACME, None, "acme"),
    ("acme.database.com", NO, PROD, ACME, None, "acme"),
    ("acme.my.salesforce.com.mcas.ms", NO, PROD, ACME, None, "acme"),
    ("acme--uat.sandbox.lightning.force.com.mcas.ms", NO, SAND, UAT, "uat", "acme"),
    ("login.salesforce.com.mcas.ms", NO, PROD, "https://login.salesforce.com", None, None),
    # addresses without one
    ("acme.secure.force.com", NO, PROD, None, None, "acme"),
    ("c.na3.visual.force.com", NO, None, None, None, None),
    ("na44.salesforce.com", NO, None, None, None, None),
    ("na44-api.salesforce.com", NO, None, None, None, None),
    ("cs42.salesforce.com", NO, SAND, None, None, None),
    ("usa2s.sfdc-abc.salesforce.com", NO, SAND, None, None, None),
    ("api.salesforce.com", NO, None, None, None, None),
    ("test.api.salesforce.com", NO, None, None, None, None),
    ("salesforce.com", NO, None, None, None, None),
    ("www.salesforce.com", NO, None, None, None, None),
    ("my.salesforce.com", NO, None, None, None, None),
    ("sandbox.my.salesforce.com", NO, None, None, None, None),
    ("lightning.force.com", NO, None, None, None, None),
    ("a.b.c.my.salesforce.com", NO, None, None, None, None),
    ("c.visualforce.com", NO, None, None, None, None),
    ("x.y.salesforceliveagent.com", NO, None, None, None, None),
    ("gs1.salesforce.com", INTERNAL, None, None, None, None),
    ("acme.my.stm.salesforce.com", INTERNAL, None, None, None, None),
    ("acme.my.stm.salesforce.ms", INTERNAL, None, None, None, None),
    ("x.blitz.salesforce.com", INTERNAL, None, None, None, None),
    ("x.pc-rnd.force.com", INTERNAL, None, None, None, None),
    ("acme.localhost.sfdcdev.salesforce.com", INTERNAL, None, None, None, None),
    ("acme.crm.dev", INTERNAL, None, None, None, None),
]

LOOK_ALIKES = [
    "my.salesforce.com.evil.example",
    "acme.my.salesforce.com.evil.example",
    "login.salesforce.com.evil.example",
    "evilsalesforce.com",
    "login-salesforce.com",
    "acme.my.salesforce.com.mcas.ms.evil.example",
    "evil.example.mcas.ms",
    "mcas.ms",
    "acme.my.salesforce.co",
    "acme.my.sa1esforce.com",
    "acme.my.salesforce.com.",
    "acme.my.salesforce.com:443",
    "user@acme.my.salesforce.com",
    "evil.example/.salesforce.com",
    "evil.example#.salesforce.com",
    "evil.example\\.salesforce.com",
    "evil.example%2f.salesforce.com",
    " acme.my.salesforce.com",
    "acme.my.salesforce.com\n",
    "acme_x.my.salesforce.com",
    "-acme.my.salesforce.com",
    "acme..my.salesforce.com",
    ".my.salesforce.com",
    "аcme.my.salesforce.com",
    "acme.my.ſalesforce.com",
    "acme。my.salesforce.com",
    "\u212a.my.salesforce.com",
    "127.0.0.1",
    "localhost",
    "",
    "." * 300,
    "a" * 64 + ".my.salesforce.com",
    "a." * 130 + "my.salesforce.com",
]


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_every_known_form(form: Form) -> None:
    found = classify(form[0])
    assert (*found[:3], *found[4:]) == form
    assert found.what
    assert classify(form[0].upper()) == found


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_what_a_host_stands_for_can_authorize(form: Form) -> None:
    if url := classify(form[0]).my_domain:
        stands_for = classify(url.removeprefix("https://"))
        assert stands_for.kind in {MY, GENERIC}
        assert (stands_for.org, stands_for.sandbox) == classify(form[0])[-1:-3:-1]
        assert inspect_my_domain(url) == (stands_for.name, ())


@pytest.mark.parametrize("host", LOOK_ALIKES)
def test_a_look_alike_is_neither_salesforces_nor_trusted(host: str) -> None:
    assert classify(host).kind is FOREIGN
    assert not is_salesforce(host)


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        ("login.salesforce.com", True),
        ("ACME--uat.sandbox.my.salesforce.com", True),
        ("acme.my.salesforce.mil", True),
        ("acme.my.sfcrmproducts.cn", True),
        ("acme.lightning.crmforce.mil", True),
        ("acme.my.site.com", False),
        ("acme.my-salesforce.com", False),
        ("acme.my.salesforce.com.mcas.ms", False),
        ("acme.crm.dev", False),
    ],
)
def test_where_a_credential_may_be_sent(host: str, *, trusted: bool) -> None:
    assert is_salesforce(host) is trusted


REGISTERED = (
    *(suffix.removeprefix(".") for suffix in TRUSTED_SUFFIXES),
    "sfcrmapps.cn", "my-salesforce.com", "my-lightning.com", "site.com", "salesforce-setup.com",
    "salesforce-sites.com", "salesforce-experience.com", "salesforce-scrt.com",
    "forceusercontent.com", "documentforce.com", "visualforce.com", "database.com",
    "salesforce.ms", "crm.dev", "mcas.ms",
)  # fmt: skip

LABELS = st.from_regex(r"[a-z0-9](-?[a-z0-9]){0,8}", fullmatch=True)
HOSTS = st.lists(
    LABELS | st.sampled_from(["my", "salesforce", "com", "force", "sandbox", "lightning", "evil"]),
    min_size=1,
    max_size=6,
).map(".".join)


@given(HOSTS)
def test_a_host_below_no_suffix_of_salesforces_is_foreign(host: str) -> None:
    if not any(f".{host}".endswith(f".{suffix}") for suffix in REGISTERED):
        assert classify(host).kind is FOREIGN
        assert not is_salesforce(host)


@given(HOSTS, st.sampled_from(TRUSTED_SUFFIXES))
def test_a_trusted_suffix_counts_only_at_the_end(host: str, suffix: str) -> None:
    assert is_salesforce(host + suffix)
    assert classify(host + suffix).kind is not FOREIGN
    assert not is_salesforce(f"{host}{suffix}.example")
    assert not is_salesforce(f"{host}{suffix.replace('.', '', 1)}")


@given(st.text())
def test_any_text_is_classified(text: str) -> None:
    found = classify(text)
    assert found.name == text.lower()
    assert is_salesforce(text) <= (found.kind is not FOREIGN)


@pytest.mark.parametrize(
    ("text", "good"),
    [("a.b", True), ("a", False), ("a.b.", False), ("a-.b", False), ("A1.b-c.d", True)],
)
def test_host_names(text: str, *, good: bool) -> None:
    assert is_host_name(text) is good


A = "acme.my.salesforce.com"


@pytest.mark.parametrize(
    ("value", "host", "faults"),
    [
        (f"https://{A}", A, []),
        (f"https://{A}/", A, []),
        (f"https://{A}//", A, ["several slashes"]),
        (f"http://{A}", A, ["http://"]),
        (f"ftp://{A}", A, ["its scheme is not https"]),
        (A, A, ["does not start with https://"]),
        (f"//{A}", A, ["does not start with https://"]),
        (f"https:{A}", A, ["two slashes"]),
        (f"https:/{A}", A, ["two slashes"]),
        (f"https:///{A}", A, ["two slashes"]),
        (f"HTTPS://{A}", A, ["https has capital"]),
        ("https://ACME.my.salesforce.com", A, ["host has capital"]),
        (f"https://{A}:443", A, ["port"]),
        (f"https://{A}:x", A, ["port"]),
        (f"{A}:8443/x", A, ["does not start with https://", "port", "path"]),
        (f"https://{A}/services/oauth2/token", A, ["path"]),
        (f"https://{A}?a=b", A, ["query"]),
        (f"https://{A}#a", A, ["fragment"]),
        (f"https://user:pass@{A}", A, ["user name"]),
        (f"https://{A}@evil.example", "evil.example", ["user name"]),
        (f" https://{A}", A, ["white space around"]),
        (f"https://{A}\n", A, ["white space around"]),
        (f'"https://{A}"', A, ["quotes"]),
        (f"<https://{A}>", A, ["quotes or angle"]),
        (f"https:\\\\{A}", A, ["backslash"]),
        (f"https://{A}.", A, ["ends with a dot"]),
        (f"https://https://{A}", A, ["damaged, or there twice"]),
        (f"https://https//{A}", A, ["damaged, or there twice"]),
        (f"https//{A}", A, ["damaged"]),
        (f"https;//{A}", A, ["damaged"]),
        (f"HTTPS.//{A}", A, ["damaged"]),
        (f"https: //{A}", A, ["invisible character", "damaged"]),
        (f"://{A}", A, ["damaged"]),
        ("https//", None, ["damaged", "no host"]),
        ("https://https", None, ["the scheme twice"]),
        ("https.acme.my.salesforce.com", "https.acme.my.salesforce.com", ["start with https://"]),
        ("https://ac me.my.salesforce.com", None, ["invisible character", "not a valid host name"]),
        ("https://acme\u200b.my.salesforce.com", None, ["invisible character", "non-ASCII"]),
        ("https://аcme.my.salesforce.com", None, ["non-ASCII"]),
        ("https://\u212a.my.salesforce.com", None, ["non-ASCII"]),
        ("https://a_b.my.salesforce.com", None, ["underscore"]),
        ("https://127.0.0.1:8443", "127.0.0.1", ["IP address", "port"]),
        ("https://[::1]", "::1", ["IP address"]),
        ("https://2130706433", "2130706433", ["IP address"]),
        ("acme", "acme", ["does not start with https://", "single word"]),
        ("https://", None, ["it has no host"]),
        ("", None, ["does not start with https://", "it has no host"]),
    ],
)
def test_the_form_of_a_my_domain(value: str, host: str | None, faults: list[str]) -> None:
    found, what = inspect_my_domain(value)
    assert found == host
    assert len(what) == len(faults), what
    for fault, words in zip(what, faults, strict=True):
        assert words in fault.what
        assert fault.hint.startswith("Write ")


def test_the_hint_is_the_my_domain_that_was_meant() -> None:
    _, faults = inspect_my_domain("acme--uat.sandbox.lightning.force.com/lightning/setup")
    assert {fault.hint for fault in faults} == {f"Write {UAT}."}
    assert inspect_my_domain("acme")[1][0].hint == f"Write {ACME}."


_LABELS = (
    *("acme", "acme--uat", "sandbox", "develop", "my", "login", "test", "na44", "lightning"),
    *("salesforce", "force", "site", "sfcrmproducts", "my-salesforce", "com", "mil", "cn", "ms"),
)


@given(st.lists(st.sampled_from(_LABELS), max_size=6).map(".".join))
def test_any_part_of_a_host_can_be_judged(name: str) -> None:
    host = classify(name)
    is_shared(name)
    meant = meant_host(name)
    assert meant is None or classify(meant).kind in (MY, GENERIC)
    assert meant != name or host.kind is not MY


@pytest.mark.parametrize("name", ["salesforce.com", "my.salesforce.com", "com", "", "salesforce"])
def test_a_bare_suffix_stands_for_no_host(name: str) -> None:
    assert meant_host(name) is None


def test_no_hint_names_a_foreign_host() -> None:
    _, faults = inspect_my_domain("http://my.salesforce.com@evil.example/x")
    assert faults
    assert not any("evil" in fault.hint + fault.what for fault in faults)


@given(st.text())
def test_no_fault_repeats_what_may_be_a_session(text: str) -> None:
    canary = "00D5e0000000001"
    url = f"https://{canary}@{A}/{canary}?sid={canary}#{canary}{text}"
    _, faults = inspect_my_domain(url)
    assert not any(canary in fault.what + fault.hint for fault in faults)


@given(st.text() | st.from_regex(r"(?i)(https?:)?/*[a-z.@:/?#\[\]-]*"))
def test_any_text_can_be_inspected(text: str) -> None:
    host, faults = inspect_my_domain(text)
    assert host is not None or faults
    assert all(fault.what and fault.hint for fault in faults)


#: What @salesforce/core 9 trusts, written down once more: a suffix more or less is a decision.
TRUSTED = {
    ".salesforce.com", ".force.com", ".cloudforce.com", ".salesforceliveagent.com",
    ".salesforce.mil", ".crmforce.mil", ".sfcrmproducts.cn",
}  # fmt: skip


def test_the_trusted_suffixes_are_these() -> None:
    assert set(TRUSTED_SUFFIXES) == TRUSTED
    assert len(TRUSTED_SUFFIXES) == len(TRUSTED)


@pytest.mark.parametrize("suffix", sorted(TRUSTED))
def test_each_trusted_suffix_counts_by_whole_labels(suffix: str) -> None:
    for name in ("acme", "acme.my", "ACME--uat.sandbox.my"):
        assert is_salesforce(name + suffix)
        assert is_salesforce(name + suffix.upper())
    assert not is_salesforce(suffix.removeprefix("."))
    assert not is_salesforce(f"acme-{suffix.removeprefix('.')}")
    assert not is_salesforce(f"acme{suffix}.evil.example")
    assert not is_salesforce(f"acme{suffix}.")
    assert not is_salesforce(f"a cme{suffix}")
    assert not is_salesforce(f"\u212acme{suffix}")


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("acme.my.salesforce.com", True),
        ("acme--uat.sandbox.my.salesforce.com", True),
        ("acme.my.salesforce.mil", True),
        ("acme.my.sfcrmproducts.cn", True),
        ("login.salesforce.com", True),
        ("test.salesforce.com", True),
        ("acme.force.com", False),
        ("acme.my.site.com", False),
        ("acme.lightning.force.com", False),
        ("acme.cloudforce.com", False),
        ("c.acme.salesforceliveagent.com", False),
        ("acme.lightning.crmforce.mil", False),
        ("api.salesforce.com", False),
        ("gs1.salesforce.com", False),
        ("acme.my.stm.salesforce.com", False),
        ("na44.salesforce.com", False),
        ("acme.my-salesforce.com", False),
        ("www.salesforce.com", False),
    ],
)
def test_secrets_go_to_my_domains_and_login_hosts_alone(host: str, *, good: bool) -> None:
    assert is_destination(host) is good


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("uat.acme.sandbox.my-salesforce.com", MY),
        ("uat.acme.scratch.my-salesforce.com", NO),
        ("uat.acme.sandbox.my.salesforce.com", NO),
        ("a.b.acme.sandbox.my-salesforce.com", NO),
    ],
)
def test_only_the_other_form_has_the_sandbox_as_a_label(host: str, kind: HostKind) -> None:
    found = classify(host)
    assert found.kind is kind
    assert (found.org == "acme") is (kind is MY)


def test_no_my_domain_is_made_of_localhost() -> None:
    for text in ("localhost", "https://localhost"):
        assert not any("localhost.my" in fault.hint for fault in inspect_my_domain(text)[1])
    assert "https://acme.my.salesforce.com" in inspect_my_domain("acme")[1][0].hint


@pytest.mark.parametrize("host", ["acme--uat.my.salesforce.com", "acme.na44.my.salesforce.com"])
def test_what_an_old_form_is_called(host: str) -> None:
    assert classify(host).what == "an address from before enhanced domains"
