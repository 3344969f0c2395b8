"""Sealed result files: a netCDF file followed by the SHA-256 of all its bytes.

Every reader of netCDF-4 ignores what follows the end of the HDF5 data, so that other programs open the file as usual.
The seal covers axes, values, reasons, warnings and provenance alike. The bytes are made and checked in memory: a disk
that is full cannot leave half a file behind, and a damaged file never reaches the HDF5 library.
"""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nuportal.errors import DataFileError
from nuportal.output import replacing

if TYPE_CHECKING:
    import xarray

_HDF5 = b"\x89HDF\r\n\x1a\n"
_MARK = b"\nnuportal seal sha256\n"
_TRAILER = len(_MARK) + hashlib.sha256().digest_size


def write(dataset: "xarray.Dataset", path: str | Path) -> Path:
    """Write a dataset as a sealed netCDF file, replacing the old file only when done. Raises OutputError."""
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    content = BytesIO()
    with h5netcdf.File(content, "w") as file:
        cast("Any", dataset).dump_to_store(H5NetCDFStore(file))
    content.seek(0, 2)
    content.write(_seal(content.getvalue()))
    with replacing(path) as temporary:
        temporary.write_bytes(content.getbuffer())
    return Path(path)


def read(path: str | Path, what: str) -> "xarray.Dataset":
    """Return the dataset of a sealed file. what: name of the content for messages ("plane").

    Raises DataFileError for a file that is missing, cut off, damaged, or not written by `write`.
    """
    import xarray

    if not isinstance(path, str | Path):
        raise DataFileError(f"{path!r} is not the name of a file")
    path = Path(path)
    if not path.is_file():
        raise DataFileError(f"there is no {what} file '{path}'")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataFileError(f"cannot read '{path}': {error.strerror}") from None
    data, trailer = content[:-_TRAILER], content[-_TRAILER:]
    if not content.startswith(_HDF5) or not trailer.startswith(_MARK):
        raise DataFileError(
            f"'{path}' is not a complete netCDF file of a {what} of nuportal: "
            "it was cut off, changed by another program, or is of another origin"
        )
    if trailer != _seal(data):
        raise DataFileError(f"'{path}' is damaged: its content does not match its checksum")
    try:
        with cast("Any", xarray).open_dataset(BytesIO(data), engine="h5netcdf") as file:
            return file.load()
    except Exception as error:  # whatever the HDF5 library stumbles over in a file that was sealed with a defect
        raise DataFileError(f"'{path}' is not a readable netCDF file ({' '.join(str(error).split())[:80]})") from None


@contextmanager
def understood(path: str | Path, what: str) -> Generator[None]:
    """Context in which the content of a sealed file is taken apart: what does not fit raises DataFileError."""
    try:
        yield
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        why = f"{type(error).__name__}: {' '.join(str(error).split())[:80]}"
        raise DataFileError(f"'{path}' is not a {what} that this version of nuportal can read ({why})") from None


def _seal(data: bytes) -> bytes:
    return _MARK + hashlib.sha256(data).digest()
