"""API names as Setup derives them."""

import pytest

from sfcred.salesforce.app_names import api_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("n8n", "n8n"),
        ("n8n (leads & orders)", "n8n_leads_orders"),
        ("_n8n_", "n8n"),
        ("8x8", None),
        ("Größe", "Gr_e"),
        ("日本", None),
        ("a" * 40, "a" * 40),
        ("a" * 41, None),
    ],
)
def test_api_name(label: str, name: str | None) -> None:
    assert api_name(label) == name
