"""Freed memory is kept: the same tensors a second time cost no page faults."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import resource, sys
import torch
from training.memory import keep_memory
if sys.argv[1] == "keep":
    assert keep_memory()
def fill():
    for _ in range(12):
        torch.ones(16_000_000)
fill()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
fill()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _faults(mode: str) -> int:
    done = subprocess.run([sys.executable, "-c", _PROGRAM, mode], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_a_step_reuses_the_memory_of_the_step_before():
    assert _faults("keep") < 200
    # Twelve tensors of 64 MB given back and asked for again, at 4 KB or 2 MB a page.
    assert _faults("as it is") >= 300
