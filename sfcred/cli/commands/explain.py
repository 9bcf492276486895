"""`sfcred explain`."""

import re
from typing import TYPE_CHECKING

import click

from sfcred.cli import completion_values, options
from sfcred.cli.output import emit, report_style
from sfcred.errors import UsageError

if TYPE_CHECKING:
    from sfcred.report.api import ReportStyle

# The largest text to diagnose, in bytes.
_MOST = 4 * 1024 * 1024
# What could be the id of a check or the name of a field, or is only words.
_ID_OR_WORDS = re.compile(r"SFC\w{0,10}|(?:n8n|[a-z]{1,30})(?:[ _.-](?:n8n|[a-z]{1,30})){0,8}")


@click.command(short_help="Explain a check, a field of the spec, or a Salesforce error.")
@click.argument(
    "topic", metavar="[CHECK|FIELD]", required=False, shell_complete=completion_values.topics
)
@click.option(
    "--error",
    "error_text",
    metavar="TEXT",
    help="Diagnose an error text from Salesforce or n8n; - reads it from standard input.",
)
@click.option(
    "--spec",
    metavar="NAME",
    callback=options.filled,
    help="With --error: order the causes for this credential (its name, or the path of its spec).",
    shell_complete=completion_values.credentials,
)
@options.profile_option
def command(
    topic: str | None, error_text: str | None, spec: str | None, profile: str | None
) -> int:
    """Show a check's page: what it finds, why it matters, how to fix it, and the source.

    CHECK is its id or name. FIELD is a field of the spec, such as app.scopes: explain shows what it
    means, its type and an example. Without either, explain lists all checks. With --error, it shows
    what the error means, the most likely cause first, and where to click. With --spec, the causes
    are in the order that doctor --live gives, and those that the spec rules out are marked. If
    Salesforce refuses a field, it names the workflows that request it (`workflows` in sfcred.toml).
    The text can be a log line, JSON, or the address of the page where the browser ended up. The
    exit status is 1 if sfcred doesn't know the error, and 4 if it could not read a workflow.

    \b
    Examples:
      sfcred explain
      sfcred explain SFC104
      sfcred explain not-an-authority
      sfcred explain app.scopes
      sfcred explain --error 'invalid_grant: audience is invalid'
      sfcred explain --error invalid_grant --spec acme-crm
    """
    _require_match(topic, error_text, spec, profile)
    if error_text is None:
        return _explain(topic)
    from sfcred.cli.explain_error import explain_error

    text = _standard_input() if error_text == "-" else error_text
    if not text.strip():
        raise UsageError("the error text is empty", hint="Pass the text that you see, in quotes.")
    return explain_error(text, spec, profile)


def _require_match(
    topic: str | None, error_text: str | None, spec: str | None, profile: str | None
) -> None:
    """Refuse options that don't belong together.

    Raises:
        UsageError: One of them would have no effect.
    """
    if topic is not None and error_text is not None:
        raise UsageError("a topic and --error are two questions", hint="Ask one at a time.")
    if spec is not None and error_text is None:
        raise UsageError("--spec belongs to --error", hint="Pass --error TEXT, too.")
    if profile is not None and spec is None:
        raise UsageError("--profile belongs to --spec", hint="Pass --spec NAME, too.")


def _explain(topic: str | None) -> int:
    from sfcred.checks import all_checks, copied_check, find_check
    from sfcred.report.check_pages import catalogue, plain_page

    look = report_style()
    if topic is None:
        emit(catalogue(all_checks(), look))
        return 0
    check = find_check(topic) or copied_check(topic)
    if check is None:
        return _explain_field(topic, look)
    emit(plain_page(check, look))
    return 0


def _explain_field(text: str, look: "ReportStyle") -> int:
    from sfcred.report.field_pages import field_page, find_fields

    found = find_fields(text)
    if not found:
        raise _unknown(text)
    if len(found) > 1:
        routes = " or ".join(field.route for field in found)
        raise UsageError(f"several sections have a field {text}", hint=f"Pass {routes}.")
    emit(field_page(found[0], look))
    return 0


def _unknown(text: str) -> UsageError:
    """Return the error for what is neither a check nor a field, with the nearest one."""
    from sfcred.checks import all_checks
    from sfcred.report.field_pages import field_names
    from sfcred.text.near import did_you_mean, nearest
    from sfcred.text.shell import for_shell

    if not _ID_OR_WORDS.fullmatch(text):  # it isn't repeated: an error can have a secret in it
        return UsageError(
            "that is neither the id of a check nor the name of a field",
            hint="To explain an error text, pass it with --error, or on standard input: "
            "`sfcred explain --error -`.",
        )
    fields = {name: name for name in field_names()}
    fields |= {name.rpartition(".")[2]: name for name in field_names() if "." in name}
    known = {**fields, **{check.name: check.name for check in all_checks()}}
    near = nearest(text.rpartition(".")[2] if "." in text else text, list(known))
    meant = did_you_mean(near and known[near])
    return UsageError(
        f"there is no check and no field {text}",
        hint=f"{meant}`sfcred explain` lists the checks, and `sfcred explain app` a section's "
        f"fields. To explain an error text: `sfcred explain --error {for_shell(text)}`.",
    )


def _standard_input() -> str:
    """Return the text on standard input."""
    from sfcred.files import read_standard_input
    from sfcred.salesforce.framed import decoded

    too_large = UsageError(
        f"the text is larger than {_MOST // 1024 // 1024} MB",
        hint="Pass the lines around the error: grep -C 20 error LOG | sfcred explain --error -",
    )
    return decoded(read_standard_input(_MOST, too_large))
