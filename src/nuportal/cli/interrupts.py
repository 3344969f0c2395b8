"""Ctrl-C is honoured, once it is pressed: also where Python drops the exception, and while threads still compute.

An exception raised by a signal inside a callback (a finaliser, a callback of the compiler) is printed and dropped by
Python. The handler here therefore raises again every two seconds until the command has ended.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Generator
from typing import NoReturn

_AGAIN = 2.0  #: seconds


@contextlib.contextmanager
def insistent() -> Generator[None]:
    """Context in which SIGINT raises KeyboardInterrupt until the context is left."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)

    def interrupt(*_: object) -> NoReturn:
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGALRM, interrupt)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGALRM, before[1])


def leave(status: int) -> NoReturn:
    """End the process without waiting for threads or processes that still compute."""
    for child in multiprocessing.active_children():
        child.terminate()
    if threading.active_count() == 1:
        sys.exit(status)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)
