"""Freed memory is kept: the same arrays taken and freed again ask the system for nothing."""

import subprocess
import sys

import pytest

ROUNDS = """
import resource
import numpy as np
from sim.execution.allocator import keep_freed_memory

if {kept}:
    keep_freed_memory()

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        arrays = [np.ones(2**19 + 1000 * number) for number in range(12)]
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
print(faults())
"""


def faults(kept: bool) -> int:
    done = subprocess.run([sys.executable, "-c", ROUNDS.format(kept=kept)], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="a setting of glibc")
def test_what_was_freed_is_used_again() -> None:
    assert faults(kept=True) < 100 < 1000 < faults(kept=False)
