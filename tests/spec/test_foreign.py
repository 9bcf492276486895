"""Files in a folder of specs that are something else, and the setting that leaves them out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.exchange.test_import import jwt_entry
from tests.helpers.material import Workshop
from tests.helpers.project import Project

Run = Callable[..., Outcome]
SPEC = 'version: 1\nname: acme\nenvironment: production\nclient_id: {env: A}\njwt: {username: "a@b.c"}\n'
KUBERNETES = "apiVersion: v1\nkind: Secret\nmetadata: {name: sf}\ndata: {clientSecret: QUJD}\n"
CONFLICT = "<<<<<<< HEAD\nname: acme\n=======\nname: acme-crm\n>>>>>>> topic\n"
FILES = {
    "a compose file": "services:\n  n8n: {image: n8nio/n8n, environment: [N8N_HOST=x]}\n",
    "a compose file ": "x-a: &a {restart: always}\nservices:\n  n8n:\n    <<: *a\n    tags: !reset []\n  n8n: 2\n",
    "a Kubernetes manifest": KUBERNETES,
    "a Kubernetes manifest ": f"---\n{KUBERNETES}---\n{KUBERNETES}",
    "a Kubernetes manifest  ": '{"apiVersion": "v1", "kind": "List", "items": []}',
    "a Helm chart's description": "apiVersion: v2\nname: n8n\nversion: 1.0.0\n",
    "a file that SOPS encrypted": "client_secret: ENC[AES256_GCM,data:a,type:str]\nsops: {version: 3.9.0}\n",
    "a file that Ansible Vault encrypted": "$ANSIBLE_VAULT;1.1;AES256\n6238\n",
    "an n8n workflow": '{"name": "w", "nodes": [], "connections": {}}',
    "a GitHub workflow": "on:\n  push:\njobs:\n  a: {runs-on: x}\n",
    "a pre-commit configuration": "repos:\n- repo: local\n",
    "a compose file  ": "n8n:\n  image: n8nio/n8n\n  environment: [N8N_HOST=x]\nweb: {build: .}\n",
    "a compose file   ": "version: '3.8'\nvolumes: {data: {}}\n",
    "a kustomization": "resources: [a.yaml]\nnamePrefix: x\n",
    "a Helm chart's values": "image: {repository: n8nio/n8n}\nreplicaCount: 1\nenvironment: x\n",
    "a Helm chart's values ": "main: {config: {}}\ningress: {enabled: true}\napp: {name: n8n}\n",
    "a Helm chart's lock file": "dependencies: []\ndigest: sha256:0\n",
    "a GitHub action": "name: x\nruns: {using: composite}\n",
    "a GitLab pipeline": "stages: [a]\nbuild: {script: [make]}\n",
    "a Taskfile": "version: '3'\ntasks: {a: {}}\n",
    "an Ansible playbook": "- hosts: all\n  tasks: []\n",
    "a JSON Schema": "$schema: http://json-schema.org/draft-07/schema#\nproperties: {}\n",
    "a configuration of SOPS": "creation_rules:\n- {age: x}\n",
    "a file that SOPS encrypted ": "A=ENC[AES256_GCM,data:x]\nsops_version=3.9.0\n",
    "a file that age encrypted": "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n",
    "a file that PGP encrypted": "-----BEGIN PGP MESSAGE-----\n\nabc\n",
    "an n8n workflow ": '[{"name": "w", "nodes": [], "connections": {}}]',
    "an answer of n8n's API": '{"data": [{"id": "a", "type": "b"}], "nextCursor": null}',
    "an answer of n8n's API ": '{"id": "a", "name": "b", "type": "c", "createdAt": "x"}',
    "a web page": "<!DOCTYPE html><html>404: Not Found</html>\n",
    "an XML file": '<?xml version="1.0"?>\n<ConnectedApp/>\n',
    "a template": "{{- range .Values.credentials }}\nkey: {{ .name }}\n{{- end }}\n",
    "a template ": "key: {{ x }}\n",
}  # fmt: skip
BROKEN = {
    "merge-conflict": SPEC + CONFLICT,
    "merge-conflict ": CONFLICT.replace("name:", "my_domain:"),
    "a file that SOPS encrypted": SPEC + "sops:\n  version: 3.9.0\n",
    "a template": SPEC.replace("acme", "{{ name }}"),
    "a template   ": SPEC.replace("acme", "acme-{{ name }}"),
    "a template    ": SPEC.replace("production", "<%= environment %>"),
    "a template     ": "<% all.each do |x| %>\nname: <%= x %>\n<% end %>\n",
    "merge-conflict  ": SPEC + "<<<<<<< HEAD\nmy_domain: x\n",
    "merge-conflict   ": SPEC + "=======\nmy_domain: x\n>>>>>>> topic\n",
    "merge-conflict    ": SPEC + "<<<<<<< a\nflow: x\n||||||| b\nflow: y\n=======\n>>>>>>> c\n",
    "a Git LFS pointer": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "a spec together with a Kubernetes manifest": f"{SPEC}---\n{KUBERNETES}",
    "a template  ": "{% for one in all %}\n- {{ one }}\n{% endfor %}\n",
    "a template ": "{% if x %}\n" + SPEC + "{% endif %}\n",
}
SPECS = {
    "with a template's signs in a comment": SPEC.replace("acme", "acme  # was {{ name }}"),
    "with more keys": SPEC + "services: {a: 1}\nkind: x\napiVersion: v1\n",
    "with equals signs": SPEC + "description: |\n  =======\n  <<<<<<< HEAD\n",
    "with expressions": SPEC.replace("{env: A}", '"{{ $secrets.vault.key }}"'),
    "of one field": "client_id: {env: A}\n",
    "empty": "# nothing\n",
    "with typos": "version: 1\nname: acme\nenviroment: production\n",
    "with nothing but typos": "clientid: {env: A}\nenviroment: production\n",
    "just begun": "version: 1\nname: acme\n",
    "in a list": f"- {SPEC}".replace("\n", "\n  "),
}


def doctor(run: Run, *options: str) -> dict[str, Any]:
    done = run("doctor", "--format", "json", *options)
    report: dict[str, Any] = json.loads(done.out)
    return {**report, "status": done.status}


def put(text: str, name: str = "other.yaml") -> Path:
    Path("credentials").mkdir(exist_ok=True)
    path = Path("credentials", name)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("what", FILES)
def test_each_is_one_finding(run: Run, what: str) -> None:
    put(FILES[what])
    report = doctor(run)
    (finding,) = report["findings"]
    assert (finding["check"], finding["severity"]) == ("SFC013", "warning")
    assert what.strip() in finding["message"]
    assert 'exclude = ["other.yaml"]' in finding["hint"]
    assert report["status"] == 4  # nothing was checked


@pytest.mark.parametrize("what", BROKEN)
def test_a_spec_that_can_t_be_read_as_one_is_an_error_everywhere(
    run: Run, what: str, project: Project
) -> None:
    put(BROKEN[what])
    (finding,) = doctor(run)["findings"]
    assert (finding["check"], finding["severity"]) == ("SFC013", "error")
    assert what.strip() in finding["message"]
    assert "exclude" not in finding["hint"]
    project.credential("{}\n", "jwt", "credentials/good.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    for command in (["doctor", "-q"], ["render", "-o", "r.json", "--no-check"], ["resolve"]):
        done = run(*command)
        assert (done.status, "SFC013" in done.out + done.err) == (1, True), done


@pytest.mark.parametrize(
    "text", ["hello\n", "- a\n", "a: 1\n", "services: [a]\n", "site_name: x\nnav: []\n", "[1, 2]"]
)
def test_what_has_nothing_of_a_spec_is_one_error(run: Run, text: str) -> None:
    put(text)
    report = doctor(run)
    (finding,) = report["findings"]
    assert (finding["check"], finding["severity"], report["status"]) == ("SFC013", "error", 1)
    assert "version: 1" in finding["hint"]
    assert 'exclude = ["other.yaml"]' in finding["hint"]


def test_a_file_that_git_crypt_encrypted_is_to_be_unlocked(run: Run) -> None:
    Path("credentials").mkdir()
    Path("credentials", "other.yaml").write_bytes(b"\0GITCRYPT\0\xff\xfe")
    (finding,) = doctor(run)["findings"]
    assert "git-crypt unlock" in finding["hint"]


@pytest.mark.parametrize("what", SPECS)
def test_a_spec_stays_a_spec(run: Run, what: str) -> None:
    put(SPECS[what])
    assert "SFC013" not in {finding["check"] for finding in doctor(run)["findings"]}


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("shape", ["array", "one", "indented"])
def test_an_export_is_named_and_its_secrets_are(
    run: Run, workshop: Workshop, encrypted: bool, shape: str
) -> None:
    entry = jwt_entry(workshop)
    if encrypted:
        entry["data"] = "U2FsdGVkX1" + "A" * 6000
    content = entry if shape == "one" else [entry]
    put(json.dumps(content, indent=2 if shape == "indented" else None), "export.yaml")
    report = doctor(run)
    found = {finding["check"] for finding in report["findings"]}
    assert found == ({"SFC013"} if encrypted else {"SFC013", "SFC004"})
    named = next(one for one in report["findings"] if one["check"] == "SFC013")
    assert "an export of n8n's credentials" in named["message"]
    assert "sfcred import" in named["hint"]


def test_the_rest_is_used_as_if_it_were_not_there(
    run: Run, project: Project, workshop: Workshop
) -> None:
    put(FILES["a compose file"], "compose.yml")
    project.credential("{}\n", "jwt", "credentials/good.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    assert run("render", "-o", "r.json", "--no-check").status == 0
    (entry,) = json.loads(Path("r.json").read_text(encoding="utf-8"))
    Path("export.json").write_text(json.dumps([entry]), encoding="utf-8")
    done = run("diff", "--export", "export.json")
    assert (done.status, "SFC013" in done.err) == (0, True)
    assert run("resolve").status == 0
    ignored = run("doctor", "--ignore", "SFC013", "--format", "json")
    assert "SFC013" in ignored.out


# -- exclude


def test_excluded_files_are_not_read(run: Run, project: Project) -> None:
    for name in ("compose.yml", "a.sops.yaml", "deploy/k8s.yaml"):
        Path("credentials/deploy").mkdir(parents=True, exist_ok=True)
        put(KUBERNETES, name)
    project.credential("{}\n", "jwt", "credentials/good.yaml")
    project.material("credentials/acme.key", "rsa-2048")
    Path("sfcred.toml").write_text(
        'exclude = ["compose.yml", "*.sops.yaml", "/credentials/deploy/"]', encoding="utf-8"
    )
    for arguments in ((), ("credentials",)):
        report = doctor(run, *arguments)
        assert len({one["file"] for one in report["credentials"]}) == 1
        assert "SFC013" not in {finding["check"] for finding in report["findings"]}
    assert doctor(run, "credentials/compose.yml")["findings"][0]["check"] == "SFC013"


def test_where_everything_is_excluded(run: Run) -> None:
    put(KUBERNETES)
    Path("sfcred.toml").write_text('exclude = ["*.yaml"]', encoding="utf-8")
    done = run("doctor")
    assert (done.status, "`exclude` leaves out what is there" in done.err) == (2, True)


def test_an_excluded_spec_is_named(
    run: Run, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.credential("{}\n", "jwt", "credentials/good.yaml")
    put(SPEC, "hidden.yaml")
    put(KUBERNETES)
    Path("sfcred.toml").write_text('exclude = ["hidden.yaml", "other.yaml"]', encoding="utf-8")
    done = run("doctor")
    assert "`exclude` in sfcred.toml leaves out credentials/hidden.yaml" in done.err
    assert "other.yaml" not in done.err
    monkeypatch.setenv("SFCRED_EXCLUDE", "hidden.yaml,other.yaml")  # a person's own choice
    assert "leaves out" not in run("doctor").err
