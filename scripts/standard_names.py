"""Write sfcred/salesforce/standard_names.json: Salesforce's standard objects and fields.

    python -m scripts.standard_names

They come from jsforce (MIT license), which the Salesforce CLI contains: its types list the standard
schema of an org. The end-to-end tests compare the file with the installed CLI.
"""

import json
import re
from pathlib import Path

from scripts.e2e_install import sf_home

TARGET = Path(__file__).resolve().parents[1] / "sfcred/salesforce/standard_names.json"
SOURCE = "node_modules/@jsforce/jsforce-node/lib/types/standard-schema.d.ts"
_TYPE = re.compile(
    r"^type (Fields|ParentReferences|ChildRelationships)\$(\w+) = \{([^}]*)\};", re.MULTILINE
)
_MEMBER = re.compile(r"^\s*(\w+): (.*);$", re.MULTILINE)


def names(text: str) -> dict[str, object]:
    """Return the names in jsforce's types.

    Args:
        text: The content of standard-schema.d.ts.
    """
    objects: set[str] = set()
    fields: set[str] = set()
    children: dict[str, dict[str, str]] = {}
    for kind, owner, body in _TYPE.findall(text):
        objects.add(owner)
        members = _MEMBER.findall(body)
        if kind != "ChildRelationships":
            fields |= {name for name, _type in members}
            continue
        known = {name: re.sub(r".*\$", "", target) for name, target in members}
        if known:
            children[owner] = dict(sorted(known.items()))
    return {
        "objects": sorted(objects),
        "fields": sorted(fields),
        "children": dict(sorted(children.items())),
    }


def names_text() -> str:
    """Return the file's content, made from the installed Salesforce CLI."""
    found = names((sf_home() / SOURCE).read_text(encoding="utf-8"))
    return json.dumps(found, separators=(",", ":")).replace('},"', '},\n"') + "\n"


if __name__ == "__main__":
    TARGET.write_text(names_text(), encoding="utf-8")
