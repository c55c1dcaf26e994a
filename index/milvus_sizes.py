"""Rows in parts of a size that a server takes in one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import numpy as np

__all__ = ["SENT_BYTES", "in_parts", "slices"]

Item = TypeVar("Item")

SENT_BYTES: Final = 4_000_000
"""Of one request; a server takes 64 MB by default, and a smaller one is repeated sooner."""


def slices(rows: Sequence[dict[str, Any]], most: int = SENT_BYTES) -> Iterator[list[dict[str, Any]]]:
    """The rows in parts of about ``most`` bytes, at least one row in each.

    >>> [len(part) for part in slices([{"text": "a" * 10}] * 5, most=60)]
    [2, 2, 1]
    """
    return in_parts(rows, _bytes, most)


def in_parts(items: Iterable[Item], weigh: Callable[[Item], int], most: int) -> Iterator[list[Item]]:
    """The items in order, in lists that weigh at most ``most``; one that weighs more stands alone."""
    part: list[Item] = []
    size = 0
    for item in items:
        weight = weigh(item)
        if part and size + weight > most:
            yield part
            part, size = [], 0
        part.append(item)
        size += weight
    if part:
        yield part


def _bytes(value: object) -> int:
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str):
        return 3 * len(value)  # at most, but for signs beyond the basic plane
    if isinstance(value, Mapping):
        return sum(map(_bytes, value.values()))
    return sum(map(_bytes, value)) if isinstance(value, list) else 8
