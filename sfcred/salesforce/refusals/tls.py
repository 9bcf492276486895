"""What TLS refuses before Salesforce answers, in the texts of many clients."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, status, texts
from sfcred.salesforce.refusals.places import MY_DOMAIN, NETWORK, NEVER

_INSPECTED = RefusalCause(
    "a proxy or a security program inspects TLS with a company's own certificate authority, which "
    "the client doesn't know",
    "Give n8n the authority's certificate with NODE_EXTRA_CA_CERTS=/path/ca.pem, and sfcred with "
    "SSL_CERT_FILE. It isn't about `jwt.certificate`. Don't turn off the check.",
)
_NO_AUTHORITIES = RefusalCause(
    "the machine or the container has no list of certificate authorities, or an old one",
    "Install the package ca-certificates, and update it.",
)
_OF_A_DATABASE = RefusalCause(
    "the server's certificate comes from an authority of its own, as that of many databases does",
    "Give n8n that authority's certificate with NODE_EXTRA_CA_CERTS=/path/ca.pem; for n8n's own "
    "Postgres, DB_POSTGRESDB_SSL_CA does.",
    signs=("database",),
)
_OTHER_HOST = RefusalCause(
    "the answer comes from another server than the address says, or the address has one part too "
    "many",
    f"Compare `my_domain` with {MY_DOMAIN}, and check for a proxy that answers itself.",
    signs=("SFC104", "SFC105"),
)
_TLS_DATE = RefusalCause(
    "the clock of the machine is wrong, or a proxy on the way shows an expired certificate",
    "Synchronize the clock over the network (NTP), then ask whoever runs the proxy. It isn't about "
    "`jwt.certificate`.",
    signs=("clock",),
)
_NO_TLS = RefusalCause(
    "the other side doesn't speak TLS, or only an old version: usually a proxy, or http where "
    "https belongs",
    "Check that HTTPS_PROXY begins with http:// if the proxy itself speaks plain HTTP, and that "
    "`my_domain` has no port.",
    signs=("SFC107",),
)
_BROKEN_AUTHORITY = RefusalCause(
    "a company's own certificate authority lacks an extension that Python 3.13 and OpenSSL 3 "
    "require",
    "Ask whoever runs the authority to issue its certificate anew, with the key identifiers and "
    "with CA marked critical. It isn't about `jwt.certificate`.",
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "tls-authority-unknown",
        (
            *texts(
                "network",
                "self signed certificate in certificate chain",
                "self signed certificate",
                "unable to get local issuer certificate",
                "unable to get issuer certificate",
                "unable to verify the first certificate",
                "unable to verify leaf signature",
                "certificate not trusted",
                "certificate is not trusted",
                "Could not establish trust relationship",
                "x509: certificate signed by",
                "SEC_ERROR_UNKNOWN_ISSUER",
                "invalid peer certificate: UnknownIssuer",
                "Trust anchor for certification path not found",
                "SunCertPathBuilderException",
                "unable to get certificate CRL",
                "CertPathValidatorException",
                "root certificate which is not trusted",
                "certificate signed by unknown authority",
                "PKIX path building failed",
                "unable to find valid certification path",
            ),
            *codes(
                "network",
                "SELF_SIGNED_CERT_IN_CHAIN",
                "DEPTH_ZERO_SELF_SIGNED_CERT",
                "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
                "UNABLE_TO_GET_ISSUER_CERT",
                "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
                "CERT_UNTRUSTED",
                "CERT_REJECTED",
                "CERT_REVOKED",
                "CERT_CHAIN_TOO_LONG",
                "UNABLE_TO_GET_CRL",
                "INVALID_CA",
                "CERT_SIGNATURE_FAILURE",
                "SEC_E_UNTRUSTED_ROOT",
                "CRYPT_E_NO_REVOCATION_CHECK",
                "ERR_CERT_AUTHORITY_INVALID",
            ),
        ),
        (_INSPECTED, _NO_AUTHORITIES, _OF_A_DATABASE),
        NETWORK,
    ),
    Refusal(
        "tls-unverified",
        (
            *texts(
                "network",
                "certificate verify failed",
                "SSL certificate problem",
                "The remote certificate is invalid",
                "SSL peer certificate or SSH remote key was not OK",
                "a certificate that can't be verified",
                "SSL Issue: consider using the 'Ignore SSL issues' option",
            ),
            *codes("network", "SSLCertVerificationError", "CERTIFICATE_VERIFY_FAILED"),
        ),
        (_INSPECTED, _NO_AUTHORITIES, _OF_A_DATABASE),
        NETWORK,
        says_little=True,
    ),
    Refusal(
        "tls-authority-malformed",
        texts(
            "network",
            "certificate verify failed: Missing Authority Key Identifier",
            "certificate verify failed: Missing Subject Key Identifier",
            "certificate verify failed: Basic Constraints of CA cert not marked critical",
            "certificate verify failed: CA cert does not include key usage extension",
            "certificate verify failed: CA certificate key too weak",
            "certificate verify failed: EE certificate key too weak",
            "certificate verify failed: CA signature digest algorithm too weak",
        ),
        (_BROKEN_AUTHORITY, _INSPECTED),
        NETWORK,
    ),
    Refusal(
        "tls-extra-authority",
        texts(
            "network",
            "Ignoring extra certs from",
            "Ignoring extra certs from {any}, load failed: error:",
            "Could not find a suitable TLS CA certificate bundle",
            "error setting certificate verify locations",
            "error setting certificate file",
            "NO_CERTIFICATE_OR_CRL_FOUND",
        ),
        (
            RefusalCause(
                "NODE_EXTRA_CA_CERTS names a file that n8n can't read, or that is no PEM "
                "certificate (in Python, SSL_CERT_FILE or REQUESTS_CA_BUNDLE does; in curl, "
                "CURL_CA_BUNDLE)",
                "Correct the path, as the container sees it, and convert the file to PEM.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "tls-client-certificate",
        (
            *texts("network", "alert certificate required"),
            *status("LOGIN_ERROR_MUTUAL_AUTHENTICATION", "Mutual authentication failed"),
            *codes(
                "network",
                "MUTUAL_AUTHENTICATION_FAILED",
                "TLSV13_ALERT_CERTIFICATE_REQUIRED",
                "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
                "ERR_SSL_CLIENT_AUTH_CERT_NEEDED",
            ),
        ),
        (
            RefusalCause(
                "the other side asks for a client certificate (mutual TLS), which n8n's Salesforce "
                "credentials can't send: usually for a user with the permission Enforce SSL/TLS "
                "Mutual Authentication, or because of a proxy",
                "Use an integration user without that permission: Setup, Users, the user, "
                "Permission Sets. Or ask whoever runs the proxy.",
            ),
        ),
        NETWORK,
    ),
    Refusal(
        "tls-name",
        (
            *texts(
                "network",
                "Hostname/IP does not match certificate's altnames",
                "hostname mismatch",
                "IP address mismatch",
                "certificate is valid for {any}, not",
                "no alternative certificate subject name matches",
                "SSL_ERROR_BAD_CERT_DOMAIN",
                "NotValidForName",
                "No subject alternative",
                "doesn't match either of",
                "CertificateError: hostname {any} doesn't match",
                "certificate is not valid for",
            ),
            *codes("network", "ERR_TLS_CERT_ALTNAME_INVALID", "ERR_CERT_COMMON_NAME_INVALID"),
        ),
        (_OTHER_HOST, _INSPECTED),
        NETWORK,
    ),
    Refusal(
        "tls-date",
        (
            *texts(
                "network",
                "certificate has expired",
                "certificate is not yet valid",
                "certificate has expired or is not yet valid",
                "SEC_ERROR_EXPIRED_CERTIFICATE",
                "CertificateExpiredException",
                "CertificateNotYetValidException",
                "certificate expired",
            ),
            *codes("network", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "ERR_CERT_DATE_INVALID"),
        ),
        (_TLS_DATE, _INSPECTED),
        NETWORK,
    ),
    Refusal(
        "tls-client-old",
        texts(
            "network",
            "Stronger security is required",
            "TLS 1.0 has been disabled",
            "TLS 1.1 has been disabled",
        ),
        (
            RefusalCause(
                "the client, or a proxy on its way, speaks only an old version of TLS, which "
                "Salesforce refuses",
                "Update the client and what it runs on (Java, .NET, OpenSSL), so that it speaks "
                "TLS 1.2 or later. n8n does.",
            ),
        ),
        NEVER,
    ),
    Refusal(
        "tls-protocol",
        (
            *texts(
                "network",
                "wrong version number",
                "tunneling socket could not be established, cause=write EPROTO",
                "packet length too long",
                "handshake failure",
                "handshake_failure",
                "sslv3_alert_handshake_failure",
                "tlsv1_alert_protocol_version",
                "alert protocol version",
                "bad handshake",
                "unknown protocol",
                "UNKNOWN_PROTOCOL",
                "no protocols available",
                "record layer failure",
                "ssl3_get_record:http request",
                "SSL routines::http request",
                "plain HTTP request was sent to HTTPS port",
                "dh key too small",
                "no shared cipher",
                "no ciphers available",
                "first record does not look like a TLS handshake",
                "server gave HTTP response to HTTPS client",
                "Unrecognized SSL message, plaintext connection",
                "Could not create SSL/TLS secure channel",
                "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
                "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
                "SSLHandshakeException",
                "unsupported protocol",
                "unsafe legacy renegotiation",
                "tlsv1 alert",
                "sslv3 alert",
                "write EPROTO",
            ),
            *codes(
                "network",
                "EPROTO",
                "ERR_SSL_WRONG_VERSION_NUMBER",
                "WRONG_VERSION_NUMBER",
                "ERR_SSL_PROTOCOL_ERROR",
            ),
        ),
        (_NO_TLS, _INSPECTED),
        NETWORK,
    ),
)
