"""The layout of PDF pages, read in this process; `test_hostile_documents` reads through the child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import ArticleError
from corpus.pages import are_tiled, pages_from_ends
from corpus.read_pdf import parse

Make = Callable[..., Any]

TRAM = (
    "After nineteen years without trams, line 4 is running again between the harbour of Oravec and the university. "
    "The city paid 212 million korun for the track, which climbs the long hill by the old tannery."
)
QUIET = (
    "People had forgotten how quiet a street can be, said Tomas Weil, the head of the transport office, who rode "
    "on the first tram with his grandson and sixty-two other passengers on a cold morning in June."
)
FARES = (
    "Fares stay at 20 korun until the end of the year, and children ride free of charge on Sundays and on public "
    "holidays. The council will decide about the years after that when the new timetable is known."
)


def read(data: bytes) -> tuple[list[str], list[str]]:
    """The paragraphs, and the text of each page."""
    found = parse(data)
    pages = pages_from_ends(found["ends"])
    assert are_tiled(pages, len(found["text"]))
    return found["text"].split("\n\n"), [page.of(found["text"]) for page in pages]


def test_broken_lines_are_paragraphs_again(make_pdf: Make, make_page: Make) -> None:
    assert read(make_pdf([make_page([TRAM, QUIET, FARES])]))[0] == [TRAM, QUIET, FARES]


def test_an_indent_alone_begins_a_paragraph(make_pdf: Make, make_page: Make) -> None:
    assert read(make_pdf([make_page([TRAM, QUIET, FARES], gap=0, indent=14)]))[0] == [TRAM, QUIET, FARES]


def test_a_short_line_ends_its_paragraph(make_pdf: Make, make_page: Make) -> None:
    lines = ["Bread", "Two pounds of butter", "Milk"]
    assert read(make_pdf([make_page([TRAM, *lines, QUIET], gap=0)]))[0] == [TRAM, *lines, QUIET]


@pytest.mark.parametrize("across", [False, True], ids=["column by column", "line by line"])
def test_two_columns_are_read_one_after_the_other(make_pdf: Make, make_page: Make, across: bool) -> None:
    columns = [
        make_page([first, second], left=left, width=155, size=9)
        for left, first, second in [(35, TRAM, QUIET), (215, FARES, TRAM)]
    ]
    words = [run for column in columns for run in column]
    if across:
        words.sort(key=lambda run: (-run[1], run[0]))
    heading = [(35, 565, 16, "Two columns")]
    assert read(make_pdf([heading + words]))[0] == ["Two columns", TRAM, QUIET, FARES, TRAM]


def test_cells_of_a_table_stand_in_their_row(make_pdf: Make, make_page: Make) -> None:
    cells = [("Harbour", "12,400", "1903"), ("Tannery", "3,150", "1911"), ("University", "870", "2022")]
    rows = [
        (40 + 110 * column, 300 - 16 * row, 10, cell)
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
    ]
    found, _ = read(make_pdf([make_page([TRAM]) + rows]))
    assert found == [TRAM, "Harbour | 12,400 | 1903", "Tannery | 3,150 | 1911", "University | 870 | 2022"]


def test_furniture_goes_and_a_paragraph_goes_on_over_the_page(make_pdf: Make, make_page: Make) -> None:
    lines = make_page([TRAM + " " + QUIET + " " + FARES], top=530)
    furniture = [[(40, 570, 8, "Oravec Quarterly"), (190, 20, 8, str(at + 7))] for at in range(3)]
    pages = [furniture[0] + lines[:4], furniture[1] + [(x, y + 50, s, w) for x, y, s, w in lines[4:]], furniture[2]]
    paragraphs, texts = read(make_pdf(pages))
    assert paragraphs == [f"{TRAM} {QUIET} {FARES}"]
    assert texts[0].endswith(" ")
    assert texts[1].startswith(lines[4][3])
    assert texts[2] == ""


def test_a_title_outlives_the_running_head_made_of_it(make_pdf: Make, make_page: Make) -> None:
    pages = [[(40, 560, 20, "The tram is back"), *make_page([TRAM, QUIET], top=520)]]
    pages += [[(40, 575, 8, "The tram is back"), *make_page([FARES])] for _ in range(3)]
    found = parse(make_pdf(pages))
    assert found["text"].count("The tram is back") == 1
    assert found["shown"] == "The tram is back"


@pytest.mark.parametrize("number", ["1", "- 1 -", "Page 1 of 1", "1 / 1", "Seite 1 von 1"])
def test_a_page_number_alone_goes(make_pdf: Make, make_page: Make, number: str) -> None:
    assert read(make_pdf([[*make_page([TRAM]), (195, 18, 8, number)]]))[0] == [TRAM]


@pytest.mark.parametrize("line", ["1922", "Page 1 was torn.", "Civil", "mix"])
def test_a_last_line_that_is_no_page_number_stays(make_pdf: Make, make_page: Make, line: str) -> None:
    assert read(make_pdf([[*make_page([TRAM]), (195, 18, 8, line)]]))[0] == [TRAM, line]


def test_a_word_cut_at_a_line_s_end_is_whole_and_a_compound_keeps_its_hyphen(make_pdf: Make) -> None:
    lines = ["The transport office had not fore-", "seen that a well-", "known singer would ride on the tram."]
    page = [(40, 500 - 13 * at, 10, line) for at, line in enumerate(lines)]
    assert read(make_pdf([page]))[0] == [
        "The transport office had not foreseen that a well-known singer would ride on the tram."
    ]


def test_a_heading_and_a_list_stand_alone(make_pdf: Make, make_page: Make) -> None:
    items = ["1. The track by the old tannery was laid in only two", "2. The depot"]
    page = [(40, 565, 14, "What was built"), *make_page([TRAM, *items, QUIET], gap=0)]
    assert read(make_pdf([page]))[0] == ["What was built", TRAM, *items, QUIET]


def test_what_the_file_says_of_itself_is_read(make_pdf: Make, make_page: Make) -> None:
    found = parse(make_pdf([make_page([TRAM])], title="The tram", author="Ilka Moreau"))
    assert (found["title"], found["author"]) == ("The tram", "Ilka Moreau")


def test_half_a_character_in_a_title_costs_the_title_alone(make_pdf: Make, make_page: Make) -> None:
    data = make_pdf([make_page([TRAM])], title="The tram", author="Ilka Moreau")
    assert data.count(b"(The tram)") == 1
    found = parse(data.replace(b"(The tram)", b"<FEFFD800>"))
    assert (found["title"], found["author"]) == ("", "Ilka Moreau")


def test_a_locked_file_says_so(make_pdf: Make, make_page: Make) -> None:
    with pytest.raises(ArticleError, match="password"):
        parse(make_pdf([make_page([TRAM])], encrypt="secret"))


@pytest.mark.parametrize("pages", [[[]], [[], []], [[(195, 18, 8, "1")], [(195, 18, 8, "2")]]])
def test_pages_without_text_ask_for_ocr(make_pdf: Make, pages: list[Any]) -> None:
    with pytest.raises(ArticleError, match="OCR"):
        parse(make_pdf(pages))


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from([TRAM, QUIET, FARES, "A heading", "12", "- item"]), max_size=4), min_size=1))
def test_pages_tile_the_text_in_order(make_pdf: Make, make_page: Make, pages: list[list[str]]) -> None:
    if not any(pages):
        return
    data = make_pdf([make_page(page, top=480) for page in pages])  # clear of where furniture stands
    try:
        paragraphs, texts = read(data)
    except ArticleError:
        return
    assert "".join(texts) == "\n\n".join(paragraphs)
    assert len(texts) == len(pages)
    for page, text in zip(pages, texts, strict=True):
        for paragraph in {TRAM, QUIET, FARES} & set(page):
            assert paragraph[:30] in text
