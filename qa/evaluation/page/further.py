"""The figures that a researcher cites besides the scores: search, reader alone, trust in the stated confidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from qa.evaluation.decisions import Calibration
from qa.evaluation.intervals import Estimate
from qa.evaluation.page.measures import between, figure
from qa.evaluation.page.tables import table
from qa.evaluation.summary import Isolated, Retrieval, Summary

__all__ = ["further_table"]

SEARCH = {
    "RR": ("MRR", "mean of 1 / rank of the first right passage"),
    "nDCG@10": ("nDCG@10", "how far up the right passages stand among the first ten"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with what it means."""

    name: str
    share: Estimate
    meaning: str


def further_table(summary: Summary) -> str:
    """The figures on search, reader and confidence as one table, in percent."""
    lines = [*_search(summary.retrieval), *_alone(summary.isolated), *_trust(summary.answers, summary.spans)]
    rows = "\n".join(
        f'<tr><th scope="row">{escape(line.name)}</th><td>{figure(line.share.mean)}</td><td>{between(line.share)}</td>'
        f"<td>{line.share.questions:,}</td><td>{escape(line.meaning)}</td></tr>"
        for line in lines
    )
    headings = ("measure", "value", "95 % interval", "questions", "meaning")
    return table("Search, reader and confidence, in percent", headings, rows, "words")


def _search(found: Retrieval | None) -> Iterator[Line]:
    for measure, share in found.measures.items() if found else ():
        kind, _, depth = measure.partition("@")
        if measure in SEARCH:
            yield Line(SEARCH[measure][0], share, SEARCH[measure][1])
        elif kind == "Success":
            yield Line(f"Success@{depth}", share, f"a right passage is among the first {depth}")
        elif kind == "R":
            yield Line(f"Recall@{depth}", share, f"share of all right passages that are among the first {depth}")
        else:
            yield Line(measure, share, "as ir-measures defines it")


def _alone(found: Isolated | None) -> Iterator[Line]:
    if found is None:
        return
    yield Line("EM, reader alone", found.exact, "the best span of the right passage, as if the search were perfect")
    yield Line("F1, reader alone", found.f1, "the same")
    yield Line("EM, after the search", found.forced_exact, "the best span of all passages found, same questions")
    yield Line("F1, after the search", found.forced_f1, "the same")


def _trust(answers: Calibration, spans: Calibration) -> Iterator[Line]:
    for name, found in (("what was said", answers), ("the best span", spans)):
        count = found.questions
        yield Line(f"ECE, {name}", Estimate(found.error, None, None, count), "expected calibration error, in ten bins")
        yield Line(f"Brier, {name}", found.brier, "mean squared gap between stated probability and outcome")
    for share, level in ((spans.coverage_80, 80), (spans.coverage_90, 90)):
        meaning = f"largest share of questions that its best spans answer, the surest first, with {level} % right"
        yield Line(f"Coverage at {level} %", Estimate(share, None, None, spans.questions), meaning)
    area = Estimate(spans.aurc, None, None, spans.questions)
    yield Line("AURC", area, "area under the risk-coverage curve of the best spans: lower is better")
