"""Clients and error messages that the two AWS providers share."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sfcred.errors import SecretUnavailable
from sfcred.secrets.remote import TIMEOUT, quiet, raise_backend_down, require_extra

_MISSING = {"ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound"}
_FORBIDDEN = {"AccessDeniedException", "AccessDenied", "KMSAccessDeniedException"}
_UNUSABLE = {"InvalidRequestException", "DecryptionFailure", "InvalidKeyId"}
_LOGIN = (
    "Log in (aws sso login), set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
    "give the job a role."
)
# A `credential_process` in your own AWS configuration.
_NO_PROGRAM = "the program that provides the credentials can't be started"


def region_of(name: str) -> str | None:
    """Return the region of an ARN, or None for a name, which belongs to the configured region.

    The region becomes part of a host name, so it must look like one of AWS's regions.
    """
    arn = re.match(r"arn:aws[a-z-]*:(?:secretsmanager|ssm):([a-z]+(?:-[a-z]+)+-[0-9]+):", name)
    return arn[1] if arn else None


def client_of(service: str, region: str | None) -> Any:
    """Return boto3's client for a service.

    Raises:
        BackendDown: boto3 isn't installed, or its configuration can't be used.
    """
    with require_extra("AWS", "aws"):
        import boto3
        from botocore import exceptions as failed
        from botocore.config import Config
    quiet("boto3", "botocore", "urllib3")
    how = Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, retries={"total_max_attempts": 2})
    try:
        # boto3 itself only reads AWS_DEFAULT_REGION.
        region = region or os.environ.get("AWS_REGION") or None
        return boto3.session.Session().client(service, region_name=region, config=how)
    except failed.NoRegionError:
        raise_backend_down(
            "AWS", "no region is set", "Set AWS_REGION, or use the secret's full ARN."
        )
    except OSError:
        raise_backend_down("AWS", _NO_PROGRAM, _LOGIN)
    except failed.ProfileNotFound:
        raise_backend_down(
            "AWS", "the profile in AWS_PROFILE does not exist", "Correct AWS_PROFILE."
        )
    except (failed.BotoCoreError, ValueError):
        raise_backend_down(
            "AWS", "its configuration can't be used", "Try `aws sts get-caller-identity`."
        )


@contextmanager
def translate_errors(shown: str, permission: str) -> Iterator[None]:
    """Turn AWS's errors into sfcred's, without AWS's own text.

    Args:
        shown: The secret's name for messages.
        permission: The permission that the request needs.

    Raises:
        SecretUnavailable: AWS refused the request.
        BackendDown: AWS can't be reached, or the credentials can't be used.
    """
    from botocore import exceptions as failed

    try:
        yield
    except failed.ClientError as error:
        _refuse(shown, permission, str(error.response.get("Error", {}).get("Code", "")))
    except (failed.NoCredentialsError, failed.CredentialRetrievalError):
        raise_backend_down("AWS", "no credentials found", _LOGIN)
    except (failed.TokenRetrievalError, failed.SSOError, failed.PartialCredentialsError):
        raise_backend_down("AWS", "the login has expired or is incomplete", _LOGIN)
    except (failed.HTTPClientError, failed.ConnectionError):
        raise_backend_down(
            "AWS", "can't be reached", "Check the network, the region and AWS_ENDPOINT_URL."
        )
    except OSError:
        raise_backend_down("AWS", _NO_PROGRAM, _LOGIN)
    except RecursionError:
        raise_backend_down("AWS", "it does not answer like AWS", "Check AWS_ENDPOINT_URL.")
    except failed.BotoCoreError as error:
        raise_backend_down("AWS", f"the request failed ({type(error).__name__})", _LOGIN)


def _refuse(shown: str, permission: str, code: str) -> None:
    if code in _MISSING:
        raise SecretUnavailable(
            f"{shown} does not exist in this account and region",
            hint="Check the name, AWS_REGION and the account: aws sts get-caller-identity.",
        ) from None
    if code in _FORBIDDEN:
        raise SecretUnavailable(
            f"{shown}: these credentials may not read it", hint=f"Allow {permission} on it."
        ) from None
    if code in _UNUSABLE:
        raise SecretUnavailable(
            f"{shown} can't be read: it is marked for deletion, or its key can't be used",
            hint="In the AWS console, restore it, or check the state of its KMS key.",
        ) from None
    safe = code if re.fullmatch("[A-Za-z]{1,60}", code) else "unknown"
    raise_backend_down("AWS", f"it refused these credentials ({safe})", _LOGIN)
