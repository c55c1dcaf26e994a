"""Passages to ranked passages: embedding, exact dense search, lexical search and their fusion."""

from index.passage_vectors import embed_missing, embed_passages
from index.protocol import Embedder
from index.retriever import Retriever
from index.types import Hit, Ranks

__all__ = ["Embedder", "Hit", "Ranks", "Retriever", "embed_missing", "embed_passages"]
