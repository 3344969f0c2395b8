"""Stars cool through the longitudinal mode of a mediator lighter than the plasma frequency (1302.3884, 1305.2920).

    Q = eps^2 M^2 omega_p^3/(4 pi (e^(omega_p/T) - 1)) sqrt(1 - M^2/omega_p^2)

per volume and time, for couplings aligned with electric charge and a mass of Stueckelberg type. Above the largest
plasma frequency a published table of both modes takes over, with |c_e| for e eps: electrons emit.
"""

from functools import cached_property
from math import inf, pi
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import ALPHA, ATOMIC_MASS_UNIT, E_CHARGE, G_F, HBAR_C_CM, HBAR_S, M_E
from nuportal.limits.base import Limit
from nuportal.limits.edges import effective, lacking
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import Line, read_columns, read_line

ERG = 6.241509074e5  #: MeV
GRAM = 1 / 1.66053906660e-24 * ATOMIC_MASS_UNIT  #: MeV
Positive = Annotated[float, Field(gt=0)]


class Star(BaseModel):
    """Zones of a star and the energy loss per mass (erg/g/s) that is too much; `table`: line above omega_p.

    trapped: coupling to electrons beyond which the mediator does not leave.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    zones: str
    allowed: Positive
    table: str | None = None
    trapped: Positive


def longitudinal_loss(mass: float, temperature: np.ndarray, plasma_frequency: np.ndarray) -> np.ndarray:
    """Return Q/eps^2 in MeV^5 for zones of temperature and plasma frequency (MeV); 0 where M > omega_p."""
    ratio = np.minimum(mass / plasma_frequency, 1.0)
    bose = np.expm1(plasma_frequency / temperature)
    return mass**2 * plasma_frequency**3 / (4 * pi * bose) * np.sqrt(1 - ratio**2)


class StellarCooling(Limit):
    """Excluded where the longitudinal mode (or, for heavier ones, the table) takes too much energy."""

    Measurement = Star
    measurement: Star

    @cached_property
    def _zones(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Temperature (MeV), plasma frequency (MeV), volume per stellar mass (cm^3/g) of each zone."""
        names = ("mass_share", "temperature_keV", "density_g_cm3", "electrons_per_nucleon")
        share, temperature, density, electrons = read_columns(self.folder / self.measurement.zones, names)
        per_volume = density * GRAM / ATOMIC_MASS_UNIT * electrons * HBAR_C_CM**3  # electrons, MeV^3
        return temperature * 1e-3, np.sqrt(4 * pi * ALPHA * per_volume / M_E), share / density

    @cached_property
    def _line(self) -> Line | None:
        return read_line(self.folder / self.measurement.table) if self.measurement.table else None

    def why_not(self, ray: Ray) -> str | None:
        """Return why the couplings do not fit, or that nothing is known at this mass."""
        if ray.mass < self._zones[1].max():
            return lacking(ray, "epsilon")
        if self._line is None or not self._line.covers(ray.mass):
            return "heavier than the plasma frequency and outside the published table"
        return lacking(ray, "electron")

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the square root of the energy loss over the one allowed, cut off where the mediator is trapped."""
        size = effective(ray, y, "electron")
        lowest = self.lower_edge(ray.mass)
        return np.minimum(size / lowest, self.measurement.trapped / np.maximum(size, 1e-300))

    def lower_edge(self, mass: float) -> float:
        """Return the coupling to electrons at which the loss is the one allowed."""
        temperature, plasma, volume = self._zones
        if mass < plasma.max():
            loss = np.sum(volume * longitudinal_loss(mass, temperature, plasma)) / HBAR_C_CM**3 / HBAR_S / ERG
            return E_CHARGE * float(np.sqrt(self.measurement.allowed / loss)) if loss > 0 else inf
        assert self._line is not None
        return E_CHARGE * self._line.at(mass)[0]


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
