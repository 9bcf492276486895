"""n8n's services, its frames around other errors, and marks that only look like tags."""

import pytest

from sfcred.report.error_text import diagnose
from sfcred.salesforce.diagnosis import diagnose_text


def names(text: str) -> list[str]:
    return [row.name for row in diagnose_text(text)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("connect ECONNREFUSED 127.0.0.1:6379", "own-service-refused"),
        ("connect ECONNREFUSED ::1:5432", "own-service-refused"),
        ("curl: (7) Failed to connect to localhost port 5678", "own-service-refused"),
        ("connect ECONNREFUSED 127.0.0.1:3128", "loopback-refused"),
        ("HTTPConnectionPool(host='localhost', port=8080): Read timed out.", "timed-out"),
        ("getaddrinfo ENOTFOUND host.docker.internal", "docker-host-name"),
        ("getaddrinfo ENOTFOUND docker.internal.example", "name-not-found"),
        ("connect ECONNREFUSED 10.1.2.3:8080", "connection-refused"),
        ("connect ECONNREFUSED 10.1.2.3:54321", "connection-refused"),
        ("getaddrinfo EAI_AGAIN redis", "container-name"),
        ("getaddrinfo EAI_AGAIN redis:6379", "container-name"),
        ("getaddrinfo EAI_AGAIN login.salesforce.com", "name-server-fails"),
        ("getaddrinfo ENOTFOUND acme.my.salesforce.com", "name-not-found"),
        ("getaddrinfo ENOTFOUND https", "host-is-no-name"),
        ("getaddrinfo ENOTFOUND undefined undefined:443", "host-is-no-name"),
        ("dial tcp: lookup null on 10.0.0.1:53: no such host", "host-is-no-name"),
        ("getaddrinfo ENOTFOUND https.acme.com", "name-not-found"),
        ("getaddrinfo ENOTFOUND null-acme.com", "name-not-found"),
        ("connect() failed (111: Connection refused) while connecting to upstream", "reverse-proxy-upstream"),
        ("upstream: Connection refused", "connection-refused"),
    ],
)  # fmt: skip
def test_an_own_service_is_told_from_the_org(text: str, row: str) -> None:
    assert names(text) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Couldn't connect with these settings\nRequest failed with status code 401", "n8n-unauthorized"),
        ("Failed to connect. The window can be closed now.\n429 Too Many Requests", "n8n-too-many-requests"),
        ("Failed to connect. The window can be closed now.\n[object Object]", "n8n-connect-failed"),
        ("Couldn't connect with these settings\nfetch failed", "request-failed"),
    ],
)  # fmt: skip
def test_what_is_in_a_frame_tells_more(text: str, row: str) -> None:
    assert names(text) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("unable to load Private Key\nPEM routines:PEM_read_bio:bad end line", "key-damaged-text"),
        ("unable to load Private Key\nerror in rsa", "key-unreadable"),
        ("Could not read private key from k.pem: bad password read", "key-has-passphrase"),
        ("unable to get local issuer certificate\nIgnoring extra certs from `a.pem`, load failed: error:8", "tls-extra-authority"),
        ('query parameters: {"error":"redirect_uri_mismatch"}', "redirect-uri-mismatch"),
        ('query parameters: {"error":"something_else"}', "n8n-callback-error"),
        ('query parameters: {"error":"server_error"}', "login-server-error"),
        ('Insufficient parameters for OAuth2 callback. query parameters: {"code":"1"}', "n8n-callback-parameters"),
        ("rsa -in server_error.key: bad end line", "key-damaged-text"),
        ("SSLCertVerificationError: certificate verify failed: certificate has expired", "tls-date"),
        ("SSL certificate problem: certificate has expired", "tls-date"),
        ("Max retries exceeded with url: / (Caused by SSLError('[SSL: CERTIFICATE_VERIFY_FAILED]'))", "tls-unverified"),
        ('Get "acme.com": unsupported protocol scheme ""', "address-without-scheme"),
        ("SSL routines::unsupported protocol", "tls-protocol"),
        ("certificate verify failed: self-signed certificate", "tls-authority-unknown"),
        ("Bad request - please check your parameters\nplain HTTP request was sent to HTTPS port", "tls-protocol"),
        ("The service was not able to process your request: Unrecognized node type: x", "n8n-node-unknown"),
        ("Received HTTP code 403 from proxy after CONNECT", "proxy-refuses"),
        ("connect ETIMEDOUT 10.0.0.5:6379", "own-service-refused"),
        ("connect ETIMEDOUT 10.0.0.5:443", "timed-out"),
    ],
)  # fmt: skip
def test_the_specific_text_wins_over_the_general_one(text: str, row: str) -> None:
    assert names(text) == [row]


def test_a_key_s_passphrase_is_told_from_n8n_s_encryption_key() -> None:
    n8n, key = "bad decrypt", "Enter pass phrase for k.pem:\nbad decrypt\nPEM routines"
    assert [diagnose(text)[0].causes[0].what for text in (n8n, key)] == [
        "n8n's data was encrypted with a different key from the one that this n8n has",
        "a private key's passphrase is wrong",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:600)>",
        '<p class="error">certificate verify failed</p>',
        "<code>certificate verify failed</code><br/>",
        "certificate <b>verify</b> failed",
        '<p\nclass="a">certificate</p>\nverify failed',
    ],
)
def test_tags_are_taken_out_and_python_s_errors_are_not(text: str) -> None:
    assert names(text) == ["tls-unverified"]


@pytest.mark.parametrize(
    "text",
    [
        "the environment variable PATH was changed",
        '{"url": "https://api.example.com/api/v1/things", "status": "ok"}',
        "the cookie is secure",
        "[object Object]",
    ],
)
def test_what_is_only_near_is_unknown(text: str) -> None:
    assert names(text) == []


def test_a_note_of_n8n_s_is_no_error() -> None:
    text = "Legacy aes-256-cbc encryption key not found; falling back to instance key"
    (row,) = diagnose_text(text)
    assert row.causes[0].what.startswith("no error")
    assert names("Encryption key not found!") == ["n8n-encryption-key"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("bad decrypt", "n8n's data"),
        ("Enter passphrase for k: bad decrypt", "a private key's passphrase"),
        ("openssl aes-256-cbc -in k.enc -out k -d\nbad decrypt", "the file was encrypted"),
        ("openssl enc -d -in k\nwrong final block length", "the file was encrypted"),
    ],
)
def test_what_a_bad_decryption_is_of(text: str, first: str) -> None:
    [row] = diagnose(text)
    assert row.causes[0].what.startswith(first)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("is not authorized to perform: kms:Decrypt on resource", "store-aws-permission"),
        ("failed to load age identities: no such file or directory", "sops-no-key"),
        ("error initializing client: invalid user input: service account deleted", "store-onepassword-token"),
        ("RefreshError: ('invalid_grant: Bad Request')\ngoogle.auth.exceptions.RefreshError", "store-google-login"),
        ("bash: sfcred: command not found", "sfcred-not-found"),
        ("n8n's port 5678 is already in use. Do you have another instance of n8n running?", "port-in-use"),
        ("AES_GCM: cipher: message authentication failed\nMAC mismatch", "sops-changed"),
        ("hvac.exceptions.InvalidPath: None, on get https://v/v1/secret/data/x", "store-secret-missing"),
    ],
)  # fmt: skip
def test_a_store_of_secrets_is_told_from_the_org(text: str, row: str) -> None:
    assert names(text) == [row]


@pytest.mark.parametrize(
    "text",
    [
        "permission denied",
        "User 005 is not authorized to perform this action",
        "tls: bad record MAC",
        "no keys found",
    ],
)
def test_another_text_is_not_of_a_store(text: str) -> None:
    assert not [name for name in names(text) if name.startswith(("store-", "sops-"))]
