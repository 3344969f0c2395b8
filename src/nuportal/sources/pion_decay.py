"""Neutrinos of pions that decay at rest (spallation sources): pi+ -> mu+ nu_mu, then mu+ -> e+ nu_e nubar_mu.

nu_mu is a line at (m_pi^2 - m_mu^2)/(2 m_pi) = 29.8 MeV; with x = E/m_mu <= 1/2 the others are
dN/dE = (64/m_mu) x^2 (3/4 - x) for nubar_mu and (192/m_mu) x^2 (1/2 - x) for nu_e.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import M_E, M_MU, M_PION_CHARGED
from nuportal.errors import NotApplicableError, unknown_name
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.sources.flux import CrossSection, FluxNodes, fold_flux, panel_nodes, recoil_energies
from nuportal.units import positive

Species = Literal["nu_mu", "nubar_mu", "nu_e"]
SPECIES: tuple[Species, ...] = get_args(Species)
FLAVOUR = {"nu_mu": "mu", "nubar_mu": "mu", "nu_e": "e"}  #: flavour of each species
LINE_ENERGY = (M_PION_CHARGED**2 - M_MU**2) / (2 * M_PION_CHARGED)  #: MeV, of nu_mu
LARGEST_ENERGY = M_MU / 2  #: MeV, of the others (m_e neglected)


@dataclass(frozen=True)
class PionDecayAtRest:
    """Flux of each of the three species at a detector, cm^-2 s^-1 (or a fluence, cm^-2). Raises ParameterError."""

    flux: float

    def __post_init__(self):
        positive(self.flux, "flux", unit=" cm^-2 s^-1")

    def nodes(self, species: Species, minimum_energy: ArrayLike = 0.0, order: int = 12) -> FluxNodes:
        """Return the quadrature of one species above the energies (MeV, any shape). Raises UnknownNameError."""
        least = np.asarray(minimum_energy, dtype=float)[..., None]
        if _known(species) == "nu_mu":
            energy = np.full((*least.shape[:-1], 1), LINE_ENERGY)
            return FluxNodes(energy, np.where(energy >= least, self.flux, 0.0))
        energy, weight = panel_nodes([0.0, LARGEST_ENERGY], minimum_energy, order)
        return FluxNodes(energy, self.flux * weight * spectrum(energy, species))

    def fold(
        self,
        recoil_energy: ArrayLike,
        cross_section: CrossSection,
        species: Species,
        *,
        target_mass: float = M_E,
        final_mass: float = 0.0,
        order: int = 12,
    ) -> np.ndarray:
        """Return the recoil rate per target of one species in MeV^-1 s^-1; cross_section(T, E, flavour) in MeV^-3."""
        recoil = recoil_energies(recoil_energy)
        nodes = self.nodes(species, minimum_neutrino_energy(recoil, target_mass, final_mass), order)
        return fold_flux(recoil, nodes, cross_section, FLAVOUR[species])


def spectrum(energy: ArrayLike, species: Species) -> np.ndarray:
    """Return the spectrum of nubar_mu or nu_e, normalised to one, MeV^-1. Raises NotApplicableError for the line."""
    if _known(species) == "nu_mu":
        raise NotApplicableError(
            f"nu_mu from pions at rest has no continuous spectrum: it is a line at {LINE_ENERGY:.2f} MeV"
        )
    x = np.asarray(energy, dtype=float) / M_MU
    shape = 64 * x**2 * (0.75 - x) if species == "nubar_mu" else 192 * x**2 * (0.5 - x)
    return np.where((x >= 0) & (x <= 0.5), shape, 0.0) / M_MU


def _known(species: str) -> str:
    if species not in SPECIES:
        raise unknown_name("neutrino species", str(species), SPECIES)
    return species
