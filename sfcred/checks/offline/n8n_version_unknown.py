"""Without n8n's version, some questions stay open.

**Finds** a spec without `n8n.version` for which a check depends on it, and names these checks.

**Why it matters** n8n's behaviour differs by version: whether it knows My Domain, uses the URLs of
an OAuth2 credential, sends PKCE, or writes secrets back. Without the version sfcred can neither
warn of these nor render for that n8n in particular.

**How to fix it** Write the version of the n8n that imports the credential into the section `n8n`,
in quotes: `version: "2.40.5"`. `n8n --version` prints it, and so does n8n's own help menu.

**Source** sfcred's table of n8n versions, taken from the packages that n8n published.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.resolve.credential import Credential

BAD = Example("n8n:\n  version: null\n")
GOOD = Example('n8n:\n  version: "2.40"\n')


@offline_check("SFC507", Severity.INFO, bad=BAD, good=GOOD)
def check(credential: Credential) -> Iterator[Problem]:
    """Silent where nothing depends on the version."""
    if credential.n8n.version is None and (open_questions := _open_questions(credential)):
        message = f"n8n.version is not given, so this stays open: {'; '.join(open_questions)}"
        hint = 'Add the version in quotes, such as `version: "2.40.5"`; `n8n --version` prints it.'
        yield Problem(message, _n8n_version.ROUTE, hint)


def _open_questions(credential: Credential) -> list[str]:
    is_jwt = credential.flow == "jwt"
    has_my_domain = _n8n_version.has_my_domain(credential)
    needs_pkce = not is_jwt and credential.app.pkce_required is True
    questions = {
        "does it know my_domain (SFC501)": is_jwt and has_my_domain,
        "does it use my_domain for OAuth2 (SFC502)": not is_jwt and has_my_domain,
        "does it write resolved secrets back (SFC506)": is_jwt
        and bool(_n8n_version.n8n_references(credential)),
        "does it send PKCE (SFC508)": needs_pkce,
    }
    return [question for question, arises in questions.items() if arises]
