"""AWS: the real boto3 against moto, which parses real requests."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import boto3
import pytest
from botocore import exceptions as failed
from moto import mock_aws

from sfcred.own_files import find_brought_along
from sfcred.secrets import aws_clients
from tests.secrets.conftest import CANARY, forget, read, refusal

REGION = "eu-central-1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


def stored(name: str, **value: object) -> str:
    client = boto3.client("secretsmanager", region_name=REGION)
    return str(client.create_secret(Name=name, **value)["ARN"])


@pytest.mark.usefixtures("aws")
def test_secrets_manager() -> None:
    arn = stored("prod/acme", SecretString='{"client_secret": "s", "n": 5, "empty": ""}')
    stored("plain", SecretString="-----BEGIN\nKEY")
    assert read("aws: prod/acme#client_secret") == "s"
    assert read(f"aws: {arn}#client_secret") == "s"
    assert read("aws: plain") == "-----BEGIN\nKEY"
    assert "has no field x (it has 3 others)" in refusal("aws: prod/acme#x")
    assert "is not a string" in refusal("aws: prod/acme#n")
    assert "is empty" in refusal("aws: prod/acme#empty")
    assert "not a JSON object" in refusal("aws: plain#x")
    assert "does not exist in this account and region" in refusal("aws: other")


@pytest.mark.usefixtures("aws")
def test_what_is_no_text_or_gone() -> None:
    stored("binary", SecretBinary=b"\x00")
    stored("large", SecretString="x" * 65536)
    assert "is binary" in refusal("aws: binary")
    assert read("aws: large") == "x" * 65536
    stored("gone", SecretString=CANARY)
    boto3.client("secretsmanager", region_name=REGION).delete_secret(SecretId="gone")
    assert "marked for deletion" in refusal("aws: gone")


@pytest.mark.usefixtures("aws")
def test_parameter_store() -> None:
    client = boto3.client("ssm", region_name=REGION)
    client.put_parameter(Name="/acme/secret", Value="s", Type="SecureString")
    client.put_parameter(Name="/acme/plain", Value="p", Type="String")
    assert read("aws_ssm: /acme/secret") == "s"
    assert read("aws_ssm: /acme/plain") == "p"
    assert "does not exist" in refusal("aws_ssm: /acme/other")


@pytest.mark.usefixtures("aws")
def test_each_secret_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stored("prod/acme", SecretString='{"a": "1", "b": "2"}')
    calls: list[str] = []
    real = aws_clients.client_of

    def counted(service: str, region: str | None) -> object:
        calls.append(service)
        return real(service, region)

    monkeypatch.setattr("sfcred.secrets.providers.aws.client_of", counted)
    fenced = Mock(wraps=find_brought_along)
    monkeypatch.setattr("sfcred.secrets.remote.find_brought_along", fenced)
    assert [read("aws: prod/acme#a"), read("aws: prod/acme#b"), read("aws: prod/acme#a")] == ["1", "2", "1"]  # fmt: skip
    assert len(calls) == 1
    assert fenced.call_count == 1


class Refusing:
    """A client whose requests all fail."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls = 0

    def get_secret_value(self, **_given: object) -> Any:
        self.calls += 1
        raise self.error


def client_error(code: str) -> failed.ClientError:
    return failed.ClientError({"Error": {"Code": code, "Message": CANARY}}, "GetSecretValue")


@pytest.mark.parametrize(
    ("error", "told", "is_down"),
    [
        (client_error("AccessDeniedException"), "Allow secretsmanager:GetSecretValue", False),
        (client_error("DecryptionFailure"), "its key can't be used", False),
        (client_error("ExpiredTokenException"), "(ExpiredTokenException)", True),
        (client_error(f"x {CANARY}"), "(unknown)", True),
        (failed.NoCredentialsError(), "no credentials found", True),
        (failed.TokenRetrievalError(provider="sso", error_msg=CANARY), "has expired", True),
        (
            failed.EndpointConnectionError(endpoint_url=f"https://{CANARY}"),
            "can't be reached",
            True,
        ),
        (failed.ConnectTimeoutError(endpoint_url="https://x"), "can't be reached", True),
        (failed.DataNotFoundError(data_path=CANARY), "DataNotFoundError", True),
        (RecursionError(), "does not answer like AWS", True),
    ],
)
def test_each_refusal_has_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: str, is_down: bool
) -> None:
    client = Refusing(error)
    monkeypatch.setattr("sfcred.secrets.providers.aws.client_of", lambda *_given: client)
    assert told in refusal("aws: prod/acme#a")
    # A store that is down is asked once, whatever else is read from it.
    refusal("aws: other")
    assert client.calls == (1 if is_down else 2)


def test_without_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "nothing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "Set AWS_REGION" in refusal("aws: prod/acme")
    forget()
    monkeypatch.setenv("AWS_REGION", REGION)
    assert "no credentials found" in refusal("aws: prod/acme")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    assert " install 'boto3>=1.35'" in refusal("aws: prod/acme")


@pytest.mark.parametrize("value", [None, 4711, True, ["s"], {"value": CANARY}])
def test_a_parameter_has_to_be_text(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    client = Mock()
    client.get_parameter.return_value = {"Parameter": {"Value": value}}
    monkeypatch.setattr("sfcred.secrets.providers.aws_ssm.client_of", lambda *_given: client)
    assert "is not text" in refusal("aws_ssm: /acme")


@pytest.mark.parametrize("answer", [{}, {"Parameter": {}}, {"Parameter": None}, None, [], "x"])
def test_an_answer_that_is_not_aws_s(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    client = Mock()
    client.get_parameter.return_value = answer
    monkeypatch.setattr("sfcred.secrets.providers.aws_ssm.client_of", lambda *_given: client)
    assert "does not answer as expected" in refusal("aws_ssm: /acme")
