"""Metadata's XML: elements without attributes, in one namespace, in alphabetical order."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sfcred.salesforce.metadata import API_VERSION

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(kind: str, fields: Mapping[str, object]) -> str:
    """A metadata file.

    Args:
        kind: The root element.
        fields: Elements by name. None and empty texts are left out; a list gives one element
            an item.

    Returns:
        XML. Salesforce insists on the elements' order, so they are sorted.
    """
    from xml.etree import ElementTree as ET

    root = ET.Element(kind, {"xmlns": NAMESPACE})
    _fill(root, fields)
    ET.indent(root, "    ")
    return _HEAD + ET.tostring(root, "unicode") + "\n"


def _fill(parent: "Element", fields: Mapping[str, object]) -> None:
    from xml.etree import ElementTree as ET

    for name in sorted(fields):
        value = fields[name]
        items = value if isinstance(value, list | tuple) else [value]
        for item in items:
            if item is None or item == "":
                continue
            element = ET.SubElement(parent, name)
            if isinstance(item, Mapping):
                _fill(element, item)
            else:
                element.text = str(item).lower() if isinstance(item, bool) else str(item)


def package(members: Mapping[str, Sequence[str]]) -> str:
    """A manifest (package.xml): members by type."""
    from xml.etree import ElementTree as ET

    root = ET.Element("Package", {"xmlns": NAMESPACE})
    for kind in sorted(members):
        types = ET.SubElement(root, "types")
        for member in sorted(members[kind]):
            ET.SubElement(types, "members").text = member
        ET.SubElement(types, "name").text = kind
    ET.SubElement(root, "version").text = API_VERSION
    ET.indent(root, "    ")
    return _HEAD + ET.tostring(root, "unicode") + "\n"


class Texts(dict[str, list[str]]):
    """The texts of a metadata file, by the elements' path: `oauthConfig/scopes`."""

    def one(self, path: str) -> str:
        """The text of an element; empty where there is none."""
        return (self.get(path) or [""])[0]

    def truth(self, path: str, *, default: bool = False) -> bool:
        """The truth of an element."""
        text = self.one(path)
        return text == "true" if text else default


class NotMetadata(ValueError):
    """A text that is no metadata file."""


def read(text: str) -> tuple[str, Texts]:
    """Reads a metadata file.

    Returns:
        The root element's name, and the texts.

    Raises:
        NotMetadata: It is none.
    """
    from xml.etree import ElementTree as ET

    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # what metadata never has, and bombs do
        raise NotMetadata("a document type")
    try:
        root = ET.fromstring(text)  # noqa: S314 - nothing but elements is left
    except ET.ParseError:
        raise NotMetadata("no XML") from None
    found = Texts()
    _collect(root, "", found, 1)
    return _local(root.tag), found


#: Levels of elements, elements of one name in one place, and characters of one's text: an app's
#: metadata has three levels, and its longest text is a certificate.
_DEEPEST, _MOST, _LONGEST = 32, 1000, 32_768


def _collect(parent: "Element", path: str, found: Texts, depth: int) -> None:
    if depth > _DEEPEST:
        raise NotMetadata(f"nested deeper than {_DEEPEST} levels")
    for child in parent:
        here = f"{path}{_local(child.tag)}"
        if len(child):
            _collect(child, f"{here}/", found, depth + 1)
        else:
            texts = found.setdefault(here, [])
            texts.append((child.text or "").strip())
            if len(texts) > _MOST or len(texts[-1]) > _LONGEST:
                much = f"more than {_MOST} equal elements, or a text of more than {_LONGEST}"
                raise NotMetadata(f"{much} characters")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
