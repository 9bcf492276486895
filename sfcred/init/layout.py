"""Where a project keeps its specs, and the files that belong to them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sfcred.paths import is_file, place_of
from sfcred.repositories import find_root

#: The JSON Schema of specs that `sfcred init` writes for editors, at the project's root.
SCHEMA = "credential.schema.json"


class Links(NamedTuple):
    """Paths as a spec writes them, relative to its folder; the schema is empty if it is missing."""

    secrets: str = "../secrets"
    certificates: str = "../certs"
    schema: str = f"../{SCHEMA}"


class Layout(NamedTuple):
    """The folders of a project.

    Attributes:
        specs: Where specs are.
        secrets: Where secret files are.
        certificates: Where certificates are.
        links: How the specs refer to those files.
    """

    specs: Path
    secrets: Path
    certificates: Path
    links: Links


def layout_of(specs: Path, project: Path) -> Layout:
    """Return the folders that go with a folder of specs.

    Secrets and certificates go next to it, but never outside the project.

    Args:
        specs: The folder of specs, which can be the project's root.
        project: The project's root.
    """
    real, root = place_of(specs), place_of(project)
    if real == root:
        return Layout(specs, specs / "secrets", specs / "certs", Links("secrets", "certs", SCHEMA))
    links = Links()
    if real.is_relative_to(root):
        up = "../" * len(real.relative_to(root).parts)
        links = links._replace(schema=f"{up}{SCHEMA}")
    return Layout(specs, specs.parent / "secrets", specs.parent / "certs", links)


def repository_of(root: Path) -> Path:
    """Return the root of the repository around a project, or the project's root without one.

    A home folder that is a repository for dotfiles doesn't count.

    Args:
        root: The project's root.
    """
    real = Path(os.path.realpath(root))
    found = find_root(real)
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() can fail
    return root if found is None or found == real or str(found) == home else found


def spec_folder(project: Path, paths: Sequence[str]) -> Path:
    """Return the folder for new specs: the first of the configuration's `paths` that is a folder.

    Args:
        project: The project's root.
        paths: The configuration's `paths`, relative to the root. Some can be files.
    """
    folders = (path for path in paths if not path.endswith((".yaml", ".yml")))
    return next(
        (project / path for path in folders if not is_file(project / path)), project / "credentials"
    )
