"""How many cores a calculation may use: those the process is allowed, and of these what the caller grants."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

_GRANTED: ContextVar[int | None] = ContextVar("granted cores", default=None)


def allowed() -> int:
    """Return the number of cores this process may run on (its affinity, as set by `taskset` or a batch system)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def available() -> int:
    """Return how many threads a calculation may start here: what `granted` says, otherwise what is allowed."""
    return _GRANTED.get() or allowed()


@contextmanager
def granted(cores: int) -> Generator[None]:
    """Let calculations inside this context, in this thread, use so many cores."""
    token = _GRANTED.set(cores)
    try:
        yield
    finally:
        _GRANTED.reset(token)


@dataclass(frozen=True)
class Granted:
    """A function that uses so many cores wherever it is called: in a thread, another process or on a cluster."""

    work: Callable[[Any], Any]
    cores: int

    def __call__(self, item: Any) -> Any:
        """Return work(item), done with these cores."""
        with granted(self.cores):
            return self.work(item)
