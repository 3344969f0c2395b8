"""SN1987A: neutrinos of the core coalesce into the mediator, which carries energy away or decays outside.

One zone of temperature T and radius R (1901.02010): the energy lost per volume and time to mediators that decay beyond
R_far is

    Q = int d^3p/(2 pi)^3 E (M/E) 3 Gamma_prod e^(-E/T) exp(-R_far M Gamma/p)

with three polarisations, Gamma_prod the width into nu_mu and nu_tau (nu_e are degenerate) and Gamma the whole width.

Muons of the core make it by mu gamma -> mu Z' (2006.13942). For muons at rest the cross-section is Thomson's with c_mu
for one charge, sigma = (2/3) alpha c_mu^2/m_mu^2, the mediator takes the energy w of the photon, and

    Q = n_mu int_M^inf dw w^3/pi^2 sigma sqrt(1 - M^2/w^2)/(e^(w/T) - 1) exp(-R n_mu sigma - R_far M Gamma/p),

in which the inverse process traps the mediator inside R. Below the plasma frequency of the core a coupling proportional
to electric charge is screened by M^2/(M^2 + omega_p^2) (1611.03864, without its resonance), so that of c_mu only what
differs from the coupling of electrons counts: nothing of a dark photon or of B-L, all of L_mu - L_tau.
"""

from math import pi
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import ALPHA, HBAR_C_CM, HBAR_S, M_MU
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.models import Couplings
from nuportal.solvers.quadrature import gauss_legendre

ERG = 6.241509074e5  #: MeV
KM = 1e5 / HBAR_C_CM  #: MeV^-1
Positive = Annotated[float, Field(gt=0)]


class Core(BaseModel):
    """Temperature (MeV), radius and distance of decay (km), and the luminosity (erg/s) that is too much."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    temperature: Positive
    radius: Positive
    decay_radius: Positive
    luminosity: Positive


def luminosity(couplings: Couplings, core: Core) -> np.ndarray:
    """Return the power in erg/s carried beyond the decay radius, array as the couplings."""
    mass, t = couplings.mass, core.temperature
    made = sum(np.asarray(couplings.c_nu[k]) ** 2 for k in (1, 2)) * mass / (24 * pi)
    whole = np.asarray(sum(couplings.partial_widths().values()))
    x, w = gauss_legendre(240)
    p = 40 * t * x**3 + 1e-12  # dense at small momenta, where decays are early
    weight = 40 * t * 3 * x**2 * w
    energy = np.sqrt(p**2 + mass**2)
    flux = weight * p**2 / (2 * pi**2) * mass * 3 * np.exp(-energy / t)
    survival = np.exp(-np.multiply.outer(whole, core.decay_radius * KM * mass / p))
    emitted = made * (survival @ flux)  # MeV^5 per volume and time
    volume = 4 * pi / 3 * (core.radius * KM) ** 3
    return emitted * volume / HBAR_S / ERG


class Coalescence(Limit):
    """Excluded where the power exceeds the one allowed: a floor where too little is made, a ceiling where it decays."""

    Measurement = Core
    measurement: Core

    def why_not(self, ray: Ray) -> str | None:
        """Return whether muon and tau neutrinos are left alone."""
        return None if ray.ends.c_nu[1] or ray.ends.c_nu[2] else "no coupling to muon or tau neutrinos"

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the power over the one allowed."""
        return luminosity(ray.on_shell(y), self.measurement) / self.measurement.luminosity


class MuonCore(Core):
    """A core with muons (number per fm^3) and its plasma frequency (MeV)."""

    muons: Positive
    plasma_frequency: Positive


def muon_luminosity(couplings: Couplings, core: MuonCore) -> np.ndarray:
    """Return the power in erg/s that muons of the core send beyond the decay radius, array as the couplings."""
    mass, t = couplings.mass, core.temperature
    number = core.muons * (HBAR_C_CM * 1e13) ** 3  # MeV^3
    screened = mass**2 / (mass**2 + core.plasma_frequency**2)
    coupling = np.asarray(couplings.c_mu) - np.asarray(couplings.c_e) * (1 - screened)
    section = 2 / 3 * ALPHA * np.abs(coupling) ** 2 / M_MU**2
    whole = np.asarray(sum(couplings.partial_widths().values()))
    x, w = gauss_legendre(120)
    p = 40 * t * x**2 + 1e-12
    energy = np.sqrt(p**2 + mass**2)
    # w^3 sqrt(1 - M^2/w^2) dw = w p p dp/w
    flux = w * 80 * t * x * energy * p**2 / np.pi**2 / np.expm1(energy / t)
    survival = np.exp(-np.multiply.outer(whole, core.decay_radius * KM * mass / p))
    emitted = number * section * (survival @ flux) * np.exp(-core.radius * KM * number * section)
    return emitted * (4 * pi / 3 * (core.radius * KM) ** 3) / HBAR_S / ERG


class MuonCooling(Limit):
    """Excluded where muons send out more power than allowed."""

    Measurement = MuonCore
    measurement: MuonCore

    def why_not(self, ray: Ray) -> str | None:
        """Return whether muons are left alone."""
        return None if ray.ends.c_mu else "no coupling to muons"

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the power over the one allowed."""
        return muon_luminosity(ray.on_shell(y), self.measurement) / self.measurement.luminosity
