"""The model of the configuration: what sfcred.toml and [tool.sfcred] may hold.

It needs pydantic alone, which a spec needs anyway. Variables have a module of their own, because
pydantic-settings is slow to load.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

#: Characters of one value, entries of one list or table, and patterns.
LONGEST, MOST, MOST_PATTERNS, MOST_RULES = 4096, 500, 200, 2000
#: Of `*` in a name of a pattern, and of `**`: pathspec makes regular expressions of patterns, and
#: with each further one their time on a long path is multiplied by the path's length.
MOST_STARS = 2


def _bounded(pattern: str) -> str:
    """Refuse a pattern that could keep pathspec's regular expressions busy for ever."""
    stars = max(part.count("*") for part in pattern.replace("**", "").split("/"))
    if stars > MOST_STARS or pattern.count("**") > MOST_STARS:
        raise ValueError(f"a pattern has at most {MOST_STARS} of * in a name, and of **")
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        raise ValueError("not a pattern as .gitignore has them") from None
    return pattern


def _few(rules: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Refuse more rules than any project has: each is followed through the whole run."""
    if sum(map(len, rules.values())) > MOST_RULES:
        raise ValueError(f"at most {MOST_RULES} rules in all")
    return rules


def _narrow(selector: str) -> str:
    """Refuse the beginning of every id, the empty one included."""
    if re.fullmatch("(?i)(s(fc?)?)?", selector.strip()):
        raise ValueError("this stands for every check: name ids, or groups of them such as SFC5")
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
    """What sfcred.toml or [tool.sfcred] may say; each also as a variable SFCRED_NAME."""

    # TOML has types, so nothing is converted: the model takes what the JSON Schema takes.
    model_config = ConfigDict(
        title="sfcred configuration", extra="forbid", strict=True, hide_input_in_errors=True
    )

    paths: Texts = Field(
        default=["credentials"],
        min_length=1,
        description="Files and folders of specs, from the project's root.",
    )
    select: Texts = Field(
        default=[], description="Run only these checks: ids, beginnings of ids (SFC4), names."
    )
    ignore: Annotated[list[Annotated[Text, AfterValidator(_narrow)]], Field(max_length=MOST)] = (
        Field(
            default=[], description="Leave these checks out: ids, beginnings of ids (SFC4), names."
        )
    )
    path_ignores: PathIgnores = Field(
        default={},
        max_length=MOST_PATTERNS,
        description="Checks that don't apply to some files, each with the reason: by a pattern as "
        'in .gitignore, from the project\'s root. {"credentials/old/" = {SFC206 = "why"}}',
    )
    baseline: Text = Field(
        default="sfcred-baseline.json",
        description="The file of known findings, which are left out, if it exists; from the "
        "project's root. `sfcred doctor --write-baseline` writes it.",
    )
    fail_on: Literal["error", "warning"] = Field(
        default="error", description="The severity from which on doctor's exit status is 1."
    )
    require_secrets: bool = Field(
        default=False, description="A reference that can't be read is an error, not a warning."
    )
    secrets_dirs: Texts = Field(
        default=["/run/secrets"], description="Folders in which {secrets_dir: NAME} looks."
    )
    certificate_days: int = Field(
        default=30,
        ge=0,
        le=3650,
        description="From how many days before its end a certificate is a warning.",
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
        The values that the file sets; lists as tuples.

    Raises:
        ValidationError: With the field's name as its place.
    """
    return set_values(FileSettings.model_validate(table))


def set_values(found: FileSettings) -> dict[str, Any]:
    """Return the values that were given, without the defaults; lists as tuples."""
    values = found.model_dump(include=found.model_fields_set)
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
