"""Vectors for new passages and for those that a change of embedder leaves without."""

from __future__ import annotations

import numpy as np

from index import passage_vectors
from index.passage_vectors import embed_missing, embed_passages
from index.retriever import Retriever


def test_missing_vectors_equal_those_made_on_adding(library, embedder, reports, monkeypatch):
    monkeypatch.setattr(passage_vectors, "BATCH", 4)

    class Successor(type(embedder)):
        id = "successor"

    assert embed_missing(library, Successor()) == 9
    assert embed_missing(library, Successor()) == 0
    for ours, theirs in zip(library.vectors("successor"), library.vectors(embedder.id), strict=True):
        assert np.array_equal(ours, theirs)
    query = "Did frost come late?"
    assert Retriever(library, Successor()).search(query) == Retriever(library, embedder).search(query)


def test_no_passages_have_no_vectors(embedder, reports):
    assert embed_passages(embedder, reports["Ferry"], []).shape == (0, embedder.dimension)
