"""Outlines of what limits exclude on a combined plane, and the lines along which one is the strongest."""

import numpy as np
from numpy.typing import ArrayLike

from nuportal.planes.axes import Axis
from nuportal.planes.regions import Columns, polygons
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.tracks import Track, stepped

_FINE = 0.01  #: spacing of the nodes along a ray between which boundaries are drawn, decades
_CAP = 1.0  #: distances to a boundary beyond this many decades count as this


def outlines(spec: PlaneSpec, of: Track | list[Track]) -> list[list[np.ndarray]]:
    """Return the region that a track, or any of several, excludes: of each part its outline and its holes [n, 2]."""
    across, along = stepped(spec)
    if isinstance(of, Track):
        columns, depth = of.at, _depth(of, along)
    else:
        columns, depth = _union(of, across, along)
    if len(columns) < 2:
        return []
    parts = polygons(Columns(columns, across.scale), _nodes(along), depth, 0.0, np.inf)
    return parts if across is spec.x else [[ring[:, ::-1] for ring in part] for part in parts]


def lower_edges(spec: PlaneSpec, track: Track, best: np.ndarray) -> list[np.ndarray]:
    """Return the smallest excluded couplings of a track where `best` [x, y] says that it is the strongest.

    Lines (x, y) [n, 2], one for each run of columns.
    """
    across, along = stepped(spec)
    best = best if across is spec.x else best.T
    runs: list[list[tuple[float, float]]] = [[]]
    for i, outcome in enumerate(track.on(across)):
        inside = [(along.values >= low) & (along.values <= high) for low, high in outcome.excluded]
        lows = [low for (low, _), where in zip(outcome.excluded, inside, strict=True) if best[i, where].any()]
        if lows:
            runs[-1].append((float(across.values[i]), lows[0]))
        elif runs[-1]:
            runs.append([])
    lines = [_finer(np.array(run), track) for run in runs if run]
    return lines if across is spec.x else [line[:, ::-1] for line in lines]


def _finer(run: np.ndarray, track: Track) -> np.ndarray:
    """The lower ends along a run of grid columns, in all columns of the track between its ends."""
    found: list[tuple[float, float]] = []
    nearby = np.interp(track.at, run[:, 0], run[:, 1])
    for at, near, outcome in zip(track.at.tolist(), nearby.tolist(), track.outcomes, strict=True):
        if run[0, 0] <= at <= run[-1, 0] and outcome.excluded:
            lows = np.array([low for low, _ in outcome.excluded])
            found.append((at, float(lows[np.argmin(np.abs(lows - near))])))
    return np.array(found)


def _union(tracks: list[Track], across: Axis, along: Axis) -> tuple[np.ndarray, np.ndarray]:
    """Depth of the union of tracks on all their columns together; each is interpolated between its own."""
    if not tracks:
        return np.empty(0), np.empty((0, 0))
    scaled = np.log if across.scale == "log" else np.asarray
    columns = np.unique(np.concatenate([t.at for t in tracks]))
    union = np.full((len(columns), len(_nodes(along).values)), -_CAP)
    for track in tracks:
        depth = np.nan_to_num(_depth(track, along), nan=-_CAP)
        place = np.interp(scaled(columns), scaled(track.at), np.arange(len(track.at)))
        low = np.minimum(place.astype(int), len(track.at) - 2)
        share = (place - low)[:, None]
        union = np.maximum(union, (1 - share) * depth[low] + share * depth[low + 1])
    return columns, union


def _nodes(along: Axis) -> Columns:
    if along.scale == "log":
        points = int(np.ceil(np.log10(along.high / along.low) / _FINE)) + 1
        return Columns(np.geomspace(along.low, along.high, points), "log")
    return Columns(np.linspace(along.low, along.high, 601), "lin")


def _depth(track: Track, along: Axis) -> np.ndarray:
    """Signed distance to the nearest end of an excluded interval [columns, nodes], > 0 inside; NaN: no statement."""

    def scaled(values: ArrayLike) -> np.ndarray:
        return np.log10(values) if along.scale == "log" else np.asarray(values) / (along.high - along.low)

    nodes = _nodes(along).values
    t = scaled(nodes)
    depth = np.full((len(track.at), len(nodes)), np.nan)
    for i, outcome in enumerate(track.outcomes):
        if outcome.status != "ok":
            continue
        depth[i] = -_CAP
        for low, high in outcome.excluded:
            below = _CAP if low <= nodes[0] * (1 + 1e-9) else t - scaled(low)
            above = _CAP if high >= nodes[-1] * (1 - 1e-9) else scaled(high) - t
            depth[i] = np.maximum(depth[i], np.clip(np.minimum(below, above), -_CAP, _CAP))
    return depth
