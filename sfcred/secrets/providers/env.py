"""`{env: NAME}`: an environment variable."""

import os
import re

from pydantic import SecretStr

from sfcred.errors import SecretUnavailable
from sfcred.secrets.provider import Provider, Surroundings


def _read(name: str, around: Surroundings) -> SecretStr:
    value = around.environ.get(name)
    if value is None:
        raise SecretUnavailable(
            f"the environment variable {name} is not set",
            hint=f"Set {name} where sfcred runs (in CI, as a secret of the job).",
        )
    if not value:
        raise SecretUnavailable(
            f"the environment variable {name} is empty",
            hint=f"Give {name} a value. In CI, a secret that isn't defined is empty.",
        )
    return SecretStr(_as_utf8(value))


def _as_utf8(value: str) -> str:
    """Return a variable's text read as UTF-8. Python reads it in the encoding of the locale."""
    try:
        return os.fsencode(value).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # it isn't from this process's own environment
        return value


# Variables that can contain what a pull request wrote, such as a branch name or a title. CI systems
# set some of them, and workflows often copy these into others.
_FROM_PULL_REQUESTS = re.compile(
    "(?:GITHUB|GITEA|CI|GITLAB|BUILD|BUILDKITE|SYSTEM|AGENT|CIRCLE|TRAVIS|BITBUCKET|DRONE|JENKINS|"
    "CHANGE|GIT|TEAMCITY|APPVEYOR|CODEBUILD|RUNNER|SEMAPHORE|VERCEL|NETLIFY|PR|MR|PULL|INPUT)_.*"
    "|GHPRB.*|.*(?:BRANCH|TITLE|COMMIT|MESSAGE|DESCRIPTION|BODY|LABEL|HEAD_REF|COMMENT).*",
    re.IGNORECASE,
)


# How names of your own secrets end. Other variables can contain anything.
_OWN = re.compile(
    r".*(?:ID|KEY|SECRET|TOKEN|USER|USERNAME|PASSWORD|PASS|CREDENTIAL)S?[0-9]*", re.IGNORECASE
)


def _is_own(name: str) -> bool:
    """Return whether a variable's value may be compared with other secrets."""
    return _FROM_PULL_REQUESTS.fullmatch(name) is None and _OWN.fullmatch(name) is not None


PROVIDER = Provider(
    key="env",
    title="an environment variable",
    description="The value of an environment variable of the process that runs sfcred.",
    pattern="[A-Za-z_][A-Za-z0-9_]*",
    example="ACME_CLIENT_SECRET",
    read=_read,
    is_own=_is_own,
    where=lambda name, _around: f"environment variable {name}",
)
