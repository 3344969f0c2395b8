"""Up-scattering of a neutrino to a hidden one on electrons through a light Z', nu e -> N e (bally2020 eq. 2).

With the couplings c_nuN Z'_mu Nbar gamma^mu nu_L + c_e Z'_mu ebar gamma^mu e and N of mass m_N,

    dsigma/dT = [c_nuN c_e]^2 m_e/(4 pi (2 m_e T + M^2)^2)
                * [1 + (1 - T/E)^2 - m_e T/E^2 - m_N^2 (2 E - T + m_e)/(2 m_e E^2)].

bally2020 eq. 2 is M, m_N -> 0 with c_nuN c_e = epsilon g_X chi c_W: the charge e of J_em is missing there. The model's
convention ("with-e" or "as-printed") enters through `HiddenNeutrino.c_e`. Units: MeV, dsigma/dT in MeV^-3.
"""

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import M_E
from nuportal.models.hidden_neutrino import HiddenNeutrino
from nuportal.processes.recoil_kinematics import is_allowed


def cross_section(recoil_energy: ArrayLike, neutrino_energy: ArrayLike, model: HiddenNeutrino) -> np.ndarray:
    """Return dsigma/dT in MeV^-3 for the flavour that mixes with N (bally2020: nu_e, so weight it with P_ee)."""
    reduced = coefficient(recoil_energy, neutrino_energy, float(model.n_mass))
    return coupling_factor(recoil_energy, model) * reduced


def coupling_factor(recoil_energy: ArrayLike, model: HiddenNeutrino) -> np.ndarray:
    """Return [c_nuN c_e/(2 m_e T + M^2)]^2 in MeV^-4: all that depends on couplings and Z' mass."""
    with np.errstate(divide="ignore"):
        propagator = 1 / (2 * M_E * np.asarray(recoil_energy, dtype=float) + float(model.mass) ** 2)
    return (model.c_nu_n * model.c_e * propagator) ** 2


def coefficient(recoil_energy: ArrayLike, neutrino_energy: ArrayLike, n_mass: ArrayLike = 0.0) -> np.ndarray:
    """Return what multiplies `coupling_factor`, in MeV; zero where kinematics forbids and at T <= 0."""
    recoil, energy, mass = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (recoil_energy, neutrino_energy, n_mass))
    )
    allowed = is_allowed(recoil, energy, M_E, mass) & (recoil > 0)
    t, e = np.where(allowed, recoil, 0.0), np.where(allowed, energy, 1.0)
    massless = 1 + (1 - t / e) ** 2 - M_E * t / e**2
    return np.where(allowed, M_E / (4 * np.pi) * (massless - mass**2 * (2 * e - t + M_E) / (2 * M_E * e**2)), 0.0)
