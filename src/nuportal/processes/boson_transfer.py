# pyright: basic
"""Energy and number exchanged between the e.m. plasma at T_gamma and a light vector's bath at T_Z'.

With G~(p, T) of boson_production (exact statistics of photons, electrons and positrons)

    gain of the Z' bath = 3 int d^3p/(2 pi)^3 E G~(p, T_gamma) [f(E, T_gamma) - f(E, T_Z')] = J(T_gamma) - J(T_Z')

for f Bose-Einstein or Maxwell-Boltzmann; number: without E. The shipped table (scripts/make_boson_tables.py) holds, for
M = 0.05-20 MeV, ln J(T_gamma) and the slope (1/r) ln[J(T_Z')/J(T_gamma)] with r = ln(T_Z'/T_gamma), so that the
difference is an expm1 and locked baths lose no digits. M is scanned in zeta = sqrt(|ln(M/2m_e)|) on both sides of
2 m_e: the annihilation rate has a square-root cusp there.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp, expm1, log
from typing import Any, Literal, get_args

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from nuportal.constants import M_E
from nuportal.errors import NotApplicableError, unknown_name
from nuportal.solvers import hermite
from nuportal.solvers.bicubic import bicubic, bicubic_with_slopes, hermite_nodes

Distribution = Literal["bose", "boltzmann"]
Quantity = Literal["energy", "number"]

MASS_RANGE = (0.05, 20.0)  #: MeV


@dataclass(frozen=True)
class TransferTable:
    """Gain of a Z' bath from the e.m. plasma per c_e^2, for one mass; call it with T_gamma, T_Z' in MeV.

    `level` (solvers.hermite over ln T), `slope` and `grid` (solvers.bicubic over ln T, r) and `mass` are what
    `scaled_gain` takes in compiled code. Units: MeV^5 (energy) or MeV^4 (number).
    """

    mass: float
    level: hermite.HermiteTable
    slope: np.ndarray
    grid: np.ndarray

    def __call__(self, t_gamma: ArrayLike, t_boson: ArrayLike) -> np.ndarray:
        """Return the gain per c_e^2 at T_gamma and T_Z' in MeV, broadcast against each other."""
        hot, cold = np.broadcast_arrays(np.asarray(t_gamma, float), np.asarray(t_boson, float))
        table = self.level, self.slope, self.grid, self.mass
        pairs = zip(hot.reshape(-1), cold.reshape(-1), strict=True)
        flat = [exp(-self.mass / b) * scaled_gain(*table, a, b, False)[0] for a, b in pairs]
        return np.array(flat).reshape(hot.shape)


@lru_cache(maxsize=512)
def transfer_table(
    mass: float, quantity: Quantity = "energy", distribution: Distribution = "boltzmann"
) -> TransferTable:
    """Return the table of one mass in MeV. Raises NotApplicableError outside MASS_RANGE, UnknownNameError."""
    from scipy.interpolate import CubicSpline

    for kind, given, allowed in (
        ("quantity", quantity, get_args(Quantity)),
        ("distribution", distribution, get_args(Distribution)),
    ):
        if given not in allowed:
            raise unknown_name(kind, given, allowed)
    if not MASS_RANGE[0] <= mass <= MASS_RANGE[1]:
        raise NotApplicableError(
            f"mass = {mass:g} MeV: e gamma <-> e Z' is tabulated for {MASS_RANGE[0]:g} to {MASS_RANGE[1]:g} MeV"
        )
    stored = _stored()
    side = 0 if mass < 2 * M_E else 1
    zeta = abs(log(mass / (2 * M_E))) ** 0.5
    nodes = stored["zeta"][side]
    values = CubicSpline(nodes, stored[f"{quantity}_{distribution}"][side], axis=0)(zeta)
    grid = stored["grid"]
    ln_t = grid[0] + grid[1] * np.arange(values.shape[0])
    level = hermite.build(ln_t, values[:, 0], CubicSpline(ln_t, values[:, 0])(ln_t, 1))
    return TransferTable(mass, level, hermite_nodes(values[:, 1:]), grid)


@lru_cache(maxsize=1)
def _stored() -> dict[str, np.ndarray]:
    with files("nuportal.processes").joinpath("boson_transfer.npz").open("rb") as stream:
        data = np.load(stream, allow_pickle=False)
        return {name: data[name].astype(float) for name in data.files if name != "header"}


def table_header() -> dict[str, Any]:
    """Return what the shipped table is and how it was made."""
    with files("nuportal.processes").joinpath("boson_transfer.npz").open("rb") as stream:
        return json.loads(str(np.load(stream, allow_pickle=False)["header"]))


@njit(cache=True, error_model="numpy")
def scaled_gain(
    level: hermite.HermiteTable,
    slope: np.ndarray,
    grid: np.ndarray,
    mass: float,
    t_gamma: float,
    t_boson: float,
    derivatives: bool,
) -> tuple[float, float, float]:
    """Return e^{M/T_Z'} (Q, dQ/dln T_gamma, dQ/dln T_Z'), Q the gain of the Z' bath per c_e^2; slopes if asked, else 0.

    The derivatives are at fixed prefactor, as for decays in temperatures.equations. Outside the grid its edge is used:
    T_gamma < 5 keV (the rate is dead), |ln(T_Z'/T_gamma)| beyond the table.
    """
    r = log(t_boson / t_gamma)
    x = min(max(log(t_gamma), grid[0]), grid[0] + grid[1] * (slope.shape[0] - 1))
    row, position = hermite.locate(level, x)
    ln_j = hermite.value(level, row, position, 0)
    # J(T_gamma) = exp(ln_j - (m_e + M)/T_gamma); J(T_Z') = exp(ln_j + r D - m_e/T_gamma - M/T_Z')
    rise = mass / t_gamma * expm1(-r)
    if not derivatives:
        d = bicubic(slope, grid, x, r)
        if rise > r * d:
            return -exp(ln_j - M_E / t_gamma + rise) * expm1(r * d - rise), 0.0, 0.0
        return exp(ln_j - M_E / t_gamma + r * d) * expm1(rise - r * d), 0.0, 0.0
    d, d_x, d_r = bicubic_with_slopes(slope, grid, x, r)
    emitted, absorbed = exp(ln_j - M_E / t_gamma + rise), exp(ln_j - M_E / t_gamma + r * d)
    difference = -emitted * expm1(r * d - rise) if rise > r * d else absorbed * expm1(rise - r * d)
    d_ln_j = hermite.slope(level, row, position, 0)
    return (
        difference,
        emitted * (d_ln_j + (M_E + mass) / t_gamma) - absorbed * (d_ln_j + M_E / t_gamma - d + r * (d_x - d_r)),
        -absorbed * (mass / t_boson + d + r * d_r),
    )
