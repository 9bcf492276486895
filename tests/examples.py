"""Runs the checks' examples: for the tests, and for the pages of docs/checks."""

from datetime import UTC, datetime

from sfcred.app.source import app_files
from sfcred.checks.api import Example
from sfcred.doctor import AppFiles, LiveOptions, Options, Report, examine
from sfcred.resolve.context import Context
from sfcred.resolve.credential import Credential
from sfcred.salesforce.metadata.xml import read
from tests.answers import answering
from tests.project import Project


def examine_example(project: Project, example: Example) -> Report:
    """What doctor finds in an example, with everything that belongs to it.

    Args:
        project: Where it is written.
        example: A check's.
    """
    path = project.example(example)
    context = Context(
        project=project.folder,
        now=datetime.now(UTC),
        secrets_dirs=(project.folder / "mounted",),
    )
    options = Options(require_secrets=example.setting == "require_secrets")
    if example.deployed:
        options = options._replace(app=_deployed(project, example, context))
    if not example.replies:
        return examine([path], context, options)
    options = options._replace(live=LiveOptions())
    with answering(project.monkeypatch, example.replies) as left:
        report = examine([path], context, options)
    assert list(left) == [], "replies that nobody asked for"
    return report


def _deployed(project: Project, example: Example, context: Context) -> AppFiles:
    """The app that another spec would have made, as metadata."""
    credentials: list[Credential] = []
    other = project.credential(example.deployed, example.base, "deployed.yaml")
    examine([other], context, Options(), credentials.append)
    files = [(file.kind, file.name, read(file.text)[1]) for file in app_files(credentials[0])]
    other.unlink()
    return AppFiles(files, "the org")
