"""Places in Salesforce's Setup, and what n8n shows: phrases that many rows share."""

from sfcred.salesforce.refusals.model import Where

_ECA, _CA = "Setup, External Client App Manager, the app", "Setup, App Manager, the app"
APPS = Where("Setup, External Client App Manager", "Setup, App Manager")
SETTINGS = Where(f"{_ECA}, Settings, OAuth Settings", f"{_CA}, Edit")
CALLBACK = Where(f"{_ECA}, Settings, OAuth Settings, Callback URL", f"{_CA}, Edit, Callback URL")
SCOPES = Where(f"{_ECA}, Settings, OAuth Settings", f"{_CA}, Edit, Selected OAuth Scopes")
CERTIFICATE = Where(
    f"{_ECA}, Settings, OAuth Settings, JWT Bearer Flow", f"{_CA}, Edit, Use digital signatures"
)
CONSUMER_KEY = Where(
    f"{_ECA}, Settings, OAuth Settings, Consumer Key and Secret",
    "Setup, App Manager, View, Manage Consumer Details",
)
POLICIES = Where(f"{_ECA}, Policies, OAuth Policies", f"{_CA}, Manage, Edit Policies")
ENABLED = Where(f"{_ECA}, Policies", f"{_CA}, Manage, Edit Policies")
DISTRIBUTION = Where(f"{_ECA}, Settings", "Setup, App Manager")
PERMISSION_SETS = Where(
    f"{_ECA}, Policies, App Policies, Select Permission Sets",
    f"{_CA}, Manage, Manage Permission Sets",
)
MY_DOMAIN = "Setup, My Domain, Current My Domain URL"
HISTORY = "Login History in Setup has the reason that the answer hides."

BAD_REQUEST = 'n8n shows "Bad request - please check your parameters".'
UNAUTHORIZED = 'n8n shows "Authorization failed - please check your credentials".'
FORBIDDEN = 'n8n shows "Forbidden - perhaps check your credentials?".'
RECONNECT = 'n8n shows "The credential … needs to be reconnected."'
FIRST_TOKEN = 'If it has no token yet: "Failed to acquire OAuth2 access token: …".'
SECRET_REFUSED = 'n8n shows "Client authentication failed …".'
OWN_TEXT = "n8n shows Salesforce's own text."
BROWSER = "In n8n, the error appears in the window that the Connect button opens."
NEVER = "This can't happen with n8n's Salesforce credentials."
HISTORY_STATUS = "This is a status in Login History. The client gets another text."
OWN = "This is n8n's own message."
AFTER_LOGIN = "The login works: n8n shows this error in the node that failed."
NETWORK = "n8n shows its own message. The code is in the error's details."
LIBRARY = "n8n shows the library's text."
NO_N8N = "n8n isn't involved."
