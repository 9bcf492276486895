"""Metadata's XML: elements in one namespace, in alphabetical order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Union

from sfcred.salesforce.metadata import API_VERSION
from sfcred.utf16 import utf_16_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

#: Levels of elements, elements of one name in one place, and characters of one's text: an app's
#: metadata has three levels, and its longest text is a certificate.
_DEEPEST, _MOST, _LONGEST = 32, 1000, 32_768


class Fields(dict[str, list[Union[str, "Fields"]]]):
    """The elements of a metadata file by name, in their order: texts, or further elements."""

    def group(self, path: str) -> "Fields | None":
        """Return the elements inside an element; None if it isn't there or contains only text.

        Args:
            path: The names of the elements on the way: `oauthConfig`. Empty for these elements.
        """
        found: Fields | None = self
        for name in filter(None, path.split("/")):
            inner = found[name] if found is not None and name in found else []
            found = next((one for one in inner if isinstance(one, Fields)), None)
        return found

    def texts(self, path: str) -> list[str]:
        """Return the texts of all elements with this path: `oauthConfig/scopes`."""
        above, _, name = path.rpartition("/")
        group = self.group(above)
        items = group[name] if group is not None and name in group else []
        return [one.strip() for one in items if isinstance(one, str)]

    def text(self, path: str) -> str | None:
        """Return the text of an element; None if it isn't there."""
        found = self.texts(path)
        return found[0] if found else None

    def truth(self, path: str) -> bool | None:
        """Return what an element says; None if it isn't there or is neither true nor false."""
        return {"true": True, "1": True, "false": False, "0": False}.get(
            (self.text(path) or "").lower()
        )

    def leaves(self, path: str = "") -> Iterator[tuple[str, str]]:
        """Yield the path and the text of every element that contains only text."""
        for name, items in self.items():
            for item in items:
                if isinstance(item, Fields):
                    yield from item.leaves(f"{path}{name}/")
                else:
                    yield f"{path}{name}", item.strip()


def lay_over(below: Fields, changes: Mapping[str, object]) -> Fields:
    """Return elements with some of them replaced. What isn't among the changes stays as it is.

    Args:
        below: The elements to start from.
        changes: Elements by name: a mapping changes only the elements that it contains, a list
            gives one element per item, and None or an empty text removes the element.
    """
    found = Fields(below)
    for name, value in changes.items():
        if isinstance(value, Mapping):
            inner = lay_over(found.group(name) or Fields(), value)
            items: list[str | Fields] = [inner] if inner else []
        else:
            several = value if isinstance(value, list | tuple) else [value]
            items = [_text_of(item) for item in several if item is not None and item != ""]
        if items:
            found[name] = items
        else:
            found.pop(name, None)
    return found


def _text_of(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def write(kind: str, fields: Fields) -> str:
    """Return a metadata file.

    Args:
        kind: The root element.
        fields: Its elements. Salesforce insists on their order, so they are sorted.
    """
    from xml.etree import ElementTree as ET

    root = ET.Element(kind, {"xmlns": NAMESPACE})
    _fill(root, fields)
    ET.indent(root, "    ")
    return _HEAD + ET.tostring(root, "unicode") + "\n"


def _fill(parent: "Element", fields: Fields) -> None:
    from xml.etree import ElementTree as ET

    for name in sorted(fields):
        for item in fields[name]:
            element = ET.SubElement(parent, name)
            if isinstance(item, Fields):
                _fill(element, item)
            else:
                element.text = item


def package(members: Mapping[str, Sequence[str]]) -> str:
    """Return a manifest (package.xml): members by type."""
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


class NotMetadata(ValueError):
    """A content that is not a metadata file. The text is the reason."""


def read(content: str | bytes) -> tuple[str, Fields]:
    """Read a metadata file.

    Args:
        content: Its content: UTF-8 or UTF-16, with or without a byte order mark.

    Returns:
        The root element's name, and its elements.

    Raises:
        NotMetadata: The content is not a metadata file.
    """
    from xml.etree import ElementTree as ET

    text = content if isinstance(content, str) else _decoded(content)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # metadata never has one, but bombs do
        raise NotMetadata("it has a document type")
    try:
        root = ET.fromstring(text)  # noqa: S314 - only elements are left
    except (ET.ParseError, ValueError):
        raise NotMetadata(_why_not_xml(text)) from None
    return _name_of(root), _collect(root, 1)


def _decoded(content: bytes) -> str:
    try:
        return content.decode(utf_16_of(content) or "utf-8-sig")
    except UnicodeDecodeError:
        raise NotMetadata("it is not UTF-8") from None


def _why_not_xml(text: str) -> str:
    if not text.strip():
        return "it is empty"
    marks = ("<<<<<<< ", ">>>>>>> ")
    if any(line.startswith(marks) for line in text.splitlines()):
        return "it has the marks of a merge conflict"
    return "it is not well-formed XML"


def _collect(parent: "Element", depth: int) -> Fields:
    if depth > _DEEPEST:
        raise NotMetadata(f"it is nested deeper than {_DEEPEST} levels")
    found = Fields()
    for child in parent:
        if child.get(_NIL) == "true":
            continue
        items = found.setdefault(_name_of(child), [])
        items.append(_collect(child, depth + 1) if len(child) else child.text or "")
        if len(items) > _MOST:
            raise NotMetadata(f"it has more than {_MOST} equal elements")
        if isinstance(items[-1], str) and len(items[-1]) > _LONGEST:
            raise NotMetadata(f"it has a text of more than {_LONGEST} characters")
    return found


def _name_of(element: "Element") -> str:
    """Return an element's name. What has another namespace than metadata's means something else.

    Raises:
        NotMetadata: It has another namespace.
    """
    space, _, name = element.tag.rpartition("}")
    if space not in ("", f"{{{NAMESPACE}"):
        raise NotMetadata("it has an element in another namespace than Salesforce's metadata")
    return name
