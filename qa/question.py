"""A question as people type it to one that can be asked."""

from __future__ import annotations

import re
import unicodedata

from corpus.errors import InputError

__all__ = ["MAX_QUESTION_CHARACTERS", "checked_question"]

MAX_QUESTION_CHARACTERS = 2_000
"""A longer one is refused: it is a text, and the reader would see only its beginning."""

_SPACE = re.compile(r"\s+")


def checked_question(question: str) -> str:
    """The question on one line without control characters; ``InputError`` if it is empty, too long or no real text."""
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise InputError(
            f"the question has {len(question):,} characters, {MAX_QUESTION_CHARACTERS:,} are allowed; "
            "ask one thing at a time"
        )
    if any(unicodedata.category(character) == "Cs" for character in question):
        raise InputError("the question holds half of a character (a lone surrogate); type it again")
    visible = "".join(
        " " if character.isspace() else character
        for character in question
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    if not any(character.isalnum() for character in visible):
        raise InputError("the question is empty; type a question in words")
    return _SPACE.sub(" ", visible).strip()
