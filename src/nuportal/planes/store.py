"""A journal of finished blocks that survives `kill -9`: append-only, one checksum a record, a torn tail cut off.

The file starts with one JSON line (format, input hash, title, grid) and is made in one step; each block is one record

    magic, length, CRC-32 | for a block: JSON header, values as float64

forced to disk before the next starts. Reading stops at the first record that is incomplete or fails its checksum.
"""

import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, Protocol, Self

import numpy as np

from nuportal.errors import DataFileError, OutputError
from nuportal.output import replacing

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

    calculated: how many of the points were calculated; the others were interpolated.
    """

    values: np.ndarray
    reasons: dict[int, str]
    calculated: int


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
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        if not self.path.exists():
            with replacing(self.path) as temporary:
                temporary.write_bytes(self._header())
        try:
            self._file = self.path.open("r+b")
        except OSError as error:
            raise OutputError(f"cannot write '{self.path}': {error.strerror}") from None
        try:
            self._lock()
            header = self._header()
            if self._file.readline() != header:
                if self.other == "refuse":
                    raise DataFileError(
                        f"'{self.path}' holds the unfinished blocks of another plane: remove it or choose another file"
                    )
                self._file.seek(0)
                self._file.truncate()
                self._file.write(header)
                self._file.flush()
            self.start = len(header)
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *_) -> None:
        file = self._opened()
        file.seek(0, os.SEEK_END)
        if file.tell() == self.start:  # nothing was finished: leave no trace
            self.remove()
        file.close()

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
        """Write one finished part at the end and force it to disk. Raises OutputError."""
        file = self._opened()
        try:
            file.write(_RECORD.pack(_MAGIC, len(payload), zlib.crc32(payload)) + payload)
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise OutputError(f"cannot write '{self.path}': {error.strerror}") from None

    def remove(self) -> None:
        """Delete the journal once its plane is saved."""
        self.path.unlink(missing_ok=True)

    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise OutputError(f"'{self.path}' is not open")
        return self._file

    def _header(self) -> bytes:
        text = {"format": FORMAT, "input_hash": self.spec.hash, "title": self.spec.title, "shape": self.spec.shape}
        return json.dumps(text).encode() + b"\n"

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # no advisory locks on this system
            return
        try:
            fcntl.flock(self._opened(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputError(f"'{self.path}' is being written by another run") from None

    def _read(self, file: BinaryIO) -> bytes | None:
        head = file.read(_RECORD.size)
        if len(head) < _RECORD.size:
            return None
        magic, length, checksum = _RECORD.unpack(head)
        payload = file.read(length) if magic == _MAGIC else b""
        if len(payload) < length or magic != _MAGIC or zlib.crc32(payload) != checksum:
            return None
        return payload


class Journal(Records):
    """The finished blocks of a quantity on a grid."""

    def finished(self) -> Iterator[tuple[Block, Result]]:
        """Yield every complete block and cut off what a killed run left behind it."""
        for payload in self.payloads():
            header, _, data = payload.partition(b"\n")
            fields = json.loads(header)
            block = Block(*fields["block"])
            values = np.frombuffer(data, dtype="<f8").reshape(block.x1 - block.x0, block.y1 - block.y0)
            reasons = {int(k): text for k, text in fields["reasons"].items()}
            yield block, Result(values, reasons, fields["calculated"])

    def append(self, block: Block, result: Result) -> None:
        """Write one finished block at the end and force it to disk. Raises OutputError."""
        fields = {"block": block, "reasons": result.reasons, "calculated": result.calculated}
        header = json.dumps(fields).encode() + b"\n"
        self.append_payload(header + np.ascontiguousarray(result.values, dtype="<f8").tobytes())
