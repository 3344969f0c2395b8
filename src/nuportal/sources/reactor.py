"""Electron antineutrinos of a nuclear reactor near its core, where they have not yet oscillated.

Above 2 MeV the spectra of Huber and Mueller, below it the table of Vogel and Engel, and the two decays that follow
neutron capture on 238U (1.2 antineutrinos per fission below 1.3 MeV): 6.8 antineutrinos per fission together, where
counting decays gives 7.2, so a flux quoted over all energies leaves the part above 2 MeV uncertain by 6 %. Above 8 MeV
the fits are extrapolated, up to 10 MeV (3e-4 of the flux above 2 MeV).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import M_E
from nuportal.errors import ParameterError, unknown_name
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.sources.beta_decay import allowed_shape
from nuportal.sources.flux import CrossSection, FluxNodes, fold_flux, panel_nodes, recoil_energies
from nuportal.units import positive

Model = Literal["huber-mueller", "vogel-engel"]
ISOTOPES = ("235U", "238U", "239Pu", "241Pu")
LARGEST_ENERGY = 10.0  #: MeV
MATCH = 2.0  #: MeV; below, the table of Vogel and Engel


@dataclass(frozen=True)
class ReactorAntineutrinos:
    """nu_e-bar at a detector: total flux (cm^-2 s^-1, all energies) and shares of the fissions per isotope.

    model: "huber-mueller" (default) or "vogel-engel" above 2 MeV. Raises ParameterError, UnknownNameError.
    """

    flux: float
    fractions: Mapping[str, float] | None = field(default=None, hash=False)
    model: Model = "huber-mueller"

    def __post_init__(self):
        positive(self.flux, "reactor flux", unit=" cm^-2 s^-1")
        if self.model not in get_args(Model):
            raise unknown_name("reactor model", str(self.model), get_args(Model))
        given = dict(_data()["fractions"] if self.fractions is None else self.fractions)
        for isotope in given:
            if isotope not in ISOTOPES:
                raise unknown_name("fissile isotope", str(isotope), ISOTOPES)
        if min(given.values(), default=-1) < 0 or abs(sum(given.values()) - 1) > 0.02:
            raise ParameterError(f"fission fractions {given} are not allowed: they must be positive and sum to one")
        object.__setattr__(self, "fractions", given)

    def spectrum(self, energy: ArrayLike) -> np.ndarray:
        """Return antineutrinos per fission and MeV at the energies (MeV)."""
        energy = np.asarray(energy, dtype=float)
        shares = self.fractions or {}
        fission = sum(share * isotope_spectrum(energy, isotope, self.model) for isotope, share in shares.items())
        return fission + capture_spectrum(energy)

    @property
    def per_fission(self) -> float:
        """Antineutrinos per fission, all energies."""
        energy, weight = panel_nodes(_edges(), 0.0, 24)
        return float(np.sum(weight * self.spectrum(energy)))

    def nodes(self, minimum_energy: ArrayLike = 0.0, order: int = 6) -> FluxNodes:
        """Return the quadrature of the flux above the energies (MeV, any shape)."""
        energy, weight = panel_nodes(_edges(), minimum_energy, order)
        return FluxNodes(energy, weight * self.spectrum(energy) * self.flux / self.per_fission)

    def fold(
        self,
        recoil_energy: ArrayLike,
        cross_section: CrossSection,
        *,
        target_mass: float = M_E,
        final_mass: float = 0.0,
        order: int = 6,
    ) -> np.ndarray:
        """Return the recoil rate per target in MeV^-1 s^-1; cross_section(T, E, "e") of antineutrinos, MeV^-3."""
        recoil = recoil_energies(recoil_energy)
        nodes = self.nodes(minimum_neutrino_energy(recoil, target_mass, final_mass), order)
        return fold_flux(recoil, nodes, cross_section, "e")


def isotope_spectrum(energy: ArrayLike, isotope: str, model: Model = "huber-mueller") -> np.ndarray:
    """Return antineutrinos per fission of one isotope and MeV. Raises UnknownNameError."""
    if isotope not in ISOTOPES:
        raise unknown_name("fissile isotope", str(isotope), ISOTOPES)
    energy = np.asarray(energy, dtype=float)
    table = _data()["vogel_engel"]
    low = np.interp(energy, [0.0, *table["energy"]], [0.0, *table["low"][isotope]])
    powers: list[float] = table["high"][isotope] if model == "vogel-engel" else _data()["huber_mueller"][isotope]
    high = np.exp(np.polynomial.polynomial.polyval(np.clip(energy, MATCH, LARGEST_ENERGY), powers))
    return np.where(energy < MATCH, low, np.where(energy <= LARGEST_ENERGY, high, 0.0))


def capture_spectrum(energy: ArrayLike) -> np.ndarray:
    """Return antineutrinos per fission and MeV from 239U and 239Np after neutron capture on 238U."""
    capture = _data()["capture"]
    total = np.zeros(np.shape(energy))
    for chain in (capture["239U"], capture["239Np"]):
        for end, share in zip(chain["endpoint"], chain["share"], strict=True):
            total += share * allowed_shape(energy, end, chain["daughter"], "electron") / _norm(end, chain["daughter"])
    return capture["per_fission"] * total


@cache
def _norm(endpoint: float, daughter: int) -> float:
    energy, weight = panel_nodes([0.0, endpoint], 0.0, 64)
    return float(np.sum(weight * allowed_shape(energy, endpoint, daughter, "electron")))


@cache
def _edges() -> list[float]:
    """Ends of the panels on which the spectrum is smooth, MeV."""
    capture = _data()["capture"]
    ends = {*capture["239U"]["endpoint"], *capture["239Np"]["endpoint"]}
    return sorted({0.0, *_data()["vogel_engel"]["energy"], *ends, 3.0, 5.0, 7.0, LARGEST_ENERGY})


def references() -> list[str]:
    """Return the BibTeX keys of the spectra."""
    tables: list[str] = [_data()[name]["references"] for name in ("huber_mueller", "vogel_engel", "capture")]
    return [key for works in tables for key in works.split()]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nuportal.sources").joinpath("data/reactor_spectra.toml").read_text("utf-8"))
