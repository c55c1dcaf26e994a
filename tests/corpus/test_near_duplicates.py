"""Near-duplicates: edited copies are found, articles on one subject in other words never."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import Addition, Library
from corpus.near_duplicates import BANDS, NEAR, band_hashes, resemblance, shingles_of
from corpus.types import Article

# The same flood told by two people, and a third report of another one: like subjects, other words.
FLOOD = """High water in Brandele

By Sanne Hoek, 4 February 2019

The river Ysel rose two metres in a single night and drove four hundred people from their beds in the lower town of \
Brandele. Firemen went from door to door after midnight with loudhailers, and by three o'clock the school gymnasium \
on the hill was full of families with blankets and dogs.

"I have lived on the quay since 1961 and never saw the water pass the second step," said Marga Dillen, who kept the \
bakery until last spring. She carried her flour scales upstairs and left the rest.

The mayor, Joost van Eyk, asked the province for pumps at dawn. Six arrived from the coast in the afternoon. He said \
that the old sluice at the mill had jammed half open, as it had done in a drill the autumn before, and that nobody had \
paid for its repair since.

Engineers of the water board measured the flow every hour through Sunday. They expect the level to fall by Wednesday, \
if the frost in the hills holds. Schools stay shut until then, and the ferry to Lomme will not sail.

Damage is put at nine million guilders, most of it in cellars. The insurers' hall opens a counter in the library."""

RETOLD = """Brandele wakes up under water

Four hundred inhabitants had to leave their houses at night when the Ysel came over the quay. Our reporter walked the \
streets of the lower town the next morning in borrowed boots.

What strikes one first is the silence. No car, no tram, only a helicopter somewhere behind the mill. In front of the \
bakery a pair of brass scales hangs from a first-floor window, the one thing that Marga Dillen had time to save.

Whose fault is it? Townspeople point at the sluice. It has not closed properly since October, says a former keeper of \
the lock, and the council knew. Mayor van Eyk does not deny it. He speaks of budgets, of a letter to the province that \
was never answered, and of pumps that were promised and came late.

Those who spent the night in the gymnasium will be told on Wednesday at the earliest whether they may go home. Nobody \
sleeps much there, an old man says, because of the dogs."""


def edited(text: str, chance: random.Random, part: float = 0.05) -> str:
    """A copy with another title, without one of its paragraphs, and with so many of its words changed."""
    _, *body = [paragraph for paragraph in text.split("\n") if paragraph.strip()]
    del body[chance.randrange(1, len(body))]
    words = [word for line in body for word in line.split()]
    lines = [" ".join(chance.choice(words) if chance.random() < part else word for word in p.split()) for p in body]
    return "\n\n".join(["An entirely different heading", *lines])


def written(seed: int, length: int = 260) -> str:
    """Words in paragraphs that follow no template: what two authors do not share by chance."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("aeioulnrst", k=chance.randint(2, 8))) for _ in range(160)]
    lines = [" ".join(chance.choices(words, k=length // 6)) for _ in range(6)]
    return "\n\n".join([f"Title {seed}", *lines])


def test_edited_copies_are_found() -> None:
    chance = random.Random(7)
    texts = [FLOOD, RETOLD, *map(written, range(98))]
    found = 0
    for text in texts:
        one, other = shingles_of(text), shingles_of(edited(text, chance))
        found += bool({*band_hashes(one)} & {*band_hashes(other)}) and resemblance(one, other) >= NEAR
    assert found >= 95


def test_one_subject_in_other_words_is_no_copy() -> None:
    assert resemblance(shingles_of(FLOOD), shingles_of(RETOLD)) < NEAR / 4
    others = [shingles_of(written(seed)) for seed in range(40)]
    assert max(resemblance(one, two) for one in others for two in others if one is not two) < NEAR / 4


@pytest.mark.parametrize("text", ["Ferry sails at noon.", "🚢", "…", "渡船は正午に出る", "x" * 5000])
def test_a_short_text_counts_only_where_all_words_are_equal(text: str) -> None:
    assert len(band_hashes(shingles_of(text))) == 1
    assert resemblance(shingles_of(text), shingles_of(f"{text.upper()}\n")) == 1.0
    assert resemblance(shingles_of(text), shingles_of(f"{text} Indeed")) == 0.0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_are_compared_alike_both_ways(left: str, right: str) -> None:
    one, two = shingles_of(left), shingles_of(right)
    assert 0.0 <= resemblance(one, two) == resemblance(two, one) <= 1.0
    assert resemblance(one, one) == 1.0
    assert all(0 <= band < 2**63 for band in band_hashes(one))


def test_the_numbers_are_the_same_everywhere() -> None:
    """They are stored: another release must make the same ones."""
    bands = band_hashes(shingles_of(FLOOD))
    assert len(bands) == BANDS
    assert bands[0] == 5576535089487569240
    assert band_hashes(shingles_of("Ferry sails at noon.")) == (7216927859559735091,)


def test_scripts_without_spaces_are_words_too() -> None:
    text = "".join(chr(0x4E00 + (number * 37) % 900) for number in range(300))
    assert resemblance(shingles_of(text), shingles_of(f"{text[:290]}新聞記者報導")) > 0.9


def make_article(text: str) -> Article:
    return Article(id=f"{hash(text) & 0xFFFFFFFF:08x}", text=text)


@pytest.fixture
def library(tmp_path) -> Iterator[Library]:
    with Library.open(tmp_path / "lib", create=True) as opened:
        yield opened


def add(library: Library, *texts: str, with_bands: bool = True) -> list[str]:
    articles = [make_article(text) for text in texts]
    none = np.empty((0, 4), np.float32)
    bands = [band_hashes(shingles_of(text)) if with_bands else () for text in texts]
    library.add_many([Addition(a, [], none, bands=b) for a, b in zip(articles, bands, strict=True)], model_id="m")
    return [article.id for article in articles]


def test_a_library_names_the_likeliest_first(library: Library) -> None:
    ids = add(library, FLOOD, RETOLD, edited(FLOOD, random.Random(1)), *map(written, range(30)))
    found = [article_id for article_id, _ in library.sharing_bands(band_hashes(shingles_of(FLOOD)))]
    assert found[:2] == [ids[0], ids[2]]
    library.remove(ids[0])
    assert ids[0] not in [article_id for article_id, _ in library.sharing_bands(band_hashes(shingles_of(FLOOD)))]


def test_articles_of_an_older_library_are_given_their_bands(library: Library) -> None:
    ids = add(library, FLOOD, RETOLD, *map(written, range(8)), with_bands=False)
    wanted = band_hashes(shingles_of(FLOOD))
    assert library.sharing_bands(wanted) == []
    assert [library.fill_bands(4) for _ in range(4)] == [4, 4, 2, 0]
    assert library.sharing_bands(wanted)[0] == (ids[0], FLOOD)
    assert library.check() == []


def test_a_template_of_hundreds_is_looked_at_in_bounds(library: Library) -> None:
    add(library, *(f"{FLOOD} Number {number}." for number in range(300)))
    assert len(library.sharing_bands(band_hashes(shingles_of(FLOOD)))) <= 5
