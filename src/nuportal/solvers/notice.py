# pyright: basic
"""One line on stderr before a compilation that takes long, which otherwise would be a silent wait.

numba announces every compilation, and none where its cache has the code already. Worker processes say nothing.
"""

import multiprocessing
import sys
from functools import cache
from typing import Any

_silent = False


def silence() -> None:
    """Say nothing from now on in this process."""
    global _silent  # noqa: PLW0603
    _silent = True


def tell(function: Any, what: str) -> None:
    """Say once that `what` is compiled, when a compiled function begins to be compiled in this process."""
    _texts()[function] = what


@cache
def _texts() -> dict[Any, str]:
    """Return what is to be said of which functions, after asking numba for its announcements."""
    from numba.core import event

    texts: dict[Any, str] = {}

    class Listener(event.Listener):
        def on_start(self, event: Any) -> None:
            what = texts.pop(event.data["dispatcher"], None)
            if what and not _silent and sys.stderr and multiprocessing.parent_process() is None:
                print(f"nuportal: compiling {what}, once for this installation ...", file=sys.stderr, flush=True)

        def on_end(self, event: Any) -> None:
            pass

    event.register("numba:compile", Listener())
    return texts
