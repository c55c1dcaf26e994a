"""The title as the first page shows it: its largest letters, where they are clearly larger than the text's."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from corpus.pdf_lines import Line
from corpus.pdf_paragraphs import assemble

__all__ = ["title_of"]

_LARGER = 1.2
_LONGEST = 240


def title_of(paragraphs: Sequence[Sequence[Line]]) -> str | None:
    """The first paragraph of page 1 in its largest letters; ``None`` where these are not those of a title."""
    usual = median(line.size for paragraph in paragraphs for line in paragraph)
    opening = [paragraph for paragraph in paragraphs if paragraph[0].page == 0]
    largest = max((paragraph[0].size for paragraph in opening), default=0.0)
    if largest < _LARGER * usual:
        return None
    first = next(paragraph for paragraph in opening if paragraph[0].size > 0.97 * largest)
    title, _ = assemble([first], 1)
    return title if len(title) <= _LONGEST and sum(map(str.isalpha, title)) > 1 else None
