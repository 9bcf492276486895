"""Find credentials whose token in n8n is from another org than the spec's."""

from sfcred.exchange.fields import FieldChange, public_value
from sfcred.exchange.state import Pushed
from sfcred.n8n.credential_types import JWT
from sfcred.n8n.export import StoredCredential
from sfcred.resolve.credential import Credential
from sfcred.resolve.token_org import foreign_instance, leads_to_another_org

#: n8n's field with the token, and with the address of its org.
TOKEN = "oauthTokenData"
#: Where n8n keeps the address of the org that it is logged in to with JWT.
SESSION = "instanceUrl"
_ADDRESS = "myDomainUrl"  # the field whose values may be shown as a token's address


def token_change(credential: Credential, entry: StoredCredential) -> FieldChange | None:
    """Return the difference if n8n's token is certainly from another org; otherwise None."""
    field = SESSION if entry.type == JWT else TOKEN
    token = entry.data.get(TOKEN)
    if entry.type == JWT:
        # Without a token, n8n logs in first, and replaces the address.
        url = entry.data.get(SESSION) if entry.data.get("accessToken") else None
        token = {"instance_url": url}
    theirs = foreign_instance(credential, token)
    if not theirs or credential.authority is None:
        return None
    values = (public_value(_ADDRESS, url) for url in (theirs, credential.authority.url))
    return FieldChange(field, *values)


def login_of(credential: Credential, entry: StoredCredential) -> str:
    """Return where a credential logs in, if n8n keeps a token of that org; otherwise empty.

    n8n's generic type with client credentials gets a token of the new org by itself.
    """
    keeps_token = credential.flow == "oauth2" or TOKEN in entry.data
    return credential.authority.url if keeps_token and credential.authority else ""


def moved_login(pushed: Pushed, login: str) -> tuple[FieldChange, ...]:
    """Return the change of the login host, if it led to another org at the last push.

    Some versions of n8n store nothing of my_domain, but all keep the token with its org's address.
    """
    if not leads_to_another_org(pushed.login, login):
        return ()
    values = (public_value(_ADDRESS, url) for url in (pushed.login, login))
    return (FieldChange("login", *values),)
