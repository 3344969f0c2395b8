"""Solar neutrinos on electrons: Borexino, XENON1T, XENONnT, LZ, from their likelihoods.

At one mass the excess in every bin is quadratic in the products p_f = c_e c_nu_f (vector), proportional to their
squares (scalar), or to one squared coupling (hidden neutrino, dipole), so that a ray costs one set of templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.errors import unknown_name
from nuportal.experiments.measurement import names, own_name, short_names
from nuportal.experiments.prediction import Prediction
from nuportal.experiments.prediction import prediction as prediction_of
from nuportal.inference.likelihood import CountsLikelihood
from nuportal.limits.base import LikelihoodLimit, Limit
from nuportal.limits.ray import Ray

NEGLIGIBLE, HOPELESS = 1e-8, 1e4  #: sums of (signal^2/background) between which -2 ln L is profiled


class Experiment(BaseModel):
    """Name of a measurement of nuportal.experiments, or of a folder inside the limit's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    experiment: str


@cache
def prediction(experiment: str) -> Prediction:
    """Return the prediction of an experiment for today's Sun (B16-GS98, adiabatic conversion)."""
    return prediction_of(experiment)


def predicted_by(limit: Limit, experiment: str) -> Prediction:
    """Return the prediction of the experiment that a limit names. Raises UnknownNameError, DataFileError."""
    if (own := own_name(experiment)) is not None:
        return prediction(own)
    if (place := limit.file(experiment)).is_dir():
        return prediction(str(place))
    raise unknown_name("experiment", experiment, (*short_names(), *names()))


def excess(of: Prediction, ray: Ray, y: np.ndarray) -> np.ndarray:
    """Return what the models at y [n] add to the Standard Model counts or rates [n, bins]."""
    if ray.mediated:
        couplings = ray.couplings(y)
        products = np.asarray(couplings.c_e)[:, None] * np.stack(couplings.c_nu, axis=-1)
        key = f"templates of {id(of)}"
        if key not in ray.memory:
            ray.memory[key] = [part.sum(axis=1) for part in of.mediator(ray.mass, couplings.spin)]
        linear, square = ray.memory[key]
        return products @ linear + products**2 @ square
    # every other axis (d, mixing, chi) enters the amplitude linearly
    return (np.asarray(y)[:, None] / ray.high) ** 2 * ray.sample.recoil_coupling**2 * template(of, ray.sample)


_TEMPLATES: dict[tuple[int, Any], np.ndarray] = {}


def template(of: Prediction, model: Any) -> np.ndarray:
    """Return the excess at recoil_coupling = 1 [bins]; kept, since it depends on masses and conventions alone."""
    unit = model.unit()
    if (id(of), unit) not in _TEMPLATES:
        _TEMPLATES[id(of), unit] = of.excess(unit).sum(axis=0)
    return _TEMPLATES[id(of), unit]


def no_recoil(ray: Ray) -> str | None:
    """Return why the models of a ray do not scatter electrons, or None."""
    if ray.mediated:
        if not ray.ends.c_e:
            return "no coupling to electrons"
        return None if any(ray.ends.c_nu) else "no coupling to neutrinos"
    return None if ray.sample.recoil_coupling else "mixing, g or chi is zero"


class SolarRecoils(LikelihoodLimit):
    """-2 ln L of one experiment; nuisances: its backgrounds (counts), the solar fluxes (rates)."""

    Measurement = Experiment
    measurement: Experiment

    def why_not(self, ray: Ray) -> str | None:
        """Return why electrons do not recoil, or that the mass is above the reach of the Sun."""
        if (why := no_recoil(ray)) is not None:
            return why
        if not ray.mediated and not np.any(template(self.predicted, ray.sample)):
            return "the heavy neutrino is above the kinematic reach of solar neutrinos"
        return None

    @cached_property
    def predicted(self) -> Prediction:
        """The prediction of the experiment."""
        return predicted_by(self, self.measurement.experiment)

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return -2 ln L relative to the Standard Model [n]."""
        return self.deviances([(ray, y)])[0]

    def deviances(self, asked: Sequence[tuple[Ray, np.ndarray]]) -> list[np.ndarray]:
        """Return `deviance` of several rays, profiled together."""
        signals = [excess(self.predicted, ray, y) for ray, y in asked]
        signal = np.concatenate([np.zeros((1, self.predicted.bins)), *signals])
        values = self._rates(signal) if self.predicted.experiment.kind == "rates" else self._counts(signal)
        return np.split(values[1:] - values[0], np.cumsum([len(part) for part in signals])[:-1])

    def _rates(self, signal: np.ndarray) -> np.ndarray:
        """Gaussian: the errors of the fluxes, proportional to the rates, are added to the covariance."""
        of = self.predicted
        rates = of.sm.sum(axis=0) + signal
        share = of.sm / of.sm.sum(axis=0)
        flux = np.array([of.sun.relative_error(c) for c in of.components])
        measured: np.ndarray = np.linalg.inv(np.asarray(of.experiment.inverse_covariance, dtype=float))
        spread = share[None] * flux[None, :, None] * rates[:, None, :]
        covariance = np.asarray(measured[None] + np.einsum("ncb,ncd->nbd", spread, spread), dtype=float)
        residual = np.asarray(of.experiment.counts - rates, dtype=float)
        return np.einsum("nb,nb->n", residual, np.linalg.solve(covariance, residual[..., None])[..., 0])

    def _counts(self, signal: np.ndarray) -> np.ndarray:
        """Poisson, profiled over the normalisation of the background and over free components."""
        measured = self.predicted.experiment
        error = measured.spec.background.relative_error if measured.spec.background else 0.0
        shapes = [error * measured.background, *(template for _, template in measured.free)]
        shifts = np.zeros((len(shapes), 5, len(measured.background)))
        shifts[:, 0] = shapes
        low = np.array([-np.inf, *(part.low for part, _ in measured.free)])
        high = np.array([np.inf, *(part.high for part, _ in measured.free)])
        prior = np.array([True] + [False] * len(measured.free))
        names = ("background", *(part.name for part, _ in measured.free))
        # far below and far above the sensitivity the answer is clear without a profile
        strength = np.sum(signal**2 / measured.background, axis=1)
        clear = (strength < NEGLIGIBLE) | (strength > HOPELESS)
        tried = np.concatenate([[0], np.flatnonzero(~clear)])
        likelihood = _Tabulated(measured.counts, measured.background, signal[tried], shifts, prior, low, high, names)
        found = 2 * likelihood.profile(np.arange(len(tried)))[0]
        values = np.full(len(signal), found[0])
        values[strength > HOPELESS] += HOPELESS
        values[tried] = found
        return values


@dataclass(frozen=True)
class _Tabulated(CountsLikelihood):
    """A likelihood whose excess is given point by point: x counts the rows of `series` [n, bins]."""

    def signal(self, x: np.ndarray) -> np.ndarray:
        return self.series[np.asarray(x, dtype=int)]

    def shift(self, x: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self.shifts[:, 0], (len(x), *self.shifts[:, 0].shape))


class SolarExcess(SolarRecoils):
    """The band a measurement favours: -2 ln L within the quantile of cl of its minimum, where the SM is not."""

    favoured = True


class RateWindow(Experiment):
    """One component of a measurement of rates, and by how much its rate may exceed that of the Standard Model."""

    component: str
    largest_excess: Annotated[float, Field(gt=0)]


class SolarRateExcess(Limit):
    """A bound on one rate alone: excluded where it exceeds the Standard Model by more than a stated share."""

    Measurement = RateWindow
    measurement: RateWindow

    def why_not(self, ray: Ray) -> str | None:
        """Return why electrons do not recoil."""
        return no_recoil(ray)

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the excess over the largest one."""
        of = predicted_by(self, self.measurement.experiment)
        k = list(of.experiment.component).index(self.measurement.component)
        return excess(of, ray, y)[:, k] / (of.sm.sum(axis=0)[k] * self.measurement.largest_excess)
