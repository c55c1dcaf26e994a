from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import find_dates, parse_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("May 08,2020", "2020-05-08"),
        ("8 August 2024", "2024-08-08"),
        ("Saturday 20 January 2024", "2024-01-20"),
        ("Nov. 3, 2022", "2022-11-03"),
        ("3rd of May 2021", "2021-05-03"),
        ("2021.05.31", "2021-05-31"),
        ("2021-05-31T10:20:00+02:00", "2021-05-31"),
        ("2021年5月31日", "2021-05-31"),
        ("31/05/2021", "2021-05-31"),
        ("05/31/2021", "2021-05-31"),
        ("05/05/2021", "2021-05-05"),
        ("8 mai 2024", "2024-05-08"),
        ("8. März 2024", "2024-03-08"),
        ("05/06/2021", None),
        ("31 February 2021", None),
        ("May 2020", None),
        ("2020", None),
        ("yesterday", None),
        ("2 days ago", None),
        ("", None),
    ],
)
def test_only_a_full_date_with_one_reading_is_a_date(written: str, iso: str | None) -> None:
    assert parse_date(written) == iso


def test_dates_are_found_where_they_stand() -> None:
    text = "Updated:2021.05.31, after talks on 17 and 18 October 2023; version 10.2.2024.1 of 12/05/2024."
    assert [(span.of(text), iso) for span, iso in find_dates(text)] == [
        ("2021.05.31", "2021-05-31"),
        ("18 October 2023", "2023-10-18"),
    ]


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert parse_date(text) is None or len(parse_date(text) or "") == 10


@given(st.dates())
def test_iso_dates_are_themselves(day: object) -> None:
    assert parse_date(str(day)) == str(day)
