"""The likelihood over mass and coupling: contours at any number of standard deviations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike

from nuportal.errors import NotApplicableError, ParameterError
from nuportal.experiments.measurement import Experiment
from nuportal.experiments.prediction import Prediction
from nuportal.inference.build import likelihood
from nuportal.inference.families import one_coupling
from nuportal.inference.likelihood import JointLikelihood

if TYPE_CHECKING:
    from nuportal.inference.fit_result import FitResult
    from nuportal.sources.sun import SolarNeutrinos


@dataclass(frozen=True)
class Contours:
    """statistic[i, j] = 2 [log L(best) - log L(mass i, x j)] with nuisances profiled; the best point of the grid.

    null: statistic without signal. Masses in MeV. Above the kinematic reach the likelihood is that without signal.
    """

    mass: np.ndarray
    x: np.ndarray
    statistic: np.ndarray
    null: float
    best: tuple[float, float]

    @property
    def significance(self) -> float:
        """Standard deviations by which the best point is preferred over no signal (two parameters, asymptotic)."""
        from scipy.stats import chi2, norm

        return float(norm.isf(chi2.sf(self.null, 2) / 2))

    def level(self, sigmas: float) -> float:
        """Return the statistic inside which two parameters lie at this many standard deviations."""
        from scipy.stats import chi2, norm

        return float(chi2.isf(2 * norm.sf(sigmas), 2))

    def lines(self, sigmas: float) -> list[np.ndarray]:
        """Return the contour as lines of (mass, x)."""
        import contourpy

        generator = contourpy.contour_generator(np.log(self.mass), np.log(self.x), self.statistic.T)
        return [np.exp(line) for line in generator.lines(self.level(sigmas))]  # type: ignore[arg-type]


def contours(
    model_family: Any,
    experiment: str | Experiment,
    *,
    mass: ArrayLike,
    x: ArrayLike,
    sun: "SolarNeutrinos | None" = None,
    flux: str | Sequence[str] = "all",
    background_error: float | None = None,
    window: tuple[float, float] | None = None,
    **options: Any,
) -> Contours:
    """Scan masses (MeV, or m4 of "dipole") and couplings (in mu_B for d), both increasing and positive.

    Options as in `fit`. Raises UnknownNameError, ParameterError, DataFileError.
    """
    masses, values = np.asarray(mass, dtype=float), np.asarray(x, dtype=float)
    for name, grid in (("mass", masses), ("x", values)):
        if grid.ndim != 1 or grid.size < 2 or np.any(grid <= 0) or np.any(np.diff(grid) <= 0):
            raise ParameterError(f"{name} must be at least two increasing positive numbers")
    prediction = Prediction(experiment, sun=sun, flux=flux)
    nll = np.full((masses.size, values.size + 1), np.nan)
    for i, m in enumerate(masses):
        chosen = one_coupling(model_family, mass=float(m), **options)
        try:
            part = likelihood(prediction, chosen, background_error=background_error, window=window)
        except NotApplicableError:
            continue  # above the kinematic reach: filled below
        nll[i] = JointLikelihood((part,)).profile(np.append(values, 0.0))[0]
    reached = np.isfinite(nll[:, -1])
    if not reached.any():
        raise NotApplicableError("no event at any of the masses: all are above the kinematic reach of these fluxes")
    null = float(nll[reached][0, -1])
    nll[~reached] = null
    grid = nll[:, :-1]
    least = min(float(grid.min()), null)
    i, j = np.unravel_index(int(np.argmin(grid)), grid.shape)
    return Contours(masses, values, 2 * (grid - least), 2 * (null - least), (float(masses[i]), float(values[j])))


def favoured_band(
    model_family: Any, experiment: str | Experiment, mass: ArrayLike, cl: float = 0.68, **options: Any
) -> np.ndarray:
    """Return best value and ends of the interval at each mass (MeV), shape (masses, 3). Options as in `fit`."""
    from nuportal.inference.fit import fit

    rows: list[list[float]] = []
    for m in np.atleast_1d(np.asarray(mass, dtype=float)):
        result = cast("FitResult", fit(model_family, experiment, mass=float(m), **options))
        rows.append([result.best, *result.interval(cl)])
    return np.array(rows)
