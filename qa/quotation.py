"""A quotation ready to paste: the whole sentence, who says it in which post, and where it was published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.speaker_names import person_of
from corpus.types import Article, Span
from qa.excerpts import Excerpt
from qa.posts import find_posts
from qa.wording import spoken_date

__all__ = ["post_of", "quotation", "source_of"]


def quotation(excerpt: Excerpt, post: str | None = None) -> str:
    """The sentence in quotation marks, then speaker, post, title, publisher and date as far as known: one line.

    Where the article tells in its own words what somebody said, these words are the article's: the speaker comes last.

    >>> quotation(Excerpt("It ", "rained", ".", 3, 9, "Rain in Bo", "Bo Post", "2021-03-02", "Ana Silva"), "Mayor")
    '“It rained.” — Ana Silva, Mayor, in “Rain in Bo”, Bo Post, 2 March 2021'
    """
    source = source_of(excerpt, post)
    words = _inner(f"{excerpt.before}{excerpt.quote}{excerpt.after}")
    return f"“{words}”" + (f" — {source}" if source else "")


def source_of(excerpt: Excerpt, post: str | None = None) -> str:
    """What stands behind a quotation: speaker, post, title, publisher, date and page as far as known, else ""."""
    who = ", ".join(filter(None, [excerpt.speaker, post if excerpt.speaker else None]))
    title = f"“{_inner(excerpt.title)}”" if excerpt.title else None
    page = f"p. {excerpt.page}" if excerpt.page else None
    where = ", ".join(filter(None, [title, excerpt.publisher, spoken_date(excerpt.published), page]))
    if excerpt.reported:
        return _one_line(", ".join(filter(None, [where, f"reporting {who}" if who else None])))
    return _one_line(f"{who}, in {where}" if who and where else who or where)


def post_of(speaker: str | None, articles: Sequence[Article]) -> str | None:
    """The post of a person as the first of the articles that names one writes it, ``None`` where none does."""
    for article in articles if speaker and speaker.strip() else ():
        longest = max(_posts(speaker or "", article.text), key=len, default=Span(0, 0))
        if len(longest):
            return _one_line(longest.of(article.text))
    return None


def _posts(speaker: str, text: str) -> Iterator[Span]:
    """The posts that ``text`` gives a person; only lines that name the person are read, as reading takes its time."""
    name = person_of(speaker)
    read_to = 0
    for found in re.finditer(re.escape(speaker.split()[-1]), text, re.IGNORECASE):
        if found.start() < read_to:
            continue
        end = text.find("\n", found.end())
        read_to = len(text) if end < 0 else end
        for post in find_posts(text, text.rfind("\n", 0, found.start()) + 1, read_to):
            if person_of(post.name.of(text)) == name:
                yield post.post


def _inner(text: str) -> str:
    """On one line, with single quotation marks for the double ones, so that the quotation's end is seen."""
    return _one_line(text).translate(_SINGLE)


def _one_line(text: str) -> str:
    """Only ends of lines and what stands around them become a space: other white space is the author's."""
    return " ".join(filter(None, map(str.strip, text.splitlines())))


_SINGLE = str.maketrans('“”„‟"', "‘’‚‛'")
