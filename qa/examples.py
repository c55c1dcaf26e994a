"""Example questions made from a library's own articles: who wrote them, who speaks in them and about what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice, zip_longest

from corpus.types import Article
from qa.engine import Engine
from qa.types import Answer

__all__ = ["example_questions", "questions_about", "topic_of"]

ARTICLES_READ = 4
"""Articles that examples are made from; more would only delay the page."""
TRIED = 8
"""Questions put to the engine to find those that it answers."""
LEAST_CONFIDENCE = 0.5
LONGEST_TITLE = 100

# Two or more words in a row with capitals, as names of programmes, places and bodies are written.
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:(?:of|for|and|the|de|in) )?[A-Z][\w’'-]+)+")


def example_questions(engine: Engine, count: int = 3) -> list[str]:
    """Up to ``count`` questions that this engine answers from its articles; none for an empty library.

    Each is a template filled from an article's facts and has been asked once, so that no example disappoints.
    """
    articles = [engine.library.article(summary.id) for summary in islice(engine.articles(), ARTICLES_READ)]
    each = [questions_about(article) for article in articles]
    candidates = dict.fromkeys(filter(None, chain.from_iterable(zip_longest(*each))))
    good = [question for question in islice(candidates, TRIED) if _is_answered(engine.answer(question))]
    return list(islice(_varied(good), count))


def _varied(questions: Sequence[str]) -> Iterator[str]:
    """The questions in their order, but first one of each form ("Who is", "What did", "When was")."""
    forms: dict[tuple[str, ...], str] = {}
    for question in questions:
        forms.setdefault(tuple(question.split()[:2]), question)
    yield from forms.values()
    yield from (question for question in questions if question not in forms.values())


def _is_answered(answer: Answer) -> bool:
    return answer.answered and answer.confidence >= LEAST_CONFIDENCE


def questions_about(article: Article) -> list[str]:
    """Questions that an article's own facts suggest, the most telling first."""
    return list(chain(_about_speakers(article), _about_facts(article)))


def topic_of(text: str, without: Sequence[str] = ()) -> str | None:
    """The name of several words that is said most often, at least twice; none that shares a word of ``without``.

    >>> topic_of("The Green Harbour Fund pays. Ms Ito praised the Green Harbour Fund.", ["Ito"])
    'Green Harbour Fund'
    """
    barred = {word.casefold() for name in without for word in name.split()}
    names = [_trimmed(match.group()) for match in _NAME.finditer(text)]
    counted = Counter(name for name in names if name.count(" ") and not barred & set(name.casefold().split()))
    name, times = next(iter(counted.most_common(1)), ("", 0))
    return name if times > 1 else None


def _trimmed(name: str) -> str:
    return re.sub(r"^(?:The|A|An|In|On|At|For|But|And|This|That|Our|We) ", "", name.strip())


def _about_speakers(article: Article) -> Iterator[str]:
    speakers = list(dict.fromkeys(turn.speaker for turn in article.turns if " " in turn.speaker))
    for speaker in speakers[:2]:
        said = " ".join(turn.span.of(article.text) for turn in article.turns if turn.speaker == speaker)
        topic = topic_of(said, speakers)
        if topic is not None:
            yield f"What did {speaker} say about {topic}?"
        yield f"Who is {speaker}?"


def _about_facts(article: Article) -> Iterator[str]:
    if article.title is None or len(article.title) > LONGEST_TITLE:
        return
    if article.author is not None:
        yield f"Who wrote “{article.title}”?"
    if article.published is not None:
        yield f"When was “{article.title}” published?"
