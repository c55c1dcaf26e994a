from corpus.article import article_from_text
from corpus.passages import split_passages
from qa.officials import propose_holders, propose_posts

TEXT = (
    "The council met on Tuesday. Ana Silva, Director of the Port Authority and Chair of the Harbour Fund, Bo Lund, "
    "Director of the Finance Bureau, and Chen Wei, Deputy Mayor of Ystad, took part."
)
ARTICLE = article_from_text(TEXT, clean=False)
PASSAGES = split_passages(ARTICLE)
ARTICLES = {ARTICLE.id: ARTICLE}


def test_the_whole_post_of_a_person_and_not_the_neighbours() -> None:
    best = propose_posts("Bo Lund", PASSAGES, ARTICLES)[0]
    assert best.span.of(TEXT) == "Director of the Finance Bureau"
    first = propose_posts("Silva", PASSAGES, ARTICLES)[0]
    assert first.span.of(TEXT) == "Director of the Port Authority and Chair of the Harbour Fund"


def test_the_holder_of_a_post_is_the_name_in_front_of_it() -> None:
    for role, name in [
        ("Director of the Finance Bureau", "Bo Lund"),
        ("director of the port authority", "Ana Silva"),
        ("deputy mayor of Ystad", "Chen Wei"),
    ]:
        assert propose_holders(role, PASSAGES, ARTICLES)[0].span.of(TEXT) == name


def test_a_post_that_nobody_holds_finds_nobody() -> None:
    assert propose_holders("ambassador to Peru", PASSAGES, ARTICLES) == []
    assert propose_posts("Diego Ruiz", PASSAGES, ARTICLES) == []
