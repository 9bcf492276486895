"""Runs the checks' examples, for the tests and for the pages of docs/checks."""

from datetime import UTC, datetime

from sfcred.app.retrieved import AppFiles
from sfcred.app.source import new_app
from sfcred.checks.api import Example
from sfcred.doctor import LiveOptions, Options, examine
from sfcred.findings import Report
from sfcred.resolve.context import Context
from sfcred.resolve.loading import load_files
from sfcred.salesforce.metadata.model import MetadataFile, RetrievedFile
from sfcred.salesforce.metadata.xml import Fields, lay_over, read
from sfcred.workflows.read import read_text
from tests.helpers.answers import answering
from tests.helpers.project import CONSUMER_KEY, Project, credentials_of


def examine_example(project: Project, example: Example) -> Report:
    """Return what doctor finds in an example, with everything that belongs to it.

    Args:
        project: The project that the example is written to.
        example: An example of a check.
    """
    path = project.example(example)
    setting, _, value = example.setting.partition("=")
    context = Context(
        project=project.folder,
        now=datetime.now(UTC),
        secrets_dirs=(project.folder / "mounted",),
        org_hosts=frozenset({value}) if setting == "org_hosts" else None,
    )
    options = Options(require_secrets=setting == "require_secrets")
    if example.workflow:
        text = f'{{"name": "Lead sync", "nodes": [{example.workflow}], "connections": {{}}}}'
        flows = [read_text(text, "workflows/lead.json")]
        options = options._replace(workflows=flows, whole=True)
    if example.deployed:
        options = options._replace(app=_deployed(project, example, context))
    if not example.replies:
        return examine(load_files([path], context), context, options)
    options = options._replace(live=LiveOptions())
    with answering(project.monkeypatch, example.replies) as left:
        report = examine(load_files([path], context), context, options)
    assert list(left) == [], "replies that nobody asked for"
    return report


def _deployed(project: Project, example: Example, context: Context) -> AppFiles:
    """Write the metadata that another spec's app would have; a copy for each document."""
    other = project.credential(example.deployed, example.base, "deployed.yaml")
    files = [
        RetrievedFile(file.kind, file.name, _with(example, file), f"{number}/{file.name}")
        for number, credential in enumerate(credentials_of([other], context))
        for file in new_app(credential).files
    ]
    other.unlink()
    return AppFiles(tuple(files), "the org")


def _with(example: Example, file: MetadataFile) -> Fields:
    """Return a file's elements, with those of the example."""
    fields = read(file.text)[1]
    key = {"consumerKey": CONSUMER_KEY}  # an org's app has one
    if file.suffix == "ecaGlblOauth":
        fields = lay_over(fields, key)
    elif file.suffix == "connectedApp":
        fields = lay_over(fields, {"oauthConfig": key})
    for place, text in example.elements.items():
        suffix, *route = place.split("/")
        if suffix == file.suffix:
            change: object = text
            for name in reversed(route):
                change = {name: change}
            assert isinstance(change, dict)
            fields = lay_over(fields, change)
    return fields
