import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.posts import find_posts

ROW = (
    "Maria Keller, Head of the Harbour Board and Chair of the Port Fund, Jonas Lindqvist, Mayor of Karlshavn, and "
    "Amina Yusuf, Director of the Office of Trade, Industry and Crafts, signed the plan on Monday."
)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(post.name.of(text), post.post.of(text)) for post in find_posts(text)]


def test_a_row_of_officials_is_read_name_by_name() -> None:
    assert pairs(ROW) == [
        ("Maria Keller", "Head of the Harbour Board and Chair of the Port Fund"),
        ("Jonas Lindqvist", "Mayor of Karlshavn"),
        ("Amina Yusuf", "Director of the Office of Trade, Industry and Crafts"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deputy Mayor Lena Ortiz opened the hall.", ("Lena Ortiz", "Deputy Mayor")),
        ("The museum's director, Pavel Novotny, disagreed.", ("Pavel Novotny", "director")),
        ('"It works," said Ruth Adeyemi, chief engineer of the dam.', ("Ruth Adeyemi", "chief engineer of the dam")),
        ("Tomas Brandt is the governor of Ostmark.", ("Tomas Brandt", "governor of Ostmark")),
        (
            "We met Professor Ines Duarte, Dean of the Faculty of Law, in May.",
            ("Ines Duarte", "Dean of the Faculty of Law"),
        ),
    ],
)
def test_other_ways_to_put_a_post_beside_a_name(text: str, expected: tuple[str, str]) -> None:
    assert expected in pairs(text)


def test_a_place_between_commas_is_no_person() -> None:
    assert pairs("In Lagos, our reporter met traders, farmers and drivers.") == []


@given(st.text(alphabet=st.sampled_from("ABab ,.;()'’\nof and Director Mayor the"), max_size=300))
def test_spans_lie_in_the_text_whatever_it_is(text: str) -> None:
    for post in find_posts(text):
        assert 0 <= post.name.start < post.name.end <= len(text)
        assert 0 <= post.post.start <= post.post.end <= len(text)
