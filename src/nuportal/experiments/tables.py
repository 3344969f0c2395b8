"""Tables of an experiment folder: # comments, one line of column names, comma-separated rows; errors name the line."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nuportal.errors import DataFileError


@dataclass(frozen=True)
class Table:
    """Columns as text, with the line of the file that each row came from."""

    path: Path
    columns: dict[str, list[str]]
    lines: list[int]

    def text(self, name: str) -> list[str]:
        """Return a column as text. Raises DataFileError if it is missing."""
        if name not in self.columns:
            raise DataFileError(f"{self.path}: no column '{name}' (columns: {', '.join(self.columns)})")
        return self.columns[name]

    def column(self, name: str) -> np.ndarray:
        """Return a column as finite numbers. Raises DataFileError naming the line at fault."""
        values: list[float] = []
        for line, text in zip(self.lines, self.text(name), strict=True):
            try:
                values.append(float(text))
            except ValueError:
                raise DataFileError(f"{self.path}, line {line}: {name} = '{text}' is not a number") from None
        found = np.array(values)
        self.require(np.isfinite(found), f"{name} must be finite")
        return found

    def require(self, condition: np.ndarray, text: str) -> None:
        """Raise DataFileError naming the first line where the condition fails."""
        wrong = np.flatnonzero(~condition)
        if wrong.size:
            raise DataFileError(f"{self.path}, line {self.lines[wrong[0]]}: {text}")


def read_table(path: Path) -> Table:
    """Read a table. Raises DataFileError (missing, no rows, wrong number of fields)."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise DataFileError(f"there is no readable file '{path}'") from None
    rows = [
        (number, [field.strip() for field in line.split(",")])
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if len(rows) < 2:
        raise DataFileError(f"{path}: no rows")
    header = rows[0][1]
    for number, fields in rows[1:]:
        if len(fields) != len(header):
            raise DataFileError(f"{path}, line {number}: {len(fields)} fields where {len(header)} are expected")
    columns = {name: [fields[k] for _, fields in rows[1:]] for k, name in enumerate(header)}
    return Table(path, columns, [number for number, _ in rows[1:]])
