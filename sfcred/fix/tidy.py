"""Tidy up values that aren't wrong, but that n8n would change anyway."""

from collections.abc import Iterator

from sfcred.fix.documents import source_of
from sfcred.salesforce.my_domain import repaired_my_domain
from sfcred.spec.source import Node, Place


def tidy_values(text: str) -> Iterator[tuple[Place, str]]:
    """Find My Domains with one trailing slash, which n8n removes itself.

    Args:
        text: A file of specs, readable as YAML.

    Yields:
        The position of the value, and the value to write.
    """
    for root in source_of(text).documents:
        for node in _my_domains(root):
            value = node.value
            if isinstance(value, str) and value == f"{repaired_my_domain(value)}/":
                yield node.place, value.removesuffix("/")


def _my_domains(root: Node) -> Iterator[Node]:
    profiles = root.find(("profiles",))
    overlays = profiles.value.values() if profiles and isinstance(profiles.value, dict) else ()
    for mapping in (root, *overlays):
        node = mapping.find(("my_domain",))
        if node is not None:
            yield node
