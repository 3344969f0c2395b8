"""What a thermal-decoupling calculation can be asked for, and the coefficients the equations need."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Literal, get_args

from nuportal.errors import ParameterError, unknown_name
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
Decays = Literal["mb", "quantum"]
Method = Literal["adaptive", "solve"]

GRID_RTOL = 2e-7  #: largest error of 4000 random points 1e-4 (at 4e-7: 3e-4)

_ALLOWED = {
    "flavours": get_args(Flavours),
    "start": get_args(Start),
    "scattering": get_args(Scattering),
    "rates": get_args(Rates),
    "qed": get_args(Qed),
    "couplings": get_args(weak.WeakCouplings),
    "electron_mass": get_args(ElectronMass),
    "compton": get_args(Compton),
    "decays": get_args(Decays),
    "widths": ("true", "electron-charge"),
    "method": get_args(Method),
}


@dataclass(frozen=True)
class ThermalOptions:
    """Options of the treatment with temperatures, for `evolve(options=...)` and as keywords of `neff_grid`.

    Parameters
    ----------
    flavours : {"common", "separate"}
        One temperature for all neutrinos, or one for each flavour.
    start : {"thermal", "zero"}
        The boson starts in equilibrium, or it is absent.
    scattering : {"propagator", "contact", "off"}
        Z'-mediated neutrino scattering with the full propagator, in the contact limit, or none.
    rates : {"fd", "mb"}
        Weak rates with Fermi-Dirac statistics and finite m_e, or with Maxwell-Boltzmann statistics and massless
        electrons.
    qed : {"o3", "o2", "off"}
        Interaction pressure of the plasma to order e^3 or e^2, or none.
    couplings : {"corrected", "tree"}
        Weak couplings with radiative corrections, or at tree level.
    electron_mass : {"two-temperatures", "linear"}
        The m_e factor of annihilation at both temperatures, or at T_gamma alone (linear response).
    decays : {"mb", "quantum"}
        Maxwell-Boltzmann decays, as the papers have them, or exact quantum statistics (5 times slower).
    compton : {"on", "off"}
        e gamma <-> e Z' and e+e- <-> gamma Z', which keep the contact below 2 m_e (followed from 0.05 to 3 MeV).
    widths : {"true", "electron-charge"}
        Neutrino widths from their own charges, or (with one temperature) all from the charge of the electron where it
        is not zero, an assumption under which the numbers of ghosh2023 come out.
    weak_scale : float
        Factor on the nu-e rates.
    rtol : float
        Relative tolerance of a step, 1e-12 to 1e-2.

    Raises
    ------
    UnknownNameError, ParameterError
        If a value is outside what is allowed.

    Notes
    -----
    docs/physics/thermal_decoupling.md. The preset "ghosh" is one set of these options.
    """

    flavours: Flavours = "common"
    start: Start = "thermal"
    scattering: Scattering = "propagator"
    rates: Rates = "fd"
    qed: Qed = "o3"
    couplings: weak.WeakCouplings = "corrected"
    electron_mass: ElectronMass = "two-temperatures"
    decays: Decays = "mb"
    compton: Compton = "on"
    widths: Literal["true", "electron-charge"] = "true"
    weak_scale: float = 1.0
    rtol: float = 1e-7

    def __post_init__(self):
        for name, allowed in _ALLOWED.items():
            if name in self.__dataclass_fields__ and getattr(self, name) not in allowed:
                raise unknown_name(f"value of {name}", str(getattr(self, name)), allowed)
        rtol = number(self.rtol, "rtol")
        if not 1e-12 <= rtol <= 1e-2:
            raise ParameterError(f"rtol = {rtol:g} is not allowed: it must lie between 1e-12 and 1e-2")

    def to_dict(self) -> dict[str, object]:
        """Return the options as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class GridOptions(ThermalOptions):
    """Options of `neff_grid` and of planes.

    method: "adaptive" solves the points that the grid's smoothness asks for and interpolates between them where that is
    good to a few 1e-5 (grids of 30 x 30 points or more); "solve" solves every point.
    """

    rtol: float = GRID_RTOL
    method: Method = "adaptive"


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


#: masses (MeV) for which e gamma <-> e Z' is followed. Above, decays do nearly all: leaving it out changes N_eff by
#: less than 1e-4 where X_e != 0, by up to 1.7e-3 where kinetic mixing alone couples electrons (g near 2e-8, 3 MeV)
COMPTON_RANGE = (0.05, 3.0)


def options(preset: Preset = "default", **changes: object) -> ThermalOptions:
    """Return the options of a preset with changes. Raises UnknownNameError or ParameterError."""
    return replace(_preset(preset, changes, ThermalOptions), **changes)


def grid_options(preset: Preset = "default", **changes: object) -> GridOptions:
    """Return the options of a preset with changes, for grids. Raises UnknownNameError or ParameterError."""
    chosen = _preset(preset, changes, GridOptions).to_dict() | {"rtol": GRID_RTOL} | changes
    return GridOptions(**chosen)  # type: ignore[arg-type]


def _preset(preset: str, changes: Mapping[str, object], kind: type[ThermalOptions]) -> ThermalOptions:
    if preset not in PRESETS:
        raise unknown_name("preset", str(preset), PRESETS)
    known = kind.__dataclass_fields__
    for name in changes:
        if name not in known:
            raise unknown_name("option", name, known)
    return PRESETS[preset]
