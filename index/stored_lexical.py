"""The lexical index of one state of a library: from its stored files, from those of an earlier state, or made anew.

Adding to a library changes little of its index: the files of the earlier one are linked into a new folder, what was
removed is marked there and what came is added, so that the cost follows the change and not the library.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from corpus.errors import LibraryError
from corpus.library import Library
from index import cache
from index.lexical import ENGINE, LexicalIndex

__all__ = ["IN_MEMORY_PASSAGES", "lexical_index"]

# Up to here the index is made in memory in less time than a stored one takes to be made once
# (60 passages 0.05 s, 2,000 0.4 s; to disk 0.3 and 0.7 s; loading takes 1 ms).
IN_MEMORY_PASSAGES: Final = 500


def lexical_index(library: Library) -> LexicalIndex:
    """The index of the state that the library is read in; in memory where it is small or nothing can be stored."""
    if library.count_passages() <= IN_MEMORY_PASSAGES:
        return LexicalIndex.build(library.passage_fields())
    root = library.path / "index"
    stamp = cache.Stamp(library.uuid, library.generation, "lexical", ENGINE)
    folder = cache.find(root, stamp)
    if folder is None and not library.read_only:
        folder = _follow(library, root, stamp) or _make(library, root, stamp)
        cache.sweep(root, stamp)
    if folder is not None:
        try:
            return LexicalIndex.load(folder)
        except LibraryError:  # another process swept it away a moment ago, or its locks cannot be taken here
            pass
    return LexicalIndex.build(library.passage_fields())


def _make(library: Library, root: Path, stamp: cache.Stamp) -> Path | None:
    return cache.publish(root, stamp, lambda part: LexicalIndex.build(library.passage_fields(), part))


def _follow(library: Library, root: Path, stamp: cache.Stamp) -> Path | None:
    """The stored index of an earlier state brought up to date; ``None`` where there is none that it pays for."""
    earlier = cache.latest(root, stamp)
    if earlier is None:
        return None
    base, generation = earlier

    def write(part: Path) -> None:
        cache.link_files(base, part)
        came = library.passage_fields(after=LexicalIndex.load(base).last)
        LexicalIndex.follow(part, library.removed_since(generation), came)

    return cache.publish(root, stamp, write)
