"""Programs that Node runs: their environment, and the Salesforce CLI."""

import subprocess
from pathlib import Path

from scripts.e2e_install import SF_ENVIRON, cache, node_path, sf_home


def environ(home: Path) -> dict[str, str]:
    """Return the variables of such a program, whose home is a folder of the tests.

    Node keeps the code that it compiled, so that the next start takes a quarter less.
    """
    return {
        "PATH": node_path(),
        "HOME": str(home),
        "NODE_COMPILE_CACHE": str(cache() / "compiled"),
    }


def sf(*arguments: str, home: Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run the Salesforce CLI, which prints its answer as JSON."""
    return subprocess.run(
        [sf_home() / "node_modules/.bin/sf", *arguments, "--json"],
        env={**environ(home), **SF_ENVIRON}, cwd=cwd, capture_output=True, encoding="utf-8", check=False,
        timeout=120,
    )  # fmt: skip
