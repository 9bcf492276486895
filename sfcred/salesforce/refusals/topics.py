"""What an unknown text is about, so that it still gets some advice.

A topic counts only if no row of the table matches, and only if a word of failure is near it, in the
same line. It isn't a diagnosis: sfcred says that it doesn't know the text itself.
"""

import re
from typing import NamedTuple

_FAILS = (
    r"(?:error|fail(?:s|ed|ure)?|invalid|not valid|malformed|mismatch\w{0,4}|missing|required|"
    r"wrong|bad|corrupt\w{0,4}|(?:un|not )supported|unable|cannot|can't|couldn't|could not|refused|"
    r"denied|rejected|expired|revoked|does ?n[o']t|did ?n[o']t|do ?n[o']t|must|unknown|"
    r"not (?:found|match\w{0,3}|set|allowed|registered)|un(?:readable|trusted|reachable)|"
    r"unrecogni[sz]ed|lost|tim(?:ed|e) ?out)"
)
_NEAR = r"[^\n]{0,80}?"
# An underscore isn't part of a word: SQLITE_ERROR.
_START, _END = "(?<![a-z0-9])", "(?![a-z0-9])"


class Topic(NamedTuple):
    """A topic.

    Attributes:
        about: What it is, so that it fits after "about".
        form: How to recognize it.
        usually: What usually is the matter, as a sentence.
        fix: What to do then.
        is_salesforce_only: The advice is only for Salesforce, not for another service.
    """

    about: str
    form: re.Pattern[str]
    usually: str
    fix: str
    is_salesforce_only: bool = False


def _topic(about: str, words: str, usually: str, fix: str) -> Topic:
    subject, fails = rf"{_START}(?:{words}){_END}", rf"{_START}{_FAILS}{_END}"
    form = rf"{subject}{_NEAR}{fails}|{fails}{_NEAR}{subject}"
    return Topic(about, re.compile(form, re.IGNORECASE), usually, fix)


# Salesforce's login page speaks the browser's language.
_LOGIN_WORDS = (
    (
        r"benutzernamen?",
        r"kennworts?|passworts?",
        r"überprüfen|fehlgeschlagen|falsch|ungültig\w{0,2}",
    ),
    (r"nom d.utilisateur", r"mot de passe", r"vérifiez|échoué|incorrects?|invalides?"),
    (r"nombre de usuario", r"contraseña", r"compruebe|error|incorrect[ao]s?|válid[ao]s?"),
    (r"nome utente", r"password", r"verificare|verifica|non riuscito|non valid[aoi]|errat[aoi]"),
    (r"nome de usuário", r"senha", r"verifique|falhou|incorret[ao]s?|inválid[ao]s?"),
    (r"gebruikersnaam", r"wachtwoord", r"controleer|mislukt|onjuiste?|ongeldige?"),
    (r"用户名|使用者名稱", r"密码|密碼", r"检查|檢查|失败|失敗|不正确|不正確"),
    (r"ユーザー?名", r"パスワード", r"確認|失敗|正しくない|無効"),
)


def _login_form() -> re.Pattern[str]:
    """Return a form for a username and a password near each other, with a word of failure."""
    parts = []
    for user, secret, fails in _LOGIN_WORDS:
        both = rf"(?:{user}){_NEAR}(?:{secret})"
        parts += [rf"(?:{fails}){_NEAR}{both}", rf"{both}{_NEAR}(?:{fails})"]
    return re.compile("|".join(parts), re.IGNORECASE)


#: The topics; the first that fits counts, so the narrow ones come first.
TOPICS: tuple[Topic, ...] = (
    _topic(
        "PKCE",
        r"PKCE|code[ _]challenge|code[ _]verifier",
        "Usually, the app requires PKCE and the client doesn't send it, or the code belongs to "
        "another login.",
        "Update n8n (1.85 or later sends PKCE), close all login windows, and click Connect once.",
    ),
    _topic(
        "the callback URL",
        # Not the standard's sentence for any invalid_grant, which lists all that can be wrong.
        r"redirect(?:ion)?[ _-]?ur[il](?! used in the authori[sz]ation request)"
        r"|callback[ _-]?ur[il]",
        "Usually, none of the app's callback URLs matches exactly (scheme, host, port, path and "
        "slashes all count).",
        "Copy OAuth Redirect URL from n8n's credential to the app's callback URLs. If it isn't "
        "n8n's public address, set N8N_EDITOR_BASE_URL or WEBHOOK_URL.",
    ),
    _topic(
        "a private key",
        r"private[ _]?key|PKCS ?#?(?:1|8|12)|(?-i:PEM)|RSA key|keystore",
        "Usually, the key isn't a PEM key, has lost its line breaks, or has a passphrase.",
        "Run `sfcred doctor` to see what is wrong with the key. It needs no connection. `sfcred "
        "render` writes a key in the form that every n8n reads.",
    ),
    _topic(
        "encryption",
        r"encryption[ _]?key|decrypt(?:ed|ing)? (?:the |stored )?(?:credentials?|secrets?)",
        "Usually, n8n's data was encrypted with a different key from the one that this n8n has.",
        "Give every n8n process the key that the data was written with (N8N_ENCRYPTION_KEY, or the "
        "file config in n8n's folder).",
    ),
    _topic(
        "Redis",
        r"redis|bull(?:mq)?",
        "Usually, it is the Redis of n8n's queue, or that of a node if only the node fails. "
        "Salesforce has nothing to do with it.",
        "Check QUEUE_BULL_REDIS_* in every n8n process, or the node's credential, and Redis's own "
        "log.",
    ),
    _topic(
        "a database",
        r"postgres(?:ql|db)?|mysql|mariadb|sqlite|typeorm",
        "Usually, it is n8n's own database, or that of a node if only the node fails. Salesforce "
        "has nothing to do with it.",
        "Check DB_* in every n8n process, or the node's credential, and the database's own log.",
    ),
    _topic(
        "a store of secrets",
        r"external secrets?|secrets? (?:store|provider|manager)|key ?vault|\$secrets",
        "Usually, the name isn't in the store, or the program can't log in to it.",
        "Check the name in the reference and in the store, and the store's own settings.",
    ),
    _topic(
        "TLS",
        r"SSL|TLS|x509|CA certificates?|root certificates?|certificate (?:chain|authority)",
        "Usually, a company's proxy inspects TLS with an authority that the program doesn't know, "
        "or the other side doesn't speak TLS.",
        "Give n8n the authority's certificate with NODE_EXTRA_CA_CERTS=/path/ca.pem, and sfcred "
        "with SSL_CERT_FILE. Check HTTPS_PROXY. It isn't about `jwt.certificate`.",
    ),
    _topic(
        "the lookup of a host name",
        r"DNS|resolve (?:the )?host\w{0,5}|name resolution",
        "Usually, the name is misspelled, or the machine has no working DNS server.",
        "Resolve the name on that machine (`getent hosts login.salesforce.com`).",
    ),
    Topic(
        "a login with a username and a password",
        _login_form(),
        "Usually, the username or the password is wrong, or the page is of another org (production "
        "instead of a sandbox).",
        "On Salesforce's page, check its address, and the user's row in Setup, Login History. "
        "n8n's Salesforce credentials never send a password.",
        is_salesforce_only=True,
    ),
)


def topic_of(lines: str) -> Topic | None:
    """Return what an unknown text is about."""
    return next((topic for topic in TOPICS if topic.form.search(lines)), None)
