"""A text's data, and the nodes that it is written with."""

from pathlib import Path

import yaml

from sfcred.spec.source import parse


def data_of(text: str) -> list[object] | None:
    """The data of a text's documents; None where doctor couldn't read it whole."""
    source = parse(text.encode("utf-8", "surrogateescape"), Path(), "")
    return None if source.faults else [node.data() for node in source.documents]


def nodes_of(text: str) -> list[yaml.Node]:
    """The documents as PyYAML's nodes, with the marks of their beginnings and ends.

    Only for texts that `data_of` takes: it has refused what grows or nests without end.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.compose_all(text, Loader=loader))
