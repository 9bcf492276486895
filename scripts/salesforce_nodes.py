"""Write sfcred/n8n/salesforce_nodes/: what n8n's Salesforce nodes send, by version.

    python -m scripts.salesforce_nodes

It downloads the releases of n8n-nodes-base below from npm, runs their nodes' own code
(salesforce_nodes.cjs) with the modules of the newest installed n8n, and writes a table for each
release that differs from the one before. Add a release at the end, and its number to `SINCE` in
sfcred/n8n/salesforce_nodes.py if it gets a table. The end-to-end tests compare the newest table
with the installed n8n.
"""

import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from scripts.e2e_install import VERSIONS, cache, n8n_home, node_home

RELEASES = (
    "1.0.0", "1.20.0", "1.30.0", "1.43.0", "1.60.0", "1.100.1", "2.0.0", "2.10.0", "2.15.0",
    "2.18.0", "2.20.0", "2.23.0", "2.27.4", "2.30.0", "2.32.0", "2.34.0", "2.35.0", "2.36.0",
    "2.37.0", "2.41.2",
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "sfcred/n8n/salesforce_nodes"


def table_text(n8n: str, package: Path | None = None) -> str:
    """Return the table of a package, as it is written.

    Args:
        n8n: The installed n8n whose modules are used.
        package: The folder of an n8n-nodes-base; None for the installed one.
    """
    command = [
        str(node_home() / "bin/node"),
        str(ROOT / "scripts/salesforce_nodes.cjs"),
        str(n8n_home(n8n)),
        *([str(package)] if package else []),
    ]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    table = json.loads(done.stdout)
    resources, trigger = table.pop("resources"), table.pop("trigger")
    lines = [f'"{key}":{_compact(value)}' for key, value in table.items()]
    lines.append(f'"resources":{_by_line(resources, "operations")}')
    lines.append(f'"trigger":{_by_line(trigger, "") if trigger else "null"}')
    return "{" + ",\n".join(lines) + "}\n"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _by_line(table: dict[str, dict[str, Any]], inner: str) -> str:
    """Return JSON with one operation, or one entry, per line, so that changes can be read."""
    parts = []
    for key, value in table.items():
        text = _compact(value)
        if inner:
            listed = ",\n  ".join(f'"{name}":{_compact(one)}' for name, one in value[inner].items())
            text = f'{{"default":{_compact(value["default"])},"{inner}":{{\n  {listed}}}}}'
        parts.append(f' "{key}":{text}')
    return "{\n" + ",\n".join(parts) + "}"


def package_of(release: str) -> Path:
    """Return the folder of a release's Salesforce nodes; download it once."""
    folder = cache() / f"nodes-base-{release}"
    if (folder / "installed").exists():
        return folder
    with tempfile.TemporaryDirectory() as where:
        command = ["npm", "pack", "--silent", f"n8n-nodes-base@{release}"]
        subprocess.run(command, cwd=where, check=True, capture_output=True)
        with tarfile.open(next(Path(where).glob("*.tgz"))) as archive:
            wanted = [one for one in archive if "/dist/nodes/Salesforce/" in one.name]
            archive.extractall(folder, wanted, filter="data")
    (folder / "installed").touch()
    return folder


def main() -> None:
    """Write the tables, and remove those that are no longer needed."""
    TARGET.mkdir(exist_ok=True)
    for old in TARGET.glob("*.json"):
        old.unlink()
    previous = ""
    for release in RELEASES:
        text = table_text(VERSIONS[-1], package_of(release) / "package")
        if text != previous:
            numbers = release.split(".")
            name = f"{numbers[0]}.{numbers[1]}.0.json"
            (TARGET / name).write_text(text, encoding="utf-8")
            print(name)
        previous = text


if __name__ == "__main__":
    main()
