from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.speaker_names import folded, parts_of, people_of, person_of


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Bo Lund", "bo  LUND"),
        ("Bo Lund", "Lund"),
        ("Bo Lund", "Mr. Lund"),
        ("Park Min-ho", "Park"),  # the family name first
        ("Dr. Ana Silva", "ana silva"),
        ("J. R. Okafor", "J R Okafor"),
        ("José Ibáñez", "Jose\u0301 Iba\u0301n\u0303ez"),
        ("Dean Smith", "dean smith"),
    ],
)
def test_a_name_is_known_whole_or_by_either_end(written: str, asked: str) -> None:
    assert person_of(asked) in parts_of(person_of(written))


@pytest.mark.parametrize(
    ("written", "asked"),
    [("Bo Lund", "Eva Lund"), ("Bo Lund", "Bo"[:1]), ("Anna Maria Rossi", "Maria"), ("Lundberg", "Lund"), ("Ana", "")],
)
def test_another_name_is_another_person(written: str, asked: str) -> None:
    assert person_of(asked) not in parts_of(person_of(written))


def test_a_part_of_one_fuller_name_of_the_article_is_that_person() -> None:
    people = people_of(["Bo Lund", "Lund", "Ms Keane", "Ruth Keane", "Reporter"])
    assert people["Lund"] == people["Bo Lund"] == ("bo", "lund")
    assert people["Ms Keane"] == ("ruth", "keane")
    assert people["Reporter"] == ("reporter",)


def test_a_part_of_two_names_stays_nobody_in_particular() -> None:
    assert people_of(["Bo Lund", "Eva Lund", "Lund"])["Lund"] == ("lund",)
    assert people_of(["Ana Maria Costa", "Ana Maria", "Ana"])["Ana"] == ("ana", "maria", "costa")


@given(st.lists(st.text(max_size=20), max_size=8))
def test_every_name_is_a_person_and_a_part_of_one(names: list[str]) -> None:
    people = people_of(names)
    assert set(people) == set(names)
    assert all(person_of(name) in parts_of(people[name]) or not person_of(name) for name in names)


@given(st.text(max_size=30))
def test_a_folded_name_stays_as_it_is(name: str) -> None:
    assert folded(folded(name)) == folded(name)
