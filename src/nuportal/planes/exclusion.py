"""The combined plane: what each limit excludes, their union, which is the strongest, and what survives."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from nuportal.errors import unknown_name
from nuportal.limits.base import Limit, Outcome
from nuportal.planes.exclusion_regions import lower_edges, outlines
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.tracks import Track, stepped
from nuportal.readonly import FrozenDict

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.planes.exclusion_likelihood import Survivor
    from nuportal.plotting.style import Style


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
        from nuportal.planes.exclusion_likelihood import combined_deviance

        asked = None if constraints is None else [self.limit(name) for name in constraints]
        return combined_deviance(self.spec, self._applicable(), asked)

    def best_surviving(self, band: str | None = None) -> "Survivor | None":
        """Return the best point of the combined likelihood that no exclusion covers, or None; with `band` of those it
        favours.
        """
        from nuportal.planes.exclusion_likelihood import best_point

        allowed = self.surviving(band)
        return best_point(self.spec, allowed, self.deviance()) if allowed.any() else None

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
        if isinstance(constraint, str):
            return outlines(self.spec, self.tracks[self.limit(constraint).about.name])
        chosen = self._applicable("exclusion") if constraint is None else [self.limit(name) for name in constraint]
        return outlines(self.spec, [self.tracks[c.about.name] for c in chosen])

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
        track = self.tracks[self.limit(constraint).about.name]
        return lower_edges(self.spec, track, self.strongest() == self.names.index(track.name))

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
        return self.tracks[name].on(stepped(self.spec)[0])

    def _mask(self, name: str, what: str) -> np.ndarray:
        if f"{name} {what}" not in self._masks:
            across, along = stepped(self.spec)
            mask = np.zeros((across.points, along.points), dtype=bool)
            for i, outcome in enumerate(self._on_grid(name)):
                for low, high in getattr(outcome, what):
                    mask[i] |= (along.values >= low) & (along.values <= high)
            self._masks[f"{name} {what}"] = mask if across is self.spec.x else mask.T
        return self._masks[f"{name} {what}"].copy()
