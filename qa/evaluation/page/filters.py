"""The form above the questions: which to show, in what order; without the script it stays hidden and all are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from qa.evaluation.causes import CAUSES, cause_of
from qa.evaluation.outcome import Outcome
from qa.evaluation.page.measures import counted
from qa.evaluation.page.tables import VERDICTS
from qa.inert import shortened

__all__ = ["filter_form"]

LONGEST_OPTION = 60
ORDERS = {
    "": "as in the file",
    "confidence-up": "least sure first",
    "confidence-down": "surest first",
    "f1-up": "lowest F1 first",
    "f1-down": "highest F1 first",
}


def filter_form(outcomes: Sequence[Outcome], titles: Mapping[str, str]) -> str:
    """The form as HTML; a choice that would part nothing is left out."""
    verdicts = Counter[str](one.verdict for one in outcomes)
    causes = Counter[str](cause for one in outcomes if (cause := cause_of(one)))
    articles = Counter(article_id for one in outcomes for article_id in one.article_ids)
    choices = [
        _choice("verdict", "Verdict", {key: f"{VERDICTS[key]} ({verdicts[key]})" for key in VERDICTS if verdicts[key]}),
        _choice("kind", "Kind", _numbered(Counter(one.gold.kind for one in outcomes))),
        _choice(
            "article",
            "Article",
            {str(place): f"{title} ({articles[key]})" for place, (key, title) in enumerate(titles.items())},
        ),
        _choice("cause", "Not right because", {key: f"{key} ({causes[key]})" for key in CAUSES if causes[key]}),
    ]
    orders = "".join(f'<option value="{value}">{words}</option>' for value, words in ORDERS.items())
    return f"""<form id="filters" hidden>
{"".join(choices)}\
<div><label for="by-text">Text</label><input type="search" id="by-text" name="text" placeholder="words"></div>
<div><label for="by-order">Order</label><select id="by-order" name="order">{orders}</select></div>
<button type="reset">Show all</button>
</form>
<p id="shown" role="status" aria-live="polite">{counted(len(outcomes), "question")}</p>"""


def _numbered(counts: Counter[str]) -> dict[str, str]:
    return {name: f"{name} ({count})" for name, count in counts.items()}


def _choice(name: str, label: str, options: Mapping[str, str]) -> str:
    if len(options) < 2:
        return ""
    listed = "".join(
        f'<option value="{escape(value)}">{escape(shortened(words, LONGEST_OPTION))}</option>'
        for value, words in options.items()
    )
    select = f'<select id="by-{name}" name="{name}"><option value="">any</option>{listed}</select>'
    return f'<div><label for="by-{name}">{label}</label>{select}</div>\n'
