"""Whether the accepted answers of gold questions stand in the articles they name, word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from qa.evaluation.gold_closest import closest
from qa.evaluation.gold_entry import GoldProblem, GoldQuestion, Spot

__all__ = ["check_against"]

SHOWN = 80
"""Characters of a text that a message repeats."""


def check_against(questions: Iterable[GoldQuestion], articles: Mapping[str, str]) -> list[GoldProblem]:
    """What is wrong with the answers' places, in the questions' order; ``articles`` maps a name to its text.

    An article that is not among ``articles`` is one problem, at the first question that names it. Of the others each
    answer must stand in its article, and at its ``start`` where that is given; an answer to a question with its own
    context must stand there. An answer that names no article is not looked for.
    """
    asked = list(questions)
    named = dict.fromkeys(spot.article for question in asked for spot in _placed(question))
    texts = {name: articles[name] for name in named if name is not None and name in articles}
    unknown: set[str] = set()
    problems: list[GoldProblem] = []
    for question in asked:
        for number, spot in enumerate(question.spots, 1):
            message = _wrong(question, number, spot, texts)
            if message is not None:
                problems.append(GoldProblem(question.place, message))
            elif _is_unknown(question, spot, texts) and spot.article not in unknown:
                unknown.add(str(spot.article))
                problems.append(GoldProblem(question.place, _unknown(str(spot.article), asked, articles)))
    return problems


def _placed(question: GoldQuestion) -> Iterator[Spot]:
    """The answers that are looked for in an article."""
    if question.asked.context is None:
        yield from (spot for spot in question.spots if spot.article is not None)


def _is_unknown(question: GoldQuestion, spot: Spot, texts: Mapping[str, str]) -> bool:
    return question.asked.context is None and spot.article is not None and spot.article not in texts


def _unknown(name: str, asked: Iterable[GoldQuestion], articles: Mapping[str, str]) -> str:
    count = sum(any(spot.article == name for spot in _placed(question)) for question in asked)
    like = get_close_matches(name, getattr(articles, "names", articles), n=1)
    remedy = f"is “{like[0]}” meant?" if like else "add it, or name the library that holds it"
    return f"article “{_short(name)}” is not in the library ({_counted(count, 'question')}); {remedy}"


def _wrong(question: GoldQuestion, number: int, spot: Spot, texts: Mapping[str, str]) -> str | None:
    """What is wrong with one answer whose text is known; ``None`` if nothing is, or the text is not."""
    context = question.asked.context
    if context is not None:
        return _misplaced(f"answer {number}", spot, context, "its context", {})
    if spot.article is None or spot.article not in texts:
        return None
    return _misplaced(f"answer {number}", spot, texts[spot.article], f"article {spot.article}", texts)


def _misplaced(answer: str, spot: Spot, text: str, where: str, others: Mapping[str, str]) -> str | None:
    at = _nearest(text, spot.text, spot.start or 0)
    if not spot.in_text:
        return None if at < 0 else f'{answer} stands in {where} at {at:,}; delete its "in_text": false'
    if at < 0:
        return f"{answer} “{_short(spot.text)}” is not in {where}; {_instead(spot.text, text, others)}"
    if spot.start is not None and at != spot.start:
        return f"{answer} “{_short(spot.text)}” does not start at {spot.start:,} of {where}; it starts at {at:,}"
    return None


def _instead(wanted: str, text: str, others: Mapping[str, str]) -> str:
    for name, other in others.items():
        if wanted in other:
            return f"it stands in article {name} at {other.find(wanted):,}"
    span = closest(text, wanted)
    if span is None:
        return "nothing like it stands there: quote the article's own words"
    return f"the closest text is “{_short(span.of(text))}” at {span.start:,}"


def _nearest(text: str, wanted: str, start: int) -> int:
    """Where ``wanted`` stands nearest to ``start``; -1 where it does not."""
    before, after = text.rfind(wanted, 0, start + len(wanted)), text.find(wanted, start)
    if before < 0 or after < 0:
        return max(before, after)
    return before if start - before < after - start else after


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 2].rstrip() + " …"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
