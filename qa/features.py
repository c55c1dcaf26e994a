"""What is known of each candidate, as numbers: the input of the confidence model.

All features are plain quantities that exist for any article and any question; none depends on particular words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Passage
from qa.expected import fits
from qa.intent import Intent
from qa.overlap import content_words, coverage, particulars
from qa.shape import SHAPES, shape_of
from qa.types import Candidate

__all__ = ["FEATURES", "Scene", "features_of"]

FEATURES: Final = (
    "margin",  # log-odds of the span against "no answer" in its window, cut to [-15, 15] and divided by 5
    "share",  # the share of the probability of all candidates that falls on this one and those overlapping it
    "lead",  # margin above the best candidate that does not overlap it, cut to [-10, 10] and divided by 5
    "nearness",  # cosine of question and passage; the mean of the found ones where unknown
    "lag",  # how much nearer the nearest passage is
    "coverage",  # share of the question's words in the passage, its label, title and section
    "particulars",  # share of the question's names and numbers in the article
    "fits",  # 1 or -1 where the answer has or lacks the form asked for
    "echo",  # share of the answer's words that the question already has
    "length",  # log2 of the answer's words
    "speaker",  # strength of a speaker's label as the answer of "who said"
    "post",  # strength of a post or its holder in apposition
    "metadata",  # strength of a fact about the article
    "is_speaker",  # 1 where the candidate is a speaker's label that the question's form points to
    "is_post",  # likewise a post or its holder
    "is_metadata",  # likewise a fact about the article
    "unmarked",  # 1 where the question's form points to structure and this candidate is not part of it
    "unmet",  # 1 where the question's form points to structure and no candidate is part of it
    *SHAPES,
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything around the candidates of one question.

    ``nearness`` maps passage ids to the cosine of question and passage; empty where nothing was retrieved (a question
    about one given text).
    """

    question: str
    intent: Intent
    articles: Mapping[str, Article]
    nearness: Mapping[str, float] = field(default_factory=dict)


def features_of(scene: Scene, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Features (n, len(FEATURES)) of one question's n candidates."""
    if not candidates:
        return np.zeros((0, len(FEATURES)))
    margins = np.clip([_margin(candidate) for candidate in candidates], -15, 15)
    overlap = _overlaps(candidates)
    columns = {
        "margin": margins / 5,
        "share": _shares(margins, overlap),
        "lead": np.clip([_lead(margins, row, at) for at, row in enumerate(overlap)], -10, 10) / 5,
        **_near(scene, candidates),
        **_words(scene, candidates),
        **_structure(scene, candidates),
        **_shapes(scene, candidates),
    }
    return np.stack([np.asarray(columns[name], dtype=np.float64) for name in FEATURES], axis=1)


def _margin(candidate: Candidate) -> float:
    """The candidate's log-odds; a post or a fact that matches the question is as good as a sure reading.

    The reader gives a name in a row of officials low odds even where the grammar leaves no doubt.
    """
    if candidate.evidence in ("post", "metadata"):
        return max(candidate.margin, 10 * candidate.strength - 6)
    return candidate.margin


def _overlaps(candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    starts = np.array([candidate.span.start for candidate in candidates])
    ends = np.array([candidate.span.end for candidate in candidates])
    ids = np.array([candidate.passage.article_id for candidate in candidates])
    meet: NDArray[np.bool_] = (starts[:, None] < ends) & (starts < ends[:, None]) & (ids[:, None] == ids)
    return meet


def _shares(margins: NDArray[np.float64], overlap: NDArray[np.bool_]) -> NDArray[np.float64]:
    odds = np.exp(margins - max(0.0, float(margins.max())))
    total = odds.sum() + np.exp(-max(0.0, float(margins.max())))
    shares: NDArray[np.float64] = (overlap @ odds) / total
    return shares


def _lead(margins: NDArray[np.float64], overlapping: NDArray[np.bool_], at: int) -> float:
    others = margins[~overlapping]
    return float(margins[at] - others.max()) if others.size else 10.0


def _near(scene: Scene, candidates: Sequence[Candidate]) -> dict[str, list[float]]:
    known = scene.nearness
    usual = sum(known.values()) / len(known) if known else 0.0
    top = max(known.values(), default=0.0)
    values = [known.get(candidate.passage.id, usual) for candidate in candidates]
    return {"nearness": values, "lag": [top - value for value in values]}


def _context_words(article: Article, passage: Passage) -> frozenset[str]:
    parts = [passage.span.of(article.text), article.title or ""]
    parts += [span.of(article.text) for span in (passage.speaker, passage.section) if span is not None]
    return content_words(" ".join(parts))


def _words(scene: Scene, candidates: Sequence[Candidate]) -> dict[str, list[float]]:
    asked, named = content_words(scene.question), particulars(scene.question)
    whole = {key: content_words(article.text + " " + (article.title or "")) for key, article in scene.articles.items()}
    near = {c.passage.id: _context_words(scene.articles[c.passage.article_id], c.passage) for c in candidates}
    texts = [c.span.of(scene.articles[c.passage.article_id].text) for c in candidates]
    answers = [content_words(text) for text in texts]
    return {
        "coverage": [coverage(asked, near[c.passage.id]) for c in candidates],
        "particulars": [coverage(named, whole[c.passage.article_id]) for c in candidates],
        "fits": [fits(scene.question, text) for text in texts],
        "echo": [coverage(words, asked) if words else 0.0 for words in answers],
        "length": [float(np.log2(1 + len(text.split()))) for text in texts],
    }


def _structure(scene: Scene, candidates: Sequence[Candidate]) -> dict[str, list[float]]:
    pointed = scene.intent.kind != "open"
    met = any(candidate.evidence != "read" for candidate in candidates)
    return {
        **{
            kind: [c.strength if c.evidence == kind else 0.0 for c in candidates]
            for kind in ("speaker", "post", "metadata")
        },
        **{f"is_{kind}": [float(c.evidence == kind) for c in candidates] for kind in ("speaker", "post", "metadata")},
        "unmarked": [float(pointed and met and c.evidence == "read") for c in candidates],
        "unmet": [float(pointed and not met)] * len(candidates),
    }


def _shapes(scene: Scene, candidates: Sequence[Candidate]) -> dict[str, list[float]]:
    rows = [shape_of(scene.question, scene.articles[c.passage.article_id].text, c.span) for c in candidates]
    return {name: [row[column] for row in rows] for column, name in enumerate(SHAPES)}
