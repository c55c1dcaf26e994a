"""The report's tables: answered or declined against answerable or not, causes of errors, scores by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from qa.evaluation.causes import CAUSES, cause_of
from qa.evaluation.outcome import Outcome
from qa.evaluation.page.measures import MEANINGS, MEASURES, between, figure, share_of
from qa.evaluation.scores import Scores

__all__ = ["VERDICTS", "cause_table", "confusion_table", "score_table", "table"]

VERDICTS = {"right": "right", "partly": "partly right", "wrong": "wrong", "abstained": "wrongly declined"}


def score_table(caption: str, what: str, rows: Iterable[Scores]) -> str:
    """Each group's scores in percent with their intervals; ``what`` heads the groups' names. Empty without groups."""
    headings = (what, "questions", *dict(MEASURES).values())
    lines = "\n".join(map(_row, rows))
    return table(caption, headings, lines) if lines else ""


def confusion_table(outcomes: Sequence[Outcome]) -> str:
    """How often the engine answered and declined, where there was an answer and where there was none."""
    rows = []
    for words, answerable in (("the articles hold an answer", True), ("the articles hold none", False)):
        group = [one for one in outcomes if one.gold.answerable is answerable]
        answered = [one for one in group if one.answer.answered]
        declined = len(group) - len(answered)
        verdicts = Counter[str](one.verdict for one in answered)
        detail = ", ".join(f"{verdicts[verdict]} {name}" for verdict, name in VERDICTS.items() if verdicts[verdict])
        cells = (
            _cell(len(answered), len(group), detail if answerable else "", is_good=answerable),
            _cell(declined, len(group), "", is_good=not answerable),
        )
        if group:
            rows.append(f'<tr><th scope="row">{words}</th><td>{len(group):,}</td>{"".join(cells)}</tr>')
    return table("Answered or declined", ("", "questions", "answered", "declined"), "\n".join(rows))


def cause_table(outcomes: Sequence[Outcome]) -> str:
    """Why answers are not right, with a link that shows those questions; empty where all are right."""
    counts = Counter(cause for one in outcomes if (cause := cause_of(one)) is not None)
    rows = [
        f'<tr><th scope="row"><a href="#cause={quote(cause)}">{cause}</a></th><td>{counts[cause]:,}</td>'
        f"<td>{escape(meaning)}</td></tr>"
        for cause, meaning in CAUSES.items()
        if counts[cause]
    ]
    if not rows:
        return ""
    return table("Why answers are not right", ("cause", "questions", "meaning"), "\n".join(rows), "words")


def table(caption: str, headings: Iterable[str], rows: str, style: str = "numbers") -> str:
    """A table that scrolls by itself where the page is narrow; ``rows`` are HTML, the rest is text."""
    cells = "".join(f'<th scope="col">{_explained(heading)}</th>' for heading in headings)
    return f"""<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table class="{style}">
<caption>{escape(caption)}</caption>
<thead><tr>{cells}</tr></thead>
<tbody>
{rows}
</tbody></table></div>"""


def _row(scores: Scores) -> str:
    cells = "".join(f"<td>{_with_ends(scores, name)}</td>" for name, _ in MEASURES)
    return f'<tr><th scope="row" dir="auto">{escape(scores.group)}</th><td>{scores.questions:,}</td>{cells}</tr>'


def _with_ends(scores: Scores, measure: str) -> str:
    share = share_of(scores, measure)
    ends = "" if share is None else between(share)
    return figure(getattr(scores, measure)) + (f"<small>{ends}</small>" if ends else "")


def _cell(count: int, total: int, detail: str, *, is_good: bool) -> str:
    share = f" ({figure(count / total)} %)" if total else ""
    mark = "✓" if is_good else "✗"
    return f'<td class="{"good" if is_good else "bad"}">{mark} {count:,}{share}<small>{escape(detail)}</small></td>'


def _explained(heading: str) -> str:
    meaning = MEANINGS.get(heading)
    return f'<abbr title="{escape(meaning)}">{escape(heading)}</abbr>' if meaning else escape(heading)
