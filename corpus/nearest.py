"""A name that is not there, answered with the nearest ones that are."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from corpus.errors import InputError
from corpus.speaker_names import folded

__all__ = ["unknown"]

SHOWN = 3
LEAST_ALIKE = 0.6


def unknown(what: str, name: str, known: Mapping[str, str]) -> InputError:
    """The error for a ``name`` that the library lacks; ``known`` maps names to a second form to compare with.

    >>> str(unknown("publisher", "Miranni Post", {"Mirani Post": "mirani post"}))
    'no publisher “Miranni Post” in this library; the nearest is “Mirani Post”'
    """
    nearest = _nearest(folded(name), known)
    if nearest:
        remedy = f"the nearest {'are' if len(nearest) > 1 else 'is'} {_listed(nearest)}"
    elif known:
        remedy = f"it has {_listed(list(known)[:SHOWN])}{' and others' if len(known) > SHOWN else ''}"
    else:
        remedy = f"none of its articles names a {what}" if what != "article" else "it is empty"
    return InputError(f"no {what} “{_short(name)}” in this library; {remedy}")


def _nearest(wanted: str, known: Mapping[str, str]) -> list[str]:
    """The known names that hold ``wanted`` or are spelt nearly so, in either form."""
    forms: dict[str, list[str]] = {}
    for name, other in known.items():
        for form in {folded(name), other}:
            forms.setdefault(form, []).append(name)
    holding = [form for form in forms if len(wanted) > 2 and wanted in form]
    alike = get_close_matches(wanted, list(forms), SHOWN, LEAST_ALIKE)
    return list(dict.fromkeys(name for form in [*alike, *holding] for name in forms[form]))[:SHOWN]


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{_short(name)}”" for name in names)


def _short(name: str, limit: int = 80) -> str:
    line = " ".join(name.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
