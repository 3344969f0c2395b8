"""Files are written beside their place and moved into it: a crash or a full disk leaves what was there untouched."""

import os
import tempfile
from collections.abc import Iterator, Sequence
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
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary name in the same folder (made if missing); on success it becomes `path`, else it is removed.

    Raises OutputError where the file system refuses.
    """
    path = _expanded(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=path.parent)
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write '{path}': {getattr(error, 'strerror', None) or error}") from None
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.chmod(0o666 & ~_umask())
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(f"cannot write '{path}': {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)


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
