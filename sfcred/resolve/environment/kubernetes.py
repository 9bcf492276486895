"""Read the environment of n8n's container from Kubernetes manifests in one file.

Source: the Kubernetes API reference (EnvVar, EnvFromSource): `env` wins over `envFrom`, a later
entry over an earlier one, and `$(X)` refers to an earlier entry. Secrets are never read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sfcred.resolve.environment import yaml
from sfcred.resolve.environment.images import is_main, is_n8n, set_by_command
from sfcred.resolve.environment.interpolation import LONGEST
from sfcred.resolve.environment.model import (
    NAMES,
    OR_LEAVE_OUT,
    WRITE_OUT,
    Environment,
    Unknown,
    Value,
)
from sfcred.spec.source import Node

_PODS = {
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "Pod": ("spec",),
}
_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_.-][A-Za-z0-9_.-]*)\)")
_IN_A_SECRET = Unknown("comes from a Secret, which sfcred doesn't read", WRITE_OUT)
_OF_THE_CLUSTER = Unknown("comes from the cluster (fieldRef or the like)", WRITE_OUT)
_ELSEWHERE = Unknown(
    "a ConfigMap or Secret that n8n's container uses is not in this file",
    f"Add the ConfigMap to the file as another document, {OR_LEAVE_OUT}",
)
_RENDERED = (
    "Use the manifests that the cluster gets (the output of `helm template` or `kustomize build`), "
    f"{OR_LEAVE_OUT}"
)
_REFERS = Unknown("refers to another variable, which sfcred doesn't show", WRITE_OUT)


class _Manifests(NamedTuple):
    """The objects of a namespace that matter, by kind and name."""

    pods: list[tuple[str, Node]]
    maps: dict[str, Mapping[str, Value]]
    secrets: dict[str, frozenset[str]]

    def with_those_of_any(self, other: "_Manifests") -> "_Manifests":
        """Return them with objects without a namespace, which can be applied to any."""
        return _Manifests(self.pods, other.maps | self.maps, other.secrets | self.secrets)


def is_kubernetes(root: Node) -> bool:
    """Return whether a YAML document is a Kubernetes object."""
    return all(yaml.text(yaml.find(root, key)) for key in ("apiVersion", "kind"))


def read_kubernetes(roots: Sequence[Node], shown: str, wanted: str | None) -> Environment:
    """Return the environment of n8n's container.

    Args:
        roots: The documents.
        shown: The file's path for messages.
        wanted: `n8n.env_service`: the name of the workload or of its container.
    """
    by_namespace = _manifests(roots)
    if not any(found.pods for found in by_namespace.values()):
        return _of_maps(by_namespace.values(), shown)
    candidates = [
        (container, found)
        for found in by_namespace.values()
        for name, pod in found.pods
        for container in _containers(name, pod, wanted)
    ]
    if len(candidates) != 1:
        what = "several containers" if candidates else "no container"
        why = Unknown(
            f"has {what} that could be n8n's",
            "Set n8n.env_service to the name of the Deployment or of its container.",
        )
        return Environment(shown, {}, why)
    container, found = candidates[0]
    return _environment(container, found, shown)


def _manifests(roots: Sequence[Node]) -> dict[str, _Manifests]:
    """Return the objects of the file by namespace; empty for those without one."""
    found: dict[str, _Manifests] = {"": _Manifests([], {}, {})}
    for one in [item for root in roots for item in yaml.items(yaml.find(root, "items")) or [root]]:
        kind = yaml.text(yaml.find(one, "kind")) or ""
        name, namespace = (
            yaml.text(yaml.find(one, "metadata", field)) or "" for field in ("name", "namespace")
        )
        pods, maps, secrets = found.setdefault(namespace, _Manifests([], {}, {}))
        pod = yaml.find(one, *_PODS[kind]) if kind in _PODS else None
        if pod is not None:
            pods.append((name, pod))
        elif kind == "ConfigMap":
            data = yaml.mapping(yaml.find(one, "data"))
            maps[name] = {key: yaml.text(node) or "" for key, node in data.items()}
        elif kind == "Secret":
            parts = (yaml.mapping(yaml.find(one, part)) for part in ("data", "stringData"))
            secrets[name] = frozenset(key for part in parts for key in part)
    everywhere = found[""]
    return {name: one.with_those_of_any(everywhere) for name, one in found.items()}


def _of_maps(namespaces: Iterable[_Manifests], shown: str) -> Environment:
    """Return the variables of the only ConfigMap that sets some, in a file without a workload."""
    maps = {id(one): one for found in namespaces for one in found.maps.values()}
    having = [values for values in maps.values() if NAMES & values.keys()]
    if len(having) == 1:
        return Environment(shown, having[0])
    what = "several ConfigMaps" if having else "no Deployment and no ConfigMap"
    return Environment(shown, {}, Unknown(f"has {what} with n8n's variables", _RENDERED))


def _containers(workload: str, pod: Node, wanted: str | None) -> list[Node]:
    """Return the containers of a pod that could be n8n's main process."""
    result = []
    for node in yaml.items(yaml.find(pod, "containers")):
        name = yaml.text(yaml.find(node, "name")) or ""
        image = is_n8n(yaml.text(yaml.find(node, "image")) or "")
        main = all(is_main(yaml.find(node, key)) for key in ("command", "args"))
        is_meant = (wanted == workload and image) or wanted == name
        if is_meant if wanted is not None else (image and main):
            result.append(node)
    return result


def _environment(container: Node, found: _Manifests, shown: str) -> Environment:
    values: dict[str, Value] = {}
    rest: Unknown | None = None
    for source in yaml.items(yaml.find(container, "envFrom")):
        added = _from(source, found)
        if added is None:
            values, rest = {}, _ELSEWHERE
        else:
            values |= added
    for entry in yaml.items(yaml.find(container, "env")):
        name = yaml.text(yaml.find(entry, "name")) or ""
        values[name] = _entry(entry, values, found)
    values |= set_by_command(yaml.find(container, key) for key in ("command", "args"))
    return Environment(shown, values, rest)


def _from(source: Node, found: _Manifests) -> dict[str, Value] | None:
    """Return what one entry of `envFrom` sets; None if that isn't in the file."""
    prefix = yaml.text(yaml.find(source, "prefix")) or ""
    map_name = yaml.text(yaml.find(source, "configMapRef", "name")) or ""
    secret_name = yaml.text(yaml.find(source, "secretRef", "name")) or ""
    if map_name in found.maps:
        return {prefix + key: value for key, value in found.maps[map_name].items()}
    if secret_name in found.secrets:
        return dict.fromkeys((prefix + key for key in found.secrets[secret_name]), _IN_A_SECRET)
    return None


def _entry(entry: Node, values: Mapping[str, Value], found: _Manifests) -> Value:
    if yaml.find(entry, "valueFrom") is None:
        return _with_references(yaml.text(yaml.find(entry, "value")) or "", values)
    reference = yaml.mapping(yaml.find(entry, "valueFrom", "configMapKeyRef"))
    if not reference:
        is_secret = yaml.find(entry, "valueFrom", "secretKeyRef") is not None
        return _IN_A_SECRET if is_secret else _OF_THE_CLUSTER
    name, key = (yaml.text(reference.get(field)) or "" for field in ("name", "key"))
    return found.maps.get(name, {}).get(key, _ELSEWHERE)


def _with_references(text: str, values: Mapping[str, Value]) -> Value:
    """Expand `$(X)`. Only n8n's own address variables can be part of what is shown."""
    refused = False

    def expand(reference: re.Match[str]) -> str:
        nonlocal refused
        name = reference[1]
        if name is None:
            return "$"
        value = values.get(name, reference[0])  # Kubernetes keeps what it can't expand
        refused = refused or isinstance(value, Unknown) or (name in values and name not in NAMES)
        return reference[0] if isinstance(value, Unknown) else value

    expanded = _REFERENCE.sub(expand, text)
    if len(expanded) > LONGEST:  # each entry can double it
        return Unknown(f"a value has more than {LONGEST} characters", WRITE_OUT)
    return _REFERS if refused else expanded
