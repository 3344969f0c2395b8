"""Neutrinos on nuclei (and on electrons, whose recoils may pass the same selection): pions at rest, reactors, the Sun.

Rate only: N(c)/N(SM) times the collaboration's Standard Model number is compared with the number it observes.
"""

from functools import cache, cached_property

import numpy as np

from nuportal.constants import SECONDS_PER_YEAR
from nuportal.errors import DataFileError
from nuportal.experiments.counting import CountingExperiment
from nuportal.experiments.measurement import experiment
from nuportal.experiments.nuclear_prediction import NuclearPrediction, counting_prediction
from nuportal.limits.base import LikelihoodLimit
from nuportal.limits.electron_recoils import Experiment
from nuportal.limits.ray import Ray
from nuportal.models.base import FLAVOURS


@cache
def prediction(name: str) -> NuclearPrediction:
    """Return the prediction of a counting experiment by name. Raises UnknownNameError, DataFileError."""
    measured = experiment(name)
    if not isinstance(measured, CountingExperiment):
        raise DataFileError(f"experiment '{name}' is not of kind nuclear")
    return counting_prediction(measured)


class NucleusCounts(LikelihoodLimit):
    """chi^2 of the number of events; a vector adds coherently to the weak charge of the nucleus, a scalar beside it."""

    Measurement = Experiment
    measurement: Experiment

    @cached_property
    def predicted(self) -> NuclearPrediction:
        """The prediction of the experiment."""
        return prediction(self.measurement.experiment)

    def why_not(self, ray: Ray) -> str | None:
        """Return whether neither nuclei nor electrons feel the mediator, or its neutrinos are not in the beam."""
        c, seen = ray.ends, self._flavours
        if not any(c.c_nu[f] for f in seen):
            return f"no coupling to {' or '.join(FLAVOURS[f] for f in seen)} neutrinos"
        if c.c_p or c.c_n or (c.c_e and self.predicted.experiment.spec.electrons):
            return None
        return "no coupling to the nucleus"

    @cached_property
    def _flavours(self) -> tuple[int, ...]:
        """Indices of the neutrino flavours at the detector."""
        share = [np.asarray(part.probabilities(np.array([part.largest_energy]))) for part in self.predicted.parts]
        return tuple(f for f in range(3) if any(p[f].sum() > 0 for p in share))

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return chi^2 relative to the Standard Model [n]; the error of the expectation scales with it."""
        seen = self.predicted.experiment.spec.events
        expected = seen.expected * np.concatenate([[1.0], 1 + self.added(ray, y) / self.standard])
        variance = seen.error**2 + (seen.relative_error * expected) ** 2
        chi2 = (seen.observed - expected) ** 2 / variance + np.log(variance / seen.error**2)
        return chi2[1:] - chi2[0]

    def added(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the events per molecule and unit flux (of the Sun: second) that models at y [n] add."""
        couplings = ray.couplings(y)
        products = self.predicted.products(couplings)
        linear, square = (part.sum(axis=(1, 2)) for part in self.predicted.mediator(ray.mass, couplings.spin))
        return (linear @ products + square @ products**2) * self._per_molecule

    @property
    def standard(self) -> float:
        """Events of the Standard Model per molecule and unit flux (of the Sun: second)."""
        return float(self.predicted.sm.sum()) * self._per_molecule

    @property
    def _per_molecule(self) -> float:
        """The share of one molecule and second in the events of the prediction."""
        of = self.predicted
        return 1 / (of.scale * SECONDS_PER_YEAR * of.setup.exposure * of.setup.material.molecules_per_tonne)
