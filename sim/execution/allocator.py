"""Memory that was freed and is kept for what is needed next."""

import ctypes
import sys
from contextlib import suppress

KEPT_BYTES = 256 * 2**20
LARGEST_BYTES = 32 * 2**20  # of what comes from the heap; glibc takes no more
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h


def keep_freed_memory() -> None:
    """Let this process keep up to KEPT_BYTES of what it has freed, where its C library is glibc; elsewhere nothing happens.

    A replication takes and frees some hundred megabytes, array by array. Left to itself, glibc gives the end of its heap back
    to the system each time, and the system must hand out emptied pages for the next arrays: a tenth of a replication's time,
    and one that processes spend in the same place. The heaps of threads other than the main one keep up to 64 MiB each.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(_M_MMAP_THRESHOLD, LARGEST_BYTES)
            mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)
