"""The tandem as a plain C loop, built on the spot by the machine's C compiler."""

import ctypes
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.instants import Instants
from benchmarks.tandem import SERVERS, STAGES, Tandem

COMPILER = "cc"
SOURCE = Path(__file__).with_name("tandem.c")


def has_compiler() -> bool:
    """Whether the machine has a C compiler."""
    return shutil.which(COMPILER) is not None


@cache
def library() -> ctypes.CDLL:
    """The loop, compiled for this process with the usual optimisation."""
    with TemporaryDirectory() as folder:
        built = Path(folder) / "tandem.so"
        subprocess.run([COMPILER, "-O2", "-std=c11", "-shared", "-fPIC", "-o", built, SOURCE], check=True)
        return ctypes.CDLL(str(built))  # stays loaded when the file is gone


def simulate(tandem: Tandem) -> Instants:
    """Queued, start and end of every stage, shape (3, s, n). Raises MemoryError."""
    shape = len(STAGES), tandem.n
    instants = np.full((3, *shape), np.nan)
    services = (ctypes.c_void_p * shape[0])()
    for stage, service_s in tandem.services_s.items():
        services[stage] = _address(service_s, np.float64)
    priority, servers = tandem.priority, np.array(list(SERVERS.values()), np.int32)
    failed = library().tandem(
        ctypes.c_int32(tandem.n),
        ctypes.c_void_p(_address(tandem.arrives_s, np.float64)),
        ctypes.c_void_p(_address(tandem.inspected, np.bool_)),
        ctypes.c_void_p(_address(priority, np.int32)),
        services,
        ctypes.c_void_p(_address(servers, np.int32)),
        ctypes.c_double(tandem.headway_s),
        *(ctypes.c_void_p(_address(found, np.float64)) for found in instants),
    )
    if failed:
        raise MemoryError
    return instants


def instants(tandem: Tandem, found: Instants) -> Instants:
    """With flights before stages, as everywhere else."""
    return found.transpose(0, 2, 1)


def _address(array: NDArray, dtype: type) -> int:
    assert array.dtype == dtype and array.flags.c_contiguous
    return array.ctypes.data
