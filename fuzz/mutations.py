"""Sound inputs broken in ways that keep their structure: parts of Word files, objects of PDFs, tags, values of JSON.

All of it follows from a seed, so that a case can be made again from its number.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

__all__ = ["SEEDS", "hostile_input", "mutated"]

SEEDS = Path(__file__).parent / "seeds"
"""Sound inputs to begin with, small and with something in them of all that the readers look for."""

_ARTICLE = (SEEDS / "article.txt").read_text(encoding="utf-8")
_MARKDOWN, _HTML, _PDF = ((SEEDS / name).read_bytes() for name in ("article.md", "page.html", "document.pdf"))
_PARTS = {
    path.relative_to(SEEDS / "document.docx.parts").as_posix(): path.read_bytes()
    for path in sorted((SEEDS / "document.docx.parts").rglob("*.xml"))
}
_VALUES: dict[str, Any] = json.loads((SEEDS / "values.json").read_text(encoding="utf-8"))

_ODD_TEXTS: tuple[str, ...] = (
    *(
        "",
        " ",
        "\x00",
        "\x1b[2J",
        "\r\n",
        "\r",
        "\t",
        "\n\n",
        "\u2028",
        "\ufeff",
        "\u200b",
        "\u202e",
        "\uffff",
        "\ud800",
    ),
    *(
        "\u0301" * 9,
        "e\u0301",
        "\U0001f469\u200d\U0001f4bb",
        "\U000e0041",
        "שלום",
        "مرحبا",
        "中文。",
        "“",
        "”",
        '"',
        "'",
        ":",
    ),
    *("A: ", "By ", "said", "99 May 2024", "0000-00-00", "9999-12-31", "1e999", "-0", "---\n", "{{", "%s", "../../x"),
    *("&#xD800;", "&amp;", "&nbsp;", "<!--", "-->", "<![CDATA[", "]]>"),
    *("javascript:alert(1)", "http://[", "https://a.example/" + "x" * 99),
)
_ODD_NUMBERS = ("0", "-1", "1", "255", "65535", "4294967295", "-2147483648", "99999999999999999999", "1e38", "0.0")
_TOKEN = re.compile(rb"<[^<>]{0,200}>|[A-Za-z/]{1,40}|\d{1,20}|\s{1,9}|[^\w\s]", re.DOTALL)


def hostile_input(name: str, random: Random) -> bytes:
    """A hostile input for the target of this name."""
    make = _MAKERS.get(name)
    data = make(random) if make is not None else _json(_VALUES[name], random)
    return mutated(data, random) if random.random() < 0.3 else data


def mutated(data: bytes, random: Random) -> bytes:
    """A few bytes of any input changed, doubled, moved or left out."""
    changed = bytearray(data or b"x")
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        at, length = random.randrange(len(changed) + 1), random.choice((1, 2, 4, 64, 1024))
        match random.randrange(5):
            case 0:
                changed[at : at + length] = random.randbytes(random.choice((0, 1, 4, 16)))
            case 1:
                changed[at:at] = changed[at : at + length] * random.choice((1, 2, 50))
            case 2:
                changed[at : at + length] = b""
            case 3:
                changed[at:at] = _odd(random)
            case _:
                changed[at : at + 1] = bytes([random.randrange(256)])
        del changed[100_000:]
    return bytes(changed)


def _odd(random: Random) -> bytes:
    text = random.choice((*_ODD_TEXTS, *_ODD_NUMBERS)) * random.choice((1, 1, 1, 3, 40))
    encoding = random.choice(("utf-8", "utf-8", "utf-16-le", "cp1252"))
    return text.encode(encoding, "replace" if encoding == "cp1252" else "surrogatepass")


def _tokens(data: bytes, random: Random) -> bytes:
    """Text of markup with its tags, words and numbers changed, doubled, moved, nested and left out."""
    tokens = _TOKEN.findall(data) or [b"x"]
    for _ in range(random.choice((1, 2, 5, 20))):
        at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        match random.randrange(6):
            case 0:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 1:
                tokens[at] = tokens[at] * random.choice((0, 2, 30, 300))
            case 2:
                tokens[at : at + random.randrange(9)] = [b""]
            case 3:
                tokens.insert(at, _odd(random))
            case 4:
                tokens[at:at] = tokens[other : other + random.randrange(30)]
            case _:
                tokens[at] = random.choice(_ODD_NUMBERS).encode() if tokens[at].isdigit() else tokens[at].swapcase()
    return b"".join(tokens)


def _text(random: Random) -> bytes:
    """Plain text in one of many encodings, of words that the rules look for and of characters that are not."""
    words = _ARTICLE.split(" ")
    for _ in range(random.choice((1, 5, 40))):
        words.insert(
            random.randrange(len(words)), random.choice((*_ODD_TEXTS, *_ODD_NUMBERS)) * random.choice((1, 1, 9))
        )
    start = random.randrange(len(words))
    text = random.choice((" ", " ", " ", "\n", "\n\n", "")).join(words[start : start + random.randrange(1, 400)])
    encoding = random.choice(
        ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "gb18030")
    )
    return text.encode(encoding, "replace")


def _docx(random: Random) -> bytes:
    parts = {name: (_tokens(content, random) if random.random() < 0.5 else content) for name, content in _PARTS.items()}
    if random.random() < 0.2:
        parts.pop(random.choice(list(parts)))
    file = io.BytesIO()
    packed = random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    with zipfile.ZipFile(file, "w", packed) as archive:
        for name, content in parts.items():
            archive.writestr(name if random.random() < 0.98 else "../" + name, content)
    return file.getvalue()


def _pdf(random: Random) -> bytes:
    objects = _PDF.split(b"endobj")
    for _ in range(random.choice((1, 1, 2, 5))):
        at = random.randrange(len(objects))
        objects[at] = _tokens(objects[at], random)
    if random.random() < 0.2:
        random.shuffle(objects)
    return b"%PDF-1.7\n" * (random.random() < 0.9) + b"endobj".join(objects)


def _json(seed: Any, random: Random) -> bytes:
    """A sound value with some of the values in it exchanged for others, as one or several lines."""
    if isinstance(seed, str):
        return _tokens(seed.encode(), random)
    lines = []
    for _ in range(random.choice((1, 1, 3))):
        value = json.loads(json.dumps(seed))
        for _ in range(random.choice((1, 1, 2, 4))):
            value = _exchanged(value, random)
        lines.append(json.dumps(value, ensure_ascii=random.random() < 0.5))
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _exchanged(value: Any, random: Random) -> Any:
    """The value with one of its parts exchanged, dropped, wrapped or put under another name."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        key = random.choice(list(value))
        changed = {**value, key: _exchanged(value[key], random)}
        if random.random() < 0.1:
            changed[random.choice(_ODD_TEXTS)] = changed.pop(key)
        return changed
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        return [*value[:at], _exchanged(value[at], random), *value[at + random.choice((1, 1, 0)) :]]
    deep: Any = value
    for _ in range(random.choice((1, 3, 300))):
        deep = [deep] if random.random() < 0.5 else {"a": deep}
    whole: tuple[Any, ...] = (
        None,
        True,
        -1,
        2**63,
        10**30,
        1e308,
        float("nan"),
        float("inf"),
        [],
        {},
        [[]],
        deep,
        value,
        "x" * 3000,
    )
    return random.choice((*whole, *_ODD_TEXTS))


_MAKERS: dict[str, Callable[[Random], bytes]] = {
    "txt": _text,
    "md": lambda random: _tokens(_MARKDOWN, random),
    "html": lambda random: _tokens(_HTML, random),
    "docx": _docx,
    "pdf": _pdf,
}
