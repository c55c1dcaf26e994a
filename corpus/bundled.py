"""The two articles that ship with the package, for a first question without any file of one's own."""

from __future__ import annotations

from pathlib import Path

__all__ = ["bundled_articles"]

_FOLDER = Path(__file__).resolve().parent / "articles"  # installed as plain files: see package-data in pyproject


def bundled_articles() -> tuple[Path, ...]:
    """The paths of the bundled article files, sorted by name; their sidecars stand beside them."""
    return tuple(sorted(path for path in _FOLDER.iterdir() if path.suffix == ".txt"))
