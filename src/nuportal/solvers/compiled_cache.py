"""Where numba keeps compiled code when neither the installation nor the home folder can be written to.

numba refuses to define a cached function if it finds no folder for it. A folder of this user in the temporary folder
then takes that place: compiled code lasts until the machine clears it. It must belong to this user alone, since the
content of a cache is run.
"""

import os
import stat
import sys
from pathlib import Path


def ensure_cache() -> None:
    """Name a cache folder to numba if it would find none. Costs a few calls of the system; does not import numba."""
    if os.environ.get("NUMBA_CACHE_DIR") or _writable(Path(__file__).parents[1]) or _writable(_users_folder()):
        return
    if (folder := _temporary_folder()) is None:
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if (loaded := sys.modules.get("numba.core.config")) is not None:
        loaded.CACHE_DIR = str(folder)  # type: ignore[attr-defined]


def compiled_folders() -> list[Path]:
    """Return the folders in which numba keeps the compiled functions that are loaded."""
    from numba.core.registry import CPUDispatcher

    loaded = [module for name, module in list(sys.modules.items()) if name.startswith("nuportal.")]
    functions = [thing for module in loaded for thing in vars(module).values() if isinstance(thing, CPUDispatcher)]
    return sorted({Path(path) for f in functions if (path := f.stats.cache_path)})


def _users_folder() -> Path:
    """Where numba keeps compiled code of packages that cannot be written to."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or os.path.expanduser("~"))
    if sys.platform == "darwin":
        return Path(os.path.expanduser("~/Library/Caches")) / "numba"
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "numba"


def _writable(folder: Path) -> bool:
    """Return whether files can be made in a folder, or the folder in the nearest one that exists."""
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def _temporary_folder() -> Path | None:
    """A folder that only this user can read and write, made if missing; None if there is no place for one."""
    import tempfile

    try:
        user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
        folder = Path(tempfile.gettempdir()) / f"nuportal-compiled-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if hasattr(os, "getuid") and not (private and found.st_uid == os.getuid()):
            return Path(tempfile.mkdtemp(prefix="nuportal-compiled-"))
    except OSError:
        return None
    return folder
