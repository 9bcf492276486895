"""The workflows of a running n8n."""

import json
from collections.abc import Iterator

from sfcred.exchange.n8n_api import Api
from sfcred.text.printable import one_line
from sfcred.workflows.model import WorkflowFile
from sfcred.workflows.read import read_text


def running_workflows(api: Api) -> Iterator[WorkflowFile]:
    """Yield the workflows that the API key has access to. Each has its address in the editor.

    Raises:
        ApiError: n8n refused, or the answer is not n8n's.
    """
    for entry in api.workflows():
        key = entry.get("id")
        where = f"{api.url}/workflow/{one_line(key)}" if isinstance(key, str) else api.url
        yield read_text(json.dumps(entry), where)
