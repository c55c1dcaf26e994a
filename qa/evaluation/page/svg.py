"""A drawn SVG made fit to stand in an HTML page: its own ids, the page's colours and fonts, a name, no style rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from qa.evaluation.plots import INK, label_text

__all__ = ["inline_svg"]

_LINK = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"#([\w.-]+)")
_DROPPED = frozenset({"metadata", "style", "title"})
_FONT_SIZE = re.compile(r"[\d.]+px")


def inline_svg(drawn: str, name: str, title: str, description: str, labels: Sequence[str] = ()) -> str:
    """The drawing as one ``<svg>`` element.

    ``name`` starts every id in it, so it must be another for each drawing of a page. ``title`` and ``description`` are
    what a screen reader says of it; ``labels`` take the place of what ``label_text`` left.
    """
    root = ElementTree.fromstring(drawn)  # noqa: S314 - written by matplotlib a moment ago, without foreign text
    used = set(_references(root))
    places = {label_text(number): label for number, label in enumerate(labels)}
    _undress(root)
    for element in root.iter():
        _settle(element, name, used)
        element.text = places.get(element.text or "", element.text)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "fill": "currentColor",  # of what has no colour of its own: text
        "role": "img",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-text",
    }
    named = {f"{name}-title": ("title", title), f"{name}-text": ("desc", description)}
    for place, (key, (tag, text)) in enumerate(named.items()):
        told = ElementTree.Element(tag, {"id": key})
        told.text = text
        root.insert(place, told)
    return ElementTree.tostring(root, encoding="unicode")


def _references(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == _LINK or "url(" in value:
                yield from _REFERENCE.findall(value)


def _undress(parent: ElementTree.Element) -> None:
    """Without namespaces, which HTML does not know, and without style rules, which would hold for the whole page."""
    parent.tag = parent.tag.rpartition("}")[2]
    for child in list(parent):
        if child.tag.rpartition("}")[2] in _DROPPED:
            parent.remove(child)
        else:
            _undress(child)
            child.tail = None


def _settle(element: ElementTree.Element, name: str, used: set[str]) -> None:
    settled = {}
    for key, value in {**element.attrib, **_declarations(element.attrib.get("style", ""))}.items():
        if key == "id":
            if value in used:
                settled[key] = f"{name}-{value}"
        elif key == _LINK or "url(" in value:
            settled["href" if key == _LINK else key] = _REFERENCE.sub(rf"#{name}-\1", value)
        elif key == "transform" and value.startswith("rotate(-0 "):
            continue
        elif key not in ("style", "xmlns"):
            settled[key] = "currentColor" if value == INK else re.sub(r"\s*\n", " ", value).strip()
    element.attrib = settled
    element.text = (element.text or "").strip() or None


def _declarations(style: str) -> dict[str, str]:
    """Style declarations as attributes, which a policy against inline styles lets pass; fonts are the page's."""
    found = {}
    for declaration in filter(None, style.split("; ")):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key == "font":
            size = _FONT_SIZE.search(value)
            found["font-size"] = size[0] if size else "9px"
        elif key != "font-family":
            found[key] = value
    return found
