from __future__ import annotations

from typing import Any

import pytest

from corpus.locate import locate
from corpus.types import Article

BODY = (
    "The ferry that was moored for three winters sailed again, and Ana Diaz of the Lake Post was on board when it left "
    "the pier on 8 May 2024, a Wednesday, said the harbour master of Marö."
)


def located(text: str, **facts: Any) -> dict[str, str]:
    return {name: span.of(text) for name, span in locate(Article("id", text, **facts)).items()}


def test_only_what_is_known_and_there_is_located() -> None:
    text = f"Ferry\n\nBy Ana Diaz | 8 May 2024\n\n{BODY}"
    assert located(text) == {}
    assert located(text, title="Other", author="Ove Holm", publisher="None", published="2020-01-01") == {}


def test_the_byline_is_preferred_to_the_body() -> None:
    text = f"{BODY[:60]} Ana Diaz.\n\nBy Ana Diaz | Lake Post | 8 May 2024\n\n{BODY}"
    spans = locate(Article("id", text, author="Ana Diaz", publisher="Lake Post", published="2024-05-08"))
    assert all(spans[name].start > text.index("By ") for name in ("author", "publisher", "published"))
    assert all(spans[name].end < text.index(BODY) for name in ("author", "publisher", "published"))


def test_a_date_in_the_body_is_not_the_date_of_publication() -> None:
    assert located(f"Ferry sails\n\n{BODY}", published="2024-05-08") == {}


@pytest.mark.parametrize("known", ["Ana Diaz, Ove Holm", "ana diaz and ove holm", "Ana  Diaz and Ove Holm"])
def test_authors_are_found_in_another_spelling_of_the_list(known: str) -> None:
    assert located(f"Ferry sails\n\nBy Ana Diaz and Ove Holm\n\n{BODY}", author=known) == {
        "author": "Ana Diaz and Ove Holm"
    }


def test_an_imprint_is_found_at_the_end() -> None:
    text = f"Ferry sails\n\n{BODY}\n\nHosted by: The Lake Board"
    assert located(text, publisher="The Lake Board") == {"publisher": "The Lake Board"}


def test_a_name_inside_a_longer_word_is_not_the_name() -> None:
    assert located(f"Ferry sails\n\n{BODY}", publisher="Mar") == {}
