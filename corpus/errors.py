"""Every error that a user of this project can meet, in one tree.

::

    QAError                      the base: a message in one line that says how to mend it
    ├── InputError               what was asked for cannot be used: a question, an option, an input file of questions
    ├── ArticleError             one article file cannot be read: empty, binary, too large, an unknown format
    │   └── MissingExtraError    a format or engine needs an optional package that is not installed
    ├── LibraryError             the library's folder is missing, not writable, of a newer format or damaged
    │   └── UnknownArticleError  no article of that id in the library
    └── ModelError               a model's folder is missing, damaged or of the wrong kind
"""

from __future__ import annotations

__all__ = [
    "ArticleError",
    "InputError",
    "LibraryError",
    "MissingExtraError",
    "ModelError",
    "QAError",
    "UnknownArticleError",
]


class QAError(Exception):
    """The base of all errors raised on purpose; ``str(error)`` is one line for the user."""


class InputError(QAError):
    """A question, option or input line cannot be used."""


class ArticleError(QAError):
    """An article file cannot be read."""


class MissingExtraError(ArticleError):
    """An optional package is needed and not installed."""


class LibraryError(QAError):
    """A library's folder cannot be opened or written."""


class UnknownArticleError(LibraryError):
    """The library holds no article of that id."""


class ModelError(QAError):
    """A model cannot be loaded."""
