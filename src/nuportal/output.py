"""Files are written beside their place and moved into it: a crash or a full disk leaves what was there untouched.

The temporary name holds host and process, so that the next run removes what a killed one left behind.
"""

import os
import platform
import re
import tempfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nuportal.errors import OutputError


def checked(path: str | Path, suffixes: Sequence[str]) -> Path:
    """Return `path` ("~" expanded) if a file of one of the types can be written there; nothing is written yet.

    suffixes: allowed file types such as (".png", ".pdf"). Raises OutputError.
    """
    path = _expanded(path)
    if path.suffix.lower() not in suffixes:
        raise OutputError(f"cannot write '{path}': the file type must be one of {', '.join(suffixes)}")
    try:
        path.exists()
    except OSError as error:
        shown = str(path) if len(str(path)) < 80 else f"{str(path)[:40]}...{str(path)[-20:]}"
        raise OutputError(f"cannot write '{shown}': {error.strerror or error}") from None
    if path.is_dir():
        raise OutputError(f"cannot write '{path}': it is a folder")
    if path.exists() and not os.access(path, os.W_OK):
        raise OutputError(f"cannot write '{path}': the file is read-only")
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise OutputError(f"cannot write '{path}': '{folder}' is not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write '{path}': no permission in folder '{folder}'")
    return path


@contextmanager
def replacing(path: str | Path) -> Generator[Path]:
    """Yield a temporary name in the same folder (made if missing); on success it becomes `path`, else it is removed.

    What killed runs left beside `path` is removed too. Raises OutputError where the file system refuses.
    """
    path = _expanded(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        prefix = f".{path.stem}.{_host()}-{os.getpid()}-"
        handle, name = tempfile.mkstemp(prefix=prefix, suffix=path.suffix, dir=path.parent)
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write '{path}': {getattr(error, 'strerror', None) or error}") from None
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.chmod(0o666 & ~_umask())
        yield temporary
        _to_disk(temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(f"cannot write '{path}': {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Remove the temporary files of runs on this machine that no longer exist."""
    ours = re.compile(re.escape(f".{path.stem}.{_host()}-") + r"(\d+)-\w+" + re.escape(path.suffix))
    for entry in path.parent.iterdir():
        if (match := ours.fullmatch(entry.name)) and not _is_running(int(match[1])):
            entry.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # it belongs to somebody else
        return True
    return True


def _host() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _to_disk(path: Path) -> None:
    """Force a file out of the caches of the system, so that its new name never stands for half of it."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _expanded(path: str | Path) -> Path:
    """The path with "~" replaced by the home folder. Raises OutputError."""
    try:
        return Path(path).expanduser()
    except (RuntimeError, TypeError, ValueError) as error:
        raise OutputError(f"cannot write {str(path)!r}: {error}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
