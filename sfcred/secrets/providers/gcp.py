"""`{gcp: projects/P/secrets/S}`: a secret in Google Cloud Secret Manager."""

from typing import TYPE_CHECKING

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.own_files import google_files
from sfcred.secrets.provider import Provider, Surroundings
from sfcred.secrets.remote import (
    TIMEOUT,
    bounded,
    checked_value,
    quiet,
    raise_backend_down,
    require_extra,
)

if TYPE_CHECKING:
    from google.cloud.secretmanager import SecretManagerServiceClient

_LOGIN = "Log in (gcloud auth application-default login), or set GOOGLE_APPLICATION_CREDENTIALS."


def _read(locator: str, around: Surroundings) -> SecretStr:
    name = locator if "/versions/" in locator else f"{locator}/versions/latest"
    files = google_files(around.environ)
    fetch = bounded("Google Secret Manager", files, around, lambda: _fetch(name))
    found = around.cache.ask("gcp", name, fetch)
    return checked_value(found, f"the Google secret {locator}")


def _client() -> "SecretManagerServiceClient":
    """Return Google's own client. It uses REST, which works through proxies."""
    from google.cloud.secretmanager import SecretManagerServiceClient

    client = SecretManagerServiceClient(transport="rest")
    # Google never redirects these requests, and no other host may supply a secret. There is no
    # option for it.
    client.transport._session.max_redirects = 0  # type: ignore[attr-defined]  # noqa: SLF001
    return client


def _fetch(name: str) -> str:
    shown = f"the Google secret {name}"
    with require_extra("Google Secret Manager", "gcp"):
        from google.api_core import exceptions as refused
        from google.auth import exceptions as broken
    quiet("google", "urllib3")
    where = "Google Secret Manager"
    try:
        answer = _client().access_secret_version(name=name, timeout=TIMEOUT, retry=None)
        return answer.payload.data.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretUnavailable(f"{shown} is binary", hint="Store it as text.") from None
    except refused.NotFound:
        raise SecretUnavailable(
            f"{shown} does not exist",
            hint="Check the project, name and version: gcloud secrets list.",
        ) from None
    except refused.Forbidden:
        raise SecretUnavailable(
            f"{shown}: this account may not read it, or the project has not enabled the API",
            hint="Grant it the role Secret Manager Secret Accessor on this secret.",
        ) from None
    except (refused.FailedPrecondition, refused.BadRequest):
        raise SecretUnavailable(
            f"{shown} can't be read: this version is disabled or destroyed",
            hint="Enable it, or add a new version.",
        ) from None
    except broken.DefaultCredentialsError:
        raise_backend_down(where, "no credentials found", _LOGIN)
    except (broken.RefreshError, refused.Unauthorized):
        raise_backend_down(where, "the login has expired or is not valid", _LOGIN)
    except (broken.GoogleAuthError, refused.GoogleAPIError, OSError):
        raise_backend_down(where, "can't be reached", "Check the network and the proxy.")


PROVIDER = Provider(
    key="gcp",
    title="a secret in Google Cloud Secret Manager",
    description="A secret in Google Cloud Secret Manager. To use a version other than the latest, "
    "add /versions/3. Needs the extra `gcp`.",
    pattern="projects/[a-z0-9:.-]+/secrets/[A-Za-z0-9_-]+(/versions/[A-Za-z0-9_-]+)?",
    example="projects/acme-prod/secrets/crm-client-secret",
    read=_read,
    is_remote=True,
    where=lambda locator, _around: f"Google secret {locator}",
)
