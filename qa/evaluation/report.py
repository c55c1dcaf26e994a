"""An evaluation as one HTML page that needs nothing else: scores, then each question with its answer in context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from qa.evaluation.evaluate import Latency, Outcome, Scores, latency_of, scores_by_kind
from qa.evaluation.gold import GoldProblem
from qa.wording import percent

__all__ = ["MEASURES", "figure", "render_report"]

MEASURES = (
    ("exact", "EM"),
    ("f1", "F1"),
    ("forced_exact", "EM, forced"),
    ("forced_f1", "F1, forced"),
    ("abstained", "abstained"),
    ("cited", "cited rightly"),
)
"""The fields of ``Scores`` that are shown, with their headings."""

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #8886; }
th:first-child, td:first-child { text-align: left; }
ol { padding: 0; list-style: none; }
ol li { border-left: .3rem solid; padding: .1rem 1rem; margin: 1rem 0; }
li.right { border-color: #2a8f4b; } li.partly { border-color: #b08a00; }
li.wrong { border-color: #c43c3c; } li.abstained { border-color: #888; }
h3 { margin: 0; font-size: 1rem; } p { margin: .25rem 0; } small { opacity: .75; }
mark { font-weight: bold; padding: 0 .15em; }
"""

_NOTE = """Exact match (EM) and F1 are SQuAD's, in percent, against the best of the accepted answers; no answer is right
where none exists. "Forced" rates the best span even where it was not given as the answer. "Abstained" is the share
without an answer. "Cited rightly" is the share of given answers whose citation holds an accepted answer."""

# The page carries texts of articles: should markup ever slip through, it may still load and run nothing.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
<p>{summary}</p>
{table}
<p><small>{note}</small></p>
{problems}
<h2>Questions</h2>
<ol>
{questions}
</ol>
</body>
</html>
"""


def render_report(title: str, outcomes: Sequence[Outcome], problems: Sequence[GoldProblem] = ()) -> str:
    """The page for at least one outcome; every text in it is escaped."""
    return _PAGE.format(
        title=escape(title),
        style=_STYLE,
        summary=_summary(len(outcomes), latency_of(outcomes)),
        table=_table(scores_by_kind(outcomes)),
        note=_NOTE,
        problems=_problems(problems),
        questions="\n".join(_question(outcome) for outcome in outcomes),
    )


def figure(value: float | None) -> str:
    """A share from 0 to 1 in percent with one decimal; a dash where it is not known.

    >>> figure(0.7034), figure(None)
    ('70.3', '–')
    """
    return "–" if value is None else f"{100 * value:.1f}"


def _summary(count: int, latency: Latency) -> str:
    return f"{count} questions; {latency.median:.0f} ms a question (median), {latency.p95:.0f} ms (95th percentile)."


def _table(rows: Iterable[Scores]) -> str:
    headings = "".join(f"<th>{escape(heading)}</th>" for heading in ("", "questions", *dict(MEASURES).values()))
    lines = []
    for scores in rows:
        figures = [str(scores.questions), *(figure(getattr(scores, name)) for name, _ in MEASURES)]
        lines.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in (escape(scores.group), *figures))}</tr>")
    return f"<table>\n<tr>{headings}</tr>\n" + "\n".join(lines) + "\n</table>"


def _problems(problems: Sequence[GoldProblem]) -> str:
    if not problems:
        return ""
    items = "\n".join(f"<li>{escape(problem.place)}: {escape(problem.message)}</li>" for problem in problems)
    return f"<h2>Not evaluated</h2>\n<ul>\n{items}\n</ul>"


def _question(outcome: Outcome) -> str:
    gold, answer = outcome.gold, outcome.answer
    turns = "".join(f'<p dir="auto"><small>{escape(turn["content"])}</small></p>\n' for turn in gold.asked.history)
    accepted = " · ".join(map(escape, gold.answers)) or "<i>no answer exists</i>"
    return f"""<li class="{outcome.verdict}">
{turns}<h3 dir="auto">{escape(gold.asked.question)}</h3>
<p dir="auto">{_said(outcome)}</p>
<p dir="auto"><small>accepted: {accepted}</small></p>
<p><small>{outcome.verdict} · {escape(gold.id)} · {escape(gold.kind)} · F1 {figure(outcome.f1)} ·
confidence {escape(percent(answer.confidence))} · {outcome.milliseconds:.0f} ms</small></p>
</li>"""


def _said(outcome: Outcome) -> str:
    answer = outcome.answer
    if answer.text is not None:
        before, quote, after = outcome.parts or ("", answer.text, "")
        return f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}"
    guess = f" <small>(best guess: {escape(answer.alternatives[0].text)})</small>" if answer.alternatives else ""
    return f"<i>Not in these articles.</i>{guess}"
