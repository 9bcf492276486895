"""The user, the org, and the limits of logins."""

from sfcred.salesforce.refusals.causes import IP_RANGES, LOGIN_HOURS, USER_OFF, WRONG_PASSWORD
from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts, token
from sfcred.salesforce.refusals.places import BAD_REQUEST, BROWSER, NEVER, POLICIES

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "ip-restricted-by-app",
        (token("invalid_grant", "ip restricted by app developer"),),
        (
            RefusalCause(
                "n8n's address is not in the app's Refresh Token IP Allowlist",
                "Add n8n's outgoing addresses to the list: {where}. The list is lost when a "
                "Connected App becomes an External Client App.",
                POLICIES,
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "ip-restricted",
        (
            token("invalid_grant", "ip restricted"),
            token("invalid_grant", "invalid login hours"),
            token("invalid_grant", "ip restricted or invalid login hours"),
        ),
        (
            IP_RANGES,
            RefusalCause(
                "the app's IP Relaxation doesn't allow the address",
                "For OAuth2 only, set IP Relaxation to Relax IP restrictions: {where}.",
                POLICIES,
                unless=("jwt", "ip_relaxed"),
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "password-login-restricted-ip",
        (
            *texts("cli", "cannot log in from current ip address"),
            *codes("cli", "LOGIN_DURING_RESTRICTED_DOMAIN"),
        ),
        (
            RefusalCause(
                "the user's profile allows logins only from certain IP addresses",
                "In Setup, Profiles, the user's profile, add the client's addresses to Login IP "
                "Ranges.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "password-login-restricted-time",
        (
            *texts("cli", "cannot log in during restricted time"),
            *codes("cli", "LOGIN_DURING_RESTRICTED_TIME"),
        ),
        (LOGIN_HOURS,),
        NEVER,
    ),
    Refusal(
        "user-inactive",
        (
            token("inactive_user", "user is inactive"),
            token("inactive_user"),
            token("invalid_grant", "inactive user"),
            token("INACTIVE_USER"),
        ),
        (USER_OFF,),
        BAD_REQUEST,
    ),
    Refusal(
        "user-locked",
        (
            token("invalid_grant", "user is locked"),
            token("PASSWORD_LOCKOUT"),
            token("USER_LOCKED"),
        ),
        (
            RefusalCause(
                "the user is locked out after failed password logins, or frozen",
                "Click Unlock or Unfreeze in Setup, Users, the user, and find the program that "
                "tries with an old password: Setup, Login History.",
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "org-inactive",
        (
            token("inactive_org", "org is locked, closed, or suspended"),
            token("inactive_org"),
            token("invalid_grant", "inactive organization"),
            token("ORG_LOCKED"),
            token("TRIAL_EXPIRED"),
            token("API_CURRENTLY_DISABLED", "trial has expired"),
        ),
        (
            RefusalCause(
                "the org's trial, its license or the scratch org has expired",
                "Log in to the org with a browser. If that fails too, ask Salesforce.",
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "login-rate",
        (
            token("rate_limit_exceeded", "number of logins exceeded"),
            token("rate_limit_exceeded"),
            token("invalid_grant", "login rate exceeded"),
            *texts("cli", "login rate exceeded"),
            token("LOGIN_RATE_EXCEEDED"),
        ),
        (
            RefusalCause(
                "n8n before 2.28 logs in for every call, and the user reached the limit of 3,600 "
                "logins per hour",
                "Update n8n, then wait an hour. Give each integration its own user.",
                unless=("n8n_keeps_tokens", "consent", "client"),
            ),
            RefusalCause(
                "a client with the same user loops: it logs in again after each refused call, and "
                "reached the limit of 3,600 logins per hour",
                "Find the client in Setup, Login History, and stop it. Look for a 401 behind it, "
                "such as API Access Control. Then wait an hour.",
            ),
            RefusalCause(
                "another program uses the same user",
                "Give each integration its own user, then wait an hour.",
            ),
        ),
        BAD_REQUEST,
    ),
    Refusal(
        "password-login",
        (
            token("INVALID_LOGIN", "Invalid username, password, security token"),
            token("INVALID_LOGIN"),
            *texts(
                "page",
                "Please check your username, password, and security token",
                "or user is locked out",
                "you have a valid username and password",
            ),
        ),
        (
            WRONG_PASSWORD,
            RefusalCause(
                "the user is locked out, or the login goes to production instead of a sandbox",
                "Check Setup, Users, and the login's address.",
            ),
        ),
        NEVER,
        never_in=("jwt", "client"),
    ),
    Refusal(
        "login-page-refused",
        texts(
            "page",
            "Please check your username and password",
            "Your login attempt has failed",
            # The page in French and Spanish.
            "Vérifiez votre nom d'utilisateur et votre mot de passe. Si vous ne parvenez "
            "toujours pas à vous connecter, contactez votre administrateur Salesforce",
            "Compruebe su nombre de usuario y contraseña. Si sigue sin poder iniciar sesión, "
            "póngase en contacto con su administrador de Salesforce",
        ),
        (
            RefusalCause(
                "the login page is another environment's: a sandbox's user can't log in at "
                "login.salesforce.com, nor production's user at test.salesforce.com",
                "Look at the host in the browser's address bar. Set `environment` and `my_domain` "
                "to the org's own. n8n before 2.41.0 opens production's page for a sandbox.",
                signs=("SFC103", "SFC106", "generic_host"),
            ),
            RefusalCause(
                "the username or the password is wrong (a sandbox's username usually ends in the "
                "sandbox's name)",
                "Copy the username from Setup, Users, and log in to the org itself with it.",
            ),
            RefusalCause(
                "the user is inactive, or locked out after failed logins",
                "Check Setup, Users. Status in Setup, Login History, has the reason.",
            ),
        ),
        BROWSER,
        never_in=("jwt", "client"),
    ),
    Refusal(
        "security-token-missing",
        (
            token(
                "LOGIN_MUST_USE_SECURITY_TOKEN", "you must add a security token to your password"
            ),
            token("LOGIN_MUST_USE_SECURITY_TOKEN"),
        ),
        (
            RefusalCause(
                "a password login from a new address needs the security token after the password "
                "(n8n uses neither)",
                "Append the security token, or use the JWT or OAuth2 flow.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "password-login-incomplete",
        texts("cli", "must submit either a security token or organizationId"),
        (
            RefusalCause(
                "the client logs in with a password, and got no security token to go with it (n8n "
                "uses neither)",
                "Give the client the security token. Better, use a client that knows the JWT, "
                "OAuth2 or client credentials flow: Salesforce ends password logins in 2027.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "client-login-incomplete",
        texts(
            "cli",
            "You must provide login information or an instance and token",
            "You must specify parameters aligned with one of the supported authentication methods",
            "Connection prefix not set",
        ),
        (
            RefusalCause(
                "the client got an incomplete set of login values, and sent nothing: one of them, "
                "or the variable that it comes from, isn't set",
                "Compare them with what the client needs: with a token, the org's address "
                "(instance URL) as well; with a password, the security token; with a key, the "
                "username and the Consumer Key. Some clients take an empty value for a missing "
                "one.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "soap-login-off",
        texts("cli", "SOAP API login() is disabled", "SOAP API login() is not available"),
        (
            RefusalCause(
                "the client logs in with a password over SOAP, which is off in new orgs, missing "
                "in new API versions, and ends everywhere in summer 2027",
                "Use the JWT or the OAuth2 flow. n8n's Salesforce credentials do: they never log "
                "in over SOAP.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "password-expired",
        (
            token("INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "users password has expired"),
            token("INVALID_OPERATION_WITH_EXPIRED_PASSWORD"),
        ),
        (
            RefusalCause(
                "the user's password has expired",
                "Log in with a browser and set a new password, or give the user a profile whose "
                "password never expires. The JWT flow uses no password.",
            ),
        ),
        NEVER,
    ),
)
