"""What a momentum-resolved freeze-in can be asked for, and the tables and coefficients its equations need."""

from dataclasses import asdict, dataclass
from functools import cache
from math import log, pi
from typing import Literal, get_args

import numpy as np

from nuportal.constants import M_E, M_PLANCK
from nuportal.cosmology.expansion import MATTER, radiation_era
from nuportal.cosmology.fluid import equations
from nuportal.cosmology.fluid.integrate import T_END
from nuportal.cosmology.fluid.momentum import LOWEST, kernel_table, momentum_grid
from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.models.base import Couplings
from nuportal.plasma import em, neutrinos
from nuportal.processes import weak
from nuportal.units import number

Preset = Literal["default", "ibe"]
Mixing = Literal["off", "on"]
NeutrinoNumber = Literal["weak", "equilibrium"]

MASS_RANGE = (1e-8, 30.0)  #: MeV
NODES_RANGE = (24, 400)
RTOL_RANGE = (1e-6, 1e-2)
T_START = 20.0  #: MeV, or 3 M if that is more
#: largest rate over H followed; a heavy boson couples e and nu while its abundance is e^{-M/T}, so faster rates count
CAP_LIGHT, CAP_HEAVY, HEAVY = 1e5, 1e8, 0.3
_NEGLIGIBLE = 1e-9  #: nu nu <-> Z'Z' slower than this part of H changes nothing
_ROOM = 1.5  #: e-folds the scale factor may exceed T_start/T_END, from the heating of the photons


@dataclass(frozen=True)
class FluidOptions:
    """Options of the boson with momenta and one neutrino fluid, for `evolve(options=...)`.

    Parameters
    ----------
    preset : {"default", "ibe"}
        Exact quantum statistics, finite m_e in the weak rates, radiative corrections and matter in H; or the
        approximations of ibe2020 (its formulas corrected), with tree-level weak rates without m_e.
    nodes : int
        Number of momenta, 24 to 400.
    rtol : float
        Relative tolerance of a step, 1e-6 to 1e-2; the error of N_eff is about rtol/10 or less.
    mixing : {"off", "on"}
        Mixing with the photon of the plasma, for couplings aligned with electric charge.
    neutrino_number : {"weak", "equilibrium"}
        Number of neutrinos changed by weak annihilation alone, so that mu_nu follows; or kept at mu_nu = 0, which the
        treatment with temperatures assumes (to compare).
    lowest : float
        Smallest momentum in MeV at the start; the largest is 60 times the starting temperature.

    Raises
    ------
    UnknownNameError, ParameterError
        If a value is outside what is allowed.

    Notes
    -----
    ibe2020 eqs 11-28 and 64-66; docs/physics/fluid_solver.md.
    """

    preset: Preset = "default"
    nodes: int = 64
    rtol: float = 1e-5
    mixing: Mixing = "off"
    neutrino_number: NeutrinoNumber = "weak"
    lowest: float = LOWEST

    def __post_init__(self):
        for name, given, allowed in (
            ("preset", self.preset, Preset),
            ("mixing", self.mixing, Mixing),
            ("neutrino_number", self.neutrino_number, NeutrinoNumber),
        ):
            if given not in get_args(allowed):
                raise unknown_name(name, str(given), get_args(allowed))
        rtol = number(self.rtol, "rtol")
        if not RTOL_RANGE[0] <= rtol <= RTOL_RANGE[1]:
            raise ParameterError(f"rtol = {rtol:g} is not allowed: it must lie between 1e-6 and 1e-2")
        nodes = number(self.nodes, "nodes")
        if nodes != int(nodes) or not NODES_RANGE[0] <= nodes <= NODES_RANGE[1]:
            raise ParameterError(f"nodes = {nodes:g} is not allowed: it must be a whole number from 24 to 400")
        object.__setattr__(self, "nodes", int(nodes))
        object.__setattr__(self, "rtol", rtol)

    def to_dict(self) -> dict[str, object]:
        """Return all options as plain values."""
        return asdict(self)


def start_temperature(mass: float) -> float:
    """Return the temperature in MeV at which the evolution of a boson of `mass` (MeV) starts without bosons."""
    return max(T_START, 3 * mass)


def tables(mass: float, spin: int, chosen: FluidOptions) -> equations.Tables:
    """Return what the equations read for one boson. Raises NotApplicableError outside MASS_RANGE."""
    from nuportal.processes.boson_production import electron_rates
    from nuportal.processes.plasma_mixing import plasma_table

    if not MASS_RANGE[0] <= mass <= MASS_RANGE[1]:
        raise NotApplicableError(
            f"mass = {mass:g} MeV: preset='ibe' follows masses from {MASS_RANGE[0] * 1e6:g} eV to {MASS_RANGE[1]:g} "
            "MeV: use treatment='momenta'"
        )
    hot = start_temperature(mass)
    grid = momentum_grid(hot, chosen.nodes, chosen.lowest)
    rates = electron_rates(mass, spin, chosen.preset)
    return equations.Tables(
        em.table(),
        neutrinos.table(),
        _massless_weak() if chosen.preset == "ibe" else weak.table(),
        rates.hermite,
        rates.grid,
        plasma_table(),
        kernel_table(mass, spin, hot, chosen.nodes, chosen.lowest, log(hot / T_END) + _ROOM),
        grid.q,
        grid.weight,
    )


def too_fast(couplings: Couplings) -> bool:
    """Return whether a boson above 2 m_e couples e and nu by decays faster than CAP_HEAVY while M/T < 25."""
    return couplings.mass > 2 * M_E and couplings.width > CAP_HEAVY * radiation_era(couplings.mass / 25)


def _pair_speed(fourth_power: np.ndarray, mass: float) -> np.ndarray:
    """Upper estimate of the rate of nu nubar <-> Z'Z' over H at T = M."""
    return 0.01 * fourth_power * M_PLANCK / mass


def pairs_matter(couplings: Couplings) -> bool:
    """Return whether nu nubar <-> Z'Z' comes within a factor 100 of H."""
    return bool(_pair_speed(np.sum(np.array(couplings.c_nu, float) ** 4), couplings.mass) > 0.01)


def parameters(
    mass: float, spin: int, c_e: np.ndarray, c_nu: np.ndarray, chosen: FluidOptions
) -> tuple[np.ndarray, np.ndarray]:
    """Return the parameter array [points, entries] for c_e [points], c_nu [points, 3], and the switches."""
    from nuportal.processes.photon_decay import photon_width

    left, right = weak.chiral_couplings("tree" if chosen.preset == "ibe" else "corrected")
    strength = float(np.sum(left**2 + right**2))
    unit = Couplings(mass, c_e=1.0, c_nu=(1.0, 0.0, 0.0), spin=spin).partial_widths()
    par = np.zeros((len(c_e), 11))
    par[:, equations.MASS] = mass
    par[:, equations.DEGREES] = 3 if spin == 1 else 1
    par[:, equations.ELECTRON] = c_e**2
    par[:, equations.WIDTH_NU] = unit["nu_e"] * np.sum(c_nu**2, axis=1)
    pair = np.sum(c_nu**4, axis=1)
    par[:, equations.PAIR] = np.where(_pair_speed(pair, mass) > _NEGLIGIBLE, pair, 0.0) / (512 * pi**3)
    par[:, equations.WIDTH_PHOTONS] = c_e**2 * (photon_width(mass, spin) if mass < 2 * M_E else 0.0)
    par[:, equations.WIDTH_PAIRS] = c_e**2 * unit["e"]
    par[:, equations.WEAK] = weak.PREFACTOR * strength
    par[:, equations.WEAK_MIX] = float(np.sum(left * right)) / strength
    par[:, equations.CAP] = CAP_HEAVY if mass > HEAVY else CAP_LIGHT
    par[:, equations.MATTER] = MATTER if chosen.preset == "default" else 0.0
    switches = np.zeros(4, np.int64)
    switches[equations.BLOCKED] = chosen.preset == "default"
    switches[equations.MIXING] = chosen.mixing == "on"
    switches[equations.TWO_PHOTONS] = spin == 0
    switches[equations.EQUILIBRIUM] = chosen.neutrino_number == "equilibrium"
    return par, switches


@cache
def _massless_weak() -> np.ndarray:
    """ibe2020 eqs 64-66: massless electrons, Pauli blocking as the constant factors f_a, f_s, f_n."""
    table = weak.table("mb").copy()
    annihilation, scattering, count = weak.BLOCKING["fd"]
    factors = {
        weak.A1: annihilation,
        weak.A1_INTEGRATED: annihilation,
        weak.N1: count,
        weak.N1_INTEGRATED: count,
        weak.S1: scattering,
    }
    for column, factor in factors.items():
        table[1:, 2 * column : 2 * column + 2] *= factor
    return table
