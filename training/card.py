"""The model card that stands beside exported weights: what the reader is, what it saw, what it scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

__all__ = ["write_card"]

# Where each source comes from and under which licence it may be used.
_LICENCES = {
    "squad1_train": "SQuAD 1.1 (Rajpurkar et al. 2016), CC BY-SA 4.0",
    "squad1_neighbour_negative": "SQuAD 1.1 questions with a neighbouring paragraph, CC BY-SA 4.0",
    "squad2_train_unanswerable": "SQuAD 2.0 (Rajpurkar et al. 2018), CC BY-SA 4.0",
    "squadshifts_new_wiki": "SQuADShifts, new Wikipedia (Miller et al. 2020), CC BY 4.0",
    "tydiqa_en": "TyDi QA, English (Clark et al. 2020), Apache 2.0",
    "nq": "Natural Questions (Kwiatkowski et al. 2019), CC BY-SA 3.0",
    "hotpotqa": "HotpotQA (Yang et al. 2018), CC BY-SA 4.0",
    "quoref_contrast": "Quoref contrast set (Gardner et al. 2020), CC BY 4.0",
    "covid_qa": "COVID-QA (Möller et al. 2020), Apache 2.0",
    "afriqa": "AfriQA (Ogundepo et al. 2023), CC BY 4.0",
    "qamr": "QAMR (Michael et al. 2018), MIT",
    "clapnq": "CLAPNQ (Rosenthal et al. 2024), Apache 2.0",
    "policyqa": "PolicyQA (Ahmad et al. 2020), MIT",
    "fairytaleqa": "FairytaleQA (Xu et al. 2022), Apache 2.0",
    "authored_near": "near-miss questions written for this project",
    "authored_news": "news articles and questions written for this project",
    "own_articles": "more of them, in training/own_articles.json",
    "written": "texts of other kinds and questions, written for this project, in training/written/",
    "asked": "questions written for this project, in training/asked/, on Wikipedia paragraphs (CC BY-SA) of TyDi QA, "
    "AfriQA, Natural Questions and HotpotQA",
    "asked_squad": "more of them, on paragraphs of SQuAD 1.1 (Rajpurkar et al. 2016), CC BY-SA 4.0",
    "far": "questions of the other sources put to foreign contexts",
}

_CARD = Template("""---
license: apache-2.0
language: en
pipeline_tag: question-answering
---
# Span reader

A BERT span model ($layers layers, $hidden wide, float16 safetensors) that marks the answer to a question in a text,
or position 0 for "no answer here". Its encoder began as all-MiniLM-L6-v2 (Apache 2.0). The weights are under the
Apache licence 2.0; the sources below keep their own licences and are attributed here.

## What it saw

The first run began from an earlier reader of the same size, fine-tuned from the encoder in one pass over 84,299
questions of the same public sources.

$runs

Made by `python -m training train`, `export` and `average` of this project; `training.json` holds every setting.

## What it scores

$figures

## Limits

English only. It marks words that stand in the text: no counting, no inference over several places, no yes or no.
Long lists and "why" answers are often clipped. Near misses (a question whose words all stand in the text while the
fact does not) are its weakest side: use the calibrated confidence, not the raw scores. Articles are the author's
claims; an answer is a quotation, not a fact.
""")


_RUN = Template("""Recipe `$name`, to step $step of a run over $examples examples in batches of $batch.

$sources""")


def write_card(runs: Sequence[Mapping[str, Any]], figures: Mapping[str, Any]) -> str:
    """The card of a model: each run is its ``run.json`` with the last ``step``; ``figures`` is what scoring gave."""
    return _CARD.substitute(layers=6, hidden=384, runs="\n\n".join(map(_run, runs)), figures=_figures(figures))


def _run(facts: Mapping[str, Any]) -> str:
    if "average" in facts:
        return f"The mean of the weights of: {'; '.join(facts['average'])} (`python -m training average`)."
    recipe = facts["recipe"]
    return _RUN.substitute(
        name=recipe["name"],
        step=facts["step"],
        examples=facts["examples"],
        batch=recipe["batch"],
        sources=_sources(facts["sources"]),
    )


def _sources(counts: Mapping[str, int]) -> str:
    rows = [f"| {source} | {count} | {_licence(source)} |" for source, count in counts.items()]
    return "\n".join(["| source | examples | licence and origin |", "|---|---|---|", *rows])


def _licence(source: str) -> str:
    known = [name for name in _LICENCES if source.startswith(name)]
    return _LICENCES[max(known, key=len)] if known else "see the data folder"


def _figures(figures: Mapping[str, Any]) -> str:
    if not figures:
        return "Not scored yet: run `python -m training score` and export again with `--figures`."
    rows = ["| held-out set | questions | exact match | F1 |", "|---|---|---|---|"]
    rows += [f"| {name} | {row['n']} | {row['em']:.1f} | {row['f1']:.1f} |" for name, row in figures["forced"].items()]
    rows += ["", "| unanswerable set | questions | AUROC | F1 at the best threshold |", "|---|---|---|---|"]
    rows += [
        f"| {name} | {row['n']} | {row['auroc']:.3f} | {row['f1']:.1f} |" for name, row in figures["separation"].items()
    ]
    return "\n".join(rows)
