from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.bylines import find_facts, is_byline, is_imprint
from corpus.names import are_names, is_organisation, is_publication

TITLE = "Ferries return to the upper lake"
BODY = (
    "The ferry that was moored for three winters sailed again on 1 June 2019, and two hundred people waved from the "
    "pier as it left for the island of Marö, said the harbour master."
)


def facts(*lines: str) -> dict[str, str]:
    text = "\n\n".join(lines)
    return {name: span.of(text) for name, span in find_facts(text).items()}


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By ANA DIAZ|May 08,2020", {"author": "ANA DIAZ", "published": "May 08,2020"}),
        ("By Ana de la Cruz and Ove Holm", {"author": "Ana de la Cruz and Ove Holm"}),
        ("By Ana Diaz, Ove Holm and Liv Aas", {"author": "Ana Diaz, Ove Holm and Liv Aas"}),
        ("By Ana Diaz, Marö Weekly, 9 May 2024",
         {"author": "Ana Diaz", "publisher": "Marö Weekly", "published": "9 May 2024"}),
        ("By Ana Diaz for the Marö Observer", {"author": "Ana Diaz", "publisher": "Marö Observer"}),
        ("By our correspondent Ana Diaz", {"author": "Ana Diaz"}),
        ("Reporting by Ana Diaz", {"author": "Ana Diaz"}),
        ("Text: Ana Diaz / Photos: Ove Holm", {"author": "Ana Diaz"}),
        ("Text: Ana Diaz. Photographs: Ove Holm. Marö, 5 November 2019",
         {"author": "Ana Diaz", "published": "5 November 2019"}),
        ("Lake Trade Bulletin, 9 May 2024 | Reporting by A. B. Abebe",
         {"publisher": "Lake Trade Bulletin", "published": "9 May 2024", "author": "A. B. Abebe"}),
        ("Updated:2021.05.31", {"published": "2021.05.31"}),
        ("Published: 22 November 2022", {"published": "22 November 2022"}),
        ("Marö, 14 March 2023", {"published": "14 March 2023"}),
        ("Issued by the Marö Harbour Authority, Marö, 11 July 2022",
         {"publisher": "Marö Harbour Authority", "published": "11 July 2022"}),
        ("By the Press Office of the Lake Council", {"publisher": "Press Office of the Lake Council"}),
        ("Interview by Said al-Maamari", {"author": "Said al-Maamari"}),
        ("By land and water", {}),
        ("By our island desk", {}),
        ("Tickets cost more from 3 May 2024 on", {}),
    ],
)  # fmt: skip
def test_bylines(byline: str, expected: dict[str, str]) -> None:
    assert facts(TITLE, byline, BODY) == {"title": TITLE, **expected}


@pytest.mark.parametrize(
    "opening",
    [
        "MARÖ, Upper Lakes, 8 August 2024 — ",
        "MARÖ, 8 August 2024 -- ",
        "Marö, 8 August 2024. ",
        "(Marö, 8 August 2024) ",
    ],
)
def test_datelines(opening: str) -> None:
    assert facts(TITLE, opening + BODY) == {"title": TITLE, "published": "8 August 2024"}


def test_a_date_inside_a_sentence_is_no_publication_date() -> None:
    assert facts(TITLE, "On 8 August 2024 - a Thursday - " + BODY) == {"title": TITLE}
    assert facts(TITLE, BODY) == {"title": TITLE}


def test_a_reporter_in_brackets_opens_the_body() -> None:
    assert facts(TITLE, "(Reporter Ana Diaz) " + BODY)["author"] == "Ana Diaz"


@pytest.mark.parametrize("imprint", ["Hosted by: Office of the Lake Council", "Source: Office of the Lake Council"])
def test_imprints_below_the_body(imprint: str) -> None:
    assert facts(TITLE, BODY, imprint)["publisher"] == "Office of the Lake Council"


def test_the_first_publication_date_wins_over_an_update() -> None:
    assert facts(TITLE, "Updated: 3 May 2024", "Published: 1 May 2024", BODY)["published"] == "1 May 2024"


def test_the_genre_is_not_the_title() -> None:
    assert facts("FOR IMMEDIATE RELEASE", TITLE, BODY)["title"] == TITLE


def test_a_paragraph_or_an_interview_without_a_title_has_none() -> None:
    assert facts(BODY) == {}
    assert "title" not in facts("Reporter: What next?", BODY)
    assert "title" not in facts(BODY, BODY)


@given(st.text(max_size=300))
def test_facts_of_any_text_are_slices_of_it(text: str) -> None:
    for span in find_facts(text).values():
        assert 0 <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()


def test_shapes_of_names() -> None:
    assert is_publication("Horn Trade Bulletin")
    assert not is_publication("PRESS RELEASE")
    assert not is_publication("Staff Reporter")
    assert is_organisation("Office of the Governor")
    assert not is_organisation("Ana Diaz")
    assert are_names("Ana Diaz & Ove Holm")
    assert not are_names("The Harbour")
    assert is_byline("By Ana Diaz")
    assert not is_byline(BODY)
    assert is_imprint("Hosted by: X")
