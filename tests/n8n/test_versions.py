"""Versions of n8n, and how they differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.e2e_install import VERSIONS
from sfcred.n8n import versions
from sfcred.n8n.versions import NEWEST_RUN, Feature, Version, format_version, has, parse_version

FEATURES = [value for value in vars(versions).values() if isinstance(value, Feature)]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2.41.3", (2, 41, 3)),
        ("v2.41.3", (2, 41, 3)),
        ("2.41", (2, 41, 0)),
        ("0.236.0", (0, 236, 0)),
        ("2.41.3-rc.1", (2, 41, 3)),
        ("2.41.3+build.5", (2, 41, 3)),
        (" 2.41.3\n", (2, 41, 3)),
        ("latest", None),
        ("next", None),
        ("2", None),
        ("2.41.3.1", None),
        ("2.x", None),
        ("^2.41.3", None),
        ("2.41-rc.1", None),
        ("٢.٤١.٣", None),
        ("", None),
    ],
)
def test_versions_as_people_write_them(text: str, version: Version | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("feature", "last_without", "first_with"),
    [
        (versions.MY_DOMAIN_JWT, "2.19.9", "2.20.0"),
        (versions.PKCE, "1.84.9", "1.85.0"),
        (versions.SECRET_WRITEBACK, "2.27.9", "2.28.0"),
        (versions.TOKEN_CACHE, "2.27.9", "2.28.0"),
        (versions.REFRESH_LOCKED, "2.28.6", "2.29.0"),
        (versions.N8N_WEBHOOK_URL, "2.29.9", "2.30.0"),
    ],
)
def test_what_came_with_a_version(feature: Feature, last_without: str, first_with: str) -> None:
    assert has(feature, parse_version(last_without)) is False
    assert has(feature, parse_version(first_with)) is True


@pytest.mark.parametrize(
    ("feature", "last_with", "first_without"),
    [
        (versions.STORED_OAUTH_URLS, "2.40.7", "2.41.0"),
        (versions.SECRET_WRITEBACK, "2.33.7", "2.34.0"),
        (versions.OAUTH_WRITEBACK, "1.101.1", "1.102.1"),
        (versions.NODES_ACCESS_REQUIRED, "1.27.1", "1.41.0"),
    ],
)
def test_what_went_with_a_version(feature: Feature, last_with: str, first_without: str) -> None:
    assert has(feature, parse_version(last_with)) is True
    assert has(feature, parse_version(first_without)) is False


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_feature_has_bounds_and_a_source(feature: Feature) -> None:
    assert feature.name
    assert feature.source
    assert feature.since or feature.until
    assert not (feature.since and feature.until) or feature.since < feature.until
    assert has(feature, None) is None


@given(st.text())
def test_any_text_may_stand_for_a_version(text: str) -> None:
    version = parse_version(text)
    assert version is None or parse_version(format_version(version)) == version


@given(st.tuples(*[st.integers(0, 999_999)] * 3))
def test_a_version_survives_its_text(version: Version) -> None:
    assert parse_version(format_version(version)) == version


def test_the_newest_version_that_is_known_is_one_that_is_run() -> None:
    """The end-to-end tests install and run these."""
    assert max(parse_version(text) or (0, 0, 0) for text in VERSIONS) == NEWEST_RUN
