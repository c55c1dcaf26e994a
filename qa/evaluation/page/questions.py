"""Every question of the report: what was answered, in its sentence; what was wanted; and where it went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from qa.evaluation.causes import CAUSES, cause_of
from qa.evaluation.outcome import Outcome
from qa.evaluation.page.measures import figure, unbroken
from qa.evaluation.page.tables import VERDICTS
from qa.types import Alternative
from qa.wording import percent

__all__ = ["question_list", "titles_of"]

MARKS = {"right": "✓", "partly": "≈", "wrong": "✗", "abstained": "–"}
SHOWN_RANKS = 5


def question_list(outcomes: Sequence[Outcome], titles: Mapping[str, str]) -> str:
    """All questions as HTML list items, in their order; ``titles`` names articles by their ids."""
    places = {article_id: str(number) for number, article_id in enumerate(titles)}
    return "\n".join(_question(number, one, titles, places) for number, one in enumerate(outcomes, 1))


def titles_of(outcomes: Sequence[Outcome], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """A name for each article that holds an accepted answer: as known, as a citation has it, or else its id."""
    cited = {
        citation.article_id: citation.title for one in outcomes for citation in one.answer.citations if citation.title
    }
    wanted = dict.fromkeys(article_id for one in outcomes for article_id in one.article_ids)
    names = {**cited, **(known or {})}
    return {article_id: names.get(article_id) or article_id for article_id in wanted}


def _question(number: int, outcome: Outcome, titles: Mapping[str, str], places: Mapping[str, str]) -> str:
    gold, cause = outcome.gold, cause_of(outcome)
    articles = " ".join(places[article_id] for article_id in outcome.article_ids if article_id in places)
    turns = "".join(f'<p class="turn" dir="auto">{escape(turn["content"])}</p>\n' for turn in gold.asked.history)
    accepted = " · ".join(f"<bdi>{escape(answer)}</bdi>" for answer in gold.answers) or "<i>no answer exists</i>"
    return f"""<li id="q{number}" class="{outcome.verdict}" data-verdict="{outcome.verdict}" \
data-kind="{escape(gold.kind)}" data-cause="{cause or ""}" data-articles="{articles}" \
data-confidence="{outcome.answer.confidence:.4f}" data-f1="{outcome.f1:.4f}">
{turns}<h3 dir="auto">{escape(gold.asked.question)}</h3>
<p class="answer" dir="auto">{_said(outcome)}</p>
{_source(outcome)}<p class="accepted">accepted: {accepted}</p>
<p class="facts"><b class="verdict">{MARKS[outcome.verdict]} {_verdict(outcome)}</b> \
{escape(unbroken(percent(outcome.answer.confidence)))} sure · F1 {figure(outcome.f1)} · \
<bdi>{escape(gold.kind)}</bdi> · \
{unbroken(f"{outcome.milliseconds:.0f} ms")} · <a href="#q{number}"><bdi>{escape(gold.id)}</bdi></a></p>
{_search(outcome)}{f'<p class="cause"><b>{cause}:</b> {CAUSES[cause]}</p>' if cause else ""}\
{_alternatives(outcome.answer.alternatives, titles)}</li>"""


def _verdict(outcome: Outcome) -> str:
    is_silent_rightly = outcome.verdict == "right" and not outcome.answer.answered
    return "rightly declined" if is_silent_rightly else VERDICTS[outcome.verdict]


def _said(outcome: Outcome) -> str:
    answer = outcome.answer
    if answer.text is not None:
        before, quote, after = outcome.parts or ("", answer.text, "")
        return f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}"
    guess = answer.alternatives[0].text if answer.alternatives else ""
    return "<i>Not in these articles.</i>" + (
        f" <small>best guess: <bdi>{escape(guess)}</bdi></small>" if guess else ""
    )


def _source(outcome: Outcome) -> str:
    if not outcome.answer.citations:
        return ""
    first = outcome.answer.citations[0]
    facts = [f"<bdi>{escape(fact)}</bdi>" for fact in (first.title, first.publisher, first.published) if fact]
    return f'<p class="source">{" · ".join(facts)}</p>\n' if facts else ""


def _search(outcome: Outcome) -> str:
    """Where the search put the passages that hold the answer, and what the reader made of the right one alone."""
    told = []
    if outcome.ranks:
        ranks = ", ".join(map(str, outcome.ranks[:SHOWN_RANKS])) + (" …" if len(outcome.ranks) > SHOWN_RANKS else "")
        told.append(f"search: right passage at rank {ranks}")
    elif outcome.ranks is not None:
        told.append("search: right passage not found")
    if outcome.isolated_exact is not None:
        rating = "right" if outcome.isolated_exact == 1.0 else f"not right, F1 {figure(outcome.isolated_f1)}"
        told.append(f"reader alone with the right passage: {rating}")
    return f'<p class="search">{" · ".join(told)}</p>\n' if told else ""


def _alternatives(alternatives: Sequence[Alternative], titles: Mapping[str, str]) -> str:
    if not alternatives:
        return ""
    items = "".join(
        f"<li><bdi>{escape(one.text)}</bdi> <small>{escape(percent(one.confidence))}"
        + (f" · <bdi>{escape(titles[one.article_id])}</bdi>" if one.article_id in titles else "")
        + "</small></li>"
        for one in alternatives
    )
    return f"\n<details><summary>Spans considered ({len(alternatives)})</summary><ol>{items}</ol></details>"
