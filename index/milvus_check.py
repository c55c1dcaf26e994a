"""Looks a store on Milvus over for damage and says what is wrong, one line a problem."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from corpus.pages import are_tiled
from corpus.types import Article, Passage, Span
from index.milvus_layout import key_of
from index.milvus_records import Head, Records
from index.milvus_rows import passage_from

__all__ = ["find_problems"]

AT_ONCE = 50


def find_problems(records: Records, passages: str | None) -> Iterator[str]:
    """Altered or missing texts, missing passages, spans outside their article; reads every article once."""
    heads = records.all_heads()
    for start in range(0, len(heads), AT_ONCE):
        some = heads[start : start + AT_ONCE]
        articles = records.articles(some)
        for head in some:
            article = articles.get(head.article)
            if article is None:
                yield f"article {head.facts['id']!r}: its text is not what was written; remove it and add it again"
            else:
                yield from _article_problems(head, article, records, passages)


def _article_problems(head: Head, article: Article, records: Records, passages: str | None) -> Iterator[str]:
    name = repr(article.id)
    if article.sha256 and hashlib.sha256(article.text.encode()).hexdigest() != article.sha256:
        yield f"article {name}: its text does not match its sha256; remove it and add it again"
    if not are_tiled(article.pages, len(article.text)):
        yield f"the pages of article {name} do not cover its text; remove it and add it again"
    where = f'revision == "{head.revision}"'
    rows = records.connection.scan(passages, where, ["id", "record"]) if passages and head.facts["passages"] else []
    if key_of("\n".join(row["record"] for row in rows)) != head.facts["splitting"]:
        yield f"the passages of article {name} are not what was written; remove it and add it again"
    for row in rows:
        passage = passage_from(row["record"])
        if not _fits(passage, Span(0, len(article.text))):
            yield f"passage {passage.id!r} reaches beyond its article; remove article {name} and add it again"


def _fits(passage: Passage, whole: Span) -> bool:
    spans = (passage.span, passage.speaker, passage.section, *passage.sentences)
    return all(whole.contains(span) for span in spans if span is not None)
