"""``NAME.meta.json`` beside an article file: facts that a person states about it, trusted above all others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.dates import parse_date
from corpus.decode import decode, read_bytes
from corpus.errors import ArticleError
from corpus.metadata import FACTS, Metadata, is_web_address

__all__ = ["SIDECAR_SUFFIX", "read_sidecar", "sidecar_path"]

SIDECAR_SUFFIX = ".meta.json"


def sidecar_path(article: Path) -> Path:
    """Where the sidecar of ``article`` stands: ``report.txt`` -> ``report.txt.meta.json``, else ``report.meta.json``.

    The first form is told apart from a ``report.md`` beside it and wins where both files exist.
    """
    full = article.with_name(article.name + SIDECAR_SUFFIX)
    return full if full.is_file() else article.with_name(article.stem + SIDECAR_SUFFIX)


def read_sidecar(article: Path) -> Metadata:
    """The facts in the sidecar of ``article``, or none where it has no sidecar.

    Every field is text or null; ``published`` is one full date, ``url`` an http or https address.
    Raises `ArticleError` for anything else, and for a field that is not known.
    """
    path = sidecar_path(article)
    if not path.is_file():
        return Metadata()
    try:
        fields = json.loads(decode(read_bytes(path), str(path)))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{path}: not valid JSON ({error}); mend it or remove it") from error
    if not isinstance(fields, dict):
        raise ArticleError(f'{path}: must be one JSON object such as {{"title": "..."}}; mend it or remove it')
    return Metadata(**{name: _check(path, name, value) for name, value in fields.items()})


def _check(path: Path, name: str, value: Any) -> str | None:
    if name not in FACTS:
        raise ArticleError(f'{path}: unknown field "{name[:40]}"; use only {", ".join(FACTS)}')
    if value is None:
        return None
    if not isinstance(value, str):
        raise ArticleError(f'{path}: "{name}" must be text in quotes or null, not {type(value).__name__}')
    value = " ".join(value.split())
    if name == "published" and value:
        iso = parse_date(value)
        if iso is None:
            raise ArticleError(f'{path}: "published" must be a full date such as 2024-05-31, not "{value[:40]}"')
        return iso
    if name == "url" and value and not is_web_address(value):
        raise ArticleError(f'{path}: "url" must begin with http:// or https://, or be null')
    return value or None
