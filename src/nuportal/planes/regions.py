"""Contours and filled regions of a quantity on a grid, interpolated along the axes' own scales."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from nuportal.planes.axes import Axis


class Columns(NamedTuple):
    """Ascending values that are not those of an Axis, and how to interpolate between them ("log" or "lin")."""

    values: np.ndarray
    scale: str


Nodes = Axis | Columns


def lines(x: Nodes, y: Nodes, values: np.ndarray, level: float) -> list[np.ndarray]:
    """Return the lines values = level, each [n, 2] in axis units.

    values [x, y]; cells with a NaN corner are left out.
    """
    found: Any = _generator(x, y, values).lines(level)
    return [_unscaled(x, y, line) for line in found]


def polygons(x: Nodes, y: Nodes, values: np.ndarray, low: float, high: float) -> list[list[np.ndarray]]:
    """Return the regions low < values < high: for each the outer boundary and its holes, [n, 2] in axis units."""
    if not low < high:
        return []
    found: Any = _generator(x, y, values).filled(low, high)
    return [[_unscaled(x, y, part[a:b]) for a, b in pairwise(offset)] for part, offset in zip(*found, strict=True)]


def _generator(x: Nodes, y: Nodes, values: np.ndarray):
    from contourpy import contour_generator

    z = np.ma.masked_invalid(values.T)
    return contour_generator(
        _scaled(x, x.values), _scaled(y, y.values), z, line_type="Separate", fill_type="OuterOffset"
    )


def _scaled(axis: Nodes, values: np.ndarray) -> np.ndarray:
    return np.log(values) if axis.scale == "log" else values


def _unscaled(x: Nodes, y: Nodes, points: np.ndarray) -> np.ndarray:
    columns = (np.exp(c) if axis.scale == "log" else c for axis, c in zip((x, y), points.T, strict=True))
    return np.column_stack(list(columns))
