"""What is suspicious in a gold set and yet may be meant: said as a warning, one line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice

from corpus.paragraphs import paragraph_spans
from qa.evaluation.gold import GoldProblem, GoldQuestion, Spot, means_no_answer
from qa.evaluation.metrics import normalize
from qa.overlap import content_words

__all__ = ["warnings_about"]

FEWEST = 5
"""Questions of a kind below which its figures say nothing: one answer more moves them by over 20 points."""
TIMES_LONGER, LONG = 5, 12
"""An accepted answer is doubtfully wide above so many times the words of one that it holds, and from so many words."""
NEAR = 2
"""Words that a question must share with one paragraph to be called near to it."""
ARTICLES_READ = 500
"""Articles whose paragraphs are compared with questions that should be near to one."""
LISTED = 5


def warnings_about(questions: Sequence[GoldQuestion], articles: Mapping[str, str]) -> list[GoldProblem]:
    """Doubtful answers and questions in the file's order, then what the set as a whole lacks."""
    own = [*_doubtful_answers(questions), *_asked_twice(questions), *_not_near(questions, articles)]
    order = {question.place: number for number, question in enumerate(questions)}
    own.sort(key=lambda found: order[found.place])
    return [*own, *(GoldProblem("the set", message) for message in _lacks(questions, articles))]


def _doubtful_answers(questions: Iterable[GoldQuestion]) -> Iterator[GoldProblem]:
    for question in questions:
        for number, spot in enumerate(question.spots, 1):
            if not normalize(spot.text):
                message = f"answer {number} “{spot.text}” has no word that counts; scores pass over it"
                yield GoldProblem(question.place, message)
        if question.asked.context is not None:
            continue  # SQuAD repeats an answer once for each of those who gave it
        for (first, one), (second, other) in combinations(enumerate(question.spots, 1), 2):
            doubt = _doubt(first, one, second, other)
            if doubt is not None:
                yield GoldProblem(question.place, doubt)
        yield from (GoldProblem(question.place, message) for message in _too_wide(question.spots))


def _doubt(first: int, one: Spot, second: int, other: Spot) -> str | None:
    if one == other:
        return f"answers {first} and {second} are the same; delete one"
    if one.text != other.text and one.text.casefold() == other.text.casefold():
        return f"answers {first} and {second} differ only in case, which scores pass over; delete one"
    return None


def _too_wide(spots: Sequence[Spot]) -> Iterator[str]:
    """The answers that say far more than the longest accepted one within them: quoting all of it would be right."""
    for number, spot in enumerate(spots, 1):
        within = [other for other in spots if len(other.text) < len(spot.text) and other.text in spot.text]
        words, longest = _count(spot), max(map(_count, within), default=0)
        if longest and words >= LONG and words > TIMES_LONGER * longest:
            inner = next(other for other, held in enumerate(spots, 1) if held in within and _count(held) == longest)
            yield f"answer {number} holds answer {inner} and is {words // longest} times as long; is all of it right?"


def _count(spot: Spot) -> int:
    return len(normalize(spot.text).split())


def _asked_twice(questions: Iterable[GoldQuestion]) -> Iterator[GoldProblem]:
    places: dict[tuple[object, ...], GoldQuestion] = {}
    for question in questions:
        asked = question.asked
        history = tuple((turn["role"], turn["content"]) for turn in asked.history)
        first = places.setdefault((normalize(asked.question), history, asked.context), question)
        if first is not question:
            differ = "" if set(first.answers) == set(question.answers) else " and accepts other answers"
            yield GoldProblem(question.place, f"asks the same as {first.place}{differ}; delete one of the two")


def _not_near(questions: Sequence[GoldQuestion], articles: Mapping[str, str]) -> Iterator[GoldProblem]:
    near = [q for q in questions if "near" in q.kind.casefold() and means_no_answer(q.kind) and not q.asked.context]
    if not near:
        return
    texts = [articles[name] for name in islice(articles, ARTICLES_READ)]
    paragraphs = [content_words(span.of(text)) for text in texts for span in paragraph_spans(text)]
    for question in near:
        words = content_words(question.asked.question)
        if not any(len(words & held) >= min(NEAR, len(words)) for held in paragraphs):
            message = f'is of kind "{question.kind}", and no paragraph shares {NEAR} words with it; call it far'
            yield GoldProblem(question.place, message)


def _lacks(questions: Sequence[GoldQuestion], articles: Mapping[str, str]) -> Iterator[str]:
    for kind, count in Counter(question.kind for question in questions).items():
        if count < FEWEST:
            yield f'only {count} of kind "{kind}"; from {FEWEST} on its figures begin to say something'
        answerable = sum(question.answerable for question in questions if question.kind == kind)
        if 0 < answerable < count:
            yield f'kind "{kind}" mixes {answerable} with and {count - answerable} without an answer; part the two'
    if any(question.asked.context is None for question in questions):
        yield from _without_a_question(questions, articles)


def _without_a_question(questions: Iterable[GoldQuestion], articles: Mapping[str, str]) -> Iterator[str]:
    id_of = getattr(articles, "id_of", lambda name: name)
    asked = {id_of(spot.article) for question in questions for spot in question.spots if spot.article is not None}
    missing = [name for name in articles if name not in asked]
    if asked and missing:
        listed = ", ".join(missing[:LISTED]) + (", …" if len(missing) > LISTED else "")
        yield f"{len(missing):,} of {len(articles):,} articles have no question: {listed}"
