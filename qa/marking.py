"""A citation's sentence in three parts: what stands before the quotation, the quotation, what stands after it."""

from __future__ import annotations

from qa.types import Citation

__all__ = ["parts_of"]


def parts_of(citation: Citation, text: str) -> tuple[str, str, str]:
    """The sentence of ``citation``, cut at its quotation; ``text`` is the article's (or the given context's).

    The sentence may hold the same words twice, so the place is taken from the offsets and never searched for: the
    sentence is looked up only where it covers ``[start, end)``.
    """
    sentence, quote = citation.sentence, citation.quote
    start = text.find(sentence, max(0, citation.end - len(sentence)), citation.start + len(sentence))
    if start < 0:  # not the article of this citation
        return "", quote, ""
    before = citation.start - start
    return sentence[:before], quote, sentence[before + len(quote) :]
