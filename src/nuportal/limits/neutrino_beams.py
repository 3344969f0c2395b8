"""Man-made neutrinos on electrons: reactor antineutrinos in TEXONO and GEMMA, a muon-neutrino beam in CHARM-II."""

from functools import cached_property, partial
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import G_F, M_E, MU_B
from nuportal.detectors.targets import Target, target
from nuportal.limits.base import LikelihoodLimit, Limit
from nuportal.limits.electron_recoils import no_recoil
from nuportal.limits.ray import Ray
from nuportal.processes import dipole_scattering, electron_scattering, hidden_scattering
from nuportal.solvers.quadrature import gauss_legendre
from nuportal.sources.beams import beam
from nuportal.sources.reactor import ReactorAntineutrinos

Positive = Annotated[float, Field(gt=0)]


class Window(BaseModel):
    """Recoil energies in MeV between which events are counted, and the target."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    low: Positive
    high: Positive
    target: str


class RatioOfRates(Window):
    """Measured over Standard Model rate, with its statistical and systematic errors."""

    ratio: float
    statistical: Positive
    systematic: Positive


class MomentLimit(Window):
    """Upper limit on the magnetic moment of nu_e-bar, in mu_B, from the same window."""

    moment: Positive


class SinSquared(BaseModel):
    """Measured sin^2 theta_W with its total error; `beam` of nuportal.sources."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    beam: str
    error: Positive


class ReactorWindow:
    """Events of reactor antineutrinos in a window: the Standard Model and the terms a mediator adds."""

    def __init__(self, window: Window, order: int = 48):
        self.material: Target = target(window.target)
        x, w = gauss_legendre(order)
        log_low, log_high = np.log(window.low), np.log(window.high)
        self.recoil = np.exp(log_low + (log_high - log_low) * x)
        electrons = self.material.electrons(self.recoil)
        self.weight = w * (log_high - log_low) * self.recoil * electrons
        self.source = ReactorAntineutrinos(flux=1.0)
        terms = partial(electron_scattering.coefficients, flavour="e", particle="antineutrino")
        self.sm, self.linear, self.square = (
            self.weight * self.source.fold(self.recoil, lambda t, e, f, k=k: terms(t, e)[k]) for k in range(3)
        )

    @cached_property
    def _rates(self) -> dict[float, np.ndarray]:
        """Rates of nu e -> N e at the nodes without couplings, by mass of N."""
        return {}

    @property
    def standard(self) -> float:
        """Events of the Standard Model."""
        return float(self.sm.sum())

    def mediator(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the events that models at y [n] add."""
        if not ray.mediated:
            return (np.asarray(y) / ray.high) ** 2 * self._hidden(ray)
        couplings = ray.couplings(y)
        product = np.asarray(couplings.c_e) * np.asarray(couplings.c_nu[0])
        propagator = 1 / (2 * M_E * self.recoil + ray.mass**2)
        if couplings.spin == 0:
            return product**2 * np.sum(self.scalar * propagator**2)
        shift = propagator / (2 * np.sqrt(2) * G_F)
        return product * np.sum(self.linear * shift) + product**2 * np.sum(self.square * shift**2)

    @cached_property
    def scalar(self) -> np.ndarray:
        """Events per squared product of couplings and propagator, at the nodes."""
        return self.weight * self.source.fold(self.recoil, lambda t, e, f: electron_scattering.scalar_coefficient(t, e))

    def moment(self, mu: float) -> float:
        """Return the events that a magnetic moment (mu_B) adds."""
        rate = self.source.fold(self.recoil, lambda t, e, f: dipole_scattering.coefficient(t, e))
        return float(np.sum(self.weight * rate)) * (mu * MU_B) ** 2

    def _hidden(self, ray: Ray) -> float:
        mass = float(ray.sample.n_mass)
        if mass not in self._rates:
            self._rates[mass] = self._hidden_rate(mass)
        factor = hidden_scattering.coupling_factor(self.recoil, ray.sample)
        return float(np.sum(self._rates[mass] * factor))

    def _hidden_rate(self, mass: float) -> np.ndarray:
        return self.weight * self.source.fold(
            self.recoil, lambda t, e, f: hidden_scattering.coefficient(t, e, mass), final_mass=mass
        )


class ReactorRatio(LikelihoodLimit):
    """TEXONO: the ratio of the measured to the Standard Model rate in one window."""

    Measurement = RatioOfRates
    measurement: RatioOfRates

    def why_not(self, ray: Ray) -> str | None:
        """Return whether electrons or nu_e are not coupled."""
        return no_recoil(ray) or no_electron_neutrino(ray)

    @cached_property
    def events(self) -> ReactorWindow:
        """The window."""
        return ReactorWindow(self.measurement)

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return chi^2 relative to the Standard Model [n]."""
        seen = self.measurement
        error = np.hypot(seen.statistical, seen.systematic)
        ratio = 1 + self.events.mediator(ray, y) / self.events.standard
        return ((ratio - seen.ratio) ** 2 - (1 - seen.ratio) ** 2) / error**2


class ReactorMoment(Limit):
    """GEMMA: as many events as the excluded magnetic moment gives in the same window."""

    Measurement = MomentLimit
    measurement: MomentLimit

    def why_not(self, ray: Ray) -> str | None:
        """Return whether electrons or nu_e are not coupled."""
        return no_recoil(ray) or no_electron_neutrino(ray)

    @cached_property
    def events(self) -> ReactorWindow:
        """The window."""
        return ReactorWindow(self.measurement)

    @cached_property
    def allowed(self) -> float:
        """Events of the excluded magnetic moment."""
        return self.events.moment(self.measurement.moment)

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the events added over those of the excluded moment."""
        return self.events.mediator(ray, y) / self.allowed


class BeamSinSquared(LikelihoodLimit):
    """CHARM-II: a vector shifts sin^2 theta_W by delta(T); what is measured is the ratio of nu_mu to nubar_mu rates.

    To first order the ratio sees <delta> = sum_k s_k int delta d(sigma_k)/d(sin^2) / sigma_k over the same without
    delta, with s = +1 for neutrinos and -1 for antineutrinos (whose rate moves the other way).
    """

    Measurement = SinSquared
    measurement: SinSquared

    def why_not(self, ray: Ray) -> str | None:
        """Return whether electrons or nu_mu are not coupled."""
        if not ray.ends.c_e:
            return "no coupling to electrons"
        return None if ray.ends.c_nu[1] else "no coupling to muon neutrinos"

    @cached_property
    def _nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """Recoil energies (MeV) and weights of delta, normalised."""
        source = beam(self.measurement.beam)
        low, high = source.recoil_window
        x, w = gauss_legendre(64)
        recoil, weight = low + (high - low) * x, np.zeros(64)
        terms = electron_scattering.coefficients
        for sign, energy in ((1, source.neutrino_energy), (-1, source.antineutrino_energy)):
            found = terms(recoil, energy, "mu", particle="neutrino" if sign > 0 else "antineutrino")
            weight += sign * w * found.interference / np.sum(w * found.sm)
        return recoil, weight / weight.sum()

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return (<delta>/error)^2 [n]."""
        recoil, weight = self._nodes
        couplings = ray.couplings(y)
        product = np.asarray(couplings.c_e) * np.asarray(couplings.c_nu[1])
        shift = np.sum(weight / (2 * M_E * recoil + ray.mass**2)) / (2 * np.sqrt(2) * G_F)
        return (product * shift / self.measurement.error) ** 2


def no_electron_neutrino(ray: Ray) -> str | None:
    """Return whether the models of a ray leave electron neutrinos alone."""
    if ray.kind in ("vector", "scalar") and not ray.ends.c_nu[0]:
        return "no coupling to electron neutrinos"
    return None
