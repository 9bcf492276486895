"""What the two providers of AWS share: clients, and the refusals in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sfcred.errors import SecretUnavailable
from sfcred.secrets.remote import TIMEOUT, Memory, down, library, quiet

MEMORY = Memory()

_MISSING = {"ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound"}
_FORBIDDEN = {"AccessDeniedException", "AccessDenied", "KMSAccessDeniedException"}
_UNUSABLE = {"InvalidRequestException", "DecryptionFailure", "InvalidKeyId"}
_LOGIN = (
    "Log in (aws sso login), set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
    "give the job a role."
)
# A `credential_process` of the person's configuration.
_NO_PROGRAM = "the program that gives its credentials can't be started"


def region_of(name: str) -> str | None:
    """The region of an ARN; None for a name, which is looked up in the configured region.

    It becomes a part of the host's name, so it has the form of AWS's regions.
    """
    arn = re.match(r"arn:aws[a-z-]*:(?:secretsmanager|ssm):([a-z]+(?:-[a-z]+)+-[0-9]+):", name)
    return arn[1] if arn else None


def client_of(service: str, region: str | None) -> Any:
    """boto3's client of a service.

    Raises:
        BackendDown: boto3 isn't installed, or nothing says which region.
    """
    with library("AWS", "aws"):
        import boto3
        from botocore import exceptions as failed
        from botocore.config import Config
    quiet("boto3", "botocore", "urllib3")
    how = Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, retries={"total_max_attempts": 2})
    try:
        return boto3.session.Session().client(service, region_name=region, config=how)
    except failed.NoRegionError:
        down("AWS", "no region is set", "Set AWS_REGION, or write the secret's whole ARN.")
    except OSError:
        down("AWS", _NO_PROGRAM, _LOGIN)
    except failed.ProfileNotFound:
        down("AWS", "there is no profile of the name in AWS_PROFILE", "Correct AWS_PROFILE.")
    except (failed.BotoCoreError, ValueError):
        down("AWS", "its configuration can't be used", "Try `aws sts get-caller-identity`.")


@contextmanager
def told(shown: str, permission: str) -> Iterator[None]:
    """Round a request: what AWS says, in words, without its own text.

    Args:
        shown: The secret in words.
        permission: What the request needs.

    Raises:
        SecretUnavailable: AWS said no.
        BackendDown: AWS can't be asked.
    """
    from botocore import exceptions as failed

    try:
        yield
    except failed.ClientError as error:
        _refuse(shown, permission, str(error.response.get("Error", {}).get("Code", "")))
    except (failed.NoCredentialsError, failed.CredentialRetrievalError):
        down("AWS", "there are no credentials", _LOGIN)
    except (failed.TokenRetrievalError, failed.SSOError, failed.PartialCredentialsError):
        down("AWS", "the login has expired, or is incomplete", _LOGIN)
    except (failed.HTTPClientError, failed.ConnectionError):
        down("AWS", "is out of reach", "Check the network, the region and AWS_ENDPOINT_URL.")
    except OSError:
        down("AWS", _NO_PROGRAM, _LOGIN)
    except failed.BotoCoreError as error:
        down("AWS", f"the request failed ({type(error).__name__})", _LOGIN)


def _refuse(shown: str, permission: str, code: str) -> None:
    if code in _MISSING:
        raise SecretUnavailable(
            f"{shown} does not exist in this account and region",
            hint="Check the name, AWS_REGION and whose account it is: aws sts get-caller-identity.",
        ) from None
    if code in _FORBIDDEN:
        raise SecretUnavailable(
            f"{shown}: these credentials may not read it", hint=f"Allow {permission} on it."
        ) from None
    if code in _UNUSABLE:
        raise SecretUnavailable(
            f"{shown} can't be read: it is marked for deletion, or its key is not usable",
            hint="Look at it in the AWS console: Restore, or the state of its KMS key.",
        ) from None
    safe = code if re.fullmatch("[A-Za-z]{1,60}", code) else "unknown"
    down("AWS", f"refuses these credentials ({safe})", _LOGIN)
