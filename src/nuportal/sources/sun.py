"""Solar neutrinos: fluxes of solar models, spectra, lines and flavour at Earth.

    sun = SolarNeutrinos()                                         # B16-GS98, adiabatic conversion
    rate = sun.fold(T, electron_scattering.cross_section, "pp").sum(axis=0)     # per target, MeV^-1 s^-1

`fold` integrates flux times cross-section above the least neutrino energy of each recoil with Gauss-Legendre nodes in
u, E = E_max - (E_max - E_min) u^2, which removes the square root at the end of a beta spectrum: 48 nodes give 1e-6.
Components: pp, pep, hep, 7Be, 8B, 13N, 15O, 17F; "be7" and the like, and the group "CNO", are understood.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import M_E
from nuportal.errors import ParameterError
from nuportal.models.base import FLAVOURS
from nuportal.processes.flavour import flavour_index
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.solvers.quadrature import gauss_legendre
from nuportal.sources.flux import CrossSection, FluxNodes, fold_flux, recoil_energies
from nuportal.sources.oscillation import (
    Method,
    OscillationParameters,
    flavour_probabilities,
    oscillation_parameters,
    parameter_set,
)
from nuportal.sources.solar_spectra import (
    COMPONENTS,
    component_name,
    components,
    electron_density,
    end_of_spectrum,
    solar_data,
    solar_model,
    spectrum,
)

NODES = 48


def chosen(sun: "SolarNeutrinos | str | None") -> "SolarNeutrinos | None":
    """Return the Sun that is given, as such or by the name of its model. Raises UnknownNameError, ParameterError."""
    if isinstance(sun, str):
        return SolarNeutrinos(sun)
    if sun is not None and not isinstance(sun, SolarNeutrinos):
        raise ParameterError(f"sun = {sun!r} is not allowed: give SolarNeutrinos or the name of a solar model")
    return sun


@dataclass(frozen=True)
class SolarNeutrinos:
    """Neutrinos of a solar model at Earth.

    model: "BP04", "B16-GS98" (default) or "B16-AGSS09met". oscillation: a set by name or `OscillationParameters`.
    survival: "msw" (default) or "vacuum". Raises UnknownNameError.
    """

    model: str | None = None
    oscillation: str | OscillationParameters | None = None
    survival: Method = "msw"

    def __post_init__(self):
        object.__setattr__(self, "model", solar_model(self.model))
        oscillation_parameters(self.oscillation)
        self.probabilities(1.0, "pp")

    def describe(self) -> dict[str, object]:
        """Return model, oscillation set, method, BibTeX keys and the status of the numbers, for result files."""
        fluxes = solar_data()["models"][self.model]
        described: dict[str, object] = {
            "flux_model": self.model,
            "flux_provenance": fluxes["provenance"],
            "flux_error_provenance": fluxes["error_provenance"],
            "survival": self.survival,
            "references": [fluxes["references"], "Bahcall:1996qv"],
        }
        if isinstance(self.oscillation, OscillationParameters):
            return described | {"oscillation": asdict(self.oscillation)}
        row = parameter_set(self.oscillation)
        described["references"] = [fluxes["references"], "Bahcall:1996qv", row["references"]]
        return described | {"oscillation": row["name"], "oscillation_provenance": row["provenance"]}

    def flux(self, component: str) -> float:
        """Return the total flux of a component (or "CNO") at Earth, cm^-2 s^-1."""
        return sum(solar_data()["models"][self.model]["flux"][c] for c in components(component))

    def relative_error(self, component: str) -> float:
        """Return the relative one-sigma error of the flux of one component in the solar model."""
        return solar_data()["models"][self.model]["error"][component_name(component)]

    def probabilities(self, energy: ArrayLike, component: str) -> np.ndarray:
        """Return P(nu_e -> nu_e, nu_mu, nu_tau) at the energies (MeV), shape (3, ...)."""
        density = electron_density(component, solar_data()["models"][self.model]["density"])
        return flavour_probabilities(energy, density, oscillation_parameters(self.oscillation), self.survival)

    def nodes(self, component: str, minimum_energy: ArrayLike = 0.0, order: int = NODES) -> FluxNodes:
        """Return the quadrature of one component above the energies (MeV, any shape); weights sum to that flux."""
        name = component_name(component)
        least = np.asarray(minimum_energy, dtype=float)[..., None]
        if name in solar_data()["lines"]:
            line = solar_data()["lines"][name]
            energy = np.broadcast_to(line["energy"], (*least.shape[:-1], len(line["energy"])))
            weight = np.where(energy >= least, np.array(line["branching"]), 0.0)
        else:
            largest = end_of_spectrum(name)
            x, w = gauss_legendre(order)
            width = np.clip(largest - least, 0, None)
            energy = largest - width * x**2
            weight = spectrum(energy, name) * 2 * width * x * w
        return FluxNodes(energy, self.flux(name) * weight)

    def fold(
        self,
        recoil_energy: ArrayLike,
        cross_section: CrossSection,
        component: str | Iterable[str] = COMPONENTS,
        *,
        target_mass: float = M_E,
        final_mass: float = 0.0,
        order: int = NODES,
    ) -> np.ndarray:
        """Return the recoil rate per target in MeV^-1 s^-1 by flavour at Earth (e, mu, tau), shape (3, ...).

        cross_section(T, E, flavour) in MeV^-3 (a process, or one coefficient of it: the result keeps its other
        units). component: one, "CNO", or several; default all. final_mass: mass of the outgoing neutral particle.
        Raises UnknownNameError, ParameterError (negative recoil energy).
        """
        recoil = recoil_energies(recoil_energy)
        least = minimum_neutrino_energy(recoil, target_mass, final_mass)
        total = np.zeros((3, *recoil.shape))
        for name in components(component):
            energy, weight = self.nodes(name, least, order)
            probability = self.probabilities(energy, name)
            for i, flavour in enumerate(FLAVOURS):
                total[i] += fold_flux(recoil, FluxNodes(energy, weight * probability[i]), cross_section, flavour)
        return total


def survival_probability(
    energy: ArrayLike,
    component: str,
    flavour: str = "e",
    *,
    parameters: str | OscillationParameters | None = None,
    method: Method = "msw",
    density: float | str | None = None,
) -> np.ndarray:
    """Return P(nu_e -> nu_flavour) at Earth for energies in MeV.

    density: electrons at production in mol/cm^3, or the solar model that gives them ("BS05(OP)", the default, or
    "B16-GS98"). Raises UnknownNameError.
    """
    if density is None or isinstance(density, str):
        density = electron_density(component, density or "BS05(OP)")
    return flavour_probabilities(energy, density, oscillation_parameters(parameters), method)[flavour_index(flavour)]
