"""Characters and line ends of any text -> lines of plain prose: odd spaces, invisible characters, hard wraps."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

__all__ = ["tidy_characters", "to_paragraphs"]

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# Joiners (U+200C, U+200D) spell words of Persian and Hindi and hold emoji together: they stay between two such
# characters. Every other format character is invisible or reorders the line, and goes.
_JOINERS = re.compile("[\u200c\u200d]+")
_TAG_BASE = "\U0001f3f4"  # the black flag, which the tag characters of regional flags follow
_SPACES = re.compile(r" {2,}")
_BLANK = re.compile(r"\n[ \n]*\n")
_WIDEST_WRAP = 100


def tidy_characters(text: str) -> str:
    r"""``text`` with plain spaces and ``\n`` line ends, without control and zero-width characters.

    Letters stay as they are: nothing is composed or decomposed. Lone surrogates become U+FFFD.

    >>> tidy_characters("a\u00a0b\u200b\r\n")
    'a b\n'
    """
    text = _LINE_ENDS.sub("\n", text)
    text = "".join(_tidy(character) for character in text) if not text.isascii() else _tidy_ascii(text)
    return _JOINERS.sub(_keep_joiner, text)


def _tidy_ascii(text: str) -> str:
    return text.translate(_ASCII_CONTROLS)


_ASCII_CONTROLS = {code: None for code in (*range(32), 127) if chr(code) not in "\n\t"} | {9: " "}


def _tidy(character: str) -> str:
    if character in "\n\u200c\u200d":
        return character
    if character == "\t":
        return " "
    match unicodedata.category(character):
        case "Zs":
            return " "
        case "Cc":
            return ""
        case "Cf":
            return character if "\U000e0020" <= character <= "\U000e007f" else ""
        case "Cs":
            return "\ufffd"
    return character


def _keep_joiner(match: re.Match[str]) -> str:
    text, before, after = match.string, match.start() - 1, match.end()
    inside = before >= 0 and after < len(text)
    if inside and not any(text[place].isascii() or text[place].isspace() for place in (before, after)):
        return match[0][0]
    return ""


def to_paragraphs(text: str) -> list[str]:
    """The lines of ``text`` that hold something, trimmed; lines broken at a fixed width are joined again.

    >>> to_paragraphs("One.\\n\\n\\n Two  words.")
    ['One.', 'Two words.']
    """
    blocks = [
        [_SPACES.sub(" ", line).strip() for line in block.split("\n") if line.strip()]
        for block in _BLANK.split("\n" + text + "\n")
    ]
    width = _wrap_width(blocks)
    paragraphs: list[str] = []
    for block in blocks:
        paragraphs.extend(_unwrap(block, width) if width else block)
    return paragraphs


def _wrap_width(blocks: list[list[str]]) -> int:
    """The width at which the text was broken by a machine, or 0 where line ends mean something."""
    inside = [line for block in blocks for line in block[:-1]]
    widest = max((len(line) for block in blocks for line in block), default=0)
    if len(inside) < 3 or not 40 <= widest <= _WIDEST_WRAP:
        return 0
    breaks = [pair for block in blocks for pair in pairwise(block)]
    full = sum(_is_full(line, following, widest) for line, following in breaks)
    inside_sentence = sum(line[-1] not in '.!?:"”' for line, _ in breaks)
    return widest if full >= 0.6 * len(breaks) and inside_sentence >= 0.5 * len(breaks) else 0


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted: so the break is the machine's."""
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width - 4 and len(line) > 0.5 * width


def _unwrap(block: list[str], width: int) -> list[str]:
    paragraphs: list[list[str]] = []
    for line in block:
        if paragraphs and _is_full(paragraphs[-1][-1], line, width):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [" ".join(lines) for lines in paragraphs]
