"""The callback as n8n computes it, near misses, and addresses that aren't a base URL."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfcred.n8n.base_url import inspect_base_url
from sfcred.n8n.callback import (
    CLOUD_CALLBACK,
    VARIABLES,
    for_cloud,
    from_environment,
    from_url,
)
from sfcred.n8n.callback_difference import difference
from sfcred.n8n.versions import Version

END = "/rest/oauth2-credential/callback"
WANTED = f"https://n8n.acme.com{END}"
NEW, OLD = (2, 41, 3), (2, 20, 0)


# The base URL that n8n's own code returned for each environment: @n8n/config 2.38.0 with the URL
# service of n8n 2.40.5 and, for the older ones, of 2.20.0, 1.99.1 and 1.60.0.
@pytest.mark.parametrize(
    ("variables", "version", "base"),
    [
        ({}, NEW, "http://localhost:5678"),
        ({}, None, "http://localhost:5678"),
        ({"N8N_PROTOCOL": "https", "N8N_HOST": "n8n.acme.com"}, NEW, "https://n8n.acme.com:5678"),
        ({"N8N_PROTOCOL": "https", "N8N_HOST": "h", "N8N_PORT": "443"}, NEW, "https://h"),
        ({"N8N_PROTOCOL": "https", "N8N_HOST": "h", "N8N_PORT": "80"}, NEW, "https://h:80"),
        ({"N8N_PORT": "80"}, NEW, "http://localhost"),
        ({"N8N_PORT": " 443 "}, NEW, "http://localhost:443"),
        ({"N8N_PORT": '"443"'}, NEW, "http://localhost:5678"),
        ({"N8N_PORT": ""}, NEW, "http://localhost:5678"),
        ({"N8N_PROTOCOL": "HTTPS"}, NEW, "http://localhost:5678"),
        ({"N8N_HOST": ""}, NEW, "http://:5678"),
        ({"N8N_PATH": "/n8n"}, NEW, "http://localhost:5678/n8n"),
        ({"N8N_PATH": "/n8n/"}, NEW, "http://localhost:5678/n8n"),
        ({"N8N_PATH": "n8n"}, NEW, "http://localhost:5678n8n"),
        ({"N8N_PATH": ""}, NEW, "http://localhost:5678"),
        ({"N8N_EDITOR_BASE_URL": "https://x"}, NEW, "https://x"),
        ({"N8N_EDITOR_BASE_URL": "https://x/"}, NEW, "https://x"),
        ({"N8N_EDITOR_BASE_URL": "https://x//"}, NEW, "https://x/"),
        ({"N8N_EDITOR_BASE_URL": '"https://x/"'}, NEW, "https://x"),
        ({"N8N_EDITOR_BASE_URL": "'https://x'"}, NEW, "https://x"),
        ({"N8N_EDITOR_BASE_URL": "'https://x'"}, (1, 99, 1), "'https://x'"),
        ({"N8N_EDITOR_BASE_URL": '"https://x"'}, (1, 99, 1), "https://x"),
        ({"N8N_EDITOR_BASE_URL": '"https://x"'}, (1, 60, 0), '"https://x"'),
        ({"N8N_EDITOR_BASE_URL": "n8n.acme.com"}, NEW, "n8n.acme.com"),
        ({"N8N_EDITOR_BASE_URL": "", "WEBHOOK_URL": "https://w/"}, NEW, "https://w"),
        ({"N8N_EDITOR_BASE_URL": "https://e", "WEBHOOK_URL": "https://w"}, NEW, "https://e"),
        ({"WEBHOOK_URL": " https://w"}, NEW, " https://w"),
        ({"N8N_WEBHOOK_URL": "https://n", "WEBHOOK_URL": "https://w"}, NEW, "https://n"),
        ({"N8N_WEBHOOK_URL": "https://n", "WEBHOOK_URL": "https://w"}, None, "https://n"),
        ({"N8N_WEBHOOK_URL": "https://n", "WEBHOOK_URL": "https://w"}, OLD, "https://w"),
        ({"N8N_WEBHOOK_URL": "https://n"}, OLD, "http://localhost:5678"),
    ],
)
def test_the_callback_of_an_environment(
    variables: dict[str, str], version: Version | None, base: str
) -> None:
    callback = from_environment(variables, version)
    assert callback.url == base + END
    assert callback.steps


def test_the_rest_endpoint_may_be_renamed() -> None:
    callback = from_environment({"N8N_ENDPOINT_REST": "api2"}, NEW)
    assert callback.url == "http://localhost:5678/api2/oauth2-credential/callback"
    assert callback.steps[-1] == "N8N_ENDPOINT_REST is api2"


def test_the_steps_name_the_traps() -> None:
    steps = from_environment({"N8N_PROTOCOL": "https", "N8N_PATH": "n8n"}, OLD).steps
    assert steps == (
        "none of N8N_EDITOR_BASE_URL, WEBHOOK_URL is set",
        "N8N_PORT is not set, so n8n uses 5678",
        "N8N_PATH does not start with a slash, so it runs into the port",
    )
    common = {"N8N_PROTOCOL": "https", "N8N_PORT": "443", "N8N_PATH": "n8n"}
    assert from_environment(common, OLD).steps[-1].endswith("so it runs into the host")
    assert from_environment({"N8N_EDITOR_BASE_URL": '"https://x/"'}, NEW).steps == (
        "N8N_EDITOR_BASE_URL is set",
        "n8n removes the quotes or white space around it",
        "n8n removes one trailing slash",
    )


class _Watched(Mapping[str, str]):
    """An empty environment that records which variables are read."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.read.add(key)
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("the whole environment is read")

    def __len__(self) -> int:
        return 0


def test_no_other_variable_is_read() -> None:
    watched = _Watched()
    from_environment(watched, NEW)
    assert watched.read == set(VARIABLES)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://n8n.acme.com", "https://n8n.acme.com"),
        ("https://n8n.acme.com/", "https://n8n.acme.com"),
        ("https://acme.com/n8n/", "https://acme.com/n8n"),
        ("https://x//", "https://x/"),
        ('"https://x"', "https://x"),
    ],
)
def test_the_callback_of_a_public_url(url: str, base: str) -> None:
    assert from_url(url).url == base + END


@given(st.text())
def test_a_public_url_counts_as_n8n_editor_base_url(url: str) -> None:
    computed = from_environment({"N8N_EDITOR_BASE_URL": url}, NEW)
    if computed.steps[0] == "N8N_EDITOR_BASE_URL is set":
        assert from_url(url).url == computed.url


def test_n8n_cloud_has_two_callbacks() -> None:
    urls = [callback.url for callback in for_cloud("https://acme.app.n8n.cloud/")]
    assert urls == [CLOUD_CALLBACK, f"https://acme.app.n8n.cloud{END}"]
    assert [callback.url for callback in for_cloud(None)] == [CLOUD_CALLBACK]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (f"http://n8n.acme.com{END}", "the scheme (http instead of https)"),
        (f"n8n.acme.com{END}", "the scheme (none instead of https)"),
        (f"{WANTED}/", "the trailing slash"),
        (f"https://N8N.acme.com{END}", "upper and lower case in the host"),
        (f"HTTPS://n8n.acme.com{END}", "upper and lower case in the scheme"),
        (WANTED.replace("rest", "Rest"), "upper and lower case in the path"),
        (f"https://n8n.acme.com:5678{END}", "the port (5678 instead of none)"),
        (f"https://n8n.acme.com:443{END}", "the port (443 instead of none)"),
        (f"https://n8n.acme.io{END}", "the host (n8n.acme.io instead of n8n.acme.com)"),
        (f"https://www.n8n.acme.com{END}", "the host (www.n8n.acme.com instead of n8n.acme.com)"),
        (f"https://n8n.acme.com/{END}", "the double slash in the path"),
        ("https://n8n.acme.com", f"the path (none instead of {END})"),
        ("https://n8n.acme.com/x", f"the path (/x instead of {END})"),
        (f" {WANTED}", "the white space around it"),
        (f"{WANTED}?a=b", "the query"),
        (f"https://me@n8n.acme.com{END}", "the user name before the host"),
        (
            f"http://n8n.acme.com{END}/",
            "the scheme (http instead of https) and the trailing slash",
        ),
        (
            f"http://n8n:5678{END}",
            (
                "the scheme (http instead of https), the host (n8n instead of n8n.acme.com)"
                " and the port (5678 instead of none)"
            ),
        ),
    ],
)
def test_near_misses(given: str, words: str) -> None:
    assert difference(WANTED, given) == words


@pytest.mark.parametrize(
    "given",
    [
        WANTED,
        "",
        "x",
        "https://login.salesforce.com/services/oauth2/success",
        "http://localhost:1717/OauthRedirect",
        f"http://localhost:5678{END}",
        f"https://flows.example.org{END}",
        CLOUD_CALLBACK,
        "https://n8n.acme.io/other",
    ],
)
def test_what_is_equal_or_something_else_is_no_near_miss(given: str) -> None:
    assert difference(WANTED, given) is None


def test_hosts_that_no_dns_has_are_not_compared() -> None:
    """Comparing them letter by letter could take long."""
    wanted, given = (f"https://{'a' * 250}{end}{END}" for end in (".com", ".org"))
    assert difference(wanted, given) is None


def test_this_machine_has_several_names() -> None:
    assert difference(f"http://localhost:5678{END}", f"http://127.0.0.1:5678{END}")


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(wanted: str, given: str) -> None:
    words = difference(wanted, given)
    assert words is None or (words and wanted != given)


@given(st.text(st.characters(categories=["L", "N"]), min_size=8))
def test_secrets_in_a_callback_are_not_repeated(secret: str) -> None:
    words = difference(WANTED, f"https://u:{secret}@n8n.acme.com{END}?token={secret}#{secret}")
    assert words
    assert secret not in words


@pytest.mark.parametrize(
    "url",
    [
        "https://n8n.acme.com",
        "https://n8n.acme.com/",
        "https://acme.com/n8n",
        "https://acme.com/projects/n8n/",
        "https://acme.com/workflows/",
        "http://localhost:5678",
        "http://127.0.0.1:5678",
        "http://[::1]:5678",
        "https://n8n.corp.internal",
        "https://10.0.0.5",
        "https://acme.app.n8n.cloud",
    ],
)
def test_good_base_urls(url: str) -> None:
    assert inspect_base_url(url) == ()


@pytest.mark.parametrize(
    ("url", "what", "hint"),
    [
        ("https://n8n.acme.com/webhook/abc", "webhook", "https://n8n.acme.com."),
        ("https://acme.com/n8n/webhook-test/abc", "webhook", "https://acme.com/n8n."),
        ("https://n8n.acme.com/form/abc", "form", "https://n8n.acme.com."),
        ("https://n8n.acme.com/workflow/12ab", "workflow", "https://n8n.acme.com."),
        ("https://n8n.acme.com/home/workflows", "page", "https://n8n.acme.com."),
        ("https://n8n.acme.com/projects/1/credentials/2", "page", "https://n8n.acme.com."),
        ("https://n8n.acme.com/credentials", "page", "https://n8n.acme.com."),
        ("https://n8n.acme.com/signin", "page", "https://n8n.acme.com."),
        (WANTED, "callback itself", "https://n8n.acme.com."),
        ("https://n8n.acme.com/rest/", "API", "https://n8n.acme.com."),
        ("https://n8n.acme.com/api/v1", "API", "https://n8n.acme.com."),
        ("http://n8n:5678", "internal", "browser"),
        ("https://n8n", "internal", "browser"),
        ("http://192.168.1.4:5678", "internal", "browser"),
        ("http://[fd00::1]:5678", "internal", "browser"),
        ("http://0.0.0.0:5678", "internal", "browser"),
        ("http://n8n.local", "internal", "browser"),
        ("http://n8n.corp.internal", "internal", "browser"),
        ("https://n8n.default.svc.cluster.local", "internal", "browser"),
        ("http://host.docker.internal:5678", "internal", "browser"),
        ("n8n.acme.com", "does not start with https://", "https://n8n.acme.com."),
        ("ftp://n8n.acme.com", "does not start with https:// or http://", "https://n8n.acme.com."),
        ('"https://n8n.acme.com"', "quotes", "https://n8n.acme.com."),
        (" https://n8n.acme.com", "white space", "https://n8n.acme.com."),
        ("https://n8n acme.com", "no valid host", "browser"),
        ("https://me:pw@n8n.acme.com:8443", "user name", "https://n8n.acme.com:8443."),
        ("https://n8n.acme.com?x=1", "query", "https://n8n.acme.com."),
        ("https://n8n.acme.com/#/x", "query or a fragment", "https://n8n.acme.com."),
        ("https://n8n.acme.com//", "double slash", "https://n8n.acme.com."),
        ("https://oauth.n8n.cloud", "callback", "NAME.app.n8n.cloud"),
        ("https://app.n8n.cloud/manage", "own page", "NAME.app.n8n.cloud"),
        ("https://<name>.app.n8n.cloud", "no valid host", "browser"),
        ("", "no valid host", "browser"),
    ],
)
def test_addresses_that_are_no_base_url(url: str, what: str, hint: str) -> None:
    traps = inspect_base_url(url)
    assert len(traps) == 1, traps
    assert what in traps[0].what
    assert hint in traps[0].hint


@pytest.mark.parametrize("start", ["https:/", "https:", "https:///", "http:/", "ftp://"])
def test_a_start_that_is_nearly_right(start: str) -> None:
    (trap,) = inspect_base_url(f"{start}n8n.acme.com")
    assert "does not start with https:// or http://" in trap.what


def test_what_stands_for_a_port_is_not_repeated() -> None:
    (trap,) = inspect_base_url("https://n8n.acme.com:hunter2/")
    assert (trap.what, trap.hint) == ("its port is not a number", "Write https://n8n.acme.com.")
    path = "rest/oauth2-credential/callback"
    wanted, given = f"https://n8n.acme.com/{path}", f"https://n8n.acme.com:hunter2/{path}"
    assert difference(wanted, given) == "the port"


def test_several_traps_are_all_named() -> None:
    traps = inspect_base_url(" https://n8n.acme.com/workflow/1?x=1")
    assert [trap.what for trap in traps] == [
        "it has white space around it",
        "it is a workflow's page in the editor",
        "it has a query or a fragment",
    ]
    assert {trap.hint for trap in traps} == {"Write https://n8n.acme.com."}


@given(st.text() | st.from_regex(r"(https?:)?/*[a-z.@:/?#\[\]0-9-]*"))
def test_any_text_can_be_inspected(url: str) -> None:
    for trap in inspect_base_url(url):
        assert trap.what
        assert trap.hint


@pytest.mark.parametrize(
    "host",
    [
        "n8n.local", "n8n.internal", "n8n.lan", "n8n.home", "n8n.intranet", "n8n.corp", "10.0.0.5",
        "192.168.1.2", "172.16.0.1", "169.254.1.1",
    ],
)  # fmt: skip
def test_a_name_of_an_own_network_needs_https(host: str) -> None:
    (trap,) = inspect_base_url(f"http://{host}")
    assert "internal address" in trap.what
    assert inspect_base_url(f"https://{host}") == ()


@pytest.mark.parametrize("host", ["n8n", "n8n.default.svc", "n8n.svc.cluster.local", "host.docker.internal"])  # fmt: skip
def test_a_container_s_name_is_no_public_one(host: str) -> None:
    for scheme in ("http", "https"):
        (trap,) = inspect_base_url(f"{scheme}://{host}")
        assert "internal address" in trap.what


@pytest.mark.parametrize("host", ["localhost:5678", "127.0.0.1:5678", "[::1]:5678", "n8n.acme.com", "8.8.8.8"])  # fmt: skip
def test_a_public_name_or_this_machine_is_fine(host: str) -> None:
    assert inspect_base_url(f"http://{host}") == ()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (f"https:/n8n.acme.com{END}", "the punctuation"),
        (WANTED + "/", "the trailing slash"),
        (WANTED + "//", "the trailing slash"),
        (WANTED.replace("/rest", "//rest"), "the double slash in the path"),
        (WANTED.replace("/rest", "/REST"), "upper and lower case in the path"),
        (WANTED.replace("/rest", "/u:s3cret@rest"), "the path"),
        (WANTED.replace("acme.com", "acme.com:"), "the punctuation"),
        (WANTED.replace("https", "HTTPS"), "upper and lower case in the scheme"),
        (WANTED.removesuffix("/callback"), f"the path ({END.removesuffix('/callback')} instead of {END})"),
    ],
)  # fmt: skip
def test_each_difference_has_its_words(given: str, words: str | None) -> None:
    assert difference(WANTED, given) == words
