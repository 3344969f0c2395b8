"""The plane as the page reads it: axes, limits with their outlines in shares of the plane, sources, what is silent."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.citation import citation
from nuportal.planes.tracks import stepped
from nuportal.plotting.boundaries import stops
from nuportal.plotting.exclusion import GROUPS, MAIN
from nuportal.plotting.plane import title
from nuportal.plotting.typeset import pieces, words

if TYPE_CHECKING:
    from nuportal.limits.base import Limit
    from nuportal.planes.axes import Axis
    from nuportal.planes.exclusion import ExclusionPlane

TOLERANCE = 5e-5  #: an outline misses its points by at most this share of the plane
_DIGITS = 5


def content(plane: "ExclusionPlane") -> dict[str, object]:
    """Return what the page shows, as plain values.

    Texts are lists of pieces [characters, italic, shift] (`typeset.Piece`). Outlines are flat lists u, v, u, v ... in
    shares of the plane, along the logarithm where an axis is logarithmic.
    """
    shown = [name for group in GROUPS for name in plane.names if plane.limit(name).about.group == group]
    return {
        "title": pieces(title(plane.spec)),
        "x": _axis(plane.spec.x),
        "y": _axis(plane.spec.y),
        "along": "y" if stepped(plane.spec)[0] is plane.spec.x else "x",
        "groups": [[name, colour] for name, colour in GROUPS.items()],
        "limits": [_limit(plane, name) for name in shown],
        "silent": [
            [pieces(plane.limit(name).about.label), words(reason)] for name, reason in plane.not_applicable.items()
        ],
    }


def _axis(axis: "Axis") -> dict[str, object]:
    parameter = axis.parameter
    return {
        "name": axis.name,
        "symbol": pieces(parameter.symbol),
        "unit": pieces(parameter.unit_text),
        "mass": axis.is_mass,
        "low": axis.low,
        "high": axis.high,
        "scale": axis.scale,
    }


def _limit(plane: "ExclusionPlane", name: str) -> dict[str, object]:
    limit = plane.limit(name)
    about = limit.about
    rings = [_ring(plane, ring) for part in plane.polygons(name) for ring in part]
    return {
        "name": name,
        "label": pieces(about.label),
        "group": about.group,
        "kind": about.kind,
        "main": name == MAIN,
        "observable": words(about.observable),
        "method": about.method,
        "cl": about.cl,
        "status": about.status,
        "accuracy": about.accuracy,
        "notes": [words(note) for note in (about.accuracy_note, about.note) if note],
        "sources": _sources(limit),
        "rings": [ring for ring in rings if len(ring) > 6],
        "ends": _ends(plane, name),
        "stops": np.round(_share(stepped(plane.spec)[1], np.array(stops(plane, name))), _DIGITS).tolist(),
        "unknown": _unknown(plane, name),
        "why": words(plane.failures.get(name, "")),
    }


def _sources(limit: "Limit") -> list[list[object]]:
    found = [citation(key, limit.folder) for key in limit.about.references]
    return [[c.author, pieces(c.title), c.where, c.url] for c in found]


def _ring(plane: "ExclusionPlane", ring: np.ndarray) -> list[float]:
    points = np.column_stack([_share(axis, ring[:, k]) for k, axis in enumerate((plane.spec.x, plane.spec.y))])
    return np.round(simplified(points, TOLERANCE), _DIGITS).ravel().tolist()


def _share(axis: "Axis", values: np.ndarray) -> np.ndarray:
    if axis.scale == "log":
        return np.log(np.asarray(values) / axis.low) / np.log(axis.high / axis.low)
    return (np.asarray(values) - axis.low) / (axis.high - axis.low)


def simplified(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Return a line [n, 2] without the points that lie within `tolerance` of it (Douglas and Peucker)."""
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        a, b = waiting.pop()
        if b - a < 2:
            continue
        along, from_a = points[b] - points[a], points[a + 1 : b] - points[a]
        length = float(along @ along)
        share = np.clip(from_a @ along / length, 0, 1) if length else np.zeros(len(from_a))
        missed = np.hypot(*(from_a - share[:, None] * along).T)
        worst = int(np.argmax(missed))
        if missed[worst] > tolerance:
            keep[a + 1 + worst] = True
            waiting += [(a, a + 1 + worst), (a + 1 + worst, b)]
    return points[keep]


def _ends(plane: "ExclusionPlane", name: str) -> list[float]:
    """Where along the axis that is stepped through a limit begins or ceases to say anything, in shares of it."""
    across, _ = stepped(plane.spec)
    track = plane.tracks[name]
    covered = np.array([o.status == "ok" for o in track.outcomes])
    k = np.flatnonzero(covered[1:] != covered[:-1])
    return np.round(_share(across, track.at[np.concatenate([k, k + 1])]), _DIGITS).tolist()


def _unknown(plane: "ExclusionPlane", name: str) -> list[list[float]]:
    """Where a limit gave no value: rectangles [u0, u1, v0, v1], neighbouring columns of the same as one."""
    across, along = stepped(plane.spec)
    track = plane.tracks[name]
    at = _share(across, track.at)
    edges = np.concatenate([[0.0], (at[1:] + at[:-1]) / 2, [1.0]])
    found: list[list[float]] = []
    for k, outcome in enumerate(track.outcomes):
        for interval in outcome.failed:
            low, high = np.round(_share(along, np.array(interval)), _DIGITS).tolist()
            before = next((r for r in found if r[1] == round(edges[k], _DIGITS) and r[2:] == [low, high]), None)
            if before is not None:
                before[1] = round(edges[k + 1], _DIGITS)
            else:
                found.append([round(edges[k], _DIGITS), round(edges[k + 1], _DIGITS), low, high])
    return found if across is plane.spec.x else [[*r[2:], *r[:2]] for r in found]
