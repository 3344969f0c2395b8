"""What a scan is: a family of models, the points, the observables and what they are calculated with."""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from nuportal.errors import DataFileError, ParameterError
from nuportal.models.family import Family
from nuportal.planes.axes import Axis
from nuportal.provenance import input_hash

MOST = 1_000_000  #: points of a scan


@dataclass(frozen=True)
class Points:
    """The values of the varied parameters: along axes, of which every combination is a point, or point by point.

    columns: values by name in units of the declaration (MeV, mu_B). grid: whether the columns are axes.
    """

    columns: Mapping[str, np.ndarray] = field(hash=False)
    grid: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis, or the number of points."""
        sizes = tuple(len(column) for column in self.columns.values())
        return sizes if self.grid else sizes[:1]

    def __len__(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    def at(self, index: int) -> dict[str, float]:
        """Return the values of one point; the last axis runs fastest."""
        where = np.unravel_index(index, self.shape) if self.grid else [index] * len(self.columns)
        return {name: float(column[k]) for (name, column), k in zip(self.columns.items(), where, strict=True)}

    def describe(self) -> dict[str, object]:
        """Return what tells these points from others, as plain values."""
        digest = hashlib.sha256()
        for name, column in self.columns.items():
            digest.update(name.encode() + b"\0" + np.ascontiguousarray(column, dtype="<f8").tobytes())
        return {"grid": self.grid, "parameters": list(self.columns), "shape": self.shape, "sha256": digest.hexdigest()}


@dataclass(frozen=True)
class ScanSpec:
    """Observables of the members of a family at `points`, the other parameters fixed.

    observables: names as in `scans.observables`. constraints: of the observables that rest on several. options: of the
    history and the yields, and choices of the model. inputs: hashes of the limits and experiments that are used.
    """

    family: Family
    points: Points
    fixed: Mapping[str, object] = field(hash=False)
    observables: tuple[str, ...]
    constraints: tuple[str, ...]
    options: Mapping[str, object] = field(hash=False)
    inputs: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    def model(self, index: int) -> Any:
        """Return the model of one point. Raises what the model raises for values that it does not allow."""
        chosen = {name: self.options[name] for name in self.family.choices if name in self.options}
        return self.family.model({**self.fixed, **chosen, **self.points.at(index)})

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the result."""
        return self.points.shape

    @property
    def title(self) -> str:
        """One line that tells scans apart, for messages."""
        size = " x ".join(map(str, self.shape)) + ("" if self.points.grid else " points")
        return f"{self.family.label}, {' by '.join(self.points.columns)}, {size}"

    def describe(self) -> dict[str, object]:
        """Return everything that fixes the values, as plain values."""
        return {
            "family": self.family.describe(),
            "points": self.points.describe(),
            "fixed": dict(self.fixed),
            "observables": list(self.observables),
            "constraints": list(self.constraints),
        }

    @property
    def settings(self) -> dict[str, object]:
        """Options and the hashes of what the observables are calculated from."""
        return {"options": dict(self.options), "inputs": dict(self.inputs)}

    @property
    def hash(self) -> str:
        """SHA-256 over inputs, constants and package version: equal hashes mean equal values."""
        return input_hash(self.describe(), self.settings)


def points_of(
    members: Family, axes: "Iterable[str | Axis] | str | Axis", table: object, points: int, fixed: Mapping[str, object]
) -> Points:
    """Return the points of a scan, from axes or from a table. Raises ParameterError, UnknownNameError, UnitError."""
    given = [axes] if isinstance(axes, str | Axis) else list(axes)
    if (table is None) == (not given):
        raise ParameterError("give either axes, such as 'mass=1MeV:10MeV:5', or a table of points, not both or neither")
    if table is not None:
        found = Points(_columns(members, table), grid=False)
    else:
        parsed = [Axis.parse(axis, points, among=members) for axis in given]
        names = [axis.name for axis in parsed]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ParameterError(f"two axes are {twice[0]}: choose among {', '.join(members.names)}")
        found = Points({axis.name: axis.values for axis in parsed}, grid=True)
    if not 0 < len(found) <= MOST:
        raise ParameterError(f"{len(found)} points are not allowed: a scan takes 1 to {MOST}")
    for name in found.columns:
        if name in fixed:
            raise ParameterError(f"{name} varies and cannot also be fixed at {fixed[name]}")
    members.check((*found.columns, *fixed))
    return found


def _columns(members: Family, table: Any) -> dict[str, np.ndarray]:
    """Columns of a table: a CSV file, a mapping (or data frame) of columns, or a sequence of points as mappings."""
    if isinstance(table, str | Path):
        rows: Any = _read(Path(table))
    elif isinstance(table, Sequence):
        rows = cast("Sequence[Any]", table)
    else:
        try:
            columns = {str(name): list(column) for name, column in dict(table).items()}
        except (TypeError, ValueError):
            given = f"a table that is a {type(table).__name__}"
            raise ParameterError(f"{given} is not allowed: give columns by name, points, or a CSV file") from None
        if len({len(column) for column in columns.values()}) > 1:
            raise ParameterError(f"columns {', '.join(columns)} of the table differ in length")
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if not rows:
        raise ParameterError("the table of points is empty")
    read = [members.read(row) for row in rows]
    names = list(read[0])
    for k, row in enumerate(read):
        if list(row) != names:
            raise ParameterError(f"point {k + 1} of the table has {', '.join(row)}, the first has {', '.join(names)}")
        if text := [v for v in row.values() if isinstance(v, str)]:
            raise ParameterError(f"point {k + 1} of the table: '{text[0]}' is not a number")
    return {name: np.array([float(row[name]) for row in read]) for name in names}  # type: ignore[arg-type]


def _read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with a header of parameters; lines that begin with # are notes. Raises DataFileError."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"cannot read the table '{path}': {getattr(error, 'strerror', None) or error}") from None
    rows = list(csv.DictReader(lines, strict=True, skipinitialspace=True))
    for k, row in enumerate(rows):
        if None in row or None in row.values():
            raise DataFileError(f"'{path}': point {k + 1} has not as many entries as the header")
    return rows


def with_inputs(spec: ScanSpec, inputs: Mapping[str, str]) -> ScanSpec:
    """Return the specification with the hashes of what it rests on."""
    return replace(spec, inputs=dict(inputs))
