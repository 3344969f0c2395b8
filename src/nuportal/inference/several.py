"""Fits of several parameters: the likelihood on a grid, its best point refined, profiles and contours.

fit("B-L", "xenon1t", parameters=["mass=1keV:1MeV:30", "g=1e-8:1e-5:60"]).contours(sigmas=2)

One of the parameters is a coupling that the likelihood knows as a polynomial, so that a whole line of the grid costs as
much as a point.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.inference.build import references
from nuportal.inference.families import OneCoupling
from nuportal.inference.likelihood import JointLikelihood
from nuportal.models.family import Family, family
from nuportal.output import checked, replacing
from nuportal.planes.axes import Axis
from nuportal.provenance import stamp
from nuportal.readonly import FrozenDict, frozen
from nuportal.units import Quantity, confidence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.inference.fit import Data
    from nuportal.plotting.style import Style

POINTS = 40  #: of an axis that does not say
TOLERANCE = 1e-3  #: of the refined minimum, in 2 log L
MAX_NODES = 200_000


@dataclass(frozen=True, repr=False, eq=False)
class SeveralFit:
    """Result of a fit of several parameters; regions are asymptotic (Wilks).

    Attributes
    ----------
    family : str
        Label of the family of models.
    experiments : tuple of str
        Names of the data sets.
    axes : tuple of Axis
        The parameters with their ranges; the last is a coupling.
    statistic : ndarray, one dimension for each axis
        2 [log L(best) - log L] on the grid, nuisances profiled.
    best : mapping
        Values of the parameters at the best point.
    null : float
        The statistic without signal.
    build : Lines
        The likelihood of the last parameter at values of the others (None: no event there).
    notes : tuple of str
        What to know about these numbers.
    """

    family: str
    experiments: tuple[str, ...]
    axes: tuple[Axis, ...]
    statistic: np.ndarray
    best: Mapping[str, float]
    null: float
    build: "Lines" = field(repr=False)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "statistic", frozen(self.statistic))
        object.__setattr__(self, "best", FrozenDict(self.best))

    def __repr__(self) -> str:
        return f"<SeveralFit: {self.summary}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.summary)}</p>"

    @property
    def summary(self) -> str:
        """One line: what was fitted to what, the best point, and how much it is preferred."""
        values = ", ".join(f"{axis.name} = {self.best[axis.name]:.4g}{_unit(axis)}" for axis in self.axes)
        data = " + ".join(self.experiments)
        return f"{self.family} from {data}: best {values}; preferred to no signal by {self.significance:.2f} sigma"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return tuple(axis.name for axis in self.axes)

    @property
    def significance(self) -> float:
        """Standard deviations by which the best point is preferred to no signal, with as many degrees of freedom."""
        from scipy.stats import chi2, norm

        return float(norm.isf(chi2.sf(max(self.null, 0.0), len(self.axes)) / 2))

    def values(self, name: str) -> np.ndarray:
        """Return the values of the parameter `name` on the grid. Raises UnknownNameError."""
        return self.axes[self._index(name)].values

    def profile(self, *names: str) -> np.ndarray:
        """Return the statistic over one or several parameters, least over the others.

        Parameters
        ----------
        *names : str
            The parameters, each once; dimensions of the result are in this order.

        Returns
        -------
        ndarray
            The least over the others is that of the grid, refined by a parabola along the last parameter.

        Raises
        ------
        UnknownNameError, ParameterError
            If there is no such parameter, or one is given twice.
        """
        kept = [self._index(name) for name in names]
        if not kept or len(set(kept)) != len(kept):
            raise ParameterError(f"give one or several of {', '.join(self.parameters)}, each once")
        last, whole = len(self.axes) - 1, self.statistic
        if last not in kept:
            whole = _least_along(whole)
            others = tuple(i for i in range(last) if i not in kept)
        else:
            others = tuple(i for i in range(last + 1) if i not in kept)
        found = np.maximum(whole.min(axis=others) if others else whole, 0.0)
        return np.transpose(found, np.argsort(np.argsort(kept)).tolist())

    def interval(self, name: str, cl: float = 0.90) -> tuple[float, float]:
        """Return the interval in which the profile of a parameter lies below the chi^2 quantile of one parameter.

        Parameters
        ----------
        name : str
            The parameter.
        cl : float
            Confidence level between 0 and 1.

        Returns
        -------
        tuple of 2 float
            An end that is not reached is that of the axis.

        Raises
        ------
        ParameterError, UnknownNameError
            If a value is not allowed.
        """
        axis = self.axes[self._index(name)]
        level, profile = quantile(cl, 1), self.profile(name)
        t = np.log(axis.values) if axis.scale == "log" else axis.values
        inside = np.flatnonzero(profile < level)
        if not inside.size:
            return self.best[axis.name], self.best[axis.name]
        low, high = int(inside[0]), int(inside[-1])
        ends = [
            t[low] if low == 0 else np.interp(level, profile[[low, low - 1]], t[[low, low - 1]]),
            t[high] if high == len(t) - 1 else np.interp(level, profile[[high, high + 1]], t[[high, high + 1]]),
        ]
        a, b = np.exp(ends) if axis.scale == "log" else np.array(ends)
        return float(a), float(b)

    def contours(
        self, x: str | None = None, y: str | None = None, *, cl: float | None = None, sigmas: float | None = None
    ) -> list[np.ndarray]:
        """Return the lines around the region of two parameters, the others profiled.

        Parameters
        ----------
        x, y : str, optional
            Names of the two; default, the first and the last.
        cl : float, optional
            Probability that the region holds (default 0.90).
        sigmas : float, optional
            The same as a number of standard deviations: 1 is 68.3 %, 2 is 95.4 %.

        Returns
        -------
        list of ndarray [n, 2]

        Raises
        ------
        ParameterError, UnknownNameError
            If a value is not allowed, or both `cl` and `sigmas` are given.
        """
        import contourpy

        names = (x or self.axes[0].name, y or self.axes[-1].name)
        if cl is not None and sigmas is not None:
            raise ParameterError("give cl or sigmas, not both")
        level = quantile(_of_sigmas(sigmas) if sigmas is not None else 0.90 if cl is None else cl, 2)
        grid = self.profile(*names)
        axes = [self.axes[self._index(name)] for name in names]
        t = [np.log(axis.values) if axis.scale == "log" else axis.values for axis in axes]
        found: list[np.ndarray] = []
        for line in contourpy.contour_generator(t[0], t[1], grid.T).lines(level):
            columns = [np.exp(c) if a.scale == "log" else c for c, a in zip(np.asarray(line).T, axes, strict=True)]
            found.append(np.column_stack(columns))
        return found

    def to_dict(self, cl: float = 0.90) -> dict[str, object]:
        """Return the result as plain values with intervals at level `cl`; grids row by row."""
        return {
            "family": self.family,
            "experiments": list(self.experiments),
            "parameters": [axis.describe() for axis in self.axes],
            "best": dict(self.best),
            "cl": cl,
            "intervals": {axis.name: list(self.interval(axis.name, cl)) for axis in self.axes},
            "significance": self.significance,
            "statistic": self.statistic.tolist(),
            "contour": [line.tolist() for line in self.contours(cl=cl)],
            "notes": list(self.notes),
        }

    @property
    def provenance(self) -> dict[str, str]:
        """What every result file carries."""
        options = {"experiments": list(self.experiments), "axes": [axis.describe() for axis in self.axes]}
        return stamp({"family": self.family}, options | dict(self.build.options), list(self.build.references))

    def save(self, path: str | Path) -> Path:
        """Write the grid as a table: `path` ends in .csv; columns: parameters, 2 Delta ln L. Raises OutputError."""
        path = checked(path, (".csv",))
        head = "".join(f"# {key}: {value}\n" for key, value in self.provenance.items())
        mesh = np.meshgrid(*(axis.values for axis in self.axes), indexing="ij")
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
            file.write(f"{head}{','.join(self.parameters)},two_delta_log_likelihood\n")
            columns = [*(m.ravel() for m in mesh), self.statistic.ravel()]
            np.savetxt(file, np.column_stack(columns), fmt="%.8g", delimiter=",")
        return path

    def plot(self, ax: "Axes | None" = None, *, style: "Style" = "paper") -> "Figure":
        """Return the regions of 68, 90 and 95 % over the first and last parameter; ax, style: as `Plane.plot`."""
        from nuportal.plotting.predictions import plot_regions
        from nuportal.plotting.style import styled

        with styled(style, ax):
            return plot_regions(self, ax)

    def _index(self, name: str) -> int:
        if name not in self.parameters:
            raise unknown_name("parameter of the fit", str(name), self.parameters)
        return self.parameters.index(name)


@dataclass(frozen=True)
class Lines:
    """The likelihood along the last parameter at values of the others."""

    members: Family
    fixed: Mapping[str, object]
    names: tuple[str, ...]
    likelihood: Callable[[OneCoupling], JointLikelihood]
    options: Mapping[str, object]
    references: tuple[str, ...]

    def __call__(self, others: Sequence[float]) -> JointLikelihood | None:
        """Return the likelihood along the last parameter at values of the others; None where the model refuses them."""
        values = {**self.fixed, **dict(zip(self.names[:-1], others, strict=True))}
        try:
            return self.likelihood(OneCoupling(self.members, self.names[-1], FrozenDict(values)))
        except NotApplicableError:
            return None


def several(
    given: Any,
    parameters: Sequence[str],
    mass: Quantity | None,
    options: Mapping[str, Any],
    data: "Data",
    kept: Mapping[str, object],
) -> SeveralFit:
    """Return the fit of several parameters of a family, a coupling last.

    options: fixed values and choices. data: the likelihood of the experiments. kept: options of the fit, for files.
    Raises as `nuportal.fit`.
    """
    if isinstance(parameters, str) or len(parameters) < 2:
        raise ParameterError("parameters takes two or more names, such as ['mass=1keV:1MeV', 'g']; one is `parameter`")
    members = family(given)
    axes = [Axis.parse(one, POINTS, wide=True, among=members) for one in parameters]
    axes.sort(key=lambda axis: not axis.is_mass)
    names = [axis.name for axis in axes]
    if len(set(names)) < len(names):
        raise ParameterError(f"parameters {', '.join(names)}: each can be fitted once")
    if axes[-1].is_mass:
        raise ParameterError("one of the parameters must be a coupling")
    values = dict(options) if mass is None else {"mass": mass, **options}
    choices = {k: members.choice(k).read(values.pop(k)) for k in list(values) if k in members.choices}
    fixed = {**members.defaults, **members.read(values)}
    for name in (n for axis in names for n in (axis, *members.expanded({axis: 1.0}))):
        if name in members.read(values):
            raise ParameterError(f"{name} is fitted and cannot be fixed")
        fixed.pop(name, None)
    members.check((*names, *fixed))
    lines = Lines(
        members, FrozenDict({**fixed, **choices}), tuple(names), data, FrozenDict(kept), references(data.predictions)
    )
    return fit_several(lines, axes, [p.experiment.key for p in data.predictions], ())


def fit_several(lines: Lines, axes: Sequence[Axis], experiments: Sequence[str], notes: tuple[str, ...]) -> SeveralFit:
    """Return the fit. Raises NotApplicableError if there is no signal anywhere, ParameterError for too many points."""
    shape = tuple(len(axis.values) for axis in axes)
    if np.prod(shape) > MAX_NODES:
        raise ParameterError(f"{' x '.join(map(str, shape))} points are too many: at most {MAX_NODES}")
    nll, null = np.full(shape, np.nan), np.nan
    for place in product(*(range(n) for n in shape[:-1])):
        made = lines([float(axis.values[i]) for axis, i in zip(axes, place, strict=False)])
        if made is not None:
            *nll[place], null = made.profile(np.append(axes[-1].values, 0.0))[0]
    if np.isnan(null):
        raise NotApplicableError("no event anywhere: all is above the kinematic reach of these fluxes")
    nll = np.where(np.isnan(nll), null, nll)
    best, least = _refined(lines, axes, nll)
    if null < least:
        best, least = {**best, axes[-1].name: 0.0}, float(null)
    statistic = 2 * (nll - least)
    return SeveralFit(
        lines.members.label, tuple(experiments), tuple(axes), statistic, best, 2 * (float(null) - least), lines, notes
    )


def _refined(lines: Lines, axes: Sequence[Axis], nll: np.ndarray) -> tuple[dict[str, float], float]:
    """The best point near that of the grid, by the simplex method within the ranges, and -log L there."""
    from scipy.optimize import minimize

    start = np.unravel_index(int(np.argmin(nll)), nll.shape)
    to = [np.log if axis.scale == "log" else np.asarray for axis in axes]
    back = [np.exp if axis.scale == "log" else np.asarray for axis in axes]
    grids = [f(axis.values) for f, axis in zip(to, axes, strict=True)]
    here = np.array([float(g[i]) for g, i in zip(grids, start, strict=True)])

    def objective(t: np.ndarray) -> float:
        *others, last = (float(f(v)) for f, v in zip(back, t, strict=True))
        made = lines(others)
        return float(made.profile(np.array([last]))[0][0]) if made is not None else float(np.max(nll))

    steps = np.array([g[1] - g[0] for g in grids])
    inward = np.where(here + steps <= [g[-1] for g in grids], steps, -steps) * 0.7
    simplex = np.vstack([here, here + np.diag(inward)])
    bounds = [(float(g[0]), float(g[-1])) for g in grids]
    chosen: Any = {"initial_simplex": simplex, "fatol": TOLERANCE / 2, "xatol": 1e-3, "maxfev": 300}
    found: Any = minimize(objective, here, method="Nelder-Mead", bounds=bounds, options=chosen)
    point, value = (found.x, float(found.fun)) if found.fun < nll.min() else (here, float(nll.min()))
    return {axis.name: float(f(v)) for axis, f, v in zip(axes, back, point, strict=True)}, value


def _least_along(statistic: np.ndarray) -> np.ndarray:
    """The least along the last axis, of the parabola through the three points around it."""
    k = np.clip(np.argmin(statistic, axis=-1), 1, statistic.shape[-1] - 2)[..., None]
    left, middle, right = (np.take_along_axis(statistic, k + d, axis=-1)[..., 0] for d in (-1, 0, 1))
    curved = left + right - 2 * middle
    inside = (middle <= left) & (middle <= right) & (curved > 0)
    lowered = np.divide((left - right) ** 2, 8 * curved, out=np.zeros_like(curved), where=inside)
    return statistic.min(axis=-1) - lowered


def quantile(cl: float, parameters: int) -> float:
    """Return the chi^2 quantile of a confidence level. Raises ParameterError."""
    from scipy.stats import chi2

    return float(chi2.ppf(confidence(cl), parameters))


def _of_sigmas(sigmas: float) -> float:
    from scipy.stats import norm

    if not 0 < sigmas < 8:
        raise ParameterError(f"sigmas = {sigmas:g} is not allowed: give a number between 0 and 8")
    return float(1 - 2 * norm.sf(sigmas))


def _unit(axis: Axis) -> str:
    return f" {axis.parameter.unit}" if axis.parameter.unit else ""
