"""Text as words for lexical search, so that a question and a passage meet in the same form."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

__all__ = ["spread_for_index", "spread_for_query"]

# Scripts written without spaces: kana, Han, Hangul's neighbours in the CJK blocks, Thai, Lao, Myanmar, Khmer.
# A tokenizer that splits at punctuation would make one "word" of a whole sentence in them.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def spread_for_index(text: str) -> str:
    """The text in compatibility form, with runs of unspaced scripts as single characters and pairs.

    >>> spread_for_index("In 東京都")
    'In  東 京 都 東京 京都 '
    """
    return UNSPACED.sub(lambda run: f" {' '.join(run[0])} {_pairs(run[0])} ", _normal(text))


def spread_for_query(text: str) -> str:
    """Like ``spread_for_index`` with pairs only, so a single character counts only where it stands alone.

    >>> spread_for_query("In 東京都")
    'In  東京 京都 '
    """
    return UNSPACED.sub(lambda run: f" {_pairs(run[0]) or run[0]} ", _normal(text))


def _normal(text: str) -> str:
    # NFKC: a decomposed accent, a full-width letter or a ligature is the same word as the plain one.
    # Half a character (a lone surrogate from a broken client) becomes "?": tantivy takes valid Unicode only.
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))


def _pairs(run: str) -> str:
    return " ".join(first + second for first, second in pairwise(run))
