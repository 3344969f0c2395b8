"""The combined plane: what each limit excludes, their union, which is the strongest, and what survives."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nuportal.errors import NotApplicableError, unknown_name
from nuportal.limits.base import Limit, Outcome
from nuportal.planes.axes import Axis
from nuportal.planes.regions import Columns, polygons
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.tracks import Rays, Track, stepped
from nuportal.readonly import FrozenDict

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.plotting.style import Style

_FINE = 0.01  #: spacing of the nodes along a ray between which boundaries are drawn, decades
_CAP = 1.0  #: distances to a boundary beyond this many decades count as this


class Survivor(NamedTuple):
    """The point with the lowest combined -2 ln L among those that no exclusion covers."""

    x: float
    y: float
    deviance: float


@dataclass(frozen=True, repr=False)
class ExclusionPlane:
    """What limits exclude on a plane, as `plane` returns it. Arrays are [len(x), len(y)], masses in MeV.

    Attributes
    ----------
    spec : PlaneSpec
        Family, axes, fixed parameters and options.
    limits : tuple of Limit
        All limits that were asked.
    tracks : mapping
        The excluded intervals of each limit, in columns that are set closer along its boundary.
    """

    spec: PlaneSpec
    limits: tuple[Limit, ...]
    tracks: dict[str, Track]
    _masks: dict[str, np.ndarray] = field(default_factory=dict[str, np.ndarray], init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tracks", FrozenDict(self.tracks))

    def __repr__(self) -> str:
        return f"<ExclusionPlane: {self.summary}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.summary)}</p>"

    @property
    def summary(self) -> str:
        """One line: the plane, how much of it is excluded, how many constraints apply."""
        share = f"{100 * self.excluded().mean():.0f} % excluded"
        return f"{self.spec.title}: {share} by {len(self.names)} of {len(self.limits)} constraints that apply"

    @property
    def x(self) -> np.ndarray:
        """Values along the first axis [x]."""
        return self.spec.x.values

    @property
    def y(self) -> np.ndarray:
        """Values along the second axis [y]."""
        return self.spec.y.values

    @property
    def names(self) -> tuple[str, ...]:
        """The limits that apply, in the order given."""
        return tuple(c.about.name for c in self.limits if self.tracks[c.about.name].applicable)

    @property
    def not_applicable(self) -> dict[str, str]:
        """Why the other limits say nothing here."""
        return {name: "; ".join(t.reasons) for name, t in self.tracks.items() if not t.applicable}

    @property
    def failures(self) -> dict[str, str]:
        """Limits that gave no answer somewhere, with the reason."""
        return {
            name: "; ".join(dict.fromkeys(o.reason for o in t.outcomes if o.failed or o.status == "failed"))
            for name, t in self.tracks.items()
            if any(o.failed or o.status == "failed" for o in t.outcomes)
        }

    @property
    def references(self) -> tuple[str, ...]:
        """BibTeX keys of every limit that applies."""
        return tuple(dict.fromkeys(key for c in self._applicable() for key in c.about.references))

    def limit(self, name: str) -> Limit:
        """Return one of the limits by its name. Raises UnknownNameError."""
        for c in self.limits:
            if c.about.name == name:
                return c
        raise unknown_name("constraint of this plane", str(name), self.tracks)

    def excluded(self, constraint: str | None = None) -> np.ndarray:
        """Return which grid points are excluded. Points without an answer are not.

        Parameters
        ----------
        constraint : str, optional
            One limit (of a band: what it favours); default, any exclusion.

        Returns
        -------
        ndarray of bool [x, y]

        Raises
        ------
        UnknownNameError
            If the plane has no such limit.
        """
        if constraint is not None:
            return self._mask(self.limit(constraint).about.name, "excluded")
        masks = [self._mask(c.about.name, "excluded") for c in self._applicable("exclusion")]
        return np.logical_or.reduce(masks) if masks else np.zeros(self.spec.shape, dtype=bool)

    def failed(self, constraint: str | None = None) -> np.ndarray:
        """Return at which grid points one limit (`constraint`) gave no answer, or any of them [x, y].

        Raises UnknownNameError.
        """
        chosen = [self.limit(constraint)] if constraint is not None else self._applicable()
        masks = [self._mask(c.about.name, "failed") for c in chosen]
        return np.logical_or.reduce(masks) if masks else np.zeros(self.spec.shape, dtype=bool)

    def strongest(self, names: Iterable[str] | None = None) -> np.ndarray:
        """Return the index into `names` of the exclusion that reaches to the smallest coupling [x, y]; -1: none.

        At an excluded point this is the exclusion whose interval around the point begins lowest.

        Parameters
        ----------
        names : iterable of str, optional
            Among which limits; default, all that apply.

        Raises
        ------
        UnknownNameError
            If there is no such limit in this plane.
        """
        across, along = stepped(self.spec)
        best = np.full((across.points, along.points), np.inf)
        index = np.full(best.shape, -1, dtype=np.int16)
        for k, name in enumerate(self.names if names is None else names):
            if self.limit(name).about.kind != "exclusion":
                continue
            for i, outcome in enumerate(self._on_grid(name)):
                for low, high in outcome.excluded:
                    better = (along.values >= low) & (along.values <= high) & (low < best[i])
                    best[i, better], index[i, better] = low, k
        return index if across is self.spec.x else index.T

    def surviving(self, band: str | None = None) -> np.ndarray:
        """Return the grid points that no exclusion covers [x, y]; with `band` ("h0-band") only those that it favours.

        Raises UnknownNameError.
        """
        return ~self.excluded() & (self.excluded(band) if band is not None else True)

    def deviance(self, constraints: Iterable[str] | None = None) -> np.ndarray:
        """Return the combined -2 ln L relative to the Standard Model [x, y], each data set counted once.

        Parameters
        ----------
        constraints : iterable of str, optional
            Default, of the exclusions that have a likelihood those that share no data.

        Returns
        -------
        ndarray [x, y]
            NaN where a calculation failed.

        Raises
        ------
        UnknownNameError, NotApplicableError, ParameterError
            If a limit is unknown, has no likelihood, or shares data with another one.
        """
        from nuportal.inference.constraints import deviance, has_likelihood, independent, refuse_shared

        chosen = list(independent(self._applicable()))
        if constraints is not None:
            chosen = [self.limit(name) for name in constraints]
            refuse_shared(chosen)
        lacking = ", ".join(c.about.name for c in chosen if not has_likelihood(c))
        if not chosen or lacking:
            raise NotApplicableError(f"no likelihood: {lacking or 'none of the constraints of this plane has one'}")
        across, along = stepped(self.spec)
        rays = Rays(self.spec)
        total = np.zeros((across.points, along.points))
        for i, at in enumerate(across.values.tolist()):
            for c in chosen:
                if c.refused(rays[at]) is None:
                    total[i] += deviance(c, rays[at], along.values)
        return total if across is self.spec.x else total.T

    def best_surviving(self, band: str | None = None) -> Survivor | None:
        """Return the best point of the combined likelihood that no exclusion covers, or None; with `band` of those it
        favours.
        """
        allowed = self.surviving(band)
        if not allowed.any():
            return None
        values = np.where(allowed, np.nan_to_num(self.deviance(), nan=np.inf), np.inf)
        if not np.isfinite(values).any():
            return None
        i, j = np.unravel_index(int(np.argmin(values)), values.shape)
        return Survivor(float(self.x[i]), float(self.y[j]), float(values[i, j]))

    def polygons(self, constraint: str | Iterable[str] | None = None) -> list[list[np.ndarray]]:
        """Return the excluded region.

        Parameters
        ----------
        constraint : str or iterable of str, optional
            One limit, or any of several; default, any exclusion.

        Returns
        -------
        list of list of ndarray [n, 2]
            For each part its outline and its holes, in units of the axes.

        Raises
        ------
        UnknownNameError
            If the plane has no such limit.
        """
        across, along = stepped(self.spec)
        if isinstance(constraint, str):
            track = self.tracks[self.limit(constraint).about.name]
            columns, depth = track.at, _depth(track, along)
        else:
            chosen = self._applicable("exclusion") if constraint is None else [self.limit(name) for name in constraint]
            columns, depth = self._union([self.tracks[c.about.name] for c in chosen], along)
        if len(columns) < 2:
            return []
        parts = polygons(Columns(columns, across.scale), _nodes(along), depth, 0.0, np.inf)
        return parts if across is self.spec.x else [[ring[:, ::-1] for ring in part] for part in parts]

    def to_dataset(self) -> "xarray.Dataset":
        """Return the plane as an xarray Dataset that carries its inputs, reasons and references."""
        from nuportal.planes.exclusion_file import dataset

        return dataset(self)

    def save(self, path: str | Path) -> Path:
        """Write the whole plane (`path` ends in .nc), or the outlines of its regions (.csv, .json). Raises
        OutputError.
        """
        from nuportal.planes.exclusion_file import save

        return save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> "ExclusionPlane":
        """Return the combined plane in a file (`path`) that `save` wrote. Reading never runs code.

        Raises DataFileError for a file that is missing, truncated, damaged or another.
        """
        from nuportal.planes.exclusion_file import load

        return load(path)

    def edges(self, constraint: str) -> list[np.ndarray]:
        """Return where a limit (`constraint`) is the strongest: its smallest excluded couplings, as lines (x, y) [n,
        2].

        Raises UnknownNameError.
        """
        across, along = stepped(self.spec)
        track = self.tracks[self.limit(constraint).about.name]
        best = self.strongest() == self.names.index(track.name)
        best = best if across is self.spec.x else best.T
        runs: list[list[tuple[float, float]]] = [[]]
        for i, outcome in enumerate(self._on_grid(constraint)):
            inside = [(along.values >= low) & (along.values <= high) for low, high in outcome.excluded]
            lows = [low for (low, _), where in zip(outcome.excluded, inside, strict=True) if best[i, where].any()]
            if lows:
                runs[-1].append((float(across.values[i]), lows[0]))
            elif runs[-1]:
                runs.append([])
        lines = [self._finer(np.array(run), track) for run in runs if run]
        return lines if across is self.spec.x else [line[:, ::-1] for line in lines]

    @staticmethod
    def _finer(run: np.ndarray, track: Track) -> np.ndarray:
        """The lower ends along a run of grid columns, in all columns of the track between its ends."""
        found: list[tuple[float, float]] = []
        for at, outcome in zip(track.at.tolist(), track.outcomes, strict=True):
            if run[0, 0] <= at <= run[-1, 0] and outcome.excluded:
                near = np.interp(float(at), run[:, 0], run[:, 1])
                lows = (low for low, _ in outcome.excluded)
                found.append((at, min(lows, key=lambda low: abs(low - near))))
        return np.array(found)

    def plot(
        self,
        path: str | Path | None = None,
        ax: "Axes | None" = None,
        *,
        legend: Literal["none", "all"] = "none",
        show: Collection[str] = (),
        style: "Style" = "paper",
    ) -> "Figure":
        """Return the figure of the plane.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it: PNG, PDF, SVG, or HTML with names and sources under the pointer.
        ax : matplotlib Axes, optional
            Axes of the caller's figure to draw into.
        legend : {"none", "all"}
            "all" lists every limit beside the picture; without it names stand on the lines.
        show : collection of str
            Names of favoured bands to draw among many limits too.
        style : str or dict
            As `Plane.plot`.

        Raises
        ------
        OutputError
            If the file cannot be written.
        UnknownNameError, ParameterError
            If there is no such band, style or setting.
        """
        from nuportal.plotting.style import styled

        with styled(style, ax):
            return self._draw(path, ax, legend=legend, show=show)

    def _draw(
        self,
        path: str | Path | None = None,
        ax: "Axes | None" = None,
        *,
        legend: Literal["none", "all"] = "none",
        show: Collection[str] = (),
    ) -> "Figure":
        """The figure, in whatever style is set."""
        if legend not in ("none", "all"):
            raise unknown_name("legend", str(legend), ("none", "all"))
        for name in show:
            self.limit(name)
        from nuportal.plotting import exclusion, style
        from nuportal.plotting.page.write import write

        if path is not None:
            style.checked(path, (*style.FORMATS, ".html"))
        figure = exclusion.draw(self, ax, legend=legend, show=show)
        if path is not None and Path(path).suffix.lower() == ".html":
            write(self, path)
        elif path is not None:
            style.save(figure, path)
        return figure

    def _applicable(self, kind: str | None = None) -> list[Limit]:
        return [c for c in self.limits if self.tracks[c.about.name].applicable and kind in (None, c.about.kind)]

    def _on_grid(self, name: str) -> list[Outcome]:
        across, _ = stepped(self.spec)
        track = self.tracks[name]
        return [track.outcomes[k] for k in np.searchsorted(track.at, across.values).tolist()]

    def _mask(self, name: str, what: str) -> np.ndarray:
        if f"{name} {what}" not in self._masks:
            across, along = stepped(self.spec)
            mask = np.zeros((across.points, along.points), dtype=bool)
            for i, outcome in enumerate(self._on_grid(name)):
                for low, high in getattr(outcome, what):
                    mask[i] |= (along.values >= low) & (along.values <= high)
            self._masks[f"{name} {what}"] = mask if across is self.spec.x else mask.T
        return self._masks[f"{name} {what}"].copy()

    def _union(self, tracks: list[Track], along: Axis) -> tuple[np.ndarray, np.ndarray]:
        """Depth of the union of tracks on all their columns together; each is interpolated between its own."""
        if not tracks:
            return np.empty(0), np.empty((0, 0))
        across, _ = stepped(self.spec)
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
    nodes = _nodes(along).values

    def scaled(v: ArrayLike) -> np.ndarray:
        return np.log10(v) if along.scale == "log" else np.asarray(v) / (along.high - along.low)

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
