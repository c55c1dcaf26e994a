from __future__ import annotations

import corpus


def test_every_public_name_is_there_and_no_other_leaks() -> None:
    assert corpus.__all__ == sorted(corpus.__all__)
    assert all(getattr(corpus, name) is not None for name in corpus.__all__)


def test_a_file_goes_to_passages_by_the_public_names_alone() -> None:
    article = corpus.read_article(corpus.bundled_articles()[0])
    passages = corpus.split_passages(article)
    assert passages
    assert all(passage.article_id == article.id and passage.span.of(article.text) for passage in passages)
