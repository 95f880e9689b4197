"""Ctrl-C that is not lost."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """A check for the loop inside the context: it raises KeyboardInterrupt if Ctrl-C was pressed since the context was entered.

    Python raises KeyboardInterrupt in whatever code is running. Libraries that are called back from C (Numba while it loads the
    engine) drop it there, and the study would go on. The check does nothing where the program has a handler of SIGINT of its own,
    and outside the main thread.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield lambda: None
        return
    was_pressed = threading.Event()

    def note_and_raise(number: int, frame: FrameType | None) -> None:
        was_pressed.set()
        signal.default_int_handler(number, frame)

    def raise_if_pressed() -> None:
        if was_pressed.is_set():
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note_and_raise)
    try:
        yield raise_if_pressed
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
