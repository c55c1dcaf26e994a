"""All that a step loads only when it gets there, loaded at once: a child of the server then loads nothing."""

from __future__ import annotations

from importlib import import_module

__all__: list[str] = []

for name in ("corpus.article_reader", "corpus.formats", "index.passage_vectors", "qa.commands", "qa.default_library"):
    import_module(name)
