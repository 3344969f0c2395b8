"""Tables that take seconds to build, kept on disk in the user's cache folder."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np


def cache_folder() -> Path:
    """Return the folder of cached tables: $NUPORTAL_CACHE, else nuportal/ in $XDG_CACHE_HOME or ~/.cache."""
    if own := os.environ.get("NUPORTAL_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nuportal"


def cached_array(key: str, build: Callable[[], np.ndarray]) -> np.ndarray:
    """Return the array stored under `key` (a file name without suffix), building and storing it when missing.

    A damaged file is rebuilt; a folder that cannot be written to costs only the time of building again.
    """
    path = cache_folder() / f"{key}.npy"
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        array = build()
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as stream:
            np.save(stream, array)
        scratch.replace(path)
    except OSError:
        scratch.unlink(missing_ok=True)
    return array
