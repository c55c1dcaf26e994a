"""An evaluation as one HTML page that needs nothing else: figures, plots, then each question with its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from qa.evaluation.gold import GoldProblem
from qa.evaluation.outcome import Outcome
from qa.evaluation.page.charts import charts_of, render_chart
from qa.evaluation.page.filters import filter_form
from qa.evaluation.page.further import further_table
from qa.evaluation.page.headline import facts_list, facts_of, headline, meanings_list
from qa.evaluation.page.measures import MEASURES, counted, figure
from qa.evaluation.page.questions import question_list, titles_of
from qa.evaluation.page.script import POLICY, SCRIPT
from qa.evaluation.page.style import STYLE
from qa.evaluation.page.tables import cause_table, confusion_table, score_table
from qa.evaluation.scores import Latency
from qa.evaluation.summary import Summary, summarize

__all__ = ["MEASURES", "facts_of", "figure", "render_report"]

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1 dir="auto">{title}</h1>
<p class="lead">{summary}</p>
{facts}
<nav aria-label="Parts of this page"><ul><li><a href="#scores">Scores</a></li><li><a href="#plots">Plots</a></li>
<li><a href="#questions">Questions</a></li><li><a href="#meanings">What the figures mean</a></li></ul></nav>
</header>
<main>
{headline}
<h2 id="scores">Scores</h2>
{tables}
<h2 id="plots">Plots</h2>
<div class="charts">
{charts}
</div>
{problems}
<h2 id="questions">Questions</h2>
{filters}
<ol id="questions-list" role="list">
{questions}
</ol>
<h2 id="meanings">What the figures mean</h2>
{meanings}
</main>
<script>{script}</script>
</body>
</html>
"""


def render_report(
    title: str,
    outcomes: Sequence[Outcome],
    problems: Sequence[GoldProblem] = (),
    *,
    facts: Mapping[str, str] | None = None,
    articles: Mapping[str, str] | None = None,
    summary: Summary | None = None,
) -> str:
    """The page for at least one outcome; every text in it is escaped.

    ``facts`` tell by name what was evaluated (the gold file, the date, ``facts_of`` a setup), ``articles`` gives the
    titles of articles by their ids, and ``summary`` the figures where they are known already.
    """
    titles = titles_of(outcomes, articles)
    found = summary or summarize(outcomes, titles)
    return _PAGE.format(
        policy=escape(POLICY),
        title=escape(title),
        style=STYLE,
        summary=_summary(len(outcomes), found.latency),
        facts=facts_list(facts or {}),
        headline=headline(outcomes, found.scores),
        tables=_tables(outcomes, found, titles),
        charts="\n".join(map(render_chart, charts_of(outcomes, found))),
        problems=_problems(problems),
        filters=filter_form(outcomes, titles),
        questions=question_list(outcomes, titles),
        meanings=meanings_list(),
        script=SCRIPT,
    )


def _summary(count: int, latency: Latency) -> str:
    questions = counted(count, "question")
    return f"{questions}; {latency.median:.0f} ms a question (median), {latency.p95:.0f} ms (95th percentile)."


def _tables(outcomes: Sequence[Outcome], summary: Summary, titles: Mapping[str, str]) -> str:
    by_article = [replace(scores, group=titles[key]) for key, scores in summary.articles.items() if key in titles]
    tables = [
        score_table("Scores by kind of question, in percent", "kind", summary.scores),
        confusion_table(outcomes),
        cause_table(outcomes),
        score_table("Scores by the article that holds the answer, in percent", "article", by_article),
        further_table(summary),
    ]
    return "\n".join(filter(None, tables))


def _problems(problems: Sequence[GoldProblem]) -> str:
    if not problems:
        return ""
    items = "\n".join(f"<li>{escape(problem.place)}: {escape(problem.message)}</li>" for problem in problems)
    return f'<h2 id="problems">Not evaluated</h2>\n<ul dir="auto">\n{items}\n</ul>'
