"""Markdown -> readable text: the words of headings, links, lists, tables and code, without marks and raw HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import ArticleError
from corpus.front_matter import split_front_matter
from corpus.metadata import Metadata

__all__ = ["read_markdown"]

MAX_MARKDOWN_CHARACTERS = 2_000_000
MAX_BLOCK_CHARACTERS = 50_000
"""The parser's time grows with the square of a hostile paragraph: 7 s for 250,000 characters of open brackets."""

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_HIDDEN = re.compile(r"<(?:script|style)\b", re.IGNORECASE)  # what they hold is code, not words
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


class _AllLinks(MarkdownIt):
    """Takes every link for a link: its address is dropped, so none is harmful, and its marks must not stay as text."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True


def read_markdown(text: str, name: str = "text") -> tuple[str, Metadata]:
    r"""The readable text of a Markdown file, a blank line between blocks, and the facts of its front matter.

    Raises `ArticleError` for a file that is too large or too deeply nested, and for broken front matter.

    >>> read_markdown("# Ferry\n\nIt *sails* [again](https://a.example).\n\n- Monday\n- Friday")[0]
    'Ferry\n\nIt sails again.\n\n- Monday\n- Friday'
    """
    if len(text) > MAX_MARKDOWN_CHARACTERS:
        size = MAX_MARKDOWN_CHARACTERS // 1_000_000
        raise ArticleError(f"{name}: more than {size} million characters of Markdown; split it or save it as .txt")
    if any(len(block) > MAX_BLOCK_CHARACTERS for block in _BLANK_LINE.split(text)):
        raise ArticleError(f"{name}: a paragraph of more than {MAX_BLOCK_CHARACTERS:,} characters; save it as .txt")
    metadata, text = split_front_matter(text, name)
    parser = _AllLinks("commonmark", {"html": True}).enable(["table", "strikethrough"])
    try:
        tokens = parser.parse(text)
        blocks = _blocks(tokens)
    except (RecursionError, ValueError, IndexError) as error:
        raise ArticleError(f"{name}: the Markdown cannot be read ({error}); save the article as .txt") from error
    title = _title(tokens)
    return "\n\n".join(block for block in blocks if block.strip()), metadata.or_else(Metadata(title=title))


def _title(tokens: Sequence[Token]) -> str | None:
    """The first heading of the first level, where the text opens with it."""
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return _inline(tokens[1]) or None
    return None


def _blocks(tokens: Sequence[Token]) -> list[str]:
    blocks: list[str] = []
    cells: list[str] = []
    marker, in_item = "", False
    for token in tokens:
        match token.type:
            case "list_item_open":
                marker, in_item = f"{token.info}. " if token.info else "- ", True
            case "bullet_list_close" | "ordered_list_close":
                in_item = False
            case "tr_open":
                cells = []
            case "td_open" | "th_open":
                cells.append("")
            case "tr_close":
                blocks.append(" | ".join(cells))
                cells = []
            case "inline" if cells:
                cells[-1] = _inline(token)
            case "inline":
                joined = bool(marker) and in_item and bool(blocks) and _is_item(blocks[-1])
                _append(blocks, marker + _inline(token), joined=joined)
                marker = ""
            case "fence" | "code_block":
                blocks.append(token.content.rstrip("\n"))
    return blocks


def _append(blocks: list[str], block: str, *, joined: bool) -> None:
    """Items of a list stand in one block, a line each."""
    if joined:
        blocks[-1] += "\n" + block
    else:
        blocks.append(block)


def _is_item(block: str) -> bool:
    return block.startswith("- ") or block.split(".", 1)[0].isdecimal()


def _inline(token: Token) -> str:
    parts: list[str] = []
    hidden = False
    for child in token.children or ():
        if child.type == "html_inline":
            hidden = _HIDDEN.match(child.content) is not None
        elif hidden:
            continue
        elif child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in _BREAKS:
            parts.append(_BREAKS[child.type])
    return "".join(parts).strip()
