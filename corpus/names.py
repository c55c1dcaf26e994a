"""Whether a few words are a person's name, a publication or an organisation, by their shape alone."""

from __future__ import annotations

import re

__all__ = ["are_names", "is_organisation", "is_publication"]

_PARTICLES_TEXT = """de da do dos das del della di du des d' la le van von der den ter ten bin ibn bint al el abu ben
y e af av zu zum mac mc ó ní st"""
_NOT_NAMES_TEXT = """the our a an this that these those in on at of for from with how what why who when where as is are
no not all january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday today yesterday staff agency news desk team office editorial"""
_PUBLICATIONS_TEXT = """times post herald daily weekly monthly quarterly review bulletin gazette observer ledger journal
news courier chronicle tribune standard star monitor press magazine mail telegraph record reporter express dispatch
digest register guardian independent mirror examiner sentinel globe voice echo argus advocate messenger inquirer
newspaper newsletter newswire wire agency radio television broadcasting media online"""
_ORGANISATIONS_TEXT = """office authority ministry department bureau committee commission council company corporation
centre center university institute foundation association agency government secretariat service services section
division group union society trust board administration municipality bank press chamber league alliance cooperative
cluster school college hospital museum"""
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_NOT_NAMES = frozenset(_NOT_NAMES_TEXT.split())
_PUBLICATIONS = frozenset(_PUBLICATIONS_TEXT.split())
_ORGANISATIONS = frozenset(_ORGANISATIONS_TEXT.split())
_ROLES = re.compile(
    r"\b(?:correspondent|writer|reporter|editor|staff|photographer|intern|contributor)s?\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\s,]+")
_JOIN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*")


def are_names(words: str) -> bool:
    """Whether ``words`` is one full name or several joined by commas, "and" or "&".

    >>> are_names("Kim Lee and Ana de Souza"), are_names("YULING CHEN"), are_names("the harbour"), are_names("Maria")
    (True, True, False, False)
    """
    return bool(words) and all(_is_name(name) for name in _JOIN.split(words))


def _is_name(words: str) -> bool:
    tokens = words.split()
    if not 2 <= len(tokens) <= 5 or any(character.isdigit() or character in ':?!"“”' for character in words):
        return False
    if any(token.casefold() in _NOT_NAMES for token in tokens) or is_publication(words):
        return False
    capitals = sum(token != token.lower() or not token[0].isascii() for token in tokens)
    return capitals >= 2 and all(_fits_name(token) for token in tokens)


def _fits_name(token: str) -> bool:
    # "al-Maamari", "d'Arc" and "bin" begin in lower case.
    head = re.split(r"[-'’]", token, maxsplit=1)[0].casefold()
    if token[0].isupper() or token.casefold() in _PARTICLES or head in _PARTICLES | {"d", "l", "o"}:
        return True
    return not (token[0].isascii() or token[0].islower())  # a script without capitals


def is_publication(words: str) -> bool:
    """Whether ``words`` look like the name of a newspaper, magazine or agency: "Horn Trade Bulletin"."""
    return _is_titled(words, _PUBLICATIONS)


def is_organisation(words: str) -> bool:
    """Whether ``words`` look like the name of an institution: "Office of the Governor", "Lekki Port Authority"."""
    return _is_titled(words, _ORGANISATIONS) or is_publication(words)


def _is_titled(words: str, kinds: frozenset[str]) -> bool:
    tokens = _WORD.findall(words)
    if not 2 <= len(tokens) <= 12 or _ROLES.search(words) or not tokens[0][0].isupper():
        return False
    if tokens[-1].casefold() in {"release", "statement", "conference"}:
        return False  # "PRESS RELEASE" is a genre
    small = {"the", "of", "and", "for", "in", "to", "on", "&"} | _PARTICLES
    return all(token[0].isupper() or token.casefold() in small for token in tokens) and any(
        token.casefold().strip(".'’") in kinds for token in tokens
    )
