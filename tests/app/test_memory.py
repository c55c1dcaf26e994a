from __future__ import annotations

import subprocess
import sys

import pytest

from tests.app.conftest import ROOT

# Keeps every hundredth of many blocks, so that what is free lies between them, and prints the resident MB.
HOLES = """
import re, sys, time
from pathlib import Path
from chat.memory import given_back
def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1000
with given_back(float(sys.argv[1])) as is_possible:
    assert is_possible
    before = resident()
    blocks = [bytearray(60_000) for _ in range(4_000)]
    kept = blocks[::100]
    del blocks
    time.sleep(1.5)
    print(resident() - before)
"""


def left(every: float) -> float:
    told = subprocess.run(
        [sys.executable, "-c", HOLES, str(every)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return float(told.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told to glibc alone")
def test_what_lies_free_between_what_is_needed_goes_back_to_the_system() -> None:
    assert left(every=600) > 150
    assert left(every=0.2) < 60
