"""What people say in their own words of the page that n8n's Connect button opens."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts
from sfcred.salesforce.refusals.places import BROWSER

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "n8n-sandbox-page",
        texts(
            "n8n",
            "sandbox login page shows login.salesforce.com",
            "sandbox{any}redirects to login.salesforce.com",
            "redirects me to login.salesforce.com",
            "login.salesforce.com{any}not test.salesforce.com",
            "sandbox{any}opens login.salesforce.com",
            "sandbox{any}goes to login.salesforce.com",
            "sandbox{any}instead of test.salesforce.com",
            "login.salesforce.com instead of test.salesforce.com",
        ),
        (
            RefusalCause(
                "n8n opens production's login page for a sandbox",
                "Before n8n 2.41.0, render the credential with `my_domain`. From 2.41.0 on, use "
                "`sfcred render --target n8n-overwrite` (not on n8n Cloud), or the JWT flow.",
                signs=("SFC502",),
            ),
        ),
        BROWSER,
    ),
    Refusal(
        "n8n-wrong-org-page",
        texts(
            "n8n",
            "popup opens the wrong org",
            "logs in to the wrong org",
            "connects to the wrong org",
        ),
        (
            RefusalCause(
                "the browser still has a session of another org",
                "Click Connect in a private window, or update n8n: from 1.113 on it asks for the "
                "login each time.",
            ),
        ),
        BROWSER,
    ),
)
