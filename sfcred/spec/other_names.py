"""What other tools, and people, call the fields and the providers of a spec."""

from sfcred.text.near import fold

#: Other tools' names of a field, without hyphens and underscores, and its place here.
_FIELDS = {
    "consumerkey": "client_id",
    "clientkey": "client_id",
    "appkey": "client_id",
    "consumersecret": "oauth2.client_secret",
    "secret": "oauth2.client_secret",
    "user": "jwt.username",
    "login": "jwt.username",
    "privatekeyfile": "jwt.private_key",
    "privatekeypath": "jwt.private_key",
    "jwtkeyfile": "jwt.private_key",
    "key": "jwt.private_key",
    "cert": "jwt.certificate",
    "loginurl": "my_domain",
    "instanceurl": "my_domain",
    "baseurl": "my_domain",
    "domain": "my_domain",
    "callbackurl": "app.callback_urls",
    "redirecturi": "app.callback_urls",
    "authflow": "flow",
    "env": "environment",
    "consumerid": "client_id",
    "appid": "client_id",
    "applicationid": "client_id",
    "apikey": "client_id",
    "iss": "client_id",
    "issuer": "client_id",
    "keyfile": "jwt.private_key",
    "keypath": "jwt.private_key",
    "privatekeypem": "jwt.private_key",
    "pem": "jwt.private_key",
    "jwtkey": "jwt.private_key",
    "serverkey": "jwt.private_key",
    "rsakey": "jwt.private_key",
    "secretkey": "jwt.private_key",
    "signingkey": "jwt.private_key",
    "crt": "jwt.certificate",
    "x509": "jwt.certificate",
    "publickey": "jwt.certificate",
    "certificatefile": "jwt.certificate",
    "sub": "jwt.username",
    "subject": "jwt.username",
    "email": "jwt.username",
    "integrationuser": "jwt.username",
    "aud": "my_domain",
    "audience": "my_domain",
    "authurl": "my_domain",
    "authorizationurl": "my_domain",
    "tokenurl": "my_domain",
    "accesstokenurl": "my_domain",
    "orgurl": "my_domain",
    "host": "my_domain",
    "hostname": "my_domain",
    "server": "my_domain",
    "sandbox": "environment",
    "issandbox": "environment",
    "orgtype": "environment",
    "environmenttype": "environment",
    "granttype": "flow",
    "auth": "flow",
    "authtype": "flow",
    "authmethod": "flow",
    "authentication": "flow",
    "method": "flow",
    "apptype": "app.type",
    "connectedapp": "app.type",
    "externalclientapp": "app.type",
    "scope": "app.scopes",
    "refresh": "oauth2.refresh_token",
    "token": "oauth2.refresh_token",
}
# Fields of password logins, which no flow here uses.
_OF_PASSWORDS = frozenset({"password", "passwd", "securitytoken", "pwd"})
#: What people call the choices of a field, in the same form, and the choice that is meant.
CHOICES = {
    "prod": "production",
    "prd": "production",
    "live": "production",
    "sbx": "sandbox",
    "sb": "sandbox",
    "dev": "sandbox",
    "development": "sandbox",
    "test": "sandbox",
    "testing": "sandbox",
    "qa": "sandbox",
    "uat": "sandbox",
    "stage": "sandbox",
    "staging": "sandbox",
    "scratch": "sandbox",
    "scratchorg": "sandbox",
    "oauth": "oauth2",
    "oauth2.0": "oauth2",
    "webserver": "oauth2",
    "webserverflow": "oauth2",
    "authorizationcode": "oauth2",
    "jwtbearer": "jwt",
    "jwtbearerflow": "jwt",
    "oauth2jwt": "jwt",  # as n8n's Salesforce node calls it
    "salesforcejwtapi": "jwt",
    "salesforceoauth2api": "oauth2",
    "eca": "external_client_app",
    "connected": "connected_app",
    "selfhosted": "self_hosted",
    "self": "self_hosted",
    "n8ncloud": "cloud",
    "all": "any",
    "*": "any",
    "everything": "any",
    "off": "none",
    "nowhere": "none",
    "salesforce": "org",
}
#: What people call secret providers, in the same form.
PROVIDERS = {
    "environment": "env",
    "variable": "env",
    "envvar": "env",
    "environmentvariable": "env",
    "var": "env",
    "path": "file",
    "keyfile": "file",
    "filename": "file",
    "keychain": "keyring",
    "1password": "onepassword",
    "op": "onepassword",
    "keyvault": "azure",
    "azurekeyvault": "azure",
    "secretsmanager": "aws",
    "awssecretsmanager": "aws",
    "ssm": "aws_ssm",
    "gsm": "gcp",
    "google": "gcp",
    "hashicorp": "vault",
}


_ALL = frozenset(_FIELDS) | _OF_PASSWORDS | frozenset(PROVIDERS)


def is_other_name(name: str) -> bool:
    """Return whether people call a field or a provider by this name."""
    return fold(name) in _ALL


def hint_for_other_name(name: str) -> str | None:
    """Return what to write in place of a field's other name; None for an unknown one."""
    folded = fold(name)
    if folded in _OF_PASSWORDS:
        return "Remove it: n8n's Salesforce credentials use no password. See `jwt` and `oauth2`."
    own_name = _FIELDS.get(folded)
    return f"sfcred calls it `{own_name}`." if own_name else None
