"""Text to HTML that shows it and can do nothing else, also where a Markdown reader goes over it afterwards."""

from __future__ import annotations

import unicodedata

__all__ = ["inert", "shortened"]

_KEPT = frozenset("\t\n\r")


def inert(text: str) -> str:
    """The text with every character but letters, digits and spaces as an entity.

    ``html.escape`` stops tags; a chat window also reads Markdown, formulas and bare addresses, so that a title such
    as ``![x](http://...)`` would still fetch something. A browser decodes the entities back to the very same text.

    >>> inert("<b> 5*3")
    '&#60;b&#62; 5&#42;3'
    """
    return "".join(_entity(character) for character in text)


def _entity(character: str) -> str:
    if character == " " or character.isalnum():
        return character
    if unicodedata.category(character) in ("Cc", "Cs") and character not in _KEPT:
        return "\ufffd"  # browsers read such an entity as another character, and JSON cannot hold half a surrogate
    return f"&#{ord(character)};"


def shortened(text: str, limit: int) -> str:
    """The text on one line in at most ``limit`` characters, cut at a space and ended with "…" where it is longer.

    >>> shortened("one two three", 9)
    'one two…'
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"
