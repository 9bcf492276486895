"""Whatever app a spec describes: what `sfcred app` writes, `sfcred app --check` finds unchanged."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfcred.salesforce.scopes import SCOPES
from tests.conftest import Outcome
from tests.helpers.project import Project

Run = Callable[..., Outcome]
# Doctor refuses a value that begins or ends with a typographic quote: a range of punctuation, the
# acute accent and the guillemets.
_LETTERS = st.characters(
    min_codepoint=33,
    max_codepoint=0x2FFF,
    exclude_categories=["C", "Z", "Pi", "Pf"],
    exclude_characters="\u00b4\u201a\u201e\u2032\u2033",
)
TEXT = st.text(_LETTERS, min_size=1, max_size=20)
NAME = st.from_regex(r"\A[A-Za-z](_?[A-Za-z0-9]){0,15}\Z")
URL = st.sampled_from(
    ["https://a.example/x", "https://n8n.acme.com/?a=1&b=<2>", "http://localhost:1/c"]
)
SET = NAME | st.fixed_dictionaries({"name": NAME, "label": TEXT})
POLICY = st.sampled_from(["infinite", "zero"]) | st.builds(
    lambda kind, number, unit: {kind: f"{number}{unit}"},
    st.sampled_from(["lifetime", "inactivity"]),
    st.integers(1, 9999),
    st.sampled_from(["h", "d", "mo"]),
)
APPS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["external_client_app", "connected_app"]),
        "label": TEXT,
        "contact_email": st.just("crm@acme.com"),
        "api_name": NAME,
    },
    optional={
        "contact_phone": TEXT,
        "logo_url": URL,
        "icon_url": URL,
        "start_url": URL,
        "scopes": st.lists(st.sampled_from([s.wire for s in SCOPES]), max_size=5),
        "callback_urls": st.lists(URL, max_size=3),
        "pre_authorized": st.booleans(),
        "permission_sets": st.lists(SET, max_size=3, unique_by=lambda one: str(one).lower()),
        "profiles": st.lists(NAME, max_size=3, unique_by=str.lower),
        "pkce_required": st.booleans(),
        "refresh_token_policy": POLICY,
        "refresh_token_rotation": st.booleans(),
        "refresh_token_idle_limit": st.booleans(),
        "ip_relaxation": st.sampled_from(
            ["enforce", "bypass", "bypass_2factor", "enforce_relax_refresh"]
        ),
        "session_level": st.sampled_from(["low", "standard", "high_assurance"]),
        "named_user_jwt": st.booleans(),
    },
)
#: What is found because it blocks logins, even if spec and org agree.
BLOCKS = ("so nobody can log in", "so JWT logins fail", "JWT logins usually fail", "n8n's callback")


@pytest.mark.parametrize("base", ["jwt", "oauth2"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(app=APPS)
def test_what_is_written_compares_as_equal(
    project: Project, run: Run, base: str, app: dict[str, object]
) -> None:
    path = project.credential("app: null\n", base)
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "app": app}, ensure_ascii=False), encoding="utf-8")
    done = run("app", path, "-o", "s", "--no-check", "--force")
    assert done.status == 0, done
    done = run("app", path, "--check", "s", "--format", "json")
    report = json.loads(done.out)
    # A file that was never deployed has no Consumer Key.
    assert {one["check"] for one in report["not_checked"]} == {"SFC715"}, done
    left = [one for one in report["findings"] if not any(w in one["message"] for w in BLOCKS)]
    assert left == [], done
    # Written over itself, nothing changes.
    done = run("app", path, "-o", "t", "--over", "s", "--no-check", "--force")
    assert (done.status, "a deployment changes nothing" in done.out) == (0, True), done
    for file in Path("s").rglob("*-meta.xml"):
        assert (Path("t") / file.relative_to("s")).read_text(encoding="utf-8") == file.read_text(
            encoding="utf-8"
        )
        file.unlink()
