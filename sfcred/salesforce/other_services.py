"""Tell whether a text that someone copied is about another service than Salesforce.

Other services answer with some of Salesforce's codes (OAuth's, and words such as NOT_FOUND), so a
code alone doesn't tell whose answer it is.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

# A longer text is a log of many things, which names many services.
_MOST = 6000


class _Service(NamedTuple):
    """A service.

    Attributes:
        name: Its name, as people write it.
        hosts: The domains where it answers, with all below them.
        names: What its products and n8n's nodes for them are called.
        forms: What only its answers and its clients' errors have.
    """

    name: str
    hosts: str = ""
    names: str = ""
    forms: str = ""


_SERVICES = (
    _Service(
        "Google",
        "googleapis.com accounts.google.com script.google.com",
        "Google google Gmail gmail BigQuery bigquery Firebase firebase Firestore",
        r"GaxiosError|googleapi: Error|Google's OAuth 2\.0 policy|google\.api_core\.exceptions"
        r'|"error"\s{0,9}:\s{0,9}\{\s{0,9}"code"\s{0,9}:\s{0,9}\d{3},[^\0]{0,2000}?'
        r'"status"\s{0,9}:\s{0,9}"[A-Z_]+"',
    ),
    _Service(
        "Microsoft",
        "microsoftonline.com graph.microsoft.com management.azure.com sharepoint.com dynamics.com "
        "outlook.office365.com login.live.com",
        "Microsoft microsoft Outlook SharePoint OneDrive OneNote Entra MSAL",
        r'AADSTS\d|IDX1\d{4}\b|Lifetime validation failed|"innerError"|MsalServiceError'
        r"|msal\.exceptions",
    ),
    _Service(
        "HubSpot",
        "hubapi.com hubspot.com",
        "HubSpot Hubspot hubspot",
        r'"policyName"\s?:\s?"[A-Z_]{0,30}(?:SECONDLY|DAILY)'
        r'|"status"\s?:\s?"error"[^{}]{0,500}"correlationId"',
    ),
    _Service(
        "Slack",
        "slack.com",
        "Slack slack",
        r'SlackApiError|"ok"\s?:\s?false\s?,\s?"error"\s?:\s?"[a-z_]+"',
    ),
    _Service("GitHub", "api.github.com docs.github.com", "GitHub", '"documentation_url"'),
    _Service("GitLab", "gitlab.com", "GitLab"),
    _Service("Bitbucket", "bitbucket.org", "Bitbucket"),
    _Service(
        "AWS",
        "amazonaws.com",
        "DynamoDB CloudFront Cognito S3",
        r'"__type"\s?:|An error occurred \(\w+\) when calling the|botocore\.exceptions|<HostId>',
    ),
    _Service("Kubernetes", forms=r'"kind"\s?:\s?"Status"|Error from server \(\w+\)|kube-apiserver'),
    _Service("Docker", "registry-1.docker.io", forms="Error response from daemon"),
    _Service("Stripe", "stripe.com", "Stripe stripe", r"Stripe\w{1,40}Error"),
    _Service("OpenAI", "openai.com", "OpenAI", r'"insufficient_quota"|openai\.\w{1,40}Error'),
    _Service("Anthropic", "anthropic.com", "Anthropic", r"anthropic\.\w{1,40}Error"),
    _Service("Okta", "okta.com oktapreview.com", "Okta"),
    _Service("Auth0", "auth0.com", "Auth0"),
    _Service("Keycloak", forms=r"/realms/[\w-]{1,80}/protocol/openid-connect"),
    _Service("Shopify", "myshopify.com shopify.com", "Shopify shopify"),
    _Service("QuickBooks", "intuit.com", "QuickBooks quickbooks Intuit"),
    _Service("Xero", "xero.com", "Xero"),
    _Service("NetSuite", "netsuite.com", "NetSuite Netsuite netsuite", '"o:errorCode"'),
    _Service("Zoho", "zoho.com zoho.eu zohoapis.com zohoapis.eu zohoapis.in", "Zoho zoho"),
    _Service("Atlassian", "atlassian.com atlassian.net", "Jira jira Confluence Atlassian"),
    _Service("Zendesk", "zendesk.com", "Zendesk zendesk"),
    _Service("Notion", "notion.com notion.so", "Notion", r'"object"\s?:\s?"error"\s?,\s?"status"'),
    _Service("Airtable", "airtable.com", "Airtable airtable"),
    _Service("Telegram", "telegram.org", "Telegram telegram"),
    _Service("Discord", "discord.com", "Discord discord", r"You are being rate limited\."),
    _Service("Dropbox", "dropboxapi.com dropbox.com", "Dropbox dropbox", '"error_summary"'),
    _Service("Box", "api.box.com"),
    _Service("DocuSign", "docusign.com docusign.net", "DocuSign Docusign"),
    _Service("PayPal", "paypal.com", "PayPal Paypal paypal"),
    _Service("LinkedIn", "linkedin.com", "LinkedIn Linkedin linkedIn"),
    _Service(
        "Meta",
        "facebook.com graph.instagram.com",
        "Facebook facebook Instagram WhatsApp whatsApp",
        '"fbtrace_id"',
    ),
    _Service("X", "api.twitter.com api.x.com", "Twitter twitter"),
    _Service("Snowflake", "snowflakecomputing.com", "Snowflake snowflake"),
    _Service("MongoDB", "mongodb.net", "MongoDB", r"Mongo(?:Server|Network)?Error"),
    _Service("Elasticsearch", names="Elasticsearch", forms='"index_not_found_exception"'),
    _Service("ServiceNow", "service-now.com", "ServiceNow"),
    _Service("SAP", names="SAP", forms="/sap/opu/|/sap/bc/"),
    _Service("Pipedrive", "pipedrive.com", "Pipedrive pipedrive"),
    _Service("Mailchimp", "mailchimp.com", "Mailchimp mailchimp"),
    _Service("SendGrid", "sendgrid.com", "SendGrid sendGrid"),
    _Service("Twilio", "twilio.com", "Twilio twilio"),
    _Service("Zoom", "zoom.us", "Zoom"),
    _Service("Calendly", "calendly.com", "Calendly calendly"),
    _Service("Asana", "asana.com", "Asana asana"),
    _Service("monday.com", "monday.com"),
    _Service("ClickUp", "clickup.com", "ClickUp clickUp"),
    _Service("Trello", "trello.com", "Trello trello"),
    _Service("Spotify", "spotify.com", "Spotify spotify"),
    _Service("SMTP", forms=r"\bE?SMTP\b|\b[45]\d\d[ -][45]\.\d\.\d|nodemailer"),
    _Service("LDAP", forms=r"LdapErr: DSID|LDAP: error code|ldap_bind|\bLDAPS?\b"),
    _Service("Node-RED", forms=r"\bnode-red\b|\[warn\] Error loading (?:credentials|flows):"),
    _Service("Flowise", forms=r"node_modules/flowise"),
    _Service("Supabase", "supabase.co supabase.com", "Supabase supabase", r"\bAuthApiError\b"),
    # What n8n writes beside the error of a community node.
    _Service(
        "the node's service",
        forms=r'"nodeType\\?"\s?:\s?\\?"(?!n8n-nodes-base\.|@n8n/)(?:@[\w.-]{1,60}/)?n8n-nodes-'
        r"(?!\w{0,40}(?:salesforce|sfdc))",
    ),
)

# Salesforce's other products, with logins of their own. Their answers name Salesforce's addresses.
_PRODUCTS = (
    _Service(
        "Marketing Cloud",
        "marketingcloudapis.com exacttargetapis.com exacttarget.com",
        forms=r"Marketing Cloud Installed Packages|requestToken\b|App Keys\(ClientID"
        r'|"error_uri\\?"\s?:\s?\\?"https://developer\.salesforce\.com/docs\\?"',
    ),
    _Service(
        "Commerce Cloud",
        "demandware.com demandware.net commercecloud.salesforce.com",
        forms=r"urn:demandware|\bOCAPI\b|\bsfcc-ci\b",
    ),
    _Service(
        "Account Engagement (Pardot)",
        "pi.pardot.com pi.demo.pardot.com",
        forms=r"Pardot-Business-Unit-Id|\bpypardot\b|PardotAPIError",
    ),
)

# What only Salesforce's addresses, pages and clients have. Its clients can be another product's.
_OWN_SIGNS = re.compile(
    r"(?:salesforce|force|salesforce-sites|visualforce)\.com(?![\w-])"
    r"|/services/(?:oauth2|data|apexrest|Soap)/|nodes/Salesforce|simple_salesforce"
    r"|salesforce[OJ]\w{1,20}Api|jsforce|restforce|sfdx|(?<![\w-])sf (?:org|data|project|apex) "
    r"|sf:[A-Z_]{5}|RemoteAccess|External Client App|Remote site settings"
    r"|System\.(?:Callout|Dml|Query|Limit|SObject)Exception|[a-z0-9]__c(?!\w)"
)
# Its name, and the form of its codes, which a few others use as well.
_OWN_NAME = re.compile(
    r"(?i:salesforce|\bsfdc\b)|errorCode[\"']?\s?:\s?[\"'][A-Z]+_[A-Z_]+|My Domain|Connected App"
)
# Where a name isn't the service's: programs and libraries; and hosts that everybody can rent.
_NOT_MEANT = re.compile(
    r"[Gg]oogle[- ][Cc]hrome|Microsoft (?:Edge|Windows|Visual|Corporation)"
    r"|(?:com|org)\.(?:google|microsoft)|GitHub Actions|GitLab CI"
    r"|(?:compute|compute-1|elb)\.amazonaws\.com"
)


def names_salesforce(text: str) -> bool:
    """Return whether a text names Salesforce, or has what only Salesforce has."""
    return bool(_OWN_NAME.search(text) or _OWN_SIGNS.search(text))


@lru_cache(maxsize=4)  # an explanation asks for its text several times
def other_service(text: str) -> str:
    """Return the name of the service that a text is about; empty if it can be Salesforce.

    A sign of the other service outweighs Salesforce's mere name, which a workflow between the two
    has as well. Another service's mere name tells nothing: it can be an integration's.
    """
    if len(text) > _MOST:
        return ""
    product = _signed(_PRODUCTS, text)
    if product or _OWN_SIGNS.search(text):
        return product
    left = _NOT_MEANT.sub(" ", text)
    signed = _signed(_SERVICES, left)
    if signed or _OWN_NAME.search(text):
        return signed
    return next((one.name for one in _SERVICES if _is_its_message(one, left)), "")


def _signed(services: tuple[_Service, ...], text: str) -> str:
    """Return the name of the first service that a text has a sign of."""
    return next((one.name for one in services if _has_sign(one, text)), "")


def _has_sign(service: _Service, text: str) -> bool:
    if _has_word(service.hosts, text, r"[\w-]|\.\w"):
        return True
    return bool(service.forms and re.search(service.forms, text))


def _is_its_message(service: _Service, text: str) -> bool:
    """Return whether a line begins with a service's name, or comes from n8n's node for it."""
    names = "|".join(re.escape(name) for name in service.names.split() if name in text)
    return (
        bool(names)
        and re.search(
            rf"(?:^|[\n\r])\W{{0,3}}(?:\w{{0,30}}Error in )?(?:{names})(?![a-z])"
            r"(?: [A-Z]\w{0,20}){0,3}(?::| (?:error|node|API)\b)"
            rf"|(?:nodes/|n8n-nodes-base\.)(?:{names})(?![a-z])",
            text,
        )
        is not None
    )


def _has_word(words: str, text: str, after: str) -> bool:
    """Return whether one of some words stands in a text.

    Args:
        words: The words, with blanks between them.
        text: The text.
        after: What after a word makes it another.
    """
    # Looking for a form takes longer than looking for a word.
    found: Iterable[str] = (word for word in words.split() if word in text)
    return any(re.search(rf"(?<![A-Za-z0-9-]){re.escape(one)}(?!{after})", text) for one in found)
