"""Y_p and D/H along a ray against what is measured, with the errors of nuclear rates, tau_n and omega_b.

Neutrinos are followed with their spectra and no boson is there at the start: what inverse decays and scattering make is
the least there is. A few points are solved (limits/solved.py, shared with N_eff); between them Y_p and ln D/H are
interpolated, more finely where they are close to what is measured.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from nuportal.cosmology.expansion import NEFF_STANDARD
from nuportal.limits import neff
from nuportal.limits.base import LikelihoodLimit, Outcome
from nuportal.limits.ray import Ray
from nuportal.limits.solved import Universe, solutions, standard
from nuportal.models import Couplings
from nuportal.observations.light_elements import Predicted, compare, measurement, profile
from nuportal.solvers import adaptive

#: estimated error of interpolation over that of the comparison, up to NEAR standard deviations from what is measured;
#: beyond, it grows with the distance
PART, NEAR = 0.25, 3.0
SPREAD = {"Y_p": 0.0013, "D_H": 0.02}  #: error of the comparison: of Y_p, of ln D/H
NOISE = {"Y_p": 5e-6, "D_H": 5e-5}  #: error of single points that is independent of that of others
NO_VALUE = "no light elements: a boson alive while nuclei form, no solution"
ALIVE = 1  #: code of a point without light elements; codes of solutions that failed follow it


class Compared(BaseModel):
    """Names of the measurements and of the nuclear rates."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    helium: str
    deuterium: str
    baryons: str
    rates: str


class Surfaces(NamedTuple):
    """Functions from (column, ln y) [n, 2] to Y_p, D/H and N_eff, NaN where there is none."""

    helium: Callable[[np.ndarray], np.ndarray]
    deuterium: Callable[[np.ndarray], np.ndarray]
    neff: Callable[[np.ndarray], np.ndarray]


class LightElements(LikelihoodLimit):
    """Excluded where chi2 of (Y_p, D/H) rises above its minimum on the ray, the Standard Model included."""

    Measurement = Compared
    measurement: Compared
    shares = neff.EffectiveNeutrinos.shares

    def why_not(self, ray: Ray) -> str | None:
        """Return why light elements are not computed for these models."""
        if not isinstance(getattr(ray.sample, "couplings", None), Couplings):
            return f"light elements of a {ray.sample.label} are not computed"
        return None if ray.scale == "log" else "light elements are computed along a coupling on a logarithmic axis"

    def excluded(self, ray: Ray) -> Outcome:
        """Return what is excluded along a ray; where light elements have no value it says so."""
        found = super().excluded(ray)
        if found.status in ("ok", "failed") and found.failed:
            return replace(found, reason=f"{NO_VALUE}, or a coupling above {neff.COUPLINGS[1]:g}")
        return found

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return chi2(y) - chi2(Standard Model) [n] from the surfaces; NaN next to a point that has no yields."""
        y = np.asarray(y, dtype=float)
        at = np.full(y.shape, neff.coordinate(ray.shared, ray.at))
        place = np.stack([at, np.log(np.clip(y, *neff.COUPLINGS))], axis=1)
        found = self._predicted(ray, y, *(function(place) for function in self._surfaces(ray)))
        chosen = self.measurement
        chi2 = profile(found, chosen.helium, chosen.deuterium, chosen.baryons).chi2 - self._standard
        return np.where(y > neff.COUPLINGS[1] * (1 + 1e-9), np.nan, chi2)

    def deviance_of_points(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the same, each point solved; NaN where it has no yields."""
        low, high = neff.COUPLINGS
        solved = solutions(ray)
        found = [
            np.nan if v > high * (1 + 1e-9) else self._chi2(solved.at(ray.at, max(v, low)))
            for v in np.asarray(y, dtype=float).tolist()
        ]
        return np.array(found) - self._standard

    @property
    def _standard(self) -> float:
        return self._chi2(standard())

    def _chi2(self, found: Universe) -> float:
        chosen, yields = self.measurement, found.yields(self.measurement.rates)
        if yields is None:
            return float("nan")
        return compare(yields, chosen.helium, chosen.deuterium, chosen.baryons).chi2

    def _predicted(
        self, ray: Ray, y: np.ndarray, helium: np.ndarray, deuterium: np.ndarray, n: np.ndarray
    ) -> Predicted:
        """Return interpolated yields with all their errors, that of interpolation among them."""
        from nuportal.cosmology.momenta.errors import numerical_error, theory_error
        from nuportal.cosmology.momenta.options import MomentaOptions
        from nuportal.cosmology.nucleosynthesis.evolution import RTOL
        from nuportal.cosmology.nucleosynthesis.sensitivity import errors_of, sensitivities
        from nuportal.cosmology.nucleosynthesis.yields import OMEGA_B

        options, values = MomentaOptions(), np.column_stack([helium, deuterium])
        couplings = [ray.build(float(v)).couplings for v in y]
        of_neff = [
            (theory_error(v, c, options), numerical_error(v, c, options))
            for v, c in zip(n.tolist(), couplings, strict=True)
        ]
        slopes = sensitivities(self.measurement.rates)
        errors = errors_of(values, slopes, "spectrum", np.array(of_neff), RTOL)
        between = np.column_stack([self._tolerance("Y_p", helium), self._tolerance("D_H", deuterium)]) / adaptive.SAFETY
        own = errors.theory**2 + errors.numerical**2 + between**2
        covariance = errors.covariance + own[:, :, None] * np.eye(2)
        return Predicted(values, slopes[-1, :2] * values / OMEGA_B, covariance, n, OMEGA_B)

    def _tolerance(self, element: str, values: np.ndarray) -> np.ndarray:
        """Return the error of interpolation that is allowed, in units of the values."""
        name = self.measurement.helium if element == "Y_p" else self.measurement.deuterium
        seen = measurement(name, "Y_p" if element == "Y_p" else "D_H").value
        spread = SPREAD[element] * (1.0 if element == "Y_p" else seen)
        return PART * spread * (1 + np.maximum(np.abs(values - seen) / spread - NEAR, 0.0))

    def _surfaces(self, ray: Ray) -> Surfaces:
        key = f"light elements {self.measurement}"
        with ray.shared.get("lock", nullcontext()):
            if key not in ray.shared:
                ray.shared[key] = self._calculated(ray)
            return ray.shared[key]

    def _calculated(self, ray: Ray) -> Surfaces:
        """Return the surfaces of the plane of a ray, or of it alone; each starts from all points that are solved."""
        from concurrent.futures import ThreadPoolExecutor

        from nuportal.cosmology.grid import smooth_neff
        from nuportal.solvers.cores import available

        columns, y, solved = self._columns(ray), neff.nodes(ray), solutions(ray)
        at = np.array([neff.coordinate(ray.shared, column) for column in columns])

        def one(point: tuple[int, int]) -> Universe:
            found = solved.at(columns[point[0]], float(y[point[1]]))
            found.yields(self.measurement.rates)
            return found

        def surface(element: str, **ways: Any) -> Callable[[np.ndarray], np.ndarray]:
            """Return the function from (column, ln y) [n, 2] to an element or N_eff."""

            def calculate(points: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
                values = [self._value(found, element) for found in threads.map(one, points)]
                return tuple(np.array(part) for part in zip(*values, strict=True))  # type: ignore[return-value]

            known = [p for p in np.ndindex(len(columns), len(y)) if (columns[p[0]], float(y[p[1]])) in solved]
            return adaptive.fill(at, np.log(y), calculate, also=known, **ways).between

        with ThreadPoolExecutor(available()) as threads:
            same = {"straighten": np.asarray, "restore": np.asarray}
            log = {"straighten": np.log, "restore": np.exp}
            wide = {**smooth_neff(), "tolerance": _rough}
            return Surfaces(
                surface("Y_p", tolerance=partial(self._tolerance, "Y_p"), noise=NOISE["Y_p"], **same),
                surface("D_H", tolerance=partial(self._tolerance, "D_H"), noise=NOISE["D_H"], **log),
                surface("neff", **wide),
            )

    def _columns(self, ray: Ray) -> list[float | None]:
        """Return the columns of a plane that this limit covers, with the ends of its validity; of a ray, its own."""
        axis = ray.shared.get("columns")
        if axis is None or ray.at is None:
            return [ray.at]
        low, high = self.about.mass_low, self.about.mass_high
        if not axis.is_mass:
            return axis.values.tolist()
        ends = [m for m in (low, high) if axis.low < m < axis.high]
        return sorted({*ends, *(m for m in axis.values.tolist() if low <= m <= high)})

    def _value(self, found: Universe, element: str) -> tuple[float, int]:
        """Return Y_p, D/H or N_eff of a point and why there is none."""
        yields = found.yields(self.measurement.rates)
        if yields is None or not np.isfinite(yields.Y_p):
            return np.nan, ALIVE + int(found.status)
        return (found.neff if element == "neff" else getattr(yields, element)), 0


def _rough(values: np.ndarray) -> np.ndarray:
    """Return the error of N_eff that is allowed where it only enters the errors of the yields, or the CMB's chi2."""
    return 0.05 + 0.3 * np.abs(np.asarray(values) - NEFF_STANDARD)
