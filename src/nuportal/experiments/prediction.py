"""Expected counts of electron recoils (of the Sun's neutrinos, or of another source): Standard Model, and a model's.

Everything without couplings and mediator mass is folded once per experiment, by solar component, flavour and
coefficient of delta(T); a new vector mediator then costs one matrix-vector product. At fixed mass the excess is a
polynomial in the fitted coupling, see `inference.families`.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any, Literal, cast

import numpy as np

from nuportal.constants import G_F, HBAR_C_CM, M_E, SECONDS_PER_YEAR
from nuportal.detectors.response import Response, response
from nuportal.detectors.targets import KEV, Binding
from nuportal.errors import NotApplicableError
from nuportal.experiments.measurement import Experiment, experiment
from nuportal.experiments.setup import Setup
from nuportal.models import DipolePortal, HiddenNeutrino
from nuportal.models.base import FLAVOURS, Couplings
from nuportal.processes import dipole_scattering, electron_scattering, hidden_scattering
from nuportal.processes.electron_scattering import Flavour, Particle, Radiative
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.solvers.quadrature import gauss_legendre
from nuportal.sources.parts import Source, parts, source_name
from nuportal.sources.solar_spectra import components, end_of_spectrum
from nuportal.sources.sun import SolarNeutrinos

NODES = 32
KEPT = 64  #: predictions that are kept with what they folded

#: cross-section or its coefficients over recoil energy, neutrino energy, flavour, and "neutrino" or "antineutrino"
_Section = Callable[[np.ndarray, np.ndarray, Flavour, Particle], np.ndarray | tuple[np.ndarray, ...]]


class Prediction:
    """Expected counts of one experiment; `sm`, `excess(model)` have shape (components, bins).

    flux: parts of the source that take part (of the Sun "pp", "CNO", several, or "all"). radiative, binding: as in
    `electron_scattering` and `detectors.targets`. edges: other bins than the experiment's (keV). source: in place of
    the Sun, for a target without data of its own. Raises UnknownNameError, DataFileError, ParameterError.
    """

    recoiling: Literal["electron", "nuclear"] = "electron"

    def __init__(
        self,
        measured: "str | Experiment | Setup",
        *,
        sun: SolarNeutrinos | None = None,
        source: Source | None = None,
        flux: str | Sequence[str] = "all",
        radiative: Radiative = "flavour",
        binding: Binding = "step",
        edges: Sequence[float] | np.ndarray | None = None,
    ):
        self.experiment: Any = measured if isinstance(measured, Setup) else experiment(measured)
        self.source: Source = source or sun or SolarNeutrinos()
        self.parts = parts(self.source, flux)
        self.components = tuple(part.name for part in self.parts)
        self.radiative: Radiative = radiative
        self.binding: Binding = binding
        if isinstance(self.experiment, Setup):
            self.response = self.experiment.electrons(binding, [part.largest_energy for part in self.parts])
            self._mask = np.ones((len(self.components), len(self.response.matrix)))
        elif self.experiment.kind == "counts":
            self.response = response(
                self.experiment.detector, self.experiment.edges if edges is None else edges, binding
            )
            self._mask = np.ones((len(self.components), len(self.response.matrix)))
        else:
            self.response = self._rates_response()
            self._mask = np.array([[c == b for b in self.experiment.component] for c in self.components], dtype=float)

    @property
    def sun(self) -> SolarNeutrinos:
        """The Sun. Raises NotApplicableError for another source."""
        if not isinstance(self.source, SolarNeutrinos):
            raise NotApplicableError(f"the source is {source_name(self.source)}, not the Sun")
        return self.source

    @property
    def bins(self) -> int:
        """Number of bins (or of measured rates)."""
        return self._mask.shape[1]

    @property
    def recoil(self) -> np.ndarray:
        """True recoil energies of the nodes, MeV."""
        return self.response.recoil_energy

    @cached_property
    def _vector_terms(self) -> np.ndarray:
        """Rates per electron of S0, S1, S2, shape (3 terms, components, 3 flavours, nodes)."""

        def terms(t: np.ndarray, e: np.ndarray, f: Any, particle: Any) -> electron_scattering.Coefficients:
            return electron_scattering.coefficients(t, e, f, radiative=self.radiative, particle=particle)

        return self.folded(terms, 3)

    @cached_property
    def _vector_total(self) -> np.ndarray:
        return self._vector_terms[1:].sum(axis=1)

    @cached_property
    def sm(self) -> np.ndarray:
        """Standard Model elastic scattering, (components, bins)."""
        return self.counts(self._vector_terms[0].sum(axis=1))

    def folded(
        self,
        cross_section: _Section,
        terms: int = 1,
        final_mass: float = 0.0,
        flavours: tuple[Flavour, ...] = ("e", "mu"),
    ) -> np.ndarray:
        """Return flux x probability x coefficient at the nodes, shape (terms, components, flavours, nodes), times
        cm^2 s^-1 units so that an MeV^-3 coefficient becomes a rate per electron in MeV^-1 s^-1.

        cross_section(T, E, flavour, particle): particle is "neutrino" or "antineutrino". flavours: those that are asked
        for; the last of them stands for the others too (nu_tau scatters as nu_mu).
        """
        least = minimum_neutrino_energy(self.recoil, M_E, final_mass)
        out = np.zeros((terms, len(self.components), 3, self.recoil.size))
        for c, part in enumerate(self.parts):
            energy, weight = part.nodes(np.minimum(least, 1e6))
            if not np.any(weight):
                continue
            probability = part.probabilities(energy) * weight * HBAR_C_CM**2
            values = np.zeros((terms, *energy.shape))
            for f in range(3):
                if f < len(flavours):
                    found = cross_section(self.recoil[:, None], energy, flavours[f], part.particle)
                    values = np.asarray(found).reshape(terms, *energy.shape)
                out[:, c, f] = np.einsum("tne,ne->tn", values, probability[f])
        return out

    def counts(self, rate: np.ndarray) -> np.ndarray:
        """Return counts (components, bins) from rates per electron at the nodes (components, nodes)."""
        return (rate @ self.response.matrix.T) * self._mask

    def excess_total(self, couplings: Couplings) -> np.ndarray:
        """Return what a vector adds to the counts, summed over components: the fast way, shape (bins,)."""
        delta = np.outer(self.products(couplings), self._propagator(couplings.mass))
        rate = self._vector_total[0] * delta + self._vector_total[1] * delta**2
        if self.experiment.kind == "counts":
            return self.response.matrix @ rate.sum(axis=0)
        return self.excess(couplings).sum(axis=0)

    def excess(self, model: object) -> np.ndarray:
        """Return what a model adds to the Standard Model, (components, bins). Raises NotApplicableError."""
        couplings = model if isinstance(model, Couplings) else getattr(model, "couplings", None)
        if not isinstance(couplings, Couplings):
            return self._squared(model)
        linear, quadratic = self.mediator(couplings.mass, couplings.spin)
        p = self.products(couplings)
        return np.tensordot(p, linear, 1) + np.tensordot(p * p, quadratic, 1)

    def mediator(self, mass: float, spin: int) -> tuple[np.ndarray, np.ndarray]:
        """Return templates per c_e c_nu_f and per its square, each (3 flavours, components, bins)."""
        propagator = self._propagator(mass)
        if spin == 0:
            rate = self._scalar_terms[0] * (propagator * 2 * np.sqrt(2) * G_F) ** 2
            squared = np.stack([self.counts(rate[:, f]) for f in range(3)])
            return np.zeros_like(squared), squared
        one, two = self._vector_terms[1] * propagator, self._vector_terms[2] * propagator**2
        return tuple(np.stack([self.counts(rate[:, f]) for f in range(3)]) for rate in (one, two))  # type: ignore[return-value]

    @cached_property
    def _scalar_terms(self) -> np.ndarray:
        return self.folded(lambda t, e, f, _: electron_scattering.scalar_coefficient(t, e))

    def _squared(self, model: Any) -> np.ndarray:
        """Counts of a model whose rate is the square of one coupling times a function of masses and conventions."""
        if not hasattr(model, "recoil_coupling"):
            raise NotApplicableError(f"recoils of {type(model).__name__} are not defined")
        rate = _RATES.get(model.declared.interaction, _own_rate)
        return self.counts(rate(self, model.unit())) * model.recoil_coupling**2

    @staticmethod
    def products(couplings: Couplings) -> np.ndarray:
        """Return c_e c_nu_f, in which the excess is quadratic [3] (or [3, n] of couplings along a ray)."""
        return couplings.c_e * np.array(couplings.c_nu)

    def _propagator(self, mass: float) -> np.ndarray:
        return 1 / (2 * np.sqrt(2) * G_F * (2 * M_E * self.recoil + mass**2))

    def _rates_response(self) -> Response:
        """Windows of Borexino-like rates: events per day and exposure, scaled to the rate at zero threshold."""
        detector, measured = self.experiment.detector, self.experiment
        x, w = gauss_legendre(NODES)
        scale = (
            detector.target.molecules_per_tonne * sum(detector.target.occupancy) * detector.exposure * SECONDS_PER_YEAR
        )
        recoil: list[np.ndarray] = []
        rows: list[np.ndarray] = []
        for name, low, high in zip(measured.component, measured.low * KEV, measured.high * KEV, strict=True):
            largest = end_of_spectrum(name)
            top = 2 * largest**2 / (M_E + 2 * largest)
            ends = (low, min(high, top))
            node, weight = ends[0] + (ends[1] - ends[0]) * x, (ends[1] - ends[0]) * w
            full = float(np.sum(top * w * self._sm_rate(top * x, name)))
            recoil.append(node)
            rows.append(weight * scale * full / float(np.sum(weight * self._sm_rate(node, name))))
        matrix = np.zeros((len(rows), NODES * len(rows)))
        for k, row in enumerate(rows):
            matrix[k, k * NODES : (k + 1) * NODES] = row
        return Response(np.concatenate(recoil), matrix)

    def _sm_rate(self, recoil: np.ndarray, name: str) -> np.ndarray:
        def section(t: np.ndarray, e: np.ndarray, f: str) -> np.ndarray:
            return electron_scattering.coefficients(t, e, cast("Flavour", f), radiative=self.radiative).sm

        return self.sun.fold(recoil, section, name).sum(axis=0)


def prediction(
    measured: str | Experiment,
    *,
    bin_width: float | None = None,
    sun: SolarNeutrinos | None = None,
    flux: str | Sequence[str] = "all",
    radiative: Radiative = "flavour",
    binding: Binding = "step",
) -> Prediction:
    """Return a `Prediction` of an experiment in bins at least bin_width (keV) wide.

    Those of the same data, Sun and options are one object, so that the Standard Model is folded once. Data in a folder
    are read each time they are named. Raises as `Prediction`.
    """
    try:
        return _kept(experiment(measured), bin_width, sun or SolarNeutrinos(), components(flux), radiative, binding)
    except TypeError:  # an option that cannot be a key is none: said by what checks it
        choices: Any = {"flux": flux, "radiative": radiative, "binding": binding}
        return Prediction(experiment(measured).merged(bin_width), sun=sun, **choices)


@lru_cache(maxsize=KEPT)
def _kept(
    measured: Experiment,
    bin_width: float | None,
    sun: SolarNeutrinos,
    flux: tuple[str, ...],
    radiative: Radiative,
    binding: Binding,
) -> Prediction:
    return Prediction(measured.merged(bin_width), sun=sun, flux=flux, radiative=radiative, binding=binding)


def _hidden_rate(of: Prediction, unit: HiddenNeutrino) -> np.ndarray:
    """Rate per electron (components, nodes) at mixing g chi = 1; the flavour that mixes is nu_e."""
    mass = float(unit.n_mass)
    rate = of.folded(lambda t, e, f, _: hidden_scattering.coefficient(t, e, mass), 1, mass, ("e",))[0, :, 0]
    return rate * hidden_scattering.coupling_factor(of.recoil, unit)


def _dipole_rate(of: Prediction, unit: DipolePortal) -> np.ndarray:
    """Rate per electron (components, nodes) at d = mu_B."""
    rate = of.folded(lambda t, e, f, _: dipole_scattering.coefficient(t, e, unit.m4), 1, unit.m4, ("e",))[0]
    weight = np.array([dipole_scattering.moment_squared(unit, f) for f in FLAVOURS])
    return np.tensordot(rate, weight, axes=(1, 0))


def _own_section(unit: Any, flavour: str, t: np.ndarray, e: np.ndarray, _: str, __: str) -> np.ndarray:
    return unit.recoil_cross_section(t, e, flavour)


def _own_rate(of: Prediction, unit: Any) -> np.ndarray:
    """Rate per electron (components, nodes) of a model that brings its cross-section."""
    total = np.zeros((len(of.components), of.recoil.size))
    for k, flavour in enumerate(FLAVOURS):
        total += of.folded(partial(_own_section, unit, flavour), 1, float(unit.final_mass))[0, :, k]
    return total


#: interactions whose cross-sections are in `processes`
_RATES: dict[str, Callable[[Prediction, Any], np.ndarray]] = {"hidden-neutrino": _hidden_rate, "dipole": _dipole_rate}
