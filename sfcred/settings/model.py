"""The model of a configuration file: sfcred.toml, or [tool.sfcred] in pyproject.toml.

It needs only pydantic, which specs need anyway. Variables are in another module, because
pydantic-settings is slow to import.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

#: The most characters in a value, entries in a list or table, patterns, and rules in all.
LONGEST, MOST, MOST_PATTERNS, MOST_RULES = 4096, 500, 200, 2000
#: The most `*` in a name of a pattern, and `**` in a pattern. pathspec turns patterns into regular
#: expressions, and each further star multiplies their time on a long path by the path's length.
MOST_STARS = 2


def _bounded(pattern: str) -> str:
    """Refuse a pattern that could keep pathspec's regular expressions busy forever."""
    stars = max(part.count("*") for part in pattern.replace("**", "").split("/"))
    if stars > MOST_STARS or pattern.count("**") > MOST_STARS:
        raise ValueError(
            f"a pattern can have at most {MOST_STARS} * in a name, and {MOST_STARS} **"
        )
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        raise ValueError("not a valid .gitignore pattern") from None
    return pattern


def _few(rules: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Refuse more rules than any project needs: each costs time in the whole run."""
    if sum(map(len, rules.values())) > MOST_RULES:
        raise ValueError(f"more than {MOST_RULES} rules in all")
    return rules


def _narrow(selector: str) -> str:
    """Refuse the beginning of every id, the empty one included."""
    if re.fullmatch("(?i)(s(fc?)?)?", selector.strip()):
        raise ValueError("this matches every check: name ids, or groups of them such as SFC5")
    return selector


CheckId = Annotated[str, Field(pattern="^SFC[0-9]{3}$")]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Texts = Annotated[list[Text], Field(max_length=MOST)]
Pattern = Annotated[str, Field(max_length=256), AfterValidator(_bounded)]
PathIgnores = Annotated[
    dict[Pattern, Annotated[dict[CheckId, Reason], Field(max_length=MOST)]], AfterValidator(_few)
]


class FileSettings(BaseModel):
    """The settings in sfcred.toml or [tool.sfcred]. A variable SFCRED_NAME can set each, too."""

    # TOML has types, so nothing is converted: the model accepts what the JSON Schema accepts.
    model_config = ConfigDict(
        title="sfcred configuration", extra="forbid", strict=True, hide_input_in_errors=True
    )

    paths: Texts = Field(
        default=["credentials"],
        min_length=1,
        description="Files and folders of specs, relative to the project's root.",
    )
    exclude: Annotated[list[Pattern], Field(max_length=MOST_PATTERNS)] = Field(
        default=[],
        description="Files in the folders of specs that aren't specs: .gitignore patterns, from "
        "the project's root.",
    )
    workflows: Texts = Field(
        default=[],
        description="Files and folders of n8n workflows, relative to the project's root: what "
        "`sfcred needs` reads, and doctor's checks of workflows.",
    )
    select: Texts = Field(
        default=[], description="Run only these checks: ids, prefixes of ids (SFC4) or names."
    )
    ignore: Annotated[list[Annotated[Text, AfterValidator(_narrow)]], Field(max_length=MOST)] = (
        Field(
            default=[], description="Leave these checks out: ids, prefixes of ids (SFC4) or names."
        )
    )
    path_ignores: PathIgnores = Field(
        default={},
        max_length=MOST_PATTERNS,
        description="Checks to leave out for files that match a .gitignore pattern, from the "
        "project's root, each with a reason: "
        '{"credentials/old/" = {SFC206 = "why"}}',
    )
    baseline: Text = Field(
        default="sfcred-baseline.json",
        description="The file of known findings, relative to the project's root. If it exists, its "
        "findings are left out. `sfcred doctor --write-baseline` writes it.",
    )
    fail_on: Literal["error", "warning"] = Field(
        default="error", description="The lowest severity that makes doctor's exit status 1."
    )
    require_secrets: bool = Field(
        default=False,
        description="Treat a reference that can't be read as an error, not a warning.",
    )
    secrets_dirs: Texts = Field(
        default=["/run/secrets"],
        description="The folders where {secrets_dir: NAME} looks for files.",
    )
    certificate_days: int = Field(
        default=30,
        ge=0,
        le=3650,
        description="How early to warn about an expiring certificate, in days.",
    )
    jobs: int = Field(
        default=8,
        ge=1,
        le=100,
        description="How many orgs live checks log in to at the same time.",
    )


def read_table(table: dict[str, object]) -> dict[str, Any]:
    """Validate a configuration file's table.

    Returns:
        The values that the file sets. Lists become tuples.

    Raises:
        ValidationError: A value is invalid. Its location is the field's name.
    """
    return set_values(FileSettings.model_validate(table))


def set_values(found: FileSettings) -> dict[str, Any]:
    """Return the values that were set, without defaults. Lists become tuples."""
    values = found.model_dump(include=found.model_fields_set)
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
