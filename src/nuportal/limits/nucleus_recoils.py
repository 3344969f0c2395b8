"""Neutrinos on nuclei (and on electrons, whose recoils may pass the same selection): pions at rest, reactors, the Sun.

Rate only: N(c)/N(SM) times the collaboration's Standard Model number is compared with the number it observes.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Annotated, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import G_F, M_E
from nuportal.detectors.targets import target
from nuportal.limits.base import LikelihoodLimit
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import read_columns
from nuportal.models.base import FLAVOURS
from nuportal.processes import cevns, electron_scattering
from nuportal.processes.form_factors import Nucleus
from nuportal.solvers.quadrature import gauss_legendre
from nuportal.sources.pion_decay import FLAVOUR, SPECIES, PionDecayAtRest
from nuportal.sources.reactor import ReactorAntineutrinos
from nuportal.sources.sun import SolarNeutrinos

Positive = Annotated[float, Field(gt=0)]
KEV = 1e-3


class NucleusShare(BaseModel):
    """A nucleus of the target and how many of it a molecule holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    protons: int
    neutrons: float
    atomic_mass: Positive
    number: Positive = 1.0


class Selection(BaseModel):
    """Acceptance against the electron-equivalent energy E (keV).

    quenching: E = sum_k q_k T^(k+1) in MeV of the nuclear recoil T. Acceptance: scale/(1 + exp(-slope (E light -
    centre))) - offset between low and high of E light; light: photoelectrons per keV (1: energies).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    quenching: tuple[float, ...]
    light: Positive = 1.0
    low: float
    high: Positive
    scale: Positive = 1.0
    slope: float = 0.0
    centre: float = 0.0
    offset: float = 0.0

    def acceptance(self, energy: np.ndarray) -> np.ndarray:
        """Return the acceptance at electron-equivalent energies in MeV."""
        seen = energy / KEV * self.light
        curve = (
            self.scale / (1 + np.exp(-self.slope * (seen - self.centre))) - self.offset if self.slope else self.scale
        )
        return np.where((seen >= self.low) & (seen <= self.high), np.maximum(curve, 0.0), 0.0)


class Counting(BaseModel):
    """Observed and expected events with the error of the observation and the relative error of the expectation.

    observed: without background. efficiency: table against the recoil energy of the nucleus in keV. electrons: material
    whose electron recoils count as well.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    observed: Positive
    error: Positive
    expected: Positive
    relative_error: Positive
    nuclei: tuple[NucleusShare, ...]
    selection: Selection
    efficiency: str | None = None
    electrons: str | None = None


class NucleusCounts(LikelihoodLimit):
    """chi^2 of the number of events; a vector adds coherently to the weak charge of the nucleus.

    Subclasses say which flavours come (`flavours`), up to which energy, and fold cross-sections with their flux.
    """

    Measurement = Counting
    measurement: Counting
    flavours: ClassVar[tuple[int, ...]]
    largest_energy: ClassVar[float]  #: MeV

    def by_flavour(self, recoil: np.ndarray, section: Callable, mass: float) -> np.ndarray:
        """Return events per target [flavours, recoil] of a cross-section (T, E, flavour) on targets of a mass."""
        raise NotImplementedError

    def why_not(self, ray: Ray) -> str | None:
        """Return whether neither nuclei nor electrons feel the mediator, or its neutrinos are not in the beam."""
        c = ray.ends
        if not any(c.c_nu[f] for f in self.flavours):
            return f"no coupling to {' or '.join(FLAVOURS[f] for f in self.flavours)} neutrinos"
        nuclear = c.c_p or c.c_n
        if nuclear or (c.c_e and self.measurement.electrons):
            return None
        return "no coupling to the nucleus"

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return chi^2 relative to the Standard Model [n]; the error of the expectation scales with it."""
        seen = self.measurement
        ratio = np.concatenate([[1.0], 1 + self.added(ray, y) / self.standard])
        expected = seen.expected * ratio
        chi2 = (seen.observed - expected) ** 2 / (seen.error**2 + (seen.relative_error * expected) ** 2)
        chi2 += np.log((seen.error**2 + (seen.relative_error * expected) ** 2) / seen.error**2)
        return chi2[1:] - chi2[0]

    @cached_property
    def standard(self) -> float:
        """Events of the Standard Model per molecule and unit flux."""
        return float(sum(terms[0].sum() for _, _, _, terms in self._nuclear))

    def added(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the events per molecule and unit flux that models at y [n] add."""
        couplings = ray.couplings(y)
        total = np.zeros(len(y))
        for share, mass, recoil, (_, linear, square) in self._nuclear:
            charge = np.asarray(couplings.c_p) * share.protons + np.asarray(couplings.c_n) * share.neutrons
            shift = 1 / (np.sqrt(2) * G_F * (2 * mass * recoil + ray.mass**2))
            total += self._polynomial(couplings, charge, linear * shift, square * shift**2)
        if self.measurement.electrons and ray.ends.c_e:
            recoil, (linear, square) = self._electronic
            shift = 1 / (2 * np.sqrt(2) * G_F * (2 * M_E * recoil + ray.mass**2))
            total += self._polynomial(couplings, np.asarray(couplings.c_e), linear * shift, square * shift**2)
        return total

    def _polynomial(self, couplings, charge: np.ndarray, linear: np.ndarray, square: np.ndarray) -> np.ndarray:
        """sum over flavours of p L_f + p^2 Q_f with p = c_nu_f charge; terms [flavours, nodes]."""
        total = np.zeros(np.shape(charge))
        for k, f in enumerate(self.flavours):
            product = np.asarray(couplings.c_nu[f]) * charge
            total = total + product * linear[k].sum() + product**2 * square[k].sum()
        return total

    @cached_property
    def _nuclear(self) -> list[tuple[NucleusShare, float, np.ndarray, np.ndarray]]:
        """For each nucleus: mass, recoil nodes (MeV) and events of S0, S1, S2 by flavour [3, flavours, nodes]."""
        choose, found = self.measurement.selection, []
        for share in self.measurement.nuclei:
            nucleus = Nucleus(share.protons, round(share.neutrons), share.atomic_mass)
            x, w = gauss_legendre(160)
            top = 2 * self.largest_energy**2 / (nucleus.mass + 2 * self.largest_energy)
            recoil, weight = top * x, top * w * share.number
            energy = sum(q * recoil ** (k + 1) for k, q in enumerate(choose.quenching))
            weight = weight * choose.acceptance(np.asarray(energy)) * self._efficiency(recoil)
            sections = [
                lambda t, e, f, k=k, n=nucleus: cevns.coefficients(t, e, n, f)[k] for k in range(3)
            ]  # fmt: skip
            terms = np.stack([self.by_flavour(recoil, section, nucleus.mass) * weight for section in sections])
            found.append((share, nucleus.mass, recoil, terms))
        return found

    def _efficiency(self, recoil: np.ndarray) -> np.ndarray:
        if self.measurement.efficiency is None:
            return np.ones_like(recoil)
        energy, seen = read_columns(self.file(self.measurement.efficiency), ("recoil_keV", "efficiency"))
        return np.interp(recoil / KEV, energy, seen, left=0.0)

    @cached_property
    def _electronic(self) -> tuple[np.ndarray, np.ndarray]:
        """Recoil nodes (MeV) of electrons and events of S1, S2 by flavour [2, flavours, nodes]."""
        choose, material = self.measurement.selection, target(self.measurement.electrons or "")
        x, w = gauss_legendre(160)
        low, high = max(choose.low, 1e-3) / choose.light * KEV, choose.high / choose.light * KEV
        recoil, weight = low + (high - low) * x, (high - low) * w
        weight = weight * material.electrons(recoil) * choose.acceptance(recoil)
        # nubar_mu has gL and gR exchanged, which matters for recoils near the neutrino energy only
        sections = [lambda t, e, f, k=k: electron_scattering.coefficients(t, e, f)[k] for k in (1, 2)]
        return recoil, np.stack([self.by_flavour(recoil, section, M_E) * weight for section in sections])


class PionDecayCounts(NucleusCounts):
    """COHERENT: neutrinos of pions at rest."""

    flavours = (0, 1)
    largest_energy = 53.0

    def by_flavour(self, recoil: np.ndarray, section: Callable, mass: float) -> np.ndarray:
        """Return events per target and unit flux of nu_e, and of nu_mu and nubar_mu."""
        source, total = PionDecayAtRest(flux=1.0), np.zeros((2, recoil.size))
        for species in SPECIES:
            total[0 if FLAVOUR[species] == "e" else 1] += source.fold(recoil, section, species, target_mass=mass)
        return total


class ReactorCounts(NucleusCounts):
    """Antineutrinos of a reactor."""

    flavours = (0,)
    largest_energy = 10.0

    def by_flavour(self, recoil: np.ndarray, section: Callable, mass: float) -> np.ndarray:
        """Return events per target and unit flux of nubar_e."""
        return ReactorAntineutrinos(flux=1.0).fold(recoil, section, target_mass=mass)[None]


class SolarCounts(NucleusCounts):
    """8B neutrinos of the Sun."""

    flavours = (0, 1, 2)
    largest_energy = 16.5

    def by_flavour(self, recoil: np.ndarray, section: Callable, mass: float) -> np.ndarray:
        """Return events per target of the three flavours at Earth."""
        return SolarNeutrinos().fold(recoil, section, "8B", target_mass=mass)
