"""A journal of finished blocks that survives `kill -9`: append-only, one checksum a record, a torn tail cut off.

The file starts with one JSON line (format, input hash, title, grid); each block is one record

    magic, length, CRC-32 | for a block: JSON header, values as float64

forced to disk before the next starts. Reading stops at the first record that is incomplete or fails its checksum.
Whoever holds the lock of the file owns it; the lock is taken before anything is read or written.
"""

import errno
import json
import os
import struct
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, Self

import numpy as np

from nuportal.errors import DataFileError, OutputError

FORMAT = "nuportal plane journal 1"
_RECORD = struct.Struct("<4sII")
_MAGIC = b"BLK\n"


class Block(NamedTuple):
    """A rectangle of the grid: first and last+1 index along x and y."""

    x0: int
    x1: int
    y0: int
    y1: int


class Result(NamedTuple):
    """Values of a block [x1 - x0, y1 - y0], NaN where there is none, and the reason for each NaN by flat index.

    calculated: how many of the points were calculated; the others were interpolated. errors [2, x1 - x0, y1 - y0]:
    theory and numerical error of the values where they come with each point, NaN where a point has none.
    """

    values: np.ndarray
    reasons: dict[int, str]
    calculated: int
    errors: np.ndarray | None = None


class Specified(Protocol):
    """What is computed: a plane or a scan, with everything that fixes its values in the hash."""

    @property
    def hash(self) -> str:
        """Hash of the inputs."""
        ...

    @property
    def title(self) -> str:
        """One line."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Size of the grid."""
        ...


class Records:
    """Finished parts of one plane on disk, as bytes. Use as a context manager; only one process may hold it.

    other: "refuse" or "discard" the journal of another plane found there. Raises OutputError if it cannot be
    made or another process writes it, DataFileError if it belongs to another plane.
    """

    def __init__(self, path: str | Path, spec: Specified, other: Literal["refuse", "discard"] = "refuse"):
        self.path, self.spec, self.other = Path(path), spec, other
        self._file: FileIO | None = None
        self.start = 0

    def __enter__(self) -> Self:
        with self._refusals():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._locked()
        try:
            self._check_header(self._file)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._leave()

    def _leave(self) -> None:
        """Close the file; if nothing was finished, leave no trace."""
        file = self._opened()
        if os.fstat(file.fileno()).st_size <= self.start and self._is_at_its_place(file):
            self.remove()
        file.close()

    def _check_header(self, file: FileIO) -> None:
        """Write the header into an empty file, or one whose first line a killed run did not finish."""
        header = self._header()
        with self._refusals():
            found = file.read(len(header))
            if found == header:
                self.start = len(header)
                return
            if not header.startswith(found) and self.other == "refuse":
                raise DataFileError(
                    f"'{self.path}' holds the unfinished blocks of another plane: remove it or choose another file"
                )
            file.truncate(0)
            self.start = len(header)
            self._write(file, 0, header)

    def payloads(self) -> Iterator[bytes]:
        """Yield every complete record and cut off what a killed run left behind it."""
        file = self._opened()
        file.seek(self.start)
        end = self.start
        while (record := self._read(file)) is not None:
            end = file.tell()
            yield record
        file.truncate(end)
        file.seek(end)

    def append_payload(self, payload: bytes) -> None:
        """Write one finished part at the end and force it to disk. Raises OutputError; what was there stays whole."""
        file = self._opened()
        with self._refusals():
            record = _RECORD.pack(_MAGIC, len(payload), zlib.crc32(payload)) + payload
            self._write(file, file.seek(0, os.SEEK_END), record)

    def remove(self) -> None:
        """Delete the journal once its plane is saved."""
        self.path.unlink(missing_ok=True)

    def _opened(self) -> FileIO:
        if self._file is None:
            raise OutputError(f"'{self.path}' is not open")
        return self._file

    def _header(self) -> bytes:
        text = {"format": FORMAT, "input_hash": self.spec.hash, "title": self.spec.title, "shape": self.spec.shape}
        return json.dumps(text).encode() + b"\n"

    def _locked(self) -> FileIO:
        """The file, made if missing, opened and locked. Raises OutputError if another run has it, OSError.

        Between opening and locking another run may have finished and removed the file: it is then opened anew.
        """
        while True:
            file = FileIO(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666), "r+")
            try:
                _lock(file)
                if self._is_at_its_place(file):
                    return file
            except BlockingIOError:
                file.close()
                raise OutputError(f"'{self.path}' is being written by another run") from None
            except BaseException:
                file.close()
                raise
            file.close()

    def _is_at_its_place(self, file: FileIO) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    @contextmanager
    def _refusals(self) -> Generator[None]:
        """Turn what the file system refuses into OutputError."""
        try:
            yield
        except OSError as error:
            raise OutputError(f"cannot write '{self.path}': {error.strerror or error}") from None

    @staticmethod
    def _write(file: FileIO, at: int, content: bytes) -> None:
        """Write at a position and force to disk; if that fails, cut off what was written. Raises OSError."""
        file.seek(at)
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(at)
            raise

    def _read(self, file: FileIO) -> bytes | None:
        head = file.read(_RECORD.size)
        if len(head) < _RECORD.size:
            return None
        magic, length, checksum = _RECORD.unpack(head)
        payload = file.read(length) if magic == _MAGIC else b""
        if len(payload) < length or magic != _MAGIC or zlib.crc32(payload) != checksum:
            return None
        return payload


def _lock(file: FileIO) -> None:
    """Take the lock of a file. Raises BlockingIOError if another process has it, OSError.

    Systems and file systems without such locks are used without them.
    """
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            raise


class Journal(Records):
    """The finished blocks of a quantity on a grid."""

    def finished(self) -> Iterator[tuple[Block, Result]]:
        """Yield every complete block and cut off what a killed run left behind it."""
        for payload in self.payloads():
            header, _, data = payload.partition(b"\n")
            fields = json.loads(header)
            block = Block(*fields["block"])
            layers = np.frombuffer(data, dtype="<f8").reshape(-1, block.x1 - block.x0, block.y1 - block.y0)
            reasons = {int(k): text for k, text in fields["reasons"].items()}
            yield block, Result(layers[0], reasons, fields["calculated"], layers[1:] if len(layers) > 1 else None)

    def append(self, block: Block, result: Result) -> None:
        """Write one finished block at the end and force it to disk. Raises OutputError."""
        fields = {"block": block, "reasons": result.reasons, "calculated": result.calculated}
        header = json.dumps(fields).encode() + b"\n"
        layers = [result.values[None], *([] if result.errors is None else [result.errors])]
        self.append_payload(header + np.concatenate(layers).astype("<f8").tobytes())
