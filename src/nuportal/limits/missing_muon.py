"""Muons that lose most of their energy to an invisible mediator in a dense target: mu N -> mu N Z' (NA64mu).

Improved Weizsaecker-Williams approximation (1609.06781): with x the share of the energy that the mediator takes,

    dsigma/dx = alpha^2 c_mu^2/(4 pi) chi [2 (2 - 2x + x^2)/U - (2/3) (1 - x) x (M^2 + 2 m^2)/U^2],
    U = M^2 (1 - x)/x + m^2 x,     chi = int_{t_min}^{M^2 + m^2} dt (t - t_min)/t^2 G(t),     t_min = (U/(2 E (1-x)))^2,

and G(t) = Z^2 [a^2 t/(1 + a^2 t)]^2 [1/(1 + t/d)]^2 the elastic form factor of the atom.
"""

from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import ALPHA, HBAR_C_CM, M_E, M_MU, N_AVOGADRO
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.limits.recast.branching import total, widths
from nuportal.solvers.quadrature import gauss_legendre

Positive = Annotated[float, Field(gt=0)]
NUCLEAR = 0.164e6  #: MeV^2, d = 0.164 GeV^2 A^(-2/3)


class MuonTarget(BaseModel):
    """Muons of an energy (MeV) on a layer (g/cm^2) of one element; `share`: least share of the energy that is missing.

    events: largest number of events. efficiency: of everything but the energy. length: metres from the target to the
    end of the detector; decays to neutrinos or behind it are invisible.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    muons: Positive
    energy: Positive
    layer: Positive
    protons: int
    weight: Positive
    share: Annotated[float, Field(gt=0, lt=1)]
    events: Positive
    efficiency: Positive
    length: Positive


def cross_section(mass: float, target: MuonTarget, order: int = 60) -> float:
    """Return sigma/c_mu^2 in MeV^-2 for shares of the energy above `target.share`."""
    nodes, weights = gauss_legendre(order)
    x = target.share + (1 - target.share) * nodes
    u = mass**2 * (1 - x) / x + M_MU**2 * x
    flux = np.array([photon_flux(mass, float(v), float(y), target) for v, y in zip(u, x, strict=True)])
    shape = 2 * (2 - 2 * x + x**2) / u - 2 / 3 * (1 - x) * x * (mass**2 + 2 * M_MU**2) / u**2
    return float(np.sum(weights * (1 - target.share) * flux * shape)) * ALPHA**2 / (4 * np.pi)


def photon_flux(mass: float, u: float, x: float, target: MuonTarget) -> float:
    """Return chi, the photons of the atom."""
    low, high = (u / (2 * target.energy * (1 - x))) ** 2, mass**2 + M_MU**2
    if low >= high:
        return 0.0
    nodes, weights = gauss_legendre(80)
    log_low, log_high = np.log(low), np.log(high)
    t = np.exp(log_low + (log_high - log_low) * nodes)
    screening = (111 * target.protons ** (-1 / 3) / M_E) ** 2 * t
    nucleus = 1 / (1 + t / (NUCLEAR * target.weight ** (-2 / 3)))
    form = target.protons**2 * (screening / (1 + screening)) ** 2 * nucleus**2
    return float(np.sum(weights * (log_high - log_low) * (t - low) / t * form))


class MissingMuonEnergy(Limit):
    """Excluded where more events are expected than seen."""

    Measurement = MuonTarget
    measurement: MuonTarget

    @cached_property
    def _memory(self) -> dict[float, float]:
        return {}

    def why_not(self, ray: Ray) -> str | None:
        """Return whether muons are left alone, or nothing escapes."""
        return None if ray.ends.c_mu else "no coupling to muons"

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the expected number of events over the largest one."""
        seen, couplings = self.measurement, ray.on_shell(y)
        if ray.mass not in self._memory:
            self._memory[ray.mass] = cross_section(ray.mass, seen)
        luminosity = seen.muons * seen.layer * N_AVOGADRO / seen.weight * HBAR_C_CM**2
        made = luminosity * self._memory[ray.mass] * np.abs(couplings.c_mu) ** 2
        of = widths(couplings)
        whole = total(of)
        flights = whole * ray.mass / (seen.share * seen.energy) * seen.length * 100 / HBAR_C_CM
        invisible = np.divide(of["neutrinos"], whole, out=np.zeros_like(whole), where=whole > 0)
        escapes = invisible + (1 - invisible) * np.exp(-flights)
        return made * escapes * seen.efficiency / seen.events
