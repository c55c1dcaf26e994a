from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest

from qa.evaluation.curves import Guesses, reliability_bins, risk_curve
from qa.evaluation.intervals import Estimate
from qa.evaluation.page.svg import inline_svg
from qa.evaluation.plots import draw_kinds, draw_latency, draw_recall, draw_reliability, draw_risk

CHANCES = np.linspace(0.05, 0.99, 40)
RIGHT = (np.arange(40) % 3 > 0).astype(np.float64)
SHARES = [Estimate(0.5, 0.4, 0.6, 30), Estimate(0.9, None, None, 30), Estimate(1.0, 0.8, 0.99, 30)]

ROOT = Path(__file__).parents[3]


def drawn() -> dict[str, str]:
    bins = [(one, Estimate(one.observed, None, None, len(one.right))) for one in reliability_bins(CHANCES, RIGHT)]
    return {
        "reliability": draw_reliability(bins),
        "risk": draw_risk(risk_curve(Guesses(CHANCES, RIGHT)), (0.7, 0.3), [(0.2, 0.8), (0.1, 0.9)]),
        "recall": draw_recall(SHARES),
        "latency": draw_latency([9.0, 12.0, 30.0], 12.0, 30.0),
        "outliers": draw_latency([9.0, 12.0, 3000.0], 12.0, 3000.0),
        "kinds": draw_kinds([(share, share) for share in SHARES]),
    }


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter("text")]


def inlined(name: str, svg: str, *labels: str) -> str:
    return inline_svg(svg, name, "A title & more", "What <it> shows", labels)


def test_the_same_numbers_give_the_same_drawing() -> None:
    assert drawn() == drawn()


def test_axes_are_named_with_their_units_and_text_stays_text() -> None:
    found = {name: texts(inlined(name, svg)) for name, svg in drawn().items()}
    for name, words in {
        "reliability": ["confidence stated (%)", "right (%)", "count", "observed, 95 % interval", "5"],
        "risk": ["questions answered, the surest first (%)", "errors among them (%)", "as it stands"],
        "recall": ["passages looked at, k", "right passage among them (%)"],
        "latency": ["time (ms)", "questions answered (%)", "half within 12 ms", "95 % within 30 ms"],
        "outliers": ["time (ms)", "1,000", "95 % within 3,000 ms"],
        "kinds": ["score (%)", "exact match", "F1"],
    }.items():
        assert set(words) <= set(found[name]), name
    assert "80 % right, 20 % answered" in found["risk"]


def test_several_drawings_stand_on_one_page_with_ids_of_their_own() -> None:
    page = "".join(inlined(f"plot{number}", svg) for number, svg in enumerate(drawn().values()))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 12
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', page)) <= set(ids)


def test_a_drawing_brings_no_style_and_no_black() -> None:
    for name, svg in drawn().items():
        found = inlined(name, svg)
        assert not re.search(r"<style|style=|xmlns|<metadata|#000000|DejaVu|width=\"\d+pt", found), name
        assert 'stroke="currentColor"' in found
        root = ElementTree.fromstring(found)
        assert (root[0].text, root[1].text) == ("A title & more", "What <it> shows")
        assert root.attrib["aria-labelledby"] == root[0].attrib["id"]
        assert root.attrib["role"] == "img"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "$x^", "漢字 \N{BRIDGE AT NIGHT}", "label-1-", "\\frac{"]
)
def test_names_never_reach_the_drawing_library(name: str) -> None:
    svg = inlined("kinds", drawn()["kinds"], name, "second", "third")
    assert [text for text in texts(svg) if text in (name, "second", "third")] == [name, "second", "third"]
    assert "<script" not in svg


def test_the_users_settings_neither_show_nor_change() -> None:
    expected = drawn()["recall"]
    with matplotlib.rc_context({"text.usetex": True, "axes.grid": True, "font.size": 30}):
        assert drawn()["recall"] == expected
        assert matplotlib.rcParams["font.size"] == 30


def test_drawing_loads_nothing_that_would_open_a_window() -> None:
    program = "import sys; from tests.qa.evaluation.test_plots import drawn; drawn(); sys.exit(%r in sys.modules)"
    command = [sys.executable, "-c", program % "matplotlib.pyplot"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_matplotlib_is_loaded_only_to_draw() -> None:
    program = "import qa.evaluation.report, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_one_question_can_be_drawn() -> None:
    one = [(found, Estimate(found.observed, None, None, 1)) for found in reliability_bins(np.ones(1), np.ones(1))]
    for svg in (
        draw_reliability(one),
        draw_risk(risk_curve(Guesses(np.ones(1), np.ones(1))), None, []),
        draw_latency([0.0], 0.0, 0.0),
    ):
        assert texts(inlined("one", svg))
