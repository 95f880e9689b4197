"""What a worker process has in memory when it begins: the fork server imports this once, and every worker is a copy of it.

Where it can't be imported, the workers import what they need themselves. Ctrl-C is left to the parent meanwhile.
"""

import gc
import signal
from contextlib import suppress

_before = signal.signal(signal.SIGINT, signal.SIG_IGN)
with suppress(Exception):  # the first replication raises what is wrong, with its name
    import pandas  # noqa: F401 (a replication needs it, and imports it late)
    import pyarrow.compute  # noqa: F401

    from sim import engine
    from sim.execution.executors import processes  # noqa: F401

    engine.get_ready()
    gc.freeze()  # what is loaded stays: the workers need not look through it again and again (a twentieth of their time)
signal.signal(signal.SIGINT, _before)
