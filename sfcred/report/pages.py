"""The checks' documentation: the same text for `sfcred explain` and docs/checks.md."""

from collections.abc import Iterable

from sfcred.checks._api import Check, Example, Reply


def page(check: Check) -> str:
    """A check's page in Markdown: what it finds, why, how to fix it, source, examples."""
    body = check.page.partition("\n")[2].strip()
    return "\n".join(
        [
            f'## <a id="{check.id.lower()}"></a>{check.id} {check.name}',
            "",
            f"{check.title}. Severity: {check.severity}.",
            "",
            body,
            "",
            "**Found in**",
            "",
            *_example(check.bad),
            "",
            "**Not found in**",
            "",
            *_example(check.good),
            "",
        ]
    )


def plain_page(check: Check) -> str:
    """The page for a terminal: without Markdown's signs."""
    text = page(check).replace(f'## <a id="{check.id.lower()}"></a>', "")
    lines = [line for line in text.splitlines() if not line.startswith("```")]
    return "\n".join(lines).replace("**", "").replace("\n\n\n", "\n\n") + "\n"


def catalogue(checks: Iterable[Check]) -> str:
    """One line a check: id, severity, name and title."""
    return "".join(f"{c.id}  {c.severity:<7}  {c.name:<24} {c.title}\n" for c in checks)


def document(checks: Iterable[Check]) -> str:
    """docs/checks.md: a table of all checks, then their pages."""
    listed = list(checks)
    table = [f"| [{c.id}](#{c.id.lower()}) | {c.name} | {c.severity} | {c.title} |" for c in listed]
    head = [
        "# The checks",
        "",
        "This page is made from the checks themselves by `make generate`.",
        "`sfcred explain SFC104` shows a check's page in the terminal.",
        "",
        "An id never changes its meaning. What a severity does to the exit status is in the",
        "README. A check that can't be run (a secret that isn't there, a version that isn't",
        "given) is listed with the reason.",
        "",
        "| id | name | severity | finds |",
        "|---|---|---|---|",
        *table,
        "",
    ]
    return "\n".join(head) + "\n" + "\n".join(page(check) for check in listed)


def _example(example: Example) -> list[str]:
    lines = ["```yaml", *example.spec.rstrip("\n").splitlines()]
    lines += [f"# {name}: {_described(what)}" for name, what in example.files.items()]
    lines += [f"# ${name}: {_described(what)}" for name, what in example.environ.items()]
    lines += [f"# with {example.setting.replace('_', ' ')}"] if example.setting else []
    lines += [f"# the org has the app of: {example.deployed.strip()}"] if example.deployed else []
    lines += [f"# the org answers: {_reply(reply)}" for reply in example.replies[:1]]
    return [*lines, "```"]


def _reply(reply: Reply) -> str:
    if reply.fails:
        return f"nothing: {reply.fails}"
    # Tokens and records are alike in every example: only what is refused tells something.
    told = reply.body if '"error' in reply.body else "with a token, and so on"
    return f"HTTP {reply.status} {told}"


def _described(material: str) -> str:
    return material.removeprefix("text:") or "(empty)"
