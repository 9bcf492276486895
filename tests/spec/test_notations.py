"""Other tools' notations for a secret: the hint shows the equivalent reference."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sfcred.spec.reader import parse
from sfcred.spec.refs import Reference
from tests.conftest import Outcome
from tests.helpers.project import Project

NOTATIONS = {
    "${ACME}": "{env: ACME}",
    "${ACME:?not set}": "{env: ACME}",
    "$ACME": "{env: ACME}",
    "${{ secrets.ACME }}": "{env: ACME}",
    "{{ $secrets.vault.key }}": '{n8n: "$secrets.vault.key"}',
    "={{ $env.ACME }}": "{env: ACME}",
    "env://ACME": "{env: ACME}",
    "ref+file://../secrets/x": "{file: ../secrets/x}",
    "op://Vault/Acme CRM/client secret": '{onepassword: "Vault/Acme CRM/client secret"}',
    "'op://Vault/Item/Section/field'": '{onepassword: "Vault/Item/Section/field"}',
    "ref+vault://secret/acme/crm#/client_secret": '{vault: "secret/acme/crm#client_secret"}',
    "vault:secret/data/db#user": '{vault: "secret/data/db#user"}',
    "ref+awssecrets://prod/acme#/secret": '{aws: "prod/acme#secret"}',
    "ref+awssecrets://prod/acme": "{aws: prod/acme}",
    "ref+awsssm://acme/secret": "{aws_ssm: /acme/secret}",
    "gcp-sm://acme/crm/latest": "{gcp: projects/acme/secrets/crm}",
    "ref+gcpsecrets://acme/crm": "{gcp: projects/acme/secrets/crm}",
    "ref+azurekeyvault://acme-vault/crm": "{azure: acme-vault/crm}",
    "ref+sops://../a.enc.yaml#/key": '{sops: "../a.enc.yaml#key"}',
}


@pytest.mark.parametrize(("notation", "reference"), NOTATIONS.items())
def test_the_hint_has_a_reference_that_sfcred_takes(
    notation: str, reference: str, project: Project, run: Callable[..., Outcome]
) -> None:
    quoted = notation.replace("\\", "\\\\").replace('"', '\\"')
    spec = project.credential(f'oauth2: {{client_secret: "{quoted}"}}\n', "oauth2")
    done = run("doctor", spec, "--select", "SFC004", "-q")
    found = re.search("sfcred writes this as `client_secret: (.*)`", done.out)
    assert found, done.out
    assert found[1] == reference
    (node,) = parse(reference.encode(), spec, "x").documents
    Reference.parse(node.data())


@pytest.mark.parametrize("notation", ["bw://item/field", "ENC[AES256_GCM,data]", "pass://a/b"])
def test_of_others_the_way_round_is_told(
    notation: str, project: Project, run: Callable[..., Outcome]
) -> None:
    spec = project.credential(f'oauth2: {{client_secret: "{notation}"}}\n', "oauth2")
    assert "Let that tool set an environment variable" in run("doctor", spec).out


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_a_literal_is_reported_once_whatever_ends_the_lines(
    end: str, project: Project, run: Callable[..., Outcome]
) -> None:
    literal = "5Aep861" + "abcdefgh" * 10
    spec = project.credential(f"oauth2: {{refresh_token: {literal}}}\n", "oauth2")
    Path(spec).write_bytes(Path(spec).read_text(encoding="utf-8").replace("\n", end).encode())
    done = run("doctor", spec, "--select", "SFC004", "--format", "concise")
    assert [line.split(" ")[0] for line in done.out.splitlines()] == ["acme.yaml:11:18:"], done
