"""Facts that an office file or a PDF states about itself, without what programs and templates leave there."""

from __future__ import annotations

import re

from corpus.bylines import find_facts
from corpus.metadata import Metadata

__all__ = ["document_facts"]

_LONGEST = 300
_FIRST_PAGES = 4_000

_PROGRAM = re.compile(r"(?:microsoft (?:office )?\w+|powerpoint|word|openoffice)\s*[-–:]\s*", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"""(?:untitled|unbenannt|sans titre|sin título|no title|title|document|dokument|documento|layout|slide|print|page
        |presentation|powerpoint presentation|blank|template|new (?:document|page)|about:blank|word document
        |无标题|未命名|문서)[\s_-]*\d*
    |.*\.(?:docx?|dotx?|odt|rtf|pdf|indd|qxd|qxp|tex|dvi|html?|txt|pptx?|xlsx?|pub|ai|cdr|pmd|p65|wpd|ps|md)
    |(?:https?|file):\S*|[A-Za-z]:\\.*|[^\W\d_]?[\W\d_]*""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_AUTHOR = re.compile(
    r"""(?:admin\w*|user|owner|usuario|benutzer|utilisateur|unknown|author|anonymous|default|root|guest|pc|home|office
        |windows|(?:microsoft|windows|office)\ (?:office\ )?(?:user|365)|microsoft\ corporation|preferred\ customer
        |(?:hp|dell|lenovo|acer|asus|apple|valued)(?:\ \w+)?|python-docx|.*@.*|[^\W\d_]?[\W\d_]*)\s*\d*""",
    re.IGNORECASE | re.VERBOSE,
)


def document_facts(title: str | None, author: str | None, text: str, shown: str | None = None) -> Metadata:
    """The title and author that a file states, where they hold; ``shown`` is the title as its pages show it.

    A stated title is dropped where it is a file's name or a program's filler, and where the text opens with another
    one: templates hand theirs on. An author of a single word is dropped unless the text names it: it is an account.
    The date on which a file was made is not when its text was published, so no date is taken.

    >>> document_facts("Microsoft Word - report_v2.doc", "Ana Diaz", "The ferry sailed.")
    Metadata(title=None, author='Ana Diaz', publisher=None, published=None, url=None)
    """
    opening = _folded(text[:_FIRST_PAGES])
    headings = [_folded(line) for line in text[:_FIRST_PAGES].split("\n")]
    stated = find_facts(text)
    known_title = _PROGRAM.sub("", _tidy(title))
    has_another = bool(shown or "title" in stated) and not _heads(known_title, headings)
    if _NO_TITLE.fullmatch(known_title) or has_another:
        known_title = _tidy(shown)
    known_author = _tidy(author)
    is_shown = _folded(known_author) in opening
    if _NO_AUTHOR.fullmatch(known_author) or not (is_shown or (" " in known_author and "author" not in stated)):
        known_author = ""
    return Metadata(title=known_title or None, author=known_author or None)


def _heads(title: str, lines: list[str]) -> bool:
    return any(line.startswith(_folded(title)) for line in lines)


def _tidy(value: str | None) -> str:
    words = " ".join((value or "").split())
    return words if len(words) <= _LONGEST and words.isprintable() else ""


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()
