"""A file in a folder of specs is something else.

**Finds** compose files, Kubernetes manifests, files that SOPS or Ansible Vault encrypted, n8n's
exports and workflows, templates, and other kinds of files that it knows by their form. A spec that
can't be read because it is encrypted, a template, or has the marks of a merge conflict is an error,
and so is a file with none of a spec's fields.

**Why it matters** Nothing in such a file is checked. If it was meant to be a spec, a credential is
missing. An export of n8n's also contains secrets.

**How to fix it** Move the file elsewhere, or add it to `exclude` in the configuration, in
.gitignore's syntax: `exclude = ["compose.yml"]`. This check always runs, so ignoring it has no
effect.

**Source** The forms that these tools document: Compose, Kubernetes, SOPS, n8n 2.41, Git.
"""

import re
from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, Trait, spec_check
from sfcred.spec.load import SpecFile

BAD = Example("services:\n  n8n: {image: n8nio/n8n}\n", base="whole")
GOOD = Example("description: services")


@spec_check("SFC013", Severity.WARNING, bad=BAD, good=GOOD, since="0.2.0", traits=(Trait.ALWAYS,))
def check(file: SpecFile) -> Iterator[Problem]:
    """Report what the file is."""
    foreign = file.foreign
    if foreign is None:
        return
    hint = foreign.hint
    if foreign.is_unsure or not foreign.is_spec:
        move = "If not, move it" if foreign.is_unsure else "Move it"
        hint = " ".join(filter(None, [hint, f"{move} {_elsewhere(file.source.path.name)}"]))
    severity = Severity.ERROR if foreign.is_spec else None
    message = f"this is {foreign.what}, and can't be read as a spec"
    yield Problem(message, (), hint, severity=severity, place=foreign.place)


def _elsewhere(name: str) -> str:
    shown = name if re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) else "its name"
    return f'to another folder, or set `exclude = ["{shown}"]` in sfcred.toml.'
