"""Who holds a post and which post somebody holds, by the pairs of name and post in the passages found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.types import Article, Passage
from qa.overlap import content_words, coverage
from qa.posts import Post, find_posts
from qa.speakers import Proposal

__all__ = ["propose_holders", "propose_posts"]

LEAST_COVERAGE = 0.6
"""A post that shares fewer of the asked post's words is another post."""


def _posts_in(passages: Sequence[Passage], articles: Mapping[str, Article]) -> Iterator[tuple[Passage, str, Post]]:
    for passage in passages:
        text = articles[passage.article_id].text
        for post in find_posts(text, passage.span.start, passage.span.end):
            yield passage, text, post


def propose_posts(name: str, passages: Sequence[Passage], articles: Mapping[str, Article]) -> list[Proposal]:
    """The posts of the person called ``name``, the fullest first; strength 1 for the whole name, less for a part."""
    wanted = content_words(name)
    found = []
    for passage, text, post in _posts_in(passages, articles):
        held = content_words(post.name.of(text))
        if wanted & held and (wanted <= held or held <= wanted):
            found.append(Proposal(passage, post.post, coverage(wanted, held)))
    return sorted(found, key=lambda proposal: (-proposal.strength, -len(proposal.span)))


def propose_holders(role: str, passages: Sequence[Passage], articles: Mapping[str, Article]) -> list[Proposal]:
    """The names beside the posts that match ``role``, best match first; strength is the share of its words met."""
    wanted = content_words(role)
    found = []
    for passage, text, post in _posts_in(passages, articles):
        held = content_words(post.post.of(text))
        met = coverage(wanted, held)
        if wanted and met >= LEAST_COVERAGE:
            extra = len(held - wanted) / (len(held) or 1)
            found.append((met, -extra, Proposal(passage, post.name, met)))
    return [proposal for _, _, proposal in sorted(found, key=lambda row: (-row[0], -row[1]))]
