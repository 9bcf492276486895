"""What the clients of secret stores say: AWS, Google Cloud, Azure, Vault and sops.

Source: the clients that sfcred's references use (boto3, google-auth, azure-identity, hvac, sops),
and public reports.
"""

from sfcred.salesforce.refusals.model import Refusal, RefusalCause, texts

ROWS: tuple[Refusal, ...] = (
    Refusal(
        "store-aws-login",
        texts(
            "cli",
            "Unable to locate credentials",
            "The security token included in the request is",
            "Session token not found or invalid",
            "The SSO session associated with this profile",
            "Error loading SSO Token",
            "ProfileNotFound: The config profile",
            "Token has expired and refresh failed",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "Could not load credentials from any providers",
        ),
        (
            RefusalCause(
                "the program isn't logged in to AWS, or the login has expired",
                "Log in again (`aws sso login`), or set AWS_PROFILE or the job's role. `aws sts "
                "get-caller-identity` shows who you are.",
            ),
        ),
    ),
    Refusal(
        "store-aws-permission",
        texts(
            "cli",
            "is not authorized to perform: secretsmanager:",
            "is not authorized to perform: ssm:",
            "is not authorized to perform: kms:",
            "Access to KMS is not allowed",
            "(AccessDeniedException) when calling the GetSecretValue",
            "(AccessDeniedException) when calling the GetParameter",
        ),
        (
            RefusalCause(
                "the role or user has no permission to read the secret, or to use the key that "
                "encrypts it",
                "Allow secretsmanager:GetSecretValue (or ssm:GetParameter) on that secret, and "
                "kms:Decrypt on its key. Check that it is the role that you mean.",
            ),
        ),
    ),
    Refusal(
        "store-aws-region",
        texts("cli", "You must specify a region"),
        (
            RefusalCause(
                "no region is set",
                "Set AWS_REGION or AWS_DEFAULT_REGION, or write the secret's ARN, which names it.",
            ),
        ),
    ),
    Refusal(
        "store-aws-unreachable",
        texts("cli", "Could not connect to the endpoint URL"),
        (
            RefusalCause(
                "the machine has no way to AWS, or the region, which is part of the address, is "
                "misspelled",
                "Compare the region in the address. Then check the network and HTTPS_PROXY.",
            ),
        ),
    ),
    Refusal(
        "store-secret-missing",
        texts(
            "cli",
            "Secrets Manager can't find the specified secret",
            "(ParameterNotFound) when calling",
            "was not found in this key vault",
            "hvac.exceptions.InvalidPath",
            "No value found at secret/",
            "not found or has no versions",
        ),
        (
            RefusalCause(
                "the store has no secret of that name: the name is misspelled, or is in another "
                "account, region, project, vault or mount",
                "Compare the reference with the store. The page about secrets has the form for "
                "each store.",
            ),
        ),
    ),
    Refusal(
        "store-google-login",
        texts(
            "cli",
            "DefaultCredentialsError",
            "Could not automatically determine credentials",
            "Your default credentials were not found",
            "Reauthentication is needed",
            "google.auth.exceptions.RefreshError",
        ),
        (
            RefusalCause(
                "the program isn't logged in to Google Cloud, or the login has expired",
                "Run `gcloud auth application-default login`, or set "
                "GOOGLE_APPLICATION_CREDENTIALS. In CI, use the job's own account.",
            ),
        ),
    ),
    Refusal(
        "store-google-key",
        texts(
            "cli",
            "google.auth.exceptions.RefreshError{any}Invalid JWT Signature",
            "google.auth.exceptions.RefreshError{any}account not found",
        ),
        (
            RefusalCause(
                "the service account's key was deleted or rotated, its file is another account's, "
                "or the account is gone",
                "Create a key for the service account, and set GOOGLE_APPLICATION_CREDENTIALS to "
                "its file. Better in CI: workload identity, without a key.",
            ),
        ),
    ),
    Refusal(
        "store-google-permission",
        texts(
            "cli",
            "Permission 'secretmanager.",
            "Permission denied on resource project",
        ),
        (
            RefusalCause(
                "the account may not read the secret, or the project or the secret's name is wrong "
                "(Google answers the same)",
                "Compare the project and the name. Grant the account the role Secret Manager "
                "Secret Accessor on the secret.",
            ),
        ),
    ),
    Refusal(
        "store-azure-login",
        texts(
            "cli",
            "DefaultAzureCredential failed to retrieve a token",
            "EnvironmentCredential authentication unavailable",
            "SharedTokenCacheCredential authentication unavailable",
            "ManagedIdentityCredential authentication unavailable",
            "Please run 'az login' to",
            "AKV10000",
        ),
        (
            RefusalCause(
                "the program isn't logged in to Azure: the variables, the managed identity and "
                "`az login` were tried, and none was there",
                "Run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. "
                "In CI, use the job's own identity.",
            ),
        ),
    ),
    Refusal(
        "store-azure-permission",
        texts(
            "cli",
            "Caller is not authorized to perform action on resource",
            "does not have secrets get permission on key vault",
        ),
        (
            RefusalCause(
                "the identity may not read the Key Vault's secrets",
                "Grant it the role Key Vault Secrets User (or the access policy Get).",
            ),
        ),
    ),
    Refusal(
        "store-vault-permission",
        texts(
            "cli",
            "hvac.exceptions.Forbidden",
            "hvac.exceptions.Unauthorized",
            "Errors: * permission denied",
            "missing client token",
        ),
        (
            RefusalCause(
                "the token for Vault has expired, or its policy doesn't cover the path (Vault also "
                "says so if the mount is misspelled)",
                "Run `vault login` and `vault kv get` with the reference's path. For KV version 2, "
                "the policy needs `read` on mount/data/path.",
            ),
        ),
    ),
    Refusal(
        "store-vault-sealed",
        texts("cli", "Vault is sealed"),
        (
            RefusalCause(
                "nobody has unsealed Vault since it restarted",
                "Ask whoever runs Vault to unseal it.",
            ),
        ),
    ),
    Refusal(
        "store-onepassword-token",
        texts(
            "cli", "invalid service account token", "error initializing client: invalid user input"
        ),
        (
            RefusalCause(
                "the service account's token for 1Password is wrong, or was deleted",
                "Set OP_SERVICE_ACCOUNT_TOKEN to a service account's valid token.",
            ),
        ),
    ),
    Refusal(
        "store-onepassword-reference",
        texts("cli", "error resolving secret reference"),
        (
            RefusalCause(
                "the vault, item or field isn't in 1Password, or the service account may not read "
                "the vault",
                "In 1Password, choose Copy Secret Reference and compare it. Give the service "
                "account read access to the vault.",
            ),
        ),
    ),
    Refusal(
        "sops-no-key",
        texts(
            "cli",
            "Failed to get the data key required to decrypt the SOPS file",
            "cannot get sops data key",
            "no identity matched any of the recipients",
            "no age identity found in",
            "failed to load age identities",
            "age: no identities specified",
            "gpg: decryption failed: No secret key",
        ),
        (
            RefusalCause(
                "sops has no key that can decrypt the file: the age key isn't where sops looks, or "
                "the file was encrypted for other recipients",
                "Set SOPS_AGE_KEY_FILE to the age key's absolute path, or log in to the cloud "
                "that has the key. If you aren't among the file's recipients, somebody "
                "who is has to run `sops updatekeys`.",
            ),
        ),
    ),
    Refusal(
        "sops-key-malformed",
        texts("cli", "malformed secret key"),
        (
            RefusalCause(
                "the variable SOPS_AGE_KEY has something else than the secret key itself "
                "(AGE-SECRET-KEY-1…), such as a path or the public key",
                "Put a path into SOPS_AGE_KEY_FILE instead, and unset SOPS_AGE_KEY.",
            ),
        ),
    ),
    Refusal(
        "sops-changed",
        texts(
            "cli",
            "MAC mismatch",
            "Could not decrypt with AES_GCM",
        ),
        (
            RefusalCause(
                "the encrypted file was changed without sops, such as by hand, by a merge or by a "
                "formatter",
                "Restore it from git, and make the change with `sops edit`.",
            ),
        ),
    ),
    Refusal(
        "sops-no-rule",
        texts("cli", "no matching creation rules found"),
        (
            RefusalCause(
                "a `.sops.yaml` on the way up from the working folder has no rule for the file",
                "Add a rule whose path_regex fits the file, or run sops where that `.sops.yaml` "
                "isn't found.",
            ),
        ),
    ),
    Refusal(
        "sops-plain",
        texts("cli", "sops metadata not found", "No keys found in file"),
        (
            RefusalCause(
                "the file isn't encrypted with sops, or its sops is too old for the keys in it",
                "Encrypt it (`sops encrypt -i`), and update sops.",
            ),
        ),
    ),
)
