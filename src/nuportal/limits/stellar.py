"""Stars cool through a mediator that mixes with the photon; below the largest plasma frequency emission is resonant.

Per volume and time, for couplings aligned with electric charge and a mass of Stueckelberg type (1302.3884, 1305.2920),

    longitudinal:  Q = eps^2 M^2 omega^3/(4 pi (e^(omega/T) - 1)) sqrt(1 - M^2/omega^2)  wherever omega_p > M
    transverse:    at the radius with omega_p(r) = M, from the whole shell,
                   L = 4 r^2 eps^2 M^4/|d omega_p^2/dr| int_M^inf dw w sqrt(w^2 - M^2)/(e^(w/T) - 1)

in which the widths drop out. A published table of both modes takes over where it begins, with |c_e| for e eps:
electrons emit.
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf, pi
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import ALPHA, E_CHARGE, G_F, HBAR_C_CM, HBAR_S, M_E, N_AVOGADRO
from nuportal.limits.base import Limit
from nuportal.limits.edges import effective, lacking
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import Line, read_columns, read_line
from nuportal.solvers.quadrature import gauss_legendre

ERG = 6.241509074e5  #: MeV
KEV = 1e-3  #: MeV
SHELLS = 400  #: between the innermost and the outermost radius of a profile
Positive = Annotated[float, Field(gt=0)]


class Core(BaseModel):
    """A homogeneous core: mass (g), temperature (keV), density (g/cm^3), electrons per nucleon."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    mass: Positive
    temperature: Positive
    density: Positive
    electrons: Positive


class Star(BaseModel):
    """A star: a homogeneous `core`, a `profile` (radius, temperature, electron density), or both.

    allowed: power (erg/s) that the mediator may take. trapped: coupling to electrons beyond which it does not leave.
    table: published line of both modes; table_from: mass in MeV at which it takes over.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    core: Core | None = None
    profile: str | None = None
    allowed: Positive
    trapped: Positive
    table: str
    table_from: Positive


def plasma_frequency(electrons: np.ndarray | float) -> np.ndarray:
    """Return omega_p (MeV) of free electrons that are not degenerate, in mol/cm^3."""
    return np.sqrt(4 * pi * ALPHA * np.asarray(electrons) * N_AVOGADRO * HBAR_C_CM**3 / M_E)


def longitudinal_loss(mass: float, temperature: np.ndarray, plasma: np.ndarray) -> np.ndarray:
    """Return Q/eps^2 in MeV^5 for temperatures and plasma frequencies (MeV); 0 where M > omega_p."""
    ratio = np.minimum(mass / plasma, 1.0)
    return mass**2 * plasma**3 / (4 * pi * np.expm1(plasma / temperature)) * np.sqrt(1 - ratio**2)


@dataclass(frozen=True)
class Profile:
    """Radii (cm), temperatures and plasma frequencies (MeV) of a star [n]; monotone cubics of logarithms in between."""

    radius: np.ndarray
    temperature: np.ndarray
    plasma: np.ndarray

    def at(self, radius: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return temperature and plasma frequency (MeV) at radii (cm)."""
        return np.exp(self._curves[0](np.log(radius))), np.exp(self._curves[1](np.log(radius)))

    @cached_property
    def _curves(self):
        from scipy.interpolate import PchipInterpolator

        return [PchipInterpolator(np.log(self.radius), np.log(v)) for v in (self.temperature, self.plasma)]

    def longitudinal(self, mass: float) -> float:
        """Return the power/eps^2 of the longitudinal mode (MeV^2)."""
        even = np.geomspace(float(self.radius[0]), float(self.radius[-1]), SHELLS)
        radius = np.unique(np.concatenate([self.radius, even]))
        shells = 4 * pi * (radius / HBAR_C_CM) ** 2 * longitudinal_loss(mass, *self.at(radius))
        return float(np.trapezoid(shells, radius / HBAR_C_CM))

    def transverse(self, mass: float) -> float:
        """Return the power/eps^2 of the transverse modes from the shell with omega_p = M (MeV^2); 0 without one."""
        if not self.plasma.min() < mass < self.plasma.max():
            return 0.0
        radius = float(np.exp(self._curves[1].solve(np.log(mass), extrapolate=False)[0]))
        temperature = float(self.at(np.array(radius))[0])
        slope = 2 * mass**2 * abs(float(self._curves[1](np.log(radius), 1))) / (radius / HBAR_C_CM)  # of omega_p^2
        return 4 * (radius / HBAR_C_CM) ** 2 * mass**4 / slope * thermal_integral(mass, temperature)


def thermal_integral(mass: float, temperature: float) -> float:
    """Return int_M^inf dw w sqrt(w^2 - M^2)/(e^(w/T) - 1) in MeV^3."""
    x, w = gauss_legendre(80)
    k = 50 * temperature * x**2
    energy = np.sqrt(k**2 + mass**2)
    return float(np.sum(w * 100 * temperature * x * k**2 / np.expm1(energy / temperature)))


class StellarCooling(Limit):
    """Excluded where both modes together (or, for heavier ones, the table) take too much energy."""

    Measurement = Star
    measurement: Star

    @cached_property
    def profile(self) -> Profile | None:
        """The star outside its homogeneous core."""
        if self.measurement.profile is None:
            return None
        names = ("radius_cm", "temperature_keV", "electrons_mol_cm3")
        radius, temperature, electrons = read_columns(self.file(self.measurement.profile), names)
        return Profile(radius, temperature * KEV, plasma_frequency(electrons))

    @cached_property
    def line(self) -> Line:
        """The table."""
        return read_line(self.file(self.measurement.table))

    def why_not(self, ray: Ray) -> str | None:
        """Return why the couplings do not fit, or that nothing is known at this mass."""
        if ray.mass < self.measurement.table_from:
            return lacking(ray, "epsilon")
        if not self.line.covers(ray.mass):
            return "outside the published table"
        return lacking(ray, "electron")

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the square root of the energy loss over the one allowed, cut off where the mediator is trapped."""
        size = effective(ray, y, "electron")
        return np.minimum(size / self.lower_edge(ray.mass), self.measurement.trapped / np.maximum(size, 1e-300))

    def lower_edge(self, mass: float) -> float:
        """Return the coupling to electrons at which the loss is the one allowed."""
        if mass >= self.measurement.table_from:
            return E_CHARGE * self.line.at(mass)[0]
        loss = self.power(mass) / HBAR_S / ERG
        return E_CHARGE * float(np.sqrt(self.measurement.allowed / loss)) if loss > 0 else inf

    def power(self, mass: float) -> float:
        """Return the power/eps^2 of all resonances (MeV^2)."""
        found = 0.0
        if (core := self.measurement.core) is not None:
            plasma = plasma_frequency(core.density * core.electrons)
            volume = core.mass / core.density / HBAR_C_CM**3
            found += volume * float(longitudinal_loss(mass, np.array(core.temperature * KEV), plasma))
        if self.profile is not None:
            found += self.profile.longitudinal(mass) + self.profile.transverse(mass)
        return found


class Plasmon(BaseModel):
    """Plasma frequency (MeV) and the factor by which neutrino emission may exceed the Standard Model's."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    plasma_frequency: Positive
    largest_factor: Annotated[float, Field(gt=1)]
    standard: tuple[float, float, float]


class PlasmonDecay(Limit):
    """Plasmons decay to neutrinos: C_V,a -> C_V,a + c_e c_nu_a/(sqrt2 G_F (M^2 - omega_p^2)); axial parts vanish."""

    Measurement = Plasmon
    measurement: Plasmon

    def why_not(self, ray: Ray) -> str | None:
        """Return whether electrons or neutrinos are not coupled."""
        if not ray.ends.c_e:
            return "no coupling to electrons"
        return None if any(ray.ends.c_nu) else "no coupling to neutrinos"

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the emission over the largest one; on the resonance the width of the mediator limits it."""
        seen, c = self.measurement, ray.couplings(y)
        width = np.asarray(sum(c.partial_widths().values()))
        virtual = ray.mass**2 - seen.plasma_frequency**2
        propagator = virtual / (virtual**2 + (ray.mass * width) ** 2)
        whole = sum(
            (v + np.asarray(c.c_e) * np.asarray(n) * propagator / (np.sqrt(2) * G_F)) ** 2
            for v, n in zip(seen.standard, c.c_nu, strict=True)
        )
        return np.asarray(whole) / sum(v * v for v in seen.standard) / seen.largest_factor
