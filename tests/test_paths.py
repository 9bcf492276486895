"""Where paths lead, many at once."""

import os
from pathlib import Path

import pytest

from sfcred.paths import place_of, places_of


def test_places_of_many_paths_are_those_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("a/inner", "b", "c"):
        Path(folder).mkdir(parents=True)
    for file in ("a/spec.yaml", "a/inner/spec.yaml", "b/other.yaml"):
        Path(file).touch()
    Path("a/link.yaml").symlink_to("../b/other.yaml")
    Path("a/loop").symlink_to("loop")
    Path("a/gone").symlink_to("../nowhere")
    Path("linked").symlink_to("a/inner")
    texts = (
        "a/spec.yaml a/link.yaml a/loop a/gone a/missing a/inner a/.. . linked/spec.yaml linked/.."
    )
    texts += " linked/../spec.yaml nowhere/spec.yaml /proc/self/environ / a/b\0c"
    texts += f" {tmp_path}/a/spec.yaml /{tmp_path}/a/link.yaml a/{'x' * 300}"
    paths = [Path(text) for text in texts.split()]
    assert list(places_of(paths)) == [place_of(path) for path in paths]
    assert list(places_of(paths))[1] == Path(os.path.realpath("b/other.yaml"))
