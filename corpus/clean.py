"""A captured page -> the article alone: furniture of the site goes, every paragraph of the body stays.

The page is cut in three by its prose: lines above the first paragraph, the body, lines below the last. Above and
below, lines are dropped by what they look like; inside the body almost nothing is. A wrong line that stays costs
little, a paragraph that goes cannot be asked about any more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.boilerplate import (
    is_interruption,
    is_menu,
    is_menu_word,
    is_notice,
    is_site_contact,
    is_teaser_heading,
)
from corpus.bylines import is_byline, is_imprint
from corpus.metadata import Metadata
from corpus.spacing import tidy_characters, to_paragraphs

__all__ = ["clean", "clean_lines"]

_SENTENCE_END = re.compile(r"""[.!?…。！？؟।]["'”’»)\]]*$""")
_SPEECH = re.compile(r"[^\W\d_][^:\n]{0,60}:\s+\S")
_BULLET = re.compile(r"(?:[-*•–—▪◦]|\(?\d{1,3}[.)])\s")
_RELEASE = re.compile(
    r"\W*(?:for immediate release|(?:press|news|media) (?:release|statement))\b|issued by\b", re.IGNORECASE
)
_RELEASE_END = re.compile(r"\W*ends?\W*", re.IGNORECASE)
_CONTACT_OF_RELEASE = re.compile(
    r"(?:media|press)\b.{0,30}\b(?:contacts?|enquir\w+|inquir\w+|office)\b|notes? to editors", re.IGNORECASE
)
_MASTHEAD_SUFFIX = re.compile(
    r"[\s\-–—|:]*(?:(?:site |page |web)?(?:title|logo|masthead|home ?page|home))?", re.IGNORECASE
)
_PROSE_WORDS, _PROSE_CHARACTERS = 8, 160
_MENU_LENGTH, _MENU_ENTRY_WORDS, _MENU_RUN = 30, 4, 3
_LONGEST_TEASER = 160
_MOST_PASSES = 20  # pages met so far need two; a bound for hostile ones
_MOST_LINES = 10_000  # no page is so long; looking at 10,000 menu-like lines takes two seconds


def clean(text: str, metadata: Metadata | None = None) -> str:
    r"""``text`` without the furniture of its page, its paragraphs separated by exactly ``\n\n``.

    Kept: title, byline and date line as shown, headings, every paragraph, speakers' labels, lists, a press release's
    contact; the line that names the publisher goes last where it stood below the body. ``metadata`` tells which lines
    are the title and the publisher. A text that would be furniture altogether stays whole. Cleaning twice changes
    nothing.

    >>> clean("Home\nNews\nContact\n\nThe bridge opened on Monday, two years late.\n\nAll rights reserved.")
    'The bridge opened on Monday, two years late.'
    """
    lines = to_paragraphs(tidy_characters(text))
    return "\n\n".join(line for _, line in clean_lines(lines, metadata))


def clean_lines(lines: list[str], metadata: Metadata | None = None) -> list[tuple[int, str]]:
    """The lines that `clean` keeps, each with its place among ``lines``; ``metadata`` as there.

    A line is kept as it is, save that one with the publisher's name may be cut down to it.
    """
    known = metadata or Metadata()
    placed = list(enumerate(lines))
    for _ in range(_MOST_PASSES if len(lines) <= _MOST_LINES else 0):
        kept = _drop_furniture(placed, known)
        if kept == placed or not kept:
            break
        placed = kept
    return placed


def _drop_furniture(placed: list[tuple[int, str]], known: Metadata) -> list[tuple[int, str]]:
    page = _Page.of([line for _, line in placed], known)
    dropped = page.find_interruptions() | page.find_menus() | page.find_notices() | page.find_teasers()
    dropped |= page.find_contacts(dropped)
    reduced = [
        (place, _reduce_masthead(line, known) if at < page.body_start else line)
        for at, (place, line) in enumerate(placed)
    ]
    body = [line for at, line in enumerate(reduced) if at not in dropped and not page.is_footer_imprint(at)]
    imprints = [line for at, line in enumerate(reduced) if at not in dropped and page.is_footer_imprint(at)]
    result = body + imprints
    return result + _rescue_publisher([placed[at] for at in sorted(dropped)], result, known) if result else []


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page, with the range ``[body_start, body_end)`` from its first paragraph to its last."""

    lines: list[str]
    known: Metadata
    body_start: int
    body_end: int

    @classmethod
    def of(cls, lines: list[str], known: Metadata) -> _Page:
        count = len(lines)
        start = next((at for at in range(count) if _is_prose(lines[at])), count)
        end = next((at + 1 for at in range(count - 1, start - 1, -1) if _is_prose(lines[at])), 0)
        return cls(lines, known, start, end)

    def _outside(self) -> list[int]:
        """The places above and below the body; all of them where the page has no paragraph."""
        return [at for at in range(len(self.lines)) if not self.body_start <= at < self.body_end]

    def _is_kept(self, at: int) -> bool:
        line = self.lines[at]
        if line in {self.known.title, self.known.publisher, self.known.author} or is_imprint(line):
            return True
        release = _RELEASE.match(line) or _RELEASE_END.fullmatch(line)
        return bool(release or is_byline(line)) and not is_notice(line)

    def is_footer_imprint(self, at: int) -> bool:
        return at >= self.body_end > 0 and is_imprint(self.lines[at])

    def find_interruptions(self) -> set[int]:
        return {at for at, line in enumerate(self.lines) if is_interruption(line) and not self._is_kept(at)}

    def find_notices(self) -> set[int]:
        return {at for at in self._outside() if is_notice(self.lines[at]) and not self._is_kept(at)}

    def find_menus(self) -> set[int]:
        """Single menu words and menu lines, and runs of short titled lines that hold at least one menu word."""
        outside = [at for at in self._outside() if not self._is_kept(at)]
        found = {at for at in outside if is_menu_word(self.lines[at]) or is_menu(self.lines[at])}
        run: list[int] = []
        for at in [*outside, len(self.lines) + 1]:
            if run and (at != run[-1] + 1 or not _is_entry(self.lines[at])):
                found |= self._menu_of(run)
                run = []
            if at < len(self.lines) and _is_entry(self.lines[at]):
                run.append(at)
        return found - self._listed(found)

    def _menu_of(self, run: list[int]) -> set[int]:
        if len(run) < _MENU_RUN or not any(is_menu_word(self.lines[at]) for at in run):
            return set()
        last, following = run[-1], range(run[-1] + 1, min(self.body_start, len(self.lines)))
        heads_article = last < self.body_start and not is_menu_word(self.lines[last])
        # A short title right below the menu looks like its last entry.
        if heads_article and not any(len(self.lines[at].split()) > _MENU_ENTRY_WORDS for at in following):
            run = run[:-1]
        return set(run)

    def _listed(self, found: set[int]) -> set[int]:
        """Menu words that a paragraph ending in a colon introduces: a list of the article."""
        listed: set[int] = set()
        for at in sorted(found):
            before = at - 1
            if before in listed or (before >= 0 and _announces(self.lines[before])):
                listed.add(at)
        return listed

    def find_teasers(self) -> set[int]:
        """Headings such as "Must read" with the titles under them; in the body only lines that are no sentence."""
        found: set[int] = set()
        for at, line in enumerate(self.lines):
            below = at >= self.body_end > 0
            if at not in found and is_teaser_heading(line, below=below) and not self._is_kept(at):
                found |= {at, *self._teasers_after(at, below=below)}
        return found

    def _teasers_after(self, heading: int, *, below: bool) -> list[int]:
        teasers: list[int] = []
        for at in range(heading + 1, len(self.lines)):
            line = self.lines[at]
            sentence = _SENTENCE_END.search(line) and not (below and line.endswith("?"))
            if (
                sentence
                or len(line) > _LONGEST_TEASER
                or _SPEECH.match(line)
                or _BULLET.match(line)
                or self._is_kept(at)
            ):
                break
            teasers.append(at)
        # Inside the body the line right above the next paragraph may be its heading.
        return teasers if below else teasers[:-1] if len(teasers) > 1 else teasers

    def find_contacts(self, dropped: set[int]) -> set[int]:
        """Lines on how to reach the site: only in a footer with other furniture, never of a press release."""
        footer = range(self.body_end, len(self.lines))
        if not self.body_end or not any(at in dropped for at in footer):
            return set()
        if any(_RELEASE.match(line) for line in self.lines[: self.body_start + 1]):
            return set()
        named = [at for at in footer if _CONTACT_OF_RELEASE.match(self.lines[at])]
        return {at for at in footer if is_site_contact(self.lines[at]) and not any(place < at for place in named)}


def _is_prose(line: str) -> bool:
    """Whether a line is a paragraph of an article: a long sentence, or what a labelled speaker says."""
    if is_interruption(line) or is_notice(line) or is_site_contact(line) or is_imprint(line) or is_byline(line):
        return False
    if is_menu(line) or is_teaser_heading(line, below=True):
        return False
    if _SPEECH.match(line) or len(line) >= _PROSE_CHARACTERS:
        return True
    return bool(_SENTENCE_END.search(line)) and (len(line.split()) >= _PROSE_WORDS or not line.isascii())


def _announces(line: str) -> bool:
    """Whether a line of an article, not of a site, introduces a list: "The council has three new posts:"."""
    return line.endswith(":") and len(line.split()) >= 4 and not (is_interruption(line) or is_notice(line))


def _is_entry(line: str) -> bool:
    """Whether a line could be an entry of a menu: a few capitalised words, no figure, no punctuation."""
    words = line.split()
    if len(line) > _MENU_LENGTH or len(words) > _MENU_ENTRY_WORDS or re.search(r"[\d,:;.!?\"“”]", line):
        return False
    return is_menu_word(line) or all(
        word[0].isupper() or word in {"&", "and", "of", "the", "in", "for"} for word in words
    )


def _reduce_masthead(line: str, known: Metadata) -> str:
    """The publisher's name alone, where a capture wrote "NAME Title" or "NAME Logo" at the top."""
    name = known.publisher
    if name and line.casefold().startswith(name.casefold()) and _MASTHEAD_SUFFIX.fullmatch(line, len(name)):
        return line[: len(name)]
    return line


def _rescue_publisher(
    dropped: list[tuple[int, str]], kept: list[tuple[int, str]], known: Metadata
) -> list[tuple[int, str]]:
    """The publisher's name from a dropped line, where no kept line names it: who published it may be asked."""
    name = known.publisher
    if not name or any(name.casefold() in line.casefold() for _, line in kept):
        return []
    for place, line in dropped:
        at = line.casefold().find(name.casefold())
        if at >= 0 and line[at : at + len(name)].casefold() == name.casefold():
            return [(place, line[at : at + len(name)])]
    return []
