"""Stored folders: found only when every byte is right, published by one rename, swept when outdated."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import numpy as np
import pytest

from corpus.errors import LibraryError
from corpus.library import PassageFields
from index.cache import STAMP_FILE, Stamp, find, latest, link_files, publish, sweep
from index.lexical import ENGINE, LexicalIndex

STAMP = Stamp("library-uuid", 7, "lexical", ENGINE)


def write(folder):
    (folder / "words.bin").write_bytes(bytes(range(256)) * 10)
    (folder / "other.bin").write_bytes(b"")


def test_publish_then_find(tmp_path):
    root = tmp_path / "index"
    assert find(root, STAMP) is None
    folder = publish(root, STAMP, write)
    assert folder is not None
    assert find(root, STAMP) == folder
    assert sorted(file.name for file in root.iterdir()) == [STAMP.folder], "no parts are left behind"


@pytest.mark.parametrize(
    "change", [{"library": "x"}, {"generation": 8}, {"kind": "x"}, {"engine": "x"}, {"format": 99}], ids=str
)
def test_any_other_stamp_is_not_found(tmp_path, change):
    publish(tmp_path, STAMP, write)
    assert find(tmp_path, replace(STAMP, **change)) is None


def test_a_folder_moved_under_another_name_is_not_found(tmp_path):
    publish(tmp_path, STAMP, write)
    newer = replace(STAMP, generation=8)
    (tmp_path / STAMP.folder).rename(tmp_path / newer.folder)
    assert find(tmp_path, newer) is None


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A real lexical index as it is stored."""
    root = tmp_path_factory.mktemp("cache")
    passages = [PassageFields(n, "a", f"tram number {n} stopped", "Trams", "", "") for n in range(1, 30)]
    return publish(root, STAMP, lambda part: LexicalIndex.build(passages, part))


def test_loading_leaves_a_stored_index_sound(real):
    assert LexicalIndex.load(real).search("tram", 3)[0].tolist() == [1, 2, 3]
    assert find(real.parent, STAMP) == real


def test_a_flipped_bit_in_any_file_is_noticed(real):
    random = np.random.default_rng(1)
    for file in sorted(real.iterdir()):
        sound = file.read_bytes()
        for place in random.integers(0, max(len(sound), 1), 12):
            damaged = bytearray(sound)
            if damaged:
                damaged[place] ^= 1 << int(random.integers(8))
                file.write_bytes(damaged)
                assert find(real.parent, STAMP) is None, f"{file.name} at {place}"
        file.write_bytes(sound)
    assert find(real.parent, STAMP) == real


def test_truncated_missing_and_extra_files_are_noticed(real):
    for file in sorted(real.iterdir()):
        if file.suffix == ".lock":
            continue
        sound = file.read_bytes()
        for size in {0, len(sound) // 2, len(sound) - 1} - {len(sound), -1}:
            file.write_bytes(sound[:size])
            assert find(real.parent, STAMP) is None, f"{file.name} cut to {size}"
        file.unlink()
        assert find(real.parent, STAMP) is None, f"{file.name} missing"
        file.write_bytes(sound)
    extra = real / "segment.bin"
    extra.write_bytes(b"x")
    assert find(real.parent, STAMP) is None
    extra.unlink()
    assert find(real.parent, STAMP) == real


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"stamp": 1}', "\x00" * 9])
def test_a_strange_stamp_is_not_believed(tmp_path, content):
    publish(tmp_path, STAMP, write)
    (tmp_path / STAMP.folder / STAMP_FILE).write_text(content)
    assert find(tmp_path, STAMP) is None


def test_a_damaged_folder_is_replaced(tmp_path):
    folder = publish(tmp_path, STAMP, write)
    (folder / "words.bin").write_bytes(b"damaged")
    assert publish(tmp_path, STAMP, write) == folder
    assert find(tmp_path, STAMP) == folder


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize("name", ["words.bin", STAMP_FILE])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.mkdir()])
def test_pipes_and_devices_are_not_waited_for(tmp_path, name, make):
    folder = publish(tmp_path, STAMP, write)
    (folder / name).unlink()
    make(folder / name)
    assert find(tmp_path, STAMP) is None
    assert publish(tmp_path, STAMP, write) == folder


@pytest.mark.parametrize("error", [OSError("disk full"), LibraryError("disk full")])
def test_a_failed_write_leaves_nothing(tmp_path, error):
    def fail(folder):
        (folder / "half").write_bytes(b"x")
        raise error

    assert publish(tmp_path / "index", STAMP, fail) is None
    assert list((tmp_path / "index").iterdir()) == []


def test_where_nothing_can_be_written_nothing_is(tmp_path):
    (tmp_path / "index").write_text("a file where the folder should be")
    assert publish(tmp_path / "index", STAMP, write) is None
    sweep(tmp_path / "index", STAMP)


def test_sweeping_spares_what_is_in_use(tmp_path):
    older, newer = replace(STAMP, generation=6), replace(STAMP, generation=10)
    for stamp in (older, STAMP, newer, replace(older, kind="other")):
        publish(tmp_path, stamp, write)
    for name in (".part-fresh", ".part-abandoned", "my notes", "lexical"):
        (tmp_path / name).mkdir()
    os.utime(tmp_path / ".part-abandoned", (time.time() - 9999,) * 2)
    sweep(tmp_path, STAMP)
    left = {folder.name for folder in tmp_path.iterdir()}
    other = replace(older, kind="other").folder
    assert left == {STAMP.folder, newer.folder, other, ".part-fresh", "my notes", "lexical"}


def test_the_latest_sound_folder_of_an_earlier_state_is_a_base(tmp_path):
    assert latest(tmp_path, STAMP) is None
    for generation in (3, 5, 6, 9):
        publish(tmp_path, replace(STAMP, generation=generation), write)
    publish(tmp_path, replace(STAMP, generation=7, library="another"), write)
    (tmp_path / replace(STAMP, generation=6).folder / "words.bin").write_bytes(b"damaged")
    assert latest(tmp_path, STAMP) == (tmp_path / replace(STAMP, generation=5).folder, 5)


def test_linked_files_are_shared_and_outlive_their_first_folder(tmp_path):
    base = publish(tmp_path, STAMP, write)
    newer = replace(STAMP, generation=8)

    def follow(part):
        link_files(base, part)
        (part / "new.bin").write_bytes(b"new")

    folder = publish(tmp_path, newer, follow)
    assert (folder / "words.bin").samefile(base / "words.bin")
    assert (folder / "new.bin").read_bytes() == b"new"
    sweep(tmp_path, newer)
    assert not base.exists()
    assert find(tmp_path, newer) == folder


def test_damage_done_after_a_folder_was_checked_is_noticed(tmp_path):
    folder = publish(tmp_path, STAMP, write)
    old = time.time_ns() - 60 * 10**9
    for file in folder.iterdir():
        os.utime(file, ns=(old, old))
    assert find(tmp_path, STAMP) == folder, "its files are known from now on"
    (folder / "words.bin").write_bytes(bytes(range(255, -1, -1)) * 10)
    assert find(tmp_path, STAMP) is None
