"""`{gcp: projects/P/secrets/S}`: a secret in Google Cloud's Secret Manager."""

from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.programs import fenced
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import TIMEOUT, Memory, down, library, quiet, sound

if TYPE_CHECKING:
    from google.cloud.secretmanager import SecretManagerServiceClient

_MEMORY = Memory()
_LOGIN = "Log in (gcloud auth application-default login), or set GOOGLE_APPLICATION_CREDENTIALS."


def _read(locator: str, around: Surroundings) -> SecretStr:
    name = locator if "/versions/" in locator else f"{locator}/versions/latest"
    with fenced(around.project):
        found = _MEMORY.ask("gcp", name, lambda: _fetch(name))
    return sound(found, f"the Google secret {locator}")


def _client() -> "SecretManagerServiceClient":
    """Google's own client; over plain HTTP requests, which proxies let through."""
    from google.cloud.secretmanager import SecretManagerServiceClient

    return SecretManagerServiceClient(transport="rest")


def _fetch(name: str) -> str:
    shown = f"the Google secret {name}"
    with library("Google's Secret Manager", "gcp"):
        from google.api_core import exceptions as refused
        from google.auth import exceptions as broken
    quiet("google", "urllib3")
    where = "Google's Secret Manager"
    try:
        answer = _client().access_secret_version(name=name, timeout=TIMEOUT, retry=None)
        return answer.payload.data.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretUnavailable(f"{shown} is binary", hint="Store it as text.") from None
    except refused.NotFound:
        raise SecretUnavailable(
            f"{shown} does not exist", hint="Check project, name and version: gcloud secrets list."
        ) from None
    except refused.Forbidden:
        raise SecretUnavailable(
            f"{shown}: this account may not read it, or the API is not enabled in the project",
            hint="Grant it the role Secret Manager Secret Accessor on this secret.",
        ) from None
    except (refused.FailedPrecondition, refused.BadRequest):
        raise SecretUnavailable(
            f"{shown} can't be read: this version is disabled or destroyed",
            hint="Enable it, or add a new version.",
        ) from None
    except broken.DefaultCredentialsError:
        down(where, "there are no credentials", _LOGIN)
    except (broken.RefreshError, refused.Unauthorized):
        down(where, "the login has expired, or is not valid", _LOGIN)
    except (broken.GoogleAuthError, refused.GoogleAPIError, OSError):
        down(where, "is out of reach", "Check the network and the proxy.")


PROVIDER = Provider(
    key="gcp",
    title="a secret in Google Cloud's Secret Manager",
    description="A secret in Google Cloud's Secret Manager: its latest version, unless one is "
    "named (/versions/3). Needs an extra: pip install 'sfcred[gcp]'.",
    pattern="projects/[a-z0-9:.-]+/secrets/[A-Za-z0-9_-]+(/versions/[A-Za-z0-9_-]+)?",
    example="projects/acme-prod/secrets/crm-client-secret",
    read=_read,
    is_remote=True,
    where=lambda locator, _around: f"Google secret {locator}",
)
