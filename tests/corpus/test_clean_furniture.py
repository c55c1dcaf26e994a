"""Invented articles wrapped in the furniture of invented sites: the furniture goes, the articles stay whole."""

from __future__ import annotations

import pytest

from corpus.clean import clean

NEWSPAPER = (
    (
        "Skip to main content",
        "Subscribe",
        "Sign in",
        "News",
        "Sport",
        "Culture",
        "Opinion",
        "Obituaries",
        "Home > Regional > Harbours",
        "4 min read",
        "Share this article",
    ),
    (
        "Share on Facebook",
        "Tags: harbour, ferries, council",
        "You may also like",
        "Council delays vote on the fish market",
        "Why is the lighthouse dark again?",
        "Ten walks for a wet Sunday",
        "Sign up for our newsletter and get the week's best stories in your inbox",
        "12 Comments",
        "About Us",
        "Contact",
        "Advertise with us",
        "Terms of Use | Privacy Policy | Cookie Policy",
        "© 2024 Bay Printing and Publishing Ltd. All rights reserved.",
    ),
)
MINISTRY = (
    ("Home | Ministry | Departments | News | Contact", "Search", "Language", "English", "Font size: A A A"),
    (
        "Print",
        "Back to top",
        "Website maintenance: State Data Centre",
        "Site Identification Code: 4400210033",
        "Vehicles and Licences Permit No. 2019-004417",
        "Tel: +255 22 555 0101",
        "E-mail: webmaster@ministry.example",
        "Best viewed in a modern browser at 1280 x 800",
    ),
)
COOKIE_WALL = (
    (
        "We and our partners use cookies to improve your experience and to analyse our traffic.",
        "Accept all",
        "Reject all",
        "Manage preferences",
        "Menu",
        "Advertisement",
    ),
    (
        "Advertisement - continue reading below",
        "RELATED STORIES",
        "Three mills reopen after the flood",
        "The man who counts swifts",
        "By using this website you accept our use of cookies as set out in our Cookie Policy.",
        "I Agree",
        "Follow us on Instagram",
        "Download our app",
    ),
)
PORTAL = (
    ("Government", "Services", "Tourism", "Investment", "Open Data", "Navigator"),
    (
        "MUST READ",
        "A City of Lanterns, A Night of Songs",
        "Where the River Turns",
        "Harmful or illegal information on this site can be reported by calling 010-5550-1234",
        "京ICP备05000000号-1",
        "For any inquiries, please email service@portal.example",
        "About UsContact UsPrivacy Policy",
        "Leaving a message",
        "Back",
    ),
)
BLOG = (
    ("Home", "About", "Archive", "Toggle navigation"),
    (
        "Share this:",
        "Like",
        "Tweet",
        "Filed under: Local history",
        "Previous post",
        "Next post",
        "Leave a comment",
        "Log in to comment",
        "Powered by Quillpress",
        "Copyright 2023 The Attic",
    ),
)
STYLES = (NEWSPAPER, MINISTRY, COOKIE_WALL, PORTAL, BLOG)

INTERVIEW = """"We mend the nets twice": an hour with the harbour master of Vágsnes

By Ragna Hoydal | Vágsnes Weekly | 9 May 2024

The pier of Vágsnes was closed for two winters. Sunniva Dahl, who runs the port, showed us what has been rebuilt.

What the storm took

Reporter: Was anything left of the old pier?

Sunniva Dahl: Eleven posts.

We use them now as benches, and people like to sit there when the boats come in.

Reporter: And then?

Yes.

Sunniva Dahl: Three things were needed:

- Timber

- Money

- Patience

Reporter: What comes next?

Sunniva Dahl: A new crane."""
RELEASE = """PRESS RELEASE

Lake Ohrel Authority opens a swimming school for adults

Issued by the Lake Ohrel Authority, Kranj Dol, 11 July 2022

The Lake Ohrel Authority today opened a school in which adults learn to swim before they rent a boat. About 240 people
applied.

"Nobody should be ashamed at forty," said its director, Milan Verhov.

About the Authority: Founded in 2018, it looks after the shore, the boats and the lifeguards of the lake.

Media contact: Tea Lorber, Press Office

Ends""".replace("boat. About 240 people\napplied", "boat. About 240 people applied")
REPORT = """Delegates agree on a calendar for the shared canal

KARSU, 3 March 2023 — Delegates of four districts agreed on Friday to open the sluices of the canal by turns.

Oybek Nazarli, who chaired the talks, pointed out that the canal had been dry for 61 days in the year before.

The website of the council will show the calendar; cookies and tea were served at the close, the hosts said.

The next meeting will be held in Darvoz."""


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\n \u00a0\n"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("article", [INTERVIEW, RELEASE, REPORT])
def test_furniture_goes_and_the_article_stays(
    article: str, style: tuple[tuple[str, ...], tuple[str, ...]], separator: str
) -> None:
    above, below = style
    kept = clean(separator.join(above) + "\n\n" + article + "\n\n" + separator.join(below)).split("\n\n")
    lines = article.split("\n\n")
    assert [line for line in lines if line not in kept] == []
    extra = [line for line in kept if line not in lines]
    if article is RELEASE:  # a release's own telephone line cannot be told from the site's
        extra = [line for line in extra if not line.startswith(("Tel:", "E-mail:", "For any inquiries"))]
    assert extra == []
    assert [line for line in kept if line in lines] == lines


@pytest.mark.parametrize("article", [INTERVIEW, RELEASE, REPORT])
def test_a_clean_article_is_left_alone(article: str) -> None:
    assert clean(article) == article
