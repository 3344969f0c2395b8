"""The result of a fit of one coupling: best value, intervals, limits, significance, and what they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np

from nuportal.errors import ParameterError, unknown_name
from nuportal.experiments.nuclear_prediction import NuclearPrediction
from nuportal.experiments.prediction import Prediction
from nuportal.inference.build import references
from nuportal.inference.cls import cls, cls_limit, cls_toys, cls_toys_limit
from nuportal.inference.expected import Expected, expected_limits
from nuportal.inference.families import OneCoupling
from nuportal.inference.likelihood import JointLikelihood
from nuportal.output import checked, replacing
from nuportal.provenance import stamp
from nuportal.readonly import FrozenDict, frozen
from nuportal.sources.parts import describe
from nuportal.units import confidence, number, numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.plotting.style import Style


POINTS = 400
REACH = 40.0  #: the scan ends where twice the log-likelihood ratio exceeds this


@dataclass(frozen=True, repr=False)
class FitResult:
    """Result of a fit. Intervals are asymptotic: twice the log-likelihood ratio against chi^2.

    Attributes
    ----------
    family : OneCoupling
        What was fitted; `family.parameter` and `family.unit` name the parameter.
    predictions : tuple of Prediction
        One for each experiment.
    likelihood : JointLikelihood
        Of all of them.
    options : mapping
        The choices that were made.
    """

    family: OneCoupling
    predictions: tuple[Prediction | NuclearPrediction, ...]
    likelihood: JointLikelihood
    options: Mapping[str, object] = field(default_factory=FrozenDict[str, object])

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", FrozenDict(self.options))

    def __repr__(self) -> str:
        return f"<FitResult: {self.summary}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.summary)}</p>"

    @property
    def summary(self) -> str:
        """One line: what was fitted to what, the best value and the 90 % interval."""
        unit = f" {self.family.unit}" if self.family.unit else ""
        low, high = self.interval(0.90)
        data = " + ".join(p.experiment.name for p in self.predictions)
        name = f"{self.family.parameter} of {self.family.name} from {data}"
        return f"{name}: {self.best:.4g}{unit}, {low:.4g} to {high:.4g}{unit} at 90 %"

    def nll(self, x: np.ndarray | float) -> np.ndarray:
        """Return -ln L minimised over all nuisances at each `x` [n]."""
        return self.likelihood.profile(numbers(x, "x"))[0]

    @cached_property
    def _scan(self) -> tuple[np.ndarray, np.ndarray]:
        """Values of x from 0 to where the fit is hopeless, and -log L there."""
        top = scale(self.likelihood)
        while True:
            x = np.linspace(0, top, POINTS)
            nll = self.nll(x)
            if 2 * (nll[-1] - nll.min()) > REACH:
                return x, nll
            top *= 2

    @cached_property
    def _minimum(self) -> tuple[float, float, dict[str, float]]:
        """Best x, -log L there, and nuisances: minimised by iminuit from the best point of the scan."""
        from iminuit import Minuit

        x, nll = self._scan
        k = int(np.argmin(nll))
        step, whole = x[1], self.likelihood
        start = whole.profile(x[k : k + 1])[1][0]

        def objective(values: np.ndarray) -> float:
            return whole.nll(values[0] * step, np.asarray(values[1:]))

        minuit = Minuit(objective, np.append(x[k] / step, start), name=["x", *whole.names])  # pyright: ignore[reportArgumentType]
        minuit.errordef = Minuit.LIKELIHOOD
        minuit.limits["x"] = (0, None)
        for name, low, high in zip(whole.names, whole.low, whole.high, strict=True):
            minuit.limits[name] = (low, high)
        minuit.tol = 1e-3
        minuit.migrad()
        value = float(minuit.values["x"] * step)
        found = float(self.nll(value)[0])
        if found > nll[k]:  # the boundary x = 0
            value, found = float(x[k]), float(nll[k])
        return value, found, {name: float(minuit.values[name]) for name in whole.names}

    @property
    def best(self) -> float:
        """Best value of the parameter, a number for couplings, in mu_B for d."""
        return self._minimum[0]

    @property
    def nuisances(self) -> dict[str, float]:
        """Nuisances at the best fit: in units of their errors, or events for free components."""
        return dict(self._minimum[2])

    @property
    def significance(self) -> float:
        """Preference for the model over x = 0, sqrt(2 Delta log L), in standard deviations."""
        return float(np.sqrt(max(2 * (self.nll(0.0)[0] - self._minimum[1]), 0.0)))

    def statistic(self, x: np.ndarray | float) -> np.ndarray:
        """Return 2 [ln L(best) - ln L(x)] with nuisances profiled, at each `x` [n]."""
        return 2 * (self.nll(x) - self._minimum[1])

    def interval(self, cl: float = 0.90) -> tuple[float, float]:
        """Return the interval around the best value in which the statistic lies below the chi^2 quantile of one
        parameter.

        Parameters
        ----------
        cl : float
            Confidence level between 0 and 1.

        Returns
        -------
        tuple of 2 float
            The lower end is 0 where 0 is inside.

        Raises
        ------
        ParameterError
            If `cl` is not allowed.
        """
        return self._ends(NormalDist().inv_cdf((1 + confidence(cl)) / 2) ** 2)  # the quantile of chi^2

    def upper_limit(self, cl: float = 0.90, sided: Literal["two", "one"] = "two") -> float:
        """Return the upper limit.

        Parameters
        ----------
        cl : float
            Confidence level between 0 and 1.
        sided : {"two", "one"}
            The upper end of `interval`, or where the statistic reaches the square of the normal quantile of `cl`.

        Raises
        ------
        ParameterError, UnknownNameError
            If a value is not allowed.
        """
        if sided not in ("two", "one"):
            raise unknown_name("kind of limit", str(sided), ("two", "one"))
        if sided == "two":
            return self.interval(cl)[1]
        return self._ends(NormalDist().inv_cdf(max(confidence(cl), 0.5)) ** 2)[1]

    def expected_limit(self, cl: float = 0.90, sided: Literal["two", "one"] = "two") -> Expected:
        """Return the upper limit that data without a signal would give.

        Parameters
        ----------
        cl : float
            Confidence level between 0 and 1.
        sided : {"two", "one"}
            As in `upper_limit`.

        Returns
        -------
        Expected
            The median, and the bands that hold 68 % and 95 % of such data.

        Raises
        ------
        ParameterError, UnknownNameError
            If a value is not allowed.

        Notes
        -----
        1007.1727; docs/physics/inference.md.
        """
        return expected_limits(self.likelihood, self._scan[0][-1], cl, sided)

    def cls(self, x: float, toys: int = 0, seed: int = 1, workers: int = 1) -> float:
        """Return CLs at one value of the parameter.

        Parameters
        ----------
        x : float
            Value of the parameter, not negative.
        toys : int
            Number of pseudo-experiments; 0 takes the asymptotic formula.
        seed : int
            Of the random numbers.
        workers : int
            Processes that share the pseudo-experiments.

        Raises
        ------
        ParameterError
            If a value is not allowed.
        """
        x = number(x, "x")
        if x < 0:
            raise ParameterError(f"x = {x:g} is not allowed: it must be finite and not negative")
        top = self._scan[0][-1]
        return (
            cls_toys(self.likelihood, x, top, toys, seed, workers) if toys else float(cls(self.likelihood, x, top)[0])
        )

    def cls_limit(self, cl: float = 0.90, toys: int = 0, seed: int = 1, workers: int = 1) -> float:
        """Return the upper limit at which CLs = 1 - cl.

        Parameters
        ----------
        cl : float
            Confidence level between 0 and 1.
        toys, seed, workers : int
            As in `cls`, whose errors it raises.
        """
        top = self._scan[0][-1]
        if toys:
            return cls_toys_limit(self.likelihood, cl, top, toys, seed, workers)
        return cls_limit(self.likelihood, cl, top)

    def exclusion(self, x: float) -> float:
        """Return by how many standard deviations x is disfavoured."""
        return float(np.sqrt(max(self.statistic(x)[0], 0.0)))

    def _ends(self, threshold: float) -> tuple[float, float]:
        from scipy.optimize import brentq

        x, nll = self._scan
        best, least, _ = self._minimum

        def excess(value: float) -> float:
            return float(2 * (self.nll(value)[0] - least) - threshold)

        outside = 2 * (nll - least) > threshold
        above, below = x[outside & (x > best)], x[outside & (x < best)]
        upper = float(brentq(excess, best, float(above[0]), rtol=1e-6, xtol=1e-30))
        lower = float(brentq(excess, float(below[-1]), best, rtol=1e-6, xtol=1e-30)) if below.size else 0.0
        return lower, upper

    @property
    def profile(self) -> tuple[np.ndarray, np.ndarray]:
        """Values of the parameter and the statistic there, for plots."""
        x, nll = self._scan
        return frozen(x), frozen(2 * (nll - self._minimum[1]))

    def to_dict(self, cl: float = 0.90) -> dict[str, object]:
        """Return the result as plain values, with the interval at confidence level `cl`."""
        return {
            "family": self.family.name,
            "parameter": self.family.parameter,
            "unit": self.family.unit,
            "experiments": [p.experiment.key for p in self.predictions],
            "best": self.best,
            "cl": cl,
            "interval": list(self.interval(cl)),
            "upper_limit": self.upper_limit(cl),
            "significance": self.significance,
            "nuisances": self.nuisances,
            "notes": list(self.family.notes),
            "unverified": {p.experiment.key: p.experiment.unverified() for p in self.predictions},
        }

    @property
    def provenance(self) -> dict[str, str]:
        """What every result file carries."""
        sources = [describe(p.source) for p in self.predictions]
        model = {"family": self.family.name, "parameter": self.family.parameter}
        model |= self.family.build(self.best or self.profile[0][1]).describe()
        experiments = [p.experiment.key for p in self.predictions]
        options = {
            **self.options,
            "experiments": experiments,
            "sources": [{k: v for k, v in source.items() if k != "references"} for source in sources],
        }
        return stamp(model, options, list(references(self.predictions)))

    def save(self, path: str | Path) -> Path:
        """Write the profile as a table: `path` ends in .csv; columns: parameter, 2 Delta ln L. Raises OutputError."""
        path = checked(path, (".csv",))
        head = "".join(f"# {key}: {value}\n" for key, value in self.provenance.items())
        name = f"{self.family.parameter}_{self.family.unit}" if self.family.unit else self.family.parameter
        with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
            file.write(f"{head}{name},two_delta_log_likelihood\n")
            np.savetxt(file, np.column_stack(self.profile), fmt="%.8g", delimiter=",")
        return path

    def plot(self, ax: "Axes | None" = None, *, style: "Style" = "paper") -> "Figure":
        """Return the profile of the likelihood; ax, style: as `Plane.plot`."""
        from nuportal.plotting.recoil import plot_profile
        from nuportal.plotting.style import styled

        with styled(style, ax):
            return plot_profile(self, ax)


def scale(likelihood: JointLikelihood) -> float:
    """Return a value of x at which the excess is about as large as the fluctuation of the data."""
    x = np.geomspace(1e-30, 1e3, 3000)
    squares = np.zeros(9)  # of the sum over bins of (signal/error)^2, per power of x
    for part in likelihood.parts:
        relative = part.series / part.error()
        for (j, k), product in np.ndenumerate(relative @ relative.T):
            squares[j + k + 2] += product
    size = np.polynomial.polynomial.polyval(x, squares)
    return float(x[np.argmax(size > 1)]) * 2
