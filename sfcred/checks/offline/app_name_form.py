"""The app has no valid API name.

**Finds** an `app.api_name` that no app can have. Without one, it finds a label that doesn't start
with a letter or has too few usable characters. An API name that is a device on Windows, such as
`aux`, is a warning.

**Why it matters** Salesforce derives the API name from the label. It consists of letters, digits
and single underscores, starts with a letter, and has at most 40 characters. Salesforce refuses
metadata with any other name. Metadata files are named after the app: with `aux.eca-meta.xml` in it,
git can't check out the repository on Windows.

**How to fix it** Set `app.api_name` to the app's API name, which Setup shows, or write a label that
starts with a letter from A to Z.

**Source** Metadata API, fullName: the rules for API names; "Naming Files, Paths, and Namespaces"
(Microsoft Learn).
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.paths import is_device
from sfcred.resolve.credential import Credential
from sfcred.salesforce.app_names import api_name, is_api_name
from sfcred.spec.source import Route
from sfcred.text.redact import show

BAD = Example("app:\n  label: 8x8 n8n\n")
GOOD = Example("app:\n  label: 8x8 n8n\n  api_name: N8N\n")


@offline_check("SFC610", Severity.ERROR, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Check the API name or, without one, derive it from the label as Setup does."""
    app = credential.app
    if app.api_name is not None:
        if not is_api_name(app.api_name):
            message = f"{show(app.api_name)} is not a valid API name"
            hint = "Use letters, digits and single underscores inside, at most 40 characters."
            yield Problem(message, ("app", "api_name"), hint)
    elif app.label is not None and api_name(app.label) is None:
        message = f"the label {show(app.label)} can't be turned into a valid API name"
        hint = "Set app.api_name, or start the label with a letter from A to Z (at most 40)."
        yield Problem(message, ("app", "label"), hint)
    name = app.api_name or api_name(app.label or "")
    if name and is_device(name):
        message = f"the API name {show(name)} is the name of a device on Windows"
        hint = "Set app.api_name to another name, unless the app exists and nobody uses Windows."
        route: Route = ("app", "api_name" if app.api_name else "label")
        yield Problem(message, route, hint, severity=Severity.WARNING)
