"""The checks' documentation: what `sfcred explain` shows, and what docs/checks is made from."""

from collections.abc import Iterable

from sfcred.checks.api import Check, Example, Reply


def plain_page(check: Check) -> str:
    """A check's page for a terminal: what it finds, why, how to fix it, source, examples."""
    parts = [
        f"{check.id} {check.name}",
        f"{check.title}. Severity: {check.severity}.",
        body(check).replace("**", ""),
        "Found in",
        "\n".join(example_lines(check.bad)),
        "Not found in",
        "\n".join(example_lines(check.good)),
    ]
    return "\n\n".join(parts).replace("\n\n\n", "\n\n") + "\n"


def catalogue(checks: Iterable[Check]) -> str:
    """One line a check: id, severity, name and title."""
    return "".join(f"{c.id}  {c.severity:<7}  {c.name:<24} {c.title}\n" for c in checks)


def body(check: Check) -> str:
    """What a check says of itself, below its title, in Markdown."""
    return check.page.partition("\n")[2].strip()


def example_lines(example: Example) -> list[str]:
    """An example's YAML; what isn't YAML (files, variables, an org's answers) as comments."""
    lines = example.spec.rstrip("\n").splitlines()
    lines += [f"# {name}: {_described(what)}" for name, what in example.files.items()]
    lines += [f"# ${name}: {_described(what)}" for name, what in example.environ.items()]
    lines += [f"# with {example.setting.replace('_', ' ')}"] if example.setting else []
    lines += [f"# the org has the app of: {example.deployed.strip()}"] if example.deployed else []
    return [*lines, *[f"# the org answers: {_reply(reply)}" for reply in example.replies[:1]]]


def _reply(reply: Reply) -> str:
    if reply.fails:
        return f"nothing: {reply.fails}"
    # Tokens and records are alike in every example: only what is refused tells something.
    told = reply.body if '"error' in reply.body else "with a token, and so on"
    return f"HTTP {reply.status} {told}"


def _described(material: str) -> str:
    return material.removeprefix("text:") or "(empty)"
