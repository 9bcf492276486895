"""How this sfcred was installed, and the commands that install the same one elsewhere.

Texts that tell people or CI jobs how to install sfcred come from here. A release is not always on a
package index, so `pip install sfcred` would be wrong for a commit or a folder.

Source: PEP 610 (direct_url.json), the files by which pipx and uv know their environments, and the
one that the Dockerfile adds.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from sfcred.text.shell import for_shell, program
from sfcred.version import __version__

if TYPE_CHECKING:
    from importlib.metadata import Distribution

Manager = Literal["pip", "uv pip", "pipx", "uv tool", "uvx", "image"]

#: What each extra in pyproject.toml adds. Where sfcred runs from a folder, no metadata tells it.
EXTRAS: Mapping[str, Sequence[str]] = {
    "local-org": ("starlette>=1.3.1", "uvicorn>=0.35"),
    "keyring": ("keyring>=25",),
    "vault": ("hvac>=2.3",),
    "aws": ("boto3>=1.35",),
    "gcp": ("google-cloud-secret-manager>=2.32",),
    "azure": ("azure-keyvault-secrets>=4.9", "azure-identity>=1.26"),
    "onepassword": ("onepassword-sdk>=0.3",),
}

# Addresses that can stand in a workflow and in a shell as they are, and that contain no password
# and no signature. With any other address, sfcred counts as being on this machine only.
_PLAIN = re.compile(r"(?:https://|ssh://git@)[A-Za-z0-9][\w.:/~+%-]*", re.ASCII)
_FOLDERS = re.compile(r"[\w.-]+(?:/[\w.-]+)*", re.ASCII)
_COMMIT, _DIGEST = re.compile("[0-9a-f]{40,64}"), re.compile("[0-9a-f]{64}")


class Installation(NamedTuple):
    """How this sfcred was installed.

    Attributes:
        address: Where every machine gets the same one: empty for a release on an index, else the
            URL of a commit or an archive. None if only this machine has it.
        origin: The folder or archive on this machine that it came from. None if every machine can
            get it, if it isn't known, or if it is no longer there.
        manager: What manages its environment; `image` in a container of sfcred's image.
    """

    address: str | None
    origin: Path | None
    manager: Manager

    def requirement(self, *extras: str) -> str | None:
        """Return the requirement (PEP 508) that installs the same sfcred on every machine.

        Args:
            extras: Extras of sfcred to add, for example `vault`.

        Returns:
            `sfcred==1.2.3` or `sfcred @ URL`. None if only this machine has it.
        """
        if self.address is None:
            return None
        name = _with(*extras)
        return f"{name} @ {self.address}" if self.address else f"{name}=={__version__}"

    def command(self, extra: str) -> str:
        """Return the command that adds an extra to this sfcred, for a terminal on this machine.

        Args:
            extra: An extra of sfcred, for example `vault`.
        """
        # Not `sfcred[vault]`: if sfcred isn't where pip looks, or a version doesn't fit, pip would
        # get another sfcred, from whoever has the name on an index.
        packages = " ".join(for_shell(package) for package in EXTRAS[extra])
        if self.manager == "pip":
            return f"{_pip()} install {packages}"
        # What replaces this sfcred keeps its extras.
        extras = [one for one in EXTRAS if one == extra or _has(one)]
        if self.manager == "image":  # it has no pip
            argument = for_shell(f"EXTRAS=[{','.join(extras)}]")
            return f"docker build --tag sfcred --build-arg {argument} CLONE"
        here = f"{_with(*extras)} @ {self.origin.as_uri()}" if self.origin else None
        again = self.requirement(*extras) or here
        if again is None and self.manager == "pipx":
            return f"pipx inject sfcred {packages}"
        if again is None or self.manager == "uv pip":
            return f"uv pip install --no-config --python {for_shell(sys.executable)} {packages}"
        if self.manager == "uvx":
            return f"uvx --from {for_shell(again)} sfcred"
        return f"{self.manager} install --force {for_shell(again)}"

    def wheel_command(self, folder: str) -> str | None:
        """Return the command that puts this sfcred into a folder as a wheel, to install it there.

        Args:
            folder: The folder, relative to the working folder.

        Returns:
            The command. None if only you know where this sfcred came from, or if no tool that is
            there has one.
        """
        is_uv = self.manager.startswith("uv")
        # uv builds wheels only from source.
        if self.origin is None or (is_uv and self.origin.suffix == ".whl"):
            return None
        origin, target = for_shell(self.origin), for_shell(folder)
        if is_uv:
            return f"uv build --no-config --wheel --out-dir {target} {origin}"
        pip = "pipx runpip sfcred" if self.manager == "pipx" else _pip()
        return f"{pip} wheel --no-deps --wheel-dir {target} {origin}"


@cache
def installation() -> Installation:
    """Return how this sfcred was installed."""
    return Installation(*_source(_direct_url()), _manager())


def install_command(extra: str) -> str:
    """Return the command that adds an extra to this sfcred, for a terminal on this machine.

    Args:
        extra: An extra of sfcred, for example `vault`.
    """
    return installation().command(extra)


def _with(*extras: str) -> str:
    return f"sfcred[{','.join(extras)}]" if extras else "sfcred"


def _has(extra: str) -> bool:
    """Return whether the packages of an extra are installed."""
    return all(_distribution(package.partition(">")[0]) for package in EXTRAS[extra])


# -- the environment


def _pip() -> str:
    """Return pip's command: the short one in an active environment, where it is this Python's."""
    is_active = os.environ.get("VIRTUAL_ENV") == sys.prefix
    # -I: people run it in a checkout, whose pip.py would be run otherwise.
    return "pip" if is_active else f"{program(sys.executable)} -I -m pip"


def _manager() -> Manager:
    prefix = Path(sys.prefix)
    if (prefix / "pipx_metadata.json").is_file():
        return "pipx"
    if (prefix / "uv-receipt.toml").is_file():
        return "uv tool"
    # uvx keeps its environments in uv's cache.
    if re.fullmatch(r"(?:archive|environments)-v\d+", prefix.parent.name):
        return "uvx"
    if (prefix / "sfcred-container-image").is_file():
        return "image"
    return "pip" if find_spec("pip") else "uv pip"


# -- where it came from


class _Vcs(BaseModel):
    vcs: str
    commit_id: str


class _Archive(BaseModel):
    hashes: dict[str, str] = Field(default_factory=dict)


class _DirectUrl(BaseModel):
    """direct_url.json, as PEP 610 defines it; what sfcred doesn't need is left out."""

    url: str
    subdirectory: str | None = None
    vcs_info: _Vcs | None = None
    archive_info: _Archive | None = None


def _direct_url() -> str | None:
    """Return the text of direct_url.json. None after an installation from an index."""
    found = _distribution("sfcred")
    # Without metadata, sfcred runs from a folder that nobody installed.
    return "" if found is None else found.read_text("direct_url.json")


def _distribution(name: str) -> "Distribution | None":
    """Return an installed package's metadata.

    The working folder is not searched. Without -I, Python has it on its path, and then a checkout
    could decide what is installed.
    """
    from importlib.metadata import distributions

    here = os.path.realpath(os.curdir)
    folders = [folder for folder in sys.path if os.path.realpath(folder) != here]
    return next(iter(distributions(name=name, path=folders)), None)


def _source(direct_url: str | None) -> tuple[str | None, Path | None]:
    """Return the address and the origin of what was installed."""
    if direct_url is not None:
        return _read(direct_url)
    # Development versions come from somebody's folder of wheels: no index has them.
    return (None if ".dev" in __version__ else ""), None


def _read(direct_url: str) -> tuple[str | None, Path | None]:
    """Return the address and the origin that direct_url.json means."""
    try:
        source = _DirectUrl.model_validate_json(direct_url)
    except ValidationError:  # the installer doesn't follow PEP 610
        return None, None
    address = _address(source)
    if address is not None:
        return address, None
    from urllib.request import url2pathname  # imports http and ssl

    parts = urlsplit(source.url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None, None
    origin = Path(url2pathname(parts.path))
    return None, origin if origin.exists() else None


def _address(source: _DirectUrl) -> str | None:
    folder = source.subdirectory
    if not _PLAIN.fullmatch(source.url) or (folder and not _FOLDERS.fullmatch(folder)):
        return None
    place = f"#subdirectory={folder}" if folder else ""
    if source.vcs_info and source.vcs_info.vcs == "git":
        commit = source.vcs_info.commit_id
        return f"git+{source.url}@{commit}{place}" if _COMMIT.fullmatch(commit) else None
    if source.archive_info and source.url.startswith("https://"):
        digest = source.archive_info.hashes.get("sha256", "")
        if not _DIGEST.fullmatch(digest):
            return f"{source.url}{place}"
        return f"{source.url}#sha256={digest}{place.replace('#', '&')}"
    return None
