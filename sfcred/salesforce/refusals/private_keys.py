"""What OpenSSL, Node, Python and other libraries say of a private key that they can't use."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import LIBRARY

_DOCTOR = (
    "Run `sfcred doctor` to see what is wrong with the key. It needs no connection. `sfcred "
    "render` "
    "writes a key in the form that every n8n reads."
)
_CHECKS = ("SFC401", "SFC402", "SFC403", "SFC404", "SFC405", "SFC406", "SFC407")
_NO_PEM = RefusalCause(
    "what was given as the private key is not a PEM key: it is empty, a file's name, base64, or "
    "lost its line breaks",
    _DOCTOR,
    signs=_CHECKS,
)
_DAMAGED = RefusalCause(
    "the private key is damaged: a part of it is missing, or it was changed when it was pasted",
    _DOCTOR,
    signs=_CHECKS,
)
_OTHER_FORM = RefusalCause(
    "the private key has a form that this library doesn't read: a PEM without its line breaks, "
    "with a passphrase, OpenSSH, DER, or not a private key at all",
    _DOCTOR,
    signs=_CHECKS,
)
_NOT_RSA = RefusalCause(
    "the key is not an RSA key, and Salesforce accepts only RS256",
    "Make a new pair with `sfcred keygen`, and upload its certificate to the app.",
    signs=("SFC403",),
)
_SHORT = RefusalCause(
    "the RSA key is too short: it needs at least 2048 bits",
    "Make a new pair with `sfcred keygen`, and upload its certificate to the app.",
    signs=("SFC405",),
)
_NOT_A_PAIR = RefusalCause(
    "the certificate doesn't belong to this private key",
    "Compare the two with `sfcred doctor`, or make a new pair with `sfcred keygen`.",
    signs=("SFC408",),
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "key-refused",
        texts(
            "key",
            "secretOrPrivateKey must be an asymmetric key",
            "secretOrPrivateKey is not valid key material",
        ),
        (
            RefusalCause(
                "n8n can't read the private key as pasted, or it isn't an RSA key of 2048 bits",
                _DOCTOR,
                signs=_CHECKS,
            ),
        ),
        "This is n8n's own message.",
    ),
    Refusal(
        "key-empty",
        texts(
            "key",
            "secretOrPrivateKey must have a value",
            "secret or public key must be provided",
            'The "key" argument must be of type',
            'The "key.key" property must be of type',
            "key must be a string, a buffer or an object",
        ),
        (
            RefusalCause(
                "the private key is empty: the variable isn't set, or an expression gave nothing",
                _DOCTOR,
                signs=("SFC005", *_CHECKS),
            ),
        ),
        LIBRARY,
    ),
    Refusal(
        "key-algorithm",
        texts(
            "key",
            "must be a symmetric key when using HS",
            "must be a symmetric key when using HS256",
            "JsonWebTokenError: invalid algorithm",
            "Input was not an EC key",
            "Input was not an RSA key",
            "JWT_NONE_ALGORITHM",
        ),
        (
            RefusalCause(
                "the algorithm doesn't fit the key: HS256 takes a shared secret, and Salesforce "
                "accepts only RS256 with an RSA key",
                "Choose RS256 where the client signs, and give it the RSA private key. n8n's "
                "Salesforce credential does so by itself.",
            ),
        ),
        LIBRARY,
    ),
    Refusal(
        "key-too-short",
        (
            *texts(
                "key",
                "minimum key size of 2048",
                "key size too small",
                "digest too big for rsa key",
                "RSA key too small",
                "ee key too small",
            ),
            *codes("key", "ERR_OSSL_RSA_DIGEST_TOO_BIG_FOR_RSA_KEY"),
        ),
        (_SHORT,),
        "This is n8n's own message.",
    ),
    Refusal(
        "key-not-pem",
        (
            *texts(
                "key",
                "no start line",
                "Expecting: ANY PRIVATE KEY",
                "Unable to load PEM file",
                "MalformedFraming",
                "Invalid PEM formatted message",
                "Neither PUB key nor PRIV key",
                "No PEM start marker",
                "No PEM end marker",
                "PEM block not found",
                "must be PEM encoded",
                "failed to parse PEM block",
                "not a valid PEM",
            ),
            *codes("key", "ERR_OSSL_PEM_NO_START_LINE"),
        ),
        (_NO_PEM,),
        LIBRARY,
    ),
    Refusal(
        "key-damaged-text",
        (
            *texts(
                "key",
                "bad base64 decode",
                "bad end line",
                "wrong tag",
                "asn1: structure error",
                "header too long",
                "InvalidData(",
                "Failed to match tag",
                "ASN1 corrupted data",
                "illegal base64 data",
            ),
            *codes(
                "key",
                "ERR_OSSL_PEM_BAD_BASE64_DECODE",
                "ERR_OSSL_ASN1_WRONG_TAG",
                "ERR_OSSL_ASN1_NOT_ENOUGH_DATA",
                "ERR_OSSL_ASN1_HEADER_TOO_LONG",
                "ERR_OSSL_PEM_BAD_END_LINE",
            ),
        ),
        (_DAMAGED,),
        LIBRARY,
    ),
    Refusal(
        "key-unsupported",
        (
            *texts(
                "key",
                "DECODER routines::unsupported",
                "Could not deserialize key data",
                "Could not unserialize key data",
                "unsupported key format",
                "Invalid PKCS8 data",
                "Unknown OpenSSH key",
                "is in PKCS#1 format, but only PKCS#8 is supported",
                "only PKCS#8 is supported",
                "Valid PEM but no BEGIN/END delimiters",
                "The data may be in an incorrect format",
                "cannot be coerced into a private key",
                "OpenSSL unable to sign data",
                "this is probably a public key",
                "Not OpenSSH private key format",
                "Invalid key object type",
                "malformed format: SEQUENCE",
                'must contain a string "private_key" property',
                "Malformed plain PKCS8",
                "Malformed plain PKCS1",
                "algid parse error, not a sequence",
                "OpenSSL unable to validate key",
                "No supported key formats were found",
                "Could not parse PKey",
                "error in libcrypto",
                "encoded key spec not recognized",
                "InvalidKeyFormat",
            ),
            *codes("key", "ERR_OSSL_UNSUPPORTED", "ERR_OSSL_DECODER_UNSUPPORTED"),
        ),
        (_OTHER_FORM, _DAMAGED),
        LIBRARY,
    ),
    Refusal(
        "key-unreadable",
        texts(
            "key",
            "PEM routines",
            "unable to load Private Key",
            "Could not read private key from",
            "Could not find private key",
            "asn1 encoding routines",
            "nested asn1 error",
            "DECODER routines",
            "Could not load private key",
            "failed to parse private key",
            "unable to parse private key",
            "unable to read private key",
            "invalid private key",
            "Could not parse the provided",
            "InvalidKeySpecException",
            "InvalidKeyException",
            "unable to load key",
            "PKCS12 routines",
            "Malformed private key",
            "Error with private key",
            "[SSL] PEM lib",
            "unable to set private key file",
        ),
        (_OTHER_FORM, _NO_PEM, _DAMAGED),
        LIBRARY,
        says_little=True,
    ),
    Refusal(
        "key-not-rsa",
        texts(
            "key",
            "BEGIN EC PRIVATE KEY",
            "alg parameter for {any} key type must be one of",
            "key must be RSA",
            "not an RSA key",
            "UnsupportedAlgorithm: Key type",
            "Expected a RSA key",
            "key type must be one of",
            "unsupported key type",
            "expecting an rsa key",
            "wrong public key type",
        ),
        (_NOT_RSA,),
        LIBRARY,
    ),
    Refusal(
        "key-no-pair",
        texts(
            "key",
            "key values mismatch",
            "private key does not match",
            "KEY_VALUES_MISMATCH",
        ),
        (_NOT_A_PAIR,),
        LIBRARY,
    ),
    Refusal(
        "jwt-claim-missing",
        texts(
            "key",
            "Issuer (iss) must be a string",
            "Subject (sub) must be a string",
            '"issuer" must be a string',
            '"subject" must be a string',
            '"audience" must be a string or array',
        ),
        (
            RefusalCause(
                "the Consumer Key (issuer), the username (subject) or the login address (audience) "
                "is empty when the client signs, or is not a text",
                "Check that the variables with these values are set where the program runs. For "
                "sfcred, `sfcred doctor` names the one that is missing.",
                signs=("SFC005", "SFC010"),
            ),
        ),
        LIBRARY,
    ),
    Refusal(
        "jwt-library-missing",
        texts(
            "key",
            "Algorithm 'RS256' could not be found",
            "cryptography must be installed",
        ),
        (
            RefusalCause(
                "Python's JWT library needs the package cryptography to sign",
                "Install it: `pip install 'pyjwt[crypto]'`.",
            ),
        ),
        LIBRARY,
    ),
)
