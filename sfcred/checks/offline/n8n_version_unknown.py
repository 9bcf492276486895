"""n8n's version is not set, but some checks need it.

**Finds** a spec without `n8n.version` although some checks depend on it, and names these checks. On
n8n Cloud, the version also decides whether `sfcred push` can write an OAuth2 credential.

**Why it matters** n8n behaves differently by version: whether it supports My Domain, uses the URLs
of an OAuth2 credential, sends PKCE, or writes secrets back. Without the version, sfcred can't warn
you about any of these, or render for your version of n8n.

**How to fix it** Add the version of the n8n that imports the credential to the section `n8n`, in
quotes: `version: "2.40.5"`. Without such a section, add `n8n: {version: "2.40.5"}`. n8n shows it
under Help, About n8n. `n8n --version` prints it, too (with Docker, `docker exec CONTAINER n8n
--version`).

**Source** sfcred's table of n8n versions, based on n8n's published packages.
"""

from collections.abc import Iterator

from sfcred.checks.api import Example, Problem, Severity, offline_check
from sfcred.checks.lib import n8n_version as _n8n_version
from sfcred.resolve.credential import Credential
from sfcred.text.printable import sentence

BAD = Example("n8n:\n  version: null\n")
GOOD = Example('n8n:\n  version: "2.40"\n')


@offline_check("SFC507", Severity.INFO, bad=BAD, good=GOOD, since="0.1.0")
def check(credential: Credential) -> Iterator[Problem]:
    """Report a missing version only if something depends on it."""
    if credential.n8n.version is None and (open_questions := _open_questions(credential)):
        message = f"n8n.version is not set, so sfcred can't tell {', '.join(open_questions)}"
        line, shown = _n8n_version.addition(credential), _n8n_version.where_shown(credential)
        hint = f"Add {line}, with your n8n's version in quotes. {sentence(shown)}."
        yield Problem(message, _n8n_version.where_missing(credential), hint)


def _open_questions(credential: Credential) -> list[str]:
    is_jwt, is_oauth2 = credential.flow == "jwt", credential.flow == "oauth2"
    is_cloud, has_my_domain = credential.n8n.is_cloud, _n8n_version.has_my_domain(credential)
    by_url = is_oauth2 and has_my_domain and not credential.has_generic_type
    questions = {
        "whether n8n supports my_domain (SFC501)": is_jwt and has_my_domain,
        "whether n8n uses my_domain for OAuth2 (SFC502)": by_url and not is_cloud,
        # n8n before 2.41.0 needs URLs that its API refuses.
        "whether sfcred push can write the credential": by_url and is_cloud,
        "how n8n can use client credentials (SFC513)": (
            credential.is_salesforce_client and not is_cloud
        ),
        "whether n8n writes resolved secrets back (SFC506)": bool(
            _n8n_version.n8n_references(credential)
        ),
        "whether n8n sends PKCE (SFC508)": is_oauth2 and credential.app.pkce_required is True,
    }
    return [question for question, arises in questions.items() if arises]
