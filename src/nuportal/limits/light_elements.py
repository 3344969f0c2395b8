"""Y_p and D/H along a ray against what is measured, with the errors of nuclear rates, tau_n and omega_b.

U(1)_X models without a boson at the start: what inverse decays and scattering make is the least there is.
"""

import numpy as np
from pydantic import BaseModel, ConfigDict

from nuportal.cosmology.nucleosynthesis.from_history import history_of
from nuportal.errors import NotApplicableError
from nuportal.limits.base import LikelihoodLimit
from nuportal.limits.ray import Ray
from nuportal.models import U1X
from nuportal.observations.light_elements import compare

PER_DECADE = 4  #: points calculated; chi2 is interpolated between them in ln y
COUPLINGS = (1e-13, 1e-2)


class Compared(BaseModel):
    """Names of the measurements and of the nuclear rates."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    helium: str
    deuterium: str
    baryons: str
    rates: str


class LightElements(LikelihoodLimit):
    """Excluded where chi2 of (Y_p, D/H) rises above its minimum on the ray, the Standard Model included."""

    Measurement = Compared
    measurement: Compared
    shares = "light elements"

    def why_not(self, ray: Ray) -> str | None:
        """Return why light elements are not computed for these models."""
        if not isinstance(ray.sample, U1X):
            return f"light elements of a {ray.sample.label} are not computed"
        if ray.parameter not in ("g", "epsilon") or ray.scale != "log":
            return "light elements are computed along g or epsilon on a logarithmic axis"
        return None

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return chi2(y) - chi2(Standard Model) [n]; NaN next to a point that has no yields."""
        from scipy.interpolate import PchipInterpolator

        key = f"light elements {self.measurement}"
        if key not in ray.memory:
            ray.memory[key] = self._nodes(ray)
        t, values = ray.memory[key]
        known = np.isfinite(values)
        at = np.log(np.asarray(y, dtype=float))
        if known.sum() < 2:
            return np.full(at.shape, np.nan)
        cell = np.clip(np.searchsorted(t, at, side="right") - 1, 0, len(t) - 2)
        broken = ~(known[:-1] & known[1:])
        found = PchipInterpolator(t[known], values[known], extrapolate=False)(at)
        return np.where(broken[cell], np.nan, found)

    def _nodes(self, ray: Ray) -> tuple[np.ndarray, np.ndarray]:
        points = int(np.ceil(PER_DECADE * np.log10(ray.high / ray.low))) + 2
        t = np.linspace(np.log(ray.low), np.log(ray.high), points)
        standard = self._chi2(None)
        return t, np.array([self._chi2(ray.build(y)) for y in np.exp(t).tolist()]) - standard

    def _chi2(self, model: U1X | None) -> float:
        """Return chi2 of a point; NaN where there is none or the coupling is out of the solver's range."""
        strength = 0.0 if model is None else max(abs(model.couplings.c_e), *map(abs, model.couplings.c_nu))
        if strength > COUPLINGS[1] * (1 + 1e-9):
            return float("nan")
        chosen = self.measurement
        try:
            weak = model is not None and strength < COUPLINGS[0]
            found = history_of(None if weak else model, treatment="temperatures", start="zero").yields(
                rates=chosen.rates
            )
        except NotApplicableError:
            return float("nan")
        return compare(found, chosen.helium, chosen.deuterium, chosen.baryons).chi2
