"""Passages to ranked passages: embedding, exact dense search, lexical search and their fusion."""

from index.protocol import Embedder
from index.retriever import Retriever
from index.types import Hit, Ranks

__all__ = ["Embedder", "Hit", "Ranks", "Retriever"]
