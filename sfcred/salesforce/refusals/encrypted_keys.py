"""What OpenSSL and other libraries say of a key, or of data, that they can't decrypt."""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, codes, texts
from sfcred.salesforce.refusals.places import LIBRARY

_PASSPHRASE = RefusalCause(
    "the private key has a passphrase, and n8n has no field for it",
    "Write the key without one: `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW`. Or make a new "
    "pair with `sfcred keygen`.",
    signs=("SFC402",),
)

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "key-old-algorithm",
        (
            *texts("key", "digital envelope routines::unsupported"),
            *codes("key", "ERR_OSSL_EVP_UNSUPPORTED"),
        ),
        (
            RefusalCause(
                "something uses an algorithm that OpenSSL 3 turned off: usually a private key with "
                "a passphrase that was encrypted in an old way",
                f"{_PASSPHRASE.fix} If no key is involved, it is an old JavaScript program, which "
                "isn't about Salesforce.",
                signs=("SFC402",),
            ),
        ),
        LIBRARY,
    ),
    Refusal(
        "key-has-passphrase",
        (
            *texts(
                "key",
                "BEGIN ENCRYPTED PRIVATE KEY",
                "Proc-Type: 4,ENCRYPTED",
                "Passphrase required for encrypted key",
                "Password was not given but private key is encrypted",
                "interrupted or cancelled",
                "bad password read",
                "Incorrect password, could not decrypt key",
                "problems getting password",
                "Cannot read encrypted PBE data block",
                "Cannot read encrypted private key",
                "maybe wrong password",
            ),
            *codes(
                "key",
                "ERR_MISSING_PASSPHRASE",
                "ERR_OSSL_BAD_DECRYPT_PASSWORD",
                "ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED",
            ),
        ),
        (_PASSPHRASE,),
        LIBRARY,
    ),
    Refusal(
        "keystore-refused",
        texts(
            "key",
            "Keystore was tampered with",
            "keystore password was incorrect",
            "failed to decrypt safe contents entry",
            "Invalid keystore format",
        ),
        (
            RefusalCause(
                "the password of the keystore is wrong, or the file is of another type than the "
                "program expects (JKS, JCEKS, PKCS#12), or damaged",
                "List it with `keytool -list -keystore FILE`, which asks for the password and "
                "shows the type. n8n takes no keystore, but a PEM key: `openssl pkcs12 -in FILE "
                "-nocerts -nodes -out KEY`, for JKS after `keytool -importkeystore`.",
            ),
        ),
        LIBRARY,
    ),
    Refusal(
        "decryption-failed",
        (
            *texts(
                "key",
                "bad decrypt",
                "wrong final block length",
            ),
            *codes(
                "key",
                "ERR_OSSL_BAD_DECRYPT",
                "ERR_OSSL_EVP_BAD_DECRYPT",
                "ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH",
            ),
        ),
        (
            RefusalCause(
                "n8n's data was encrypted with a different key from the one that this n8n has",
                "Give n8n the key that the data was written with (N8N_ENCRYPTION_KEY, or the file "
                "config in n8n's folder), the same for every process.",
            ),
            RefusalCause(
                "a private key's passphrase is wrong",
                _PASSPHRASE.fix,
                signs=("SFC402", "key_file"),
            ),
            RefusalCause(
                "the file was encrypted with another password or key, or by an openssl with other "
                "defaults (older versions, LibreSSL and Windows differ)",
                "Encrypt it again on Linux, and store the new password, or key and iv. With "
                "a password, give `-pbkdf2 -md sha256` on both sides.",
                signs=("encrypted_file",),
            ),
        ),
        "n8n shows that the credentials could not be decrypted.",
    ),
)
