from __future__ import annotations

import socket

import pytest

from corpus.article import article_from_text
from corpus.errors import ArticleError
from corpus.locate import locate
from corpus.metadata import Metadata
from corpus.read_html import MAX_DEPTH, MAX_ELEMENTS, read_html

PARAGRAPH = "The white ferry that was moored for three winters sailed again on Monday, and two hundred people waved."
SECOND = "The hull was rebuilt in Mora at a cost of 4.1 million kronor, the council said in a statement after the trip."
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Ferry returns to Lake Orsa | Orsa Post</title>
<meta property="og:site_name" content="Orsa Post"><meta name="author" content="Lena Holm">
<meta property="article:published_time" content="2024-03-05T08:00:00+01:00">
<link rel="canonical" href="https://orsapost.example/ferry"><script>var tracking = "evil()";</script>
<style>p {{ color: red }}</style></head><body>
<div class="cookie-bar">We use cookies to improve your experience. <button>Accept all</button></div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Ferry returns to Lake Orsa</h1><p class="byline">By Lena Holm | 5 March 2024</p>
<p>{PARAGRAPH}</p><h2>A long repair</h2><p>{SECOND}</p>
<ul><li>Monday: six trips</li><li>Friday: four trips</li></ul>
<p>Tickets<br>are sold <a href="javascript:alert(1)">on board</a> by the &ldquo;mate&rdquo;.</p></article>
<aside><h3>Related</h3><a href="/x">Other story</a></aside>
<footer>&copy; 2024 Orsa Post. <a href="/privacy">Privacy policy</a></footer></body></html>"""


def test_the_article_stays_and_the_page_goes() -> None:
    text, metadata = read_html(PAGE.encode())
    assert text.split("\n\n") == [
        "Ferry returns to Lake Orsa",
        "By Lena Holm | 5 March 2024",
        PARAGRAPH,
        "A long repair",
        SECOND,
        "- Monday: six trips\n- Friday: four trips",
        "Tickets are sold on board by the “mate”.",
    ]
    assert metadata == Metadata(
        "Ferry returns to Lake Orsa", "Lena Holm", "Orsa Post", "2024-03-05", "https://orsapost.example/ferry"
    )


def test_the_facts_can_be_quoted_from_the_article() -> None:
    text, metadata = read_html(PAGE.encode())
    article = article_from_text(text, metadata=metadata, format="html")
    assert {name: span.of(article.text) for name, span in locate(article).items()} == {
        "title": "Ferry returns to Lake Orsa",
        "author": "Lena Holm",
        "published": "5 March 2024",
    }


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2023-07-01"}]}</script>',
        '<meta itemprop="datePublished" content="1 July 2023">',
        '<meta name="pubdate" content="2023-07-01">',
    ],
)
def test_a_date_that_the_markup_names_is_taken(head: str) -> None:
    page = f"<html><head><title>Ferry</title>{head}</head><body><p>{PARAGRAPH}</p><p>{SECOND}</p></body></html>"
    assert read_html(page.encode())[1].published == "2023-07-01"


def test_nothing_is_invented() -> None:
    page = f"<html><body><p>{PARAGRAPH}</p><p>{SECOND} It was 3 May 2021.</p><p>Copyright 2019</p></body></html>"
    metadata = read_html(page.encode())[1]
    assert (metadata.published, metadata.url, metadata.publisher, metadata.author) == (None, None, None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_declared_and_marked_encodings(encoding: str) -> None:
    body = f"<body><p>Préfet Noël. {PARAGRAPH}</p><p>{SECOND}</p></body>"
    page = f'<html><head><meta charset="{encoding}"></head>{body}</html>'
    assert "Préfet Noël." in read_html(page.encode(encoding))[0]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "x" * 300,
        "<p><b><i>" * 50_000 + "hello",
        "<b>" * (MAX_DEPTH + 50) + PARAGRAPH,
        f"<html><body>{'<p>a</p>' * (MAX_ELEMENTS + 1)}</body></html>",
        "<table><tr><td>" * 20_000,
        "<" * 100_000,
        "plain words",
        "<html><body><script>alert(1)</script></body></html>",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><html><body>&b;</body></html>',
    ],
)
def test_hostile_and_empty_pages_are_refused_in_one_line(page: str) -> None:
    with pytest.raises(ArticleError, match=r"^bad\.html: .*save the article as \.txt$|^bad\.html: .*\.txt") as refused:
        read_html(page.encode(), "bad.html")
    assert "\n" not in str(refused.value)


def test_no_connection_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert PARAGRAPH in read_html(PAGE.encode())[0]
