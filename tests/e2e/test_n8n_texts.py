"""Every fixed text of n8n's HTTP layer, OAuth client and Salesforce node is known to `explain`.

A new version of n8n that says something new fails here, with the new texts.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.e2e_install import VERSIONS, n8n_home
from sfcred.report.error_text import diagnose

#: Where the texts are, below node_modules: the tables, then the files that raise errors.
_TABLES = {
    "n8n-workflow/dist/cjs/errors/node-api.error.js": "STATUS_CODE_MESSAGES",
    "n8n-workflow/dist/cjs/errors/abstract/node.error.js": "COMMON_ERRORS",
    "@n8n/client-oauth2/dist/constants.js": "ERROR_RESPONSES",
    "n8n-core/dist/constants.js": "CREDENTIAL_ERRORS",
}
_RAISING = (
    "@n8n/client-oauth2/dist/*.js",
    "n8n-nodes-base/dist/nodes/Salesforce/*.js",
    "n8n-nodes-base/dist/credentials/Salesforce*.js",
    "n8n-core/dist/credentials.js",
    "n8n-core/dist/execution-engine/node-execution-context/utils/request-helpers/oauth.js",
    "n8n-core/dist/execution-engine/node-execution-context/utils/get-secrets-proxy.js",
    "n8n-workflow/dist/cjs/credential-domain-restrictions.js",
    "n8n-workflow/dist/cjs/errors/node-ssl.error.js",
    "n8n/dist/oauth/oauth.service.js",
    "n8n/dist/controllers/oauth/abstract-oauth.controller.js",
    "n8n/dist/controllers/oauth/oauth2-credential.controller.js",
    "n8n/dist/commands/import/credentials.js",
    "n8n/dist/errors/credential*.js",
)
#: Texts that no user of a Salesforce credential meets: n8n's own mistakes, and other features.
_OTHERS = re.compile(
    "OAuth1|JWE|[Rr]esolver|[Rr]esource URL|Authorization header is required|discover|metadata|"
    "registration|Provider connection|Dynamic|client registration|certificate|"
    'Expected "|Unable to process uri|grant type and authentication method|dynamic credential|'
    "credential ID is missing|Invalid authorization|Node does not have credential type|"
    "fix instruction|owner|--|must contain at least one property|parse|not supported|were set to save|^Credential .17"
)
_RAISED = re.compile(
    r"(?:Error\(|renderCallbackError\(res, |super\()(['\"`])((?:[^'\"`\\]|\\.|(?!\1)['\"])*)\1"
)


def fixed_texts(modules: Path) -> Iterator[str]:
    """Yield the texts of an installed n8n, with something in place of what varies."""
    for name, table in _TABLES.items():
        script = (modules / name).read_text(encoding="utf-8")
        body = re.search(rf"{table} = \{{(.*?)\n\}};", script, re.DOTALL)
        assert body, f"{name} has no {table} any more"
        entries = re.findall(r":\s*(\[[^\]]*\]|'[^\n]*'|\"[^\n]*\")", body[1])
        assert len(entries) > 3
        for entry in entries:
            parts = re.findall(r"'([^']*)'|\"([^\"]*)\"", entry)
            yield " ".join(one or other for one, other in parts if (one or other).strip())
    for pattern in _RAISING:
        for path in sorted(modules.glob(pattern)):
            for _, text in _RAISED.findall(path.read_text(encoding="utf-8")):
                yield re.sub(r"\$\{[^}]*\}", "17", text.replace("\\'", "'"))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_fixed_text_is_known(version: str) -> None:
    texts = set(fixed_texts(n8n_home(version) / "node_modules"))
    assert len(texts) > 60
    about = {text for text in texts if re.search("[a-z]{3} ", text)}
    about = {text for text in about if not _OTHERS.search(text)}
    assert sorted(text for text in about if not diagnose(text)) == []
