"""Tables that take seconds to build, kept on disk in the user's cache folder, each with the SHA-256 of its bytes."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np

from nuportal.errors import OutputError
from nuportal.output import replacing

_DIGEST = hashlib.sha256().digest_size


def cache_folder() -> Path:
    """Return the folder of cached tables: $NUPORTAL_CACHE, else nuportal/ in $XDG_CACHE_HOME or ~/.cache."""
    if own := os.environ.get("NUPORTAL_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "nuportal"


def cached_array(key: str, build: Callable[[], np.ndarray]) -> np.ndarray:
    """Return the array stored under `key` (a file name without suffix), building and storing it when missing.

    A damaged file is rebuilt; a folder that cannot be written to costs only the time of building again.
    """
    path = cache_folder() / f"{key}.npy"
    try:
        content = path.read_bytes()
        if content[-_DIGEST:] == hashlib.sha256(content[:-_DIGEST]).digest():
            return np.load(BytesIO(content[:-_DIGEST]), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        pass
    array = build()
    stored = BytesIO()
    np.save(stored, array)
    stored.write(hashlib.sha256(stored.getvalue()).digest())
    with suppress(OutputError), replacing(path) as temporary:
        temporary.write_bytes(stored.getvalue())
    return array
