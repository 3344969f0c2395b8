"""Published lines as tables: mass and lower edge, or lower and upper edge; own CSV, DarkCast .lmt, AxionLimits .txt.

A table says nothing outside its masses, nor between the neighbours of a row that means "no limit" (a search leaves out
the J/psi, say). Edges are interpolated in logarithms.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np

from nuportal.errors import DataFileError

NO_LIMIT = 1e3  #: couplings beyond this are a table's way of saying that there is no limit


@dataclass(frozen=True)
class Line:
    """Masses (MeV, ascending), lower and upper edges of the coupling; without an upper edge it is infinite.

    gaps: pairs of neighbouring masses between which there is no limit.
    """

    mass: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    gaps: tuple[tuple[float, float], ...] = ()

    def covers(self, mass: float) -> bool:
        """Return whether the table says something at this mass."""
        if not self.mass[0] <= mass <= self.mass[-1]:
            return False
        before = bisect_right(self.gaps, (mass, 0.0)) - 1
        return before < 0 or not self.gaps[before][0] < mass < self.gaps[before][1]

    def why_not(self, mass: float) -> str | None:
        """Return why the table says nothing at this mass, or None."""
        if self.covers(mass):
            return None
        low, high = float(self.mass[0]), float(self.mass[-1])
        if low < mass < high:
            low, high = next(gap for gap in self.gaps if gap[0] < mass < gap[1])
            return f"its table has no limit between {low:.6g} and {high:.6g} MeV"
        return f"its table covers {low:g} to {high:g} MeV"

    def at(self, mass: float) -> tuple[float, float]:
        """Return the edges at a mass inside the table."""
        t = log(mass)
        low = float(np.exp(np.interp(t, np.log(self.mass), np.log(self.lower))))
        if not np.isfinite(self.upper).all():
            return low, np.inf
        return low, float(np.exp(np.interp(t, np.log(self.mass), np.log(self.upper))))


def read_line(path: Path, mass_unit: float = 1.0) -> Line:
    """Read a line; mass_unit: MeV per unit of the first column.

    Columns are separated by commas or blanks; '#' starts a comment; a first row of names is skipped. Raises
    DataFileError naming file and line: missing columns, text, masses not ascending, edges reversed, no rows.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataFileError(f"there is no readable table '{path}'") from None
    rows: list[tuple[int, list[float]]] = []
    for number, line in enumerate(lines, start=1):
        fields = line.partition("#")[0].replace(",", " ").split()
        if not fields or (not rows and _is_name(fields[0])):
            continue
        try:
            rows.append((number, [float(f) for f in fields]))
        except ValueError:
            raise DataFileError(f"{path}, line {number}: '{line.strip()}' is not a row of numbers") from None
    _check(path, rows)
    kept = np.array([r for _, r in rows if r[1] < NO_LIMIT])
    if len(kept) < 2:
        raise DataFileError(f"{path}: a line needs at least two rows with a limit")
    upper = kept[:, 2] if kept.shape[1] == 3 else np.full(len(kept), np.inf)
    mass = kept[:, 0] * mass_unit
    return Line(mass, kept[:, 1], upper, _gaps(mass, [r[0] * mass_unit for _, r in rows if r[1] >= NO_LIMIT]))


def _gaps(mass: np.ndarray, without: list[float]) -> tuple[tuple[float, float], ...]:
    """Return the neighbours, with a limit, of each mass without one; none beyond the ends."""
    after = sorted({int(np.searchsorted(mass, m)) for m in without})
    return tuple((float(mass[k - 1]), float(mass[k])) for k in after if 0 < k < len(mass))


def _is_name(field: str) -> bool:
    return field[0].isalpha() and field.casefold() not in ("nan", "inf", "infinity")


def _check(path: Path, rows: list[tuple[int, list[float]]]) -> None:
    if not rows:
        raise DataFileError(f"{path}: the table has no rows")
    width = len(rows[0][1])
    if width not in (2, 3):
        raise DataFileError(f"{path}, line {rows[0][0]}: {width} columns; allowed: mass, lower edge[, upper edge]")
    last = 0.0
    for number, row in rows:
        if len(row) != width:
            raise DataFileError(f"{path}, line {number}: {len(row)} columns where the first row has {width}")
        if not all(np.isfinite(v) and v > 0 for v in row):
            raise DataFileError(f"{path}, line {number}: masses and couplings must be finite and positive")
        if row[0] <= last:
            raise DataFileError(f"{path}, line {number}: masses must ascend")
        if width == 3 and row[2] < row[1]:
            raise DataFileError(f"{path}, line {number}: the upper edge {row[2]:g} is below the lower edge {row[1]:g}")
        last = row[0]


def read_columns(path: Path, names: tuple[str, ...]) -> np.ndarray:
    """Return the columns of a CSV whose first row holds exactly these names [columns, rows]. Raises DataFileError."""
    found = read_table(path)
    if tuple(found) != names:
        raise DataFileError(f"{path}: the first row must name the columns {', '.join(names)}")
    return np.array(list(found.values()))


def read_table(path: Path) -> dict[str, np.ndarray]:
    """Return the columns of a CSV by the names in its first row. Raises DataFileError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataFileError(f"there is no readable table '{path}'") from None
    rows = [(k, line) for k, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    if not rows or not all(_is_name(name or "0") for name in rows[0][1].split(",")):
        raise DataFileError(f"{path}: the first row must name the columns")
    names = rows[0][1].split(",")
    found: list[list[float]] = []
    for number, line in rows[1:]:
        try:
            found.append([float(v) for v in line.split(",")])
        except ValueError:
            found.append([])
        if len(found[-1]) != len(names):
            raise DataFileError(f"{path}, line {number}: '{line}' is not a row of {len(names)} numbers")
    if len(found) < 2:
        raise DataFileError(f"{path}: a table needs at least two rows")
    return dict(zip(names, np.array(found).T, strict=True))
