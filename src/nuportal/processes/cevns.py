"""Coherent elastic neutrino-nucleus scattering with a light vector or scalar mediator.

    dsigma/dT = (G_F^2 m/pi) Q^2 F^2 [1 - T/E - m T/(2 E^2)],     T <= 2 E^2/(m + 2 E),
    Q = gVp Z + gVn N + c_nu (c_p Z + c_n N)/(sqrt2 G_F (2 m T + M^2)).

The weak charge of a nucleus is -(N - (1 - 4 s^2) Z)/2 in this normalisation: a mediator with c_nu (c_p Z + c_n N) < 0
(B-L) adds to it, one with > 0 cancels it first. Units: MeV; dsigma/dT in MeV^-3. `coefficients` splits dsigma/dT into
powers of the mediator's term, as in `electron_scattering`. A scalar flips the neutrino's helicity and adds incoherently
[c_nu (c_p Z + c_n N) F/(2 m T + M^2)]^2 times m T (T + 2 m)/(8 pi E^2) (`scalar_factor`, `scalar_coefficient`).
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import G_F
from nuportal.errors import unknown_name
from nuportal.models.base import Couplings
from nuportal.processes import electron_scattering
from nuportal.processes.electron_scattering import Coefficients, weak_coupling_data
from nuportal.processes.flavour import flavour_index
from nuportal.processes.form_factors import Nucleus, helm
from nuportal.processes.recoil_kinematics import is_allowed

Radiative = Literal["tree", "flavour"]


def cross_section(
    recoil_energy: ArrayLike,
    neutrino_energy: ArrayLike,
    nucleus: Nucleus,
    flavour: str = "e",
    couplings: Couplings | None = None,
    *,
    radiative: Radiative = "tree",
) -> np.ndarray:
    """Return dsigma/dT in MeV^-3, equal for neutrinos and antineutrinos. Raises UnknownNameError."""
    terms = coefficients(recoil_energy, neutrino_energy, nucleus, flavour, radiative=radiative)
    if couplings is None:
        return terms.sm
    if couplings.spin == 0:
        factor = scalar_factor(recoil_energy, nucleus, flavour, couplings)
        return terms.sm + factor * scalar_coefficient(recoil_energy, neutrino_energy, nucleus)
    charge = vector_charge(recoil_energy, nucleus, flavour, couplings)
    return terms.sm + charge * (terms.interference + charge * terms.quadratic)


def coefficients(
    recoil_energy: ArrayLike,
    neutrino_energy: ArrayLike,
    nucleus: Nucleus,
    flavour: str = "e",
    *,
    radiative: Radiative = "tree",
) -> Coefficients:
    """Return dsigma/dT = sm + q interference + q^2 quadratic (MeV^-3), q from `vector_charge`."""
    recoil, energy = np.asarray(recoil_energy, dtype=float), np.asarray(neutrino_energy, dtype=float)
    weak = weak_charge(nucleus, flavour, radiative=radiative)
    safe = np.where(energy > 0, energy, 1.0)
    shape = 1 - recoil / safe - nucleus.mass * recoil / (2 * safe**2)
    scale = G_F**2 * nucleus.mass / np.pi * helm(recoil, nucleus) ** 2
    unit = np.where(is_allowed(recoil, energy, nucleus.mass), scale * shape, 0.0)
    return Coefficients(weak**2 * unit, 2 * weak * unit, unit)


def weak_charge(nucleus: Nucleus, flavour: str = "e", *, radiative: Radiative = "tree") -> float:
    """Return gVp Z + gVn N. "tree": gVp = 1/2 - 2 sin^2 theta_W(0), gVn = -1/2. "flavour": radiatively corrected.

    Raises UnknownNameError.
    """
    if radiative not in get_args(Radiative):
        raise unknown_name("radiative correction", str(radiative), get_args(Radiative))
    numbers = weak_coupling_data()[f"nucleon_{radiative}"]
    return numbers["gVp"][flavour_index(flavour)] * nucleus.protons + numbers["gVn"] * nucleus.neutrons


def vector_charge(recoil_energy: ArrayLike, nucleus: Nucleus, flavour: str, couplings: Couplings) -> np.ndarray:
    """Return c_nu (c_p Z + c_n N)/(sqrt2 G_F (2 m T + M^2)), which adds to the weak charge."""
    return _exchange(recoil_energy, nucleus, flavour, couplings) / (np.sqrt(2) * G_F)


def scalar_factor(recoil_energy: ArrayLike, nucleus: Nucleus, flavour: str, couplings: Couplings) -> np.ndarray:
    """Return [c_nu (c_p Z + c_n N)/(2 m T + M^2)]^2 in MeV^-4, which multiplies `scalar_coefficient`."""
    return _exchange(recoil_energy, nucleus, flavour, couplings) ** 2


def scalar_coefficient(recoil_energy: ArrayLike, neutrino_energy: ArrayLike, nucleus: Nucleus) -> np.ndarray:
    """Return F^2 m T (T + 2 m)/(8 pi E^2) in MeV; a nucleus without spin has 2 m for T + 2 m, equal to 1e-6."""
    unit = electron_scattering.scalar_coefficient(recoil_energy, neutrino_energy, nucleus.mass)
    return helm(recoil_energy, nucleus) ** 2 * unit


def _exchange(recoil_energy: ArrayLike, nucleus: Nucleus, flavour: str, couplings: Couplings) -> np.ndarray:
    c_nu = couplings.c_nu[flavour_index(flavour)]
    c_nucleus = couplings.c_p * nucleus.protons + couplings.c_n * nucleus.neutrons
    with np.errstate(divide="ignore"):
        return c_nu * c_nucleus / (2 * nucleus.mass * np.asarray(recoil_energy, dtype=float) + couplings.mass**2)
