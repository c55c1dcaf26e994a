"""Who holds a post and which post somebody holds, by the pairs of name and post in the passages found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.types import Article, Passage
from qa.overlap import content_words, coverage, particulars
from qa.posts import Post, find_posts
from qa.speakers import Proposal

__all__ = ["propose_holders", "propose_posts"]

LEAST_COVERAGE = 0.5
"""A post that shares fewer of the asked post's words is another post."""


FOREIGN_NAME = 0.5
"""A post that lacks a name in the asked one ("Director of the Oslo Port" for Bergen's) counts half."""

_LOOSE = content_words(
    "heads headed leads led runs ran chairs directs manages presides supervises charge responsible represents "
    "coordinates body authority agency organisation organization institution department office bureau administration "
    "unit section currently official person"
)
"""Words that people put for the post's own ("runs the finance agency" for "Director of the Finance Bureau")."""


def _telling(words: frozenset[str]) -> frozenset[str]:
    return words - _LOOSE if len(words - _LOOSE) > 1 else words


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
    wanted = _telling(content_words(role))
    named = particulars(f"who is {role}") & wanted
    found = []
    for passage, text, post in _posts_in(passages, articles):
        held = content_words(post.post.of(text))
        met = coverage(wanted, held) * (1.0 if named <= held else FOREIGN_NAME)
        if wanted and met >= LEAST_COVERAGE * FOREIGN_NAME:
            extra = len(held - wanted) / (len(held) or 1)
            found.append((met, -extra, Proposal(passage, post.name, met)))
    return [proposal for _, _, proposal in sorted(found, key=lambda row: (-row[0], -row[1]))]
