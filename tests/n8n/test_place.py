"""One n8n has one place, however a person writes its address."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.n8n.place import n8n_place
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]

PLAIN = "https://n8n.acme.com"
SAME = [
    "https://n8n.acme.com:443",
    "http://n8n.acme.com",
    "http://n8n.acme.com:80/",
    "HTTPS://N8N.Acme.com/",
    "https://n8n.acme.com.",
    "https://n8n.acme.com/x/../",
    "https://n8n.acme.com//",
    "https://n8n.acme.com/home/workflows",
    "https://n8n.acme.com/workflow/ab12?x=1#y",
    "https://n8n.acme.com/rest/oauth2-credential/callback",
    "https://user@n8n.acme.com:0443",
    "n8n.acme.com",
]
OTHER = [
    "https://n8n.acme.com:8443",
    "http://n8n.acme.com:5678",
    "https://n8n.acme.com/team",
    "https://n8n-test.acme.com",
    "https://acme.com",
]
NONE = ["", " ", "https://", "https://{{ host }}", "https://$HOST/"]

TWO = "name: {0}\nn8n: {{id: acmeShared000001, version: '2.41.1', url: '{1}'}}\n"


@pytest.mark.parametrize("address", SAME)
def test_ways_to_write_one_n8n(address: str) -> None:
    assert n8n_place(address) == n8n_place(PLAIN) == "n8n.acme.com"


@pytest.mark.parametrize("address", OTHER)
def test_others_stay_others(address: str) -> None:
    assert n8n_place(address) not in ("", n8n_place(PLAIN))


@pytest.mark.parametrize("address", [*NONE, None])
def test_no_address_is_no_place(address: str | None) -> None:
    assert n8n_place(address) == ""


def test_paths_and_international_hosts() -> None:
    assert n8n_place("https://acme.com/n8n/home/workflows") == n8n_place("http://acme.com/n8n/")
    assert n8n_place("https://bücher.example") == n8n_place("https://xn--bcher-kva.example:443")


@pytest.mark.parametrize("address", SAME)
def test_doctor_finds_the_id_that_stands_twice(project: Project, run: Run, address: str) -> None:
    project.credential(TWO.format("acme-one", PLAIN), name="one.yaml")
    project.credential(TWO.format("acme-two", address), name="two.yaml")
    assert "SFC007" in run("doctor", Path("one.yaml"), Path("two.yaml")).out


@pytest.mark.parametrize("address", [*SAME, "https://{{ host }}", "https://$HOST/"])
def test_an_overwrite_changes_the_other_credential(
    project: Project, run: Run, address: str
) -> None:
    project.spec("", "sfcred.toml")
    cc = project.credential(
        f"name: acme-cc\nn8n: {{version: '2.41.1', url: {PLAIN}}}\n",
        "client_credentials",
        "credentials/cc.yaml",
    )
    project.credential(
        f"name: acme-other\nn8n: {{version: '2.41.1', url: '{address}'}}\n",
        "oauth2",
        "credentials/other.yaml",
    )
    assert "SFC514" in run("doctor").out
    done = run("render", cc, "--target", "n8n-overwrite", "--no-check", "-o", "x.json")
    assert done.status == 1, done
    assert "acme-other" in done.err
    assert not Path("x.json").exists()
