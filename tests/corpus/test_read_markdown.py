from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ArticleError
from corpus.metadata import Metadata
from corpus.read_markdown import MAX_BLOCK_CHARACTERS, MAX_MARKDOWN_CHARACTERS, read_markdown

PAGE = """---
title: "Ferry sails again"
authors: [Ana Diaz, Ove Holm]
date: 2024-05-08
source: {name: Marö Weekly}
url: https://maro.example/ferry
---

# Ferry *sails* again

It ~~sank~~ **sails** [again](https://a.example "t"), said
the master.<br><script>alert(1)</script>

<div onclick="x()">raw</div>

> A quotation
> goes on.

1. Monday
2. Friday
   - at noon

| Stop | Time |
|------|------|
| Marö | 10.15 |

```
code = 1
```

![picture](javascript:x)
Setext heading
--------------
End\\
of it.
"""


def test_a_page_is_reduced_to_its_words() -> None:
    text, metadata = read_markdown(PAGE)
    assert text.split("\n\n") == [
        "Ferry sails again",
        "It sank sails again, said the master.",
        "A quotation goes on.",
        "1. Monday\n2. Friday\n- at noon",
        "Stop | Time",
        "Marö | 10.15",
        "code = 1",
        "Setext heading",
        "End\nof it.",
    ]
    assert metadata == Metadata(
        "Ferry sails again", "Ana Diaz and Ove Holm", "Marö Weekly", "2024-05-08", "https://maro.example/ferry"
    )


def test_the_first_heading_is_the_title_where_no_front_matter_says_so() -> None:
    assert read_markdown("# A *title*\n\nText.")[1] == Metadata(title="A title")
    assert read_markdown("Text.\n\n# Later")[1] == Metadata()


@pytest.mark.parametrize(
    "head", ["---\nJust a rule\n---\n", "---\n- a\n- b\n---\n", "---\n\n---\n", "---\ntitle: open"]
)
def test_a_leading_rule_is_not_front_matter(head: str) -> None:
    assert read_markdown(head + "\nText.")[1].title is None


@pytest.mark.parametrize("field", ["date: soon", "title: [1, 2]", "url: javascript:alert(1)", "author: {x: 1}", "1: 2"])
def test_unusable_values_are_left_out(field: str) -> None:
    assert read_markdown(f"---\n{field}\n---\nText.")[1] == Metadata()


def test_front_matter_cannot_build_objects_and_broken_yaml_is_refused() -> None:
    for block in ("title: !!python/object/apply:os.getcwd []", "title: a: b", "title: " + "[" * 5000):
        with pytest.raises(ArticleError, match=r"news\.md: the front matter is not valid YAML.*quotes"):
            read_markdown(f"---\n{block}\n---\nText.", "news.md")


def test_oversized_and_one_paragraph_bombs_are_refused() -> None:
    for text in ("a\n\n" * MAX_MARKDOWN_CHARACTERS, "[" * (MAX_BLOCK_CHARACTERS + 1)):
        with pytest.raises(ArticleError, match=r"save it as \.txt"):
            read_markdown(text)


@pytest.mark.parametrize("hostile", ["> " * 9000, "- " * 9000, "`" * 9000, "*a " * 9000, "![a](" * 9000, "<" * 9000])
def test_deep_nesting_does_not_crash(hostile: str) -> None:
    assert isinstance(read_markdown(hostile)[0], str)


@given(st.text(alphabet="a#*_`[]()<>!-|~\n 1.:\\&;\"'", max_size=200))
def test_any_markdown_is_read(text: str) -> None:
    assert isinstance(read_markdown("x\n" + text)[0], str)


@pytest.mark.parametrize(
    "block",
    [
        "author: &a [*a, *a]",
        "a: &a [x, x]\nb: &b [*a, *a]\nauthor: *b",
        "a: &a {x: 1}\nb: {<<: [*a, *a]}",
        "title: " + "[" * 9_000,
        "date: 1" + ":59" * 6_000 + ".5",
    ],
    ids=["of itself", "aliases", "merged", "deep", "a number too large"],
)
def test_front_matter_that_unfolds_without_end_is_refused(block: str) -> None:
    with pytest.raises(ArticleError, match="the front matter is not valid YAML"):
        read_markdown(f"---\n{block}\n---\n\nThe ferry sailed.")
