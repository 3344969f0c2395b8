"""Outlines of limits taken apart: boundaries of what is excluded, and ends of what a limit says anything about."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nuportal.planes.tracks import stepped

if TYPE_CHECKING:
    from nuportal.planes.exclusion import ExclusionPlane

_STEP = 1.3  #: an excluded interval that ends within this factor of where a limit has no value ends because of it
_SPACING = 0.025  #: outlines are drawn between nodes so far apart (0.01 decades)


def parts(ring: np.ndarray, plane: "ExclusionPlane", names: Sequence[str]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The stretches of an outline that are boundaries, and those that run along the end of what the limits cover.

    Stretches along the frame are neither.
    """
    frame = np.zeros(len(ring) - 1, dtype=bool)
    for column, axis in enumerate((plane.spec.x, plane.spec.y)):
        for end in (axis.low, axis.high):
            size = abs(end) if axis.scale == "log" else axis.high - axis.low
            frame |= _between(ring[:, column], end - 1e-6 * size, end + 1e-6 * size)
    across, along = stepped(plane.spec)
    at, values = ring.T if across is plane.spec.x else ring.T[::-1]
    steep = np.abs(np.diff(values)) > 1e-12 * np.abs(values[1:])
    end = np.zeros(len(ring) - 1, dtype=bool)
    for name in names:
        track = plane.tracks[name]
        covered = np.concatenate([[False], [o.status == "ok" for o in track.outcomes], [False]])
        for k in np.flatnonzero(covered[1:] != covered[:-1]).tolist():
            # between the columns with and without a statement
            low, high = track.at[max(k - 1, 0)], track.at[min(k, len(track.at) - 1)]
            end |= _between(at, low * (1 - 1e-6), high * (1 + 1e-6)) & steep
        for low, high, bottom, top in holes(plane, name):
            end |= _between(at, low, high) & _between(values, bottom, top) & steep
        for value in stops(plane, name):
            near = _SPACING * (value if along.scale == "log" else along.high - along.low)
            end |= _between(values, value - near, value + near)  # beyond it the limit has no value
    return stretches(ring, ~(frame | end)), stretches(ring, end & ~frame)


def stops(plane: "ExclusionPlane", name: str) -> list[float]:
    """Return the couplings at which an excluded interval of a limit ends only because it has no value beyond."""
    along = stepped(plane.spec)[1]
    near = np.log(_STEP) if along.scale == "log" else 0.01 * (along.high - along.low)
    scaled = np.log if along.scale == "log" else np.asarray
    ends = {
        end
        for o in plane.tracks[name].outcomes
        for end in (v for interval in o.excluded for v in interval)
        if any(abs(scaled(end) - scaled(v)) < near for interval in o.failed for v in interval)
    }
    return sorted(ends)


def holes(plane: "ExclusionPlane", name: str) -> list[tuple[float, float, float, float]]:
    """Return between which columns, and couplings, an interval in which a limit has no value begins or ends."""
    along = stepped(plane.spec)[1]
    near = _STEP if along.scale == "log" else 1.0
    found: list[tuple[float, float, float, float]] = []
    track = plane.tracks[name]
    for (low, one), (high, other) in pairwise(zip(track.at.tolist(), track.outcomes, strict=True)):
        for bottom, top in set(one.failed) ^ set(other.failed):
            found.append((low * (1 - 1e-6), high * (1 + 1e-6), bottom / near, top * near))
    return found


def _between(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Which segments between neighbours lie between two values [n - 1]."""
    at = (values >= low) & (values <= high)
    return at[:-1] & at[1:]


def stretches(ring: np.ndarray, inside: np.ndarray) -> list[np.ndarray]:
    """Return the parts of a line [n, 2] whose segments [n - 1] are marked."""
    breaks = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    return [ring[a : b + 1] for a, b in pairwise(breaks) if inside[a]]
