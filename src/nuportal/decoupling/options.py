"""What a thermal-decoupling calculation can be asked for, and the coefficients the equations need."""

from dataclasses import asdict, dataclass, replace
from math import log, pi, sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np

from nuportal.constants import G_F
from nuportal.decoupling.equations import (
    COMPTON,
    FLAVOURS,
    LINEAR,
    LN_MASS,
    MASS,
    MEDIATED_BSM,
    MEDIATED_INT,
    REFERENCE,
    STATISTICS_A,
    STATISTICS_S,
    TWO_TEMPERATURES,
    WEAK_1,
    WEAK_2,
    WIDTH_E,
    WIDTH_NU,
)
from nuportal.errors import ParameterError, unknown_name
from nuportal.models import U1X
from nuportal.models.base import Couplings
from nuportal.processes import weak
from nuportal.units import number

Flavours = Literal["common", "separate"]
Start = Literal["thermal", "zero"]
Preset = Literal["default", "ghosh"]
Scattering = Literal["propagator", "contact", "off"]
Rates = Literal["fd", "mb"]
Qed = Literal["o3", "o2", "off"]
ElectronMass = Literal["linear", "two-temperatures"]
Compton = Literal["on", "off"]

_ALLOWED = {
    "flavours": get_args(Flavours),
    "start": get_args(Start),
    "scattering": get_args(Scattering),
    "rates": get_args(Rates),
    "qed": get_args(Qed),
    "couplings": get_args(weak.WeakCouplings),
    "electron_mass": get_args(ElectronMass),
    "compton": get_args(Compton),
    "widths": ("true", "electron-charge"),
}


@dataclass(frozen=True)
class ThermalOptions:
    """Options of `decouple` and `neff_grid`.

    flavours: one temperature for all neutrinos, or one per flavour. start: boson in equilibrium, or absent.
    scattering: Z'-mediated neutrino scattering with the full propagator, in the contact limit, or none.
    rates: weak rates with Fermi-Dirac statistics and finite m_e ("fd") or Maxwell-Boltzmann and massless ("mb").
    qed: interaction pressure of the plasma. couplings: weak couplings with radiative corrections or at tree level.
    electron_mass: the m_e factor of annihilation at T_gamma alone (linear response) or at both temperatures.
    compton: e gamma <-> e Z' and e+e- <-> gamma Z', which keep the contact below 2 m_e (where the mass is in
    COMPTON_RANGE; above it decays do all).
    widths: neutrino widths from their own charges, or (one common temperature) all from the electron's charge where it
    is not zero, an assumption under which the numbers of ghosh2023 come out. weak_scale: multiplies the nu-e rates.
    """

    flavours: Flavours = "common"
    start: Start = "thermal"
    scattering: Scattering = "propagator"
    rates: Rates = "fd"
    qed: Qed = "o3"
    couplings: weak.WeakCouplings = "corrected"
    electron_mass: ElectronMass = "two-temperatures"
    compton: Compton = "on"
    widths: Literal["true", "electron-charge"] = "true"
    weak_scale: float = 1.0
    rtol: float = 1e-7

    def __post_init__(self):
        for name, allowed in _ALLOWED.items():
            if getattr(self, name) not in allowed:
                raise unknown_name(f"value of {name}", str(getattr(self, name)), allowed)
        rtol = number(self.rtol, "rtol")
        if not 1e-12 <= rtol <= 1e-2:
            raise ParameterError(f"rtol = {rtol:g} is not allowed: it must lie between 1e-12 and 1e-2")

    def to_dict(self) -> dict[str, object]:
        """Return the options as plain values."""
        return asdict(self)


#: ghosh2023 and ghosh2024 do not state the approximations below. They were found by trying variants against 17 values
#: quoted in the two papers (ghosh_quoted_values.toml), all of which they reproduce to 0.01.
PRESETS = {
    "default": ThermalOptions(),
    "ghosh": ThermalOptions(
        electron_mass="linear",
        compton="off",
        rates="mb",
        qed="off",
        couplings="tree",
        widths="electron-charge",
        weak_scale=0.92,
        scattering="off",
    ),
}


#: masses (MeV) for which e gamma <-> e Z' is followed; above, it changes N_eff by less than 1e-4
COMPTON_RANGE = (0.05, 3.0)


def compton_matters(chosen: ThermalOptions, mass: float) -> bool:
    """Return whether e gamma <-> e Z' is followed at this mass (MeV) under the chosen options."""
    return chosen.compton == "on" and COMPTON_RANGE[0] <= mass <= COMPTON_RANGE[1]


def options(preset: Preset = "default", **changes: object) -> ThermalOptions:
    """Return the options of a preset with changes. Raises UnknownNameError or ParameterError."""
    if preset not in PRESETS:
        raise unknown_name("preset", str(preset), PRESETS)
    known = ThermalOptions.__dataclass_fields__
    for name in changes:
        if name not in known:
            raise unknown_name("option", name, known)
    return replace(PRESETS[preset], **changes)  # type: ignore[arg-type]


class Coefficients(NamedTuple):
    """What the equations read for one point: scalars `par`, per-bath `c` [6, baths], nu-nu `v` [baths, baths, 3]."""

    par: np.ndarray
    c: np.ndarray
    v: np.ndarray


def coefficients(model: U1X | None, chosen: ThermalOptions) -> Coefficients:
    """Return the coefficients of a model (None: Standard Model) under the chosen options."""
    view = model.couplings if model is not None else Couplings(0.0)
    baths = [(0, 1, 2)] if chosen.flavours == "common" else [(0,), (1,), (2,)]
    gl, gr = weak.chiral_couplings(chosen.couplings)
    par, c, v = np.zeros(7), np.zeros((6, len(baths))), np.zeros((len(baths), len(baths), 3))
    par[STATISTICS_A], par[STATISTICS_S], _ = weak.BLOCKING[chosen.rates]
    scale = chosen.weak_scale / pi**5
    for b, members in enumerate(baths):
        for i in members:
            c[WEAK_1, b] += scale * 4 * G_F**2 * (gl[i] ** 2 + gr[i] ** 2)
            c[WEAK_2, b] += scale * 4 * G_F**2 * gl[i] * gr[i]
            c[FLAVOURS, b] += 1
    for a in range(len(baths)):
        for b in range(len(baths)):
            v[a, b, 0] = G_F**2 / pi**5
    if model is None:
        return Coefficients(par, c, v)

    mass2 = view.mass**2
    widths = view.partial_widths()
    nu_widths = [widths[f"nu_{f}"] for f in ("e", "mu", "tau")]
    if chosen.widths == "electron-charge" and chosen.flavours == "common" and model.assigned.leptons[0] != 0:
        nu_widths = [nu_widths[0]] * 3
    par[MASS], par[LN_MASS], par[WIDTH_E] = view.mass, log(view.mass), widths["e"]
    for b, members in enumerate(baths):
        for i in members:
            c[WIDTH_NU, b] += nu_widths[i]
            if chosen.scattering != "off":
                product = view.c_nu[i] * view.c_e
                c[MEDIATED_INT, b] += 2 * sqrt(2) * G_F * product * (gl[i] + gr[i]) / mass2 / pi**5
                c[MEDIATED_BSM, b] += product**2 / mass2**2 / pi**5
    if chosen.scattering != "off":
        for a in range(len(baths)):
            for b in range(len(baths)):
                x = view.c_nu[a] * view.c_nu[b] / (sqrt(2) * mass2)
                v[a, b, 1:] = 2 * G_F * x / pi**5, x**2 / pi**5
    par[REFERENCE] = int(np.argmax(c[WIDTH_NU]))
    if compton_matters(chosen, view.mass):
        par[COMPTON] = view.c_e**2
    return Coefficients(par, c, v)


def electron_mass_form(chosen: ThermalOptions) -> int:
    """Return the integer the compiled equations use."""
    return TWO_TEMPERATURES if chosen.electron_mass == "two-temperatures" else LINEAR
