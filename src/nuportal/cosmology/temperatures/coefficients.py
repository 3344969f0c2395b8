"""What the equations of the coupled baths need of a model: widths and rate coefficients, for one point or many."""

from collections.abc import Mapping
from math import pi, sqrt
from typing import NamedTuple

import numpy as np

from nuportal.constants import G_F, M_E
from nuportal.cosmology.temperatures.equations import (
    COMPTON,
    FLAVOURS,
    LINEAR,
    LN_MASS,
    MASS,
    MEDIATED_BSM,
    MEDIATED_INT,
    QUANTUM,
    REFERENCE,
    STATISTICS_A,
    STATISTICS_S,
    TWO_TEMPERATURES,
    WEAK_1,
    WEAK_2,
    WIDTH_E,
    WIDTH_NU,
)
from nuportal.cosmology.temperatures.options import COMPTON_RANGE, ThermalOptions
from nuportal.models import U1X, VectorMediator
from nuportal.models.base import vector_width
from nuportal.processes import weak

#: mediated scattering below this part of the weak rate is left out: it changes N_eff by less than 1e-6
NEGLIGIBLE = 3e-6


class Coefficients(NamedTuple):
    """What the equations read: scalars `par` [.., 8], per-bath `c` [.., 6, baths], nu-nu `v` [.., baths, baths, 3]."""

    par: np.ndarray
    c: np.ndarray
    v: np.ndarray


def coefficients(model: U1X | VectorMediator | None, chosen: ThermalOptions) -> Coefficients:
    """Return the coefficients of one point (None: Standard Model), without the leading axis."""
    if model is None:
        many = coefficient_arrays(np.zeros(1), np.zeros(1), np.zeros((1, 3)), chosen)
    else:
        view = model.couplings
        charges: Mapping[str, float] = getattr(model, "charges", None) or {}
        many = coefficient_arrays(
            np.array([view.mass]),
            np.array([view.c_e]),
            np.array([view.c_nu]),
            chosen,
            electron_charged=bool(charges.get("e")),
        )
    return Coefficients(*(array[0] for array in many))


def coefficient_arrays(
    mass: np.ndarray, c_e: np.ndarray, c_nu: np.ndarray, chosen: ThermalOptions, *, electron_charged: bool = False
) -> Coefficients:
    """Return the coefficients of many points: mass [n] in MeV (0: no boson), c_e [n], c_nu [n, 3].

    electron_charged: X_1 != 0, which option widths="electron-charge" asks about.
    """
    baths = [[0, 1, 2]] if chosen.flavours == "common" else [[0], [1], [2]]
    gl, gr = weak.chiral_couplings(chosen.couplings)
    n, has_boson = len(mass), mass > 0
    par, c, v = np.zeros((n, 8)), np.zeros((n, 6, len(baths))), np.zeros((n, len(baths), len(baths), 3))
    par[:, STATISTICS_A], par[:, STATISTICS_S], _ = weak.BLOCKING[chosen.rates]
    per_mass2 = np.divide(1.0, mass**2, out=np.zeros(n), where=has_boson)

    nu_widths = c_nu**2 * mass[:, None] / (24 * pi)
    if chosen.widths == "electron-charge" and chosen.flavours == "common" and electron_charged:
        nu_widths = np.repeat(nu_widths[:, :1], 3, axis=1)
    product = c_nu * c_e[:, None] * per_mass2[:, None]
    for b, members in enumerate(baths):
        c[:, WEAK_1, b] = chosen.weak_scale * 4 * G_F**2 * np.sum(gl[members] ** 2 + gr[members] ** 2) / pi**5
        c[:, WEAK_2, b] = chosen.weak_scale * 4 * G_F**2 * np.sum(gl[members] * gr[members]) / pi**5
        c[:, FLAVOURS, b] = len(members)
        c[:, WIDTH_NU, b] = nu_widths[:, members].sum(axis=1)
        interference = 2 * sqrt(2) * G_F * (product[:, members] * (gl + gr)[members]).sum(axis=1) / pi**5
        quadratic = (product[:, members] ** 2).sum(axis=1) / pi**5
        matters = np.abs(interference) + quadratic > NEGLIGIBLE * c[:, WEAK_1, b]
        if chosen.scattering != "off":
            c[:, MEDIATED_INT, b] = np.where(matters, interference, 0.0)
            c[:, MEDIATED_BSM, b] = np.where(matters, quadratic, 0.0)
    v[..., 0] = G_F**2 / pi**5
    if chosen.scattering != "off" and chosen.flavours == "separate":
        x = c_nu[:, :, None] * c_nu[:, None, :] * per_mass2[:, None, None] / sqrt(2)
        v[..., 1], v[..., 2] = 2 * G_F * x / pi**5, x**2 / pi**5

    par[:, MASS] = mass
    par[:, LN_MASS] = np.log(np.where(has_boson, mass, 1.0))
    par[:, WIDTH_E] = vector_width(c_e, mass, M_E)
    par[:, REFERENCE] = np.argmax(c[:, WIDTH_NU], axis=1)
    par[:, QUANTUM] = chosen.decays == "quantum"
    par[:, COMPTON] = np.where(compton_matters(chosen, mass), c_e**2, 0.0)
    return Coefficients(par, c, v)


def compton_matters(chosen: ThermalOptions, mass: np.ndarray) -> np.ndarray:
    """Return whether e gamma <-> e Z' is followed at these masses (MeV) under the chosen options."""
    return (chosen.compton == "on") & (mass >= COMPTON_RANGE[0]) & (mass <= COMPTON_RANGE[1])


def electron_mass_form(chosen: ThermalOptions) -> int:
    """Return the integer the compiled equations use."""
    return TWO_TEMPERATURES if chosen.electron_mass == "two-temperatures" else LINEAR
