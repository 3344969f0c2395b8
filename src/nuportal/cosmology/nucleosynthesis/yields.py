"""`yields`: light elements of one thermal history, with the errors of nuclear rates and neutron lifetime."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np

from nuportal.cosmology.nucleosynthesis.background import Background, Course, NeutrinoSpectrum
from nuportal.cosmology.nucleosynthesis.evolution import RTOL, Abundances, nothing, prepare, solve
from nuportal.cosmology.nucleosynthesis.reactions import RATE_SETS
from nuportal.cosmology.nucleosynthesis.sensitivity import NAMES, Neutrinos, errors_of, recomputed, sensitivities
from nuportal.errors import ParameterError, unknown_name
from nuportal.provenance import stamp
from nuportal.readonly import ReadOnly
from nuportal.shown import Tabled
from nuportal.solvers.status import Status
from nuportal.units import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.cosmology.history import History
    from nuportal.plotting.style import Style

Errors = Literal["stored", "recomputed"]

REFERENCES = ["Pitrou:2018cgg", "Pitrou:2019nub", "Giovanetti:2024zce"]
OMEGA_B, TAU_N = 0.02237, 878.4  #: defaults: Omega_b h^2, and the lifetime of the neutron in seconds
#: error of what hard neutrinos do: recoil and weak magnetism (12 % of the rate of 17 MeV) and Coulomb's force left out
HARD_ERROR = 0.15
OMEGA_B_RANGE, TAU_N_RANGE = (1e-3, 0.1), (600.0, 1200.0)


@dataclass(frozen=True)
class Yields(Tabled, ReadOnly):
    """Light elements of a history. Arrays run over (Y_p, D/H, 3He/H, 7Li/H) [4]; unless `status` is OK all are NaN.

    Attributes
    ----------
    Y_p : float
        Mass fraction of helium.
    D_H, He3_H, Li7_H : float
        Numbers relative to hydrogen; 7Li is indicative (12 reactions).
    covariance : ndarray [4, 4]
        Of nuclear rates and neutron lifetime.
    theory_error, numerical_error : ndarray [4]
        Of what is left out together with the theory error of the history, and of the integration.
    by_omega_b : ndarray [4]
        Derivatives by omega_b h^2.
    status : Status
        Whether the calculation converged.
    warnings : tuple of str
        What the numbers do not include.
    rates, omega_b, tau_n : str, float, float
        Nuclear rates, baryon density omega_b h^2, and lifetime of the neutron in seconds.
    neff : float
        N_eff of the history.
    provenance : dict
        Model, options, version and references of the calculation.
    abundances : Abundances
        All nuclei along the history.

    Notes
    -----
    docs/physics/light_elements.md.
    """

    Y_p: float
    D_H: float
    He3_H: float
    Li7_H: float
    covariance: np.ndarray = field(repr=False)
    theory_error: np.ndarray = field(repr=False)
    numerical_error: np.ndarray = field(repr=False)
    by_omega_b: np.ndarray = field(repr=False)
    status: Status
    warnings: tuple[str, ...]
    rates: str
    omega_b: float
    tau_n: float
    neff: float
    provenance: dict[str, str] = field(repr=False)
    abundances: Abundances = field(repr=False)

    @property
    def values(self) -> np.ndarray:
        """(Y_p, D/H, 3He/H, 7Li/H) [4]."""
        return np.array([self.Y_p, self.D_H, self.He3_H, self.Li7_H])

    @property
    def errors(self) -> np.ndarray:
        """One standard deviation of nuclear rates and neutron lifetime [4]."""
        return np.sqrt(np.diag(self.covariance))

    def to_dict(self) -> dict[str, object]:
        """Return the numbers as plain values (NaN as None), keys as the attributes."""

        def plain(x: np.ndarray) -> list[float | None]:
            return [float(v) if np.isfinite(v) else None for v in np.ravel(x)]

        values = dict(zip(NAMES, plain(self.values), strict=True))
        return {
            **values,
            "errors": plain(self.errors),
            "theory_error": plain(self.theory_error),
            "numerical_error": plain(self.numerical_error),
            "covariance": [plain(row) for row in self.covariance],
            "status": self.status.name,
            "message": self.status.message,
            "warnings": list(self.warnings),
            "rates": self.rates,
            "omega_b": self.omega_b,
            "tau_n": self.tau_n,
            "neff": self.neff if np.isfinite(self.neff) else None,
        }

    def plot(self, ax: "Axes | None" = None, *, style: "Style" = "paper") -> "Figure":
        """Return a figure of the abundances against the photon temperature; ax, style: as `Plane.plot`."""
        from nuportal.plotting.abundances import plot_abundances
        from nuportal.plotting.style import styled

        with styled(style, ax):
            return plot_abundances(self, ax)


class Given(NamedTuple):
    """What a history says besides its Course: how electron neutrinos are described, N_eff with its errors, and more.

    errors: theory and numerical error of N_eff. hard: what neutrinos above the spectrum change the yields by.
    warnings, model: of the history, for the result.
    """

    neutrinos: Neutrinos
    neff: float = float("nan")
    errors: tuple[float, float] = (0.0, 0.0)
    warnings: tuple[str, ...] = ()
    model: Mapping[str, object] = {}
    hard: np.ndarray | float = 0.0


def yields(
    history: "History | Background",
    omega_b: float = OMEGA_B,
    tau_n: float = TAU_N,
    rates: str = "primat2023",
    *,
    rtol: float = RTOL,
    errors: Errors = "stored",
) -> Yields:
    """Return the light elements of a thermal history, or of a bare Background.

    omega_b: Omega_b h^2. tau_n: neutron lifetime in seconds. rates: one of RATE_SETS. rtol: of the network; 1e-4 gives
    Y_p to 4e-7 and D/H to 1e-6. errors: "stored" takes the logarithmic derivatives by the rates at the Standard Model,
    "recomputed" at this point (30 times as long).
    Raises UnknownNameError, ParameterError, and NotApplicableError where the history does not cover nucleosynthesis or
    a boson is alive at T = 0.1 MeV. A history without N_eff gives NaN and its status.
    """
    chosen = options(omega_b, tau_n, rates, rtol, errors)
    if isinstance(history, Background):
        background, given = history, Given(described(history))
    else:
        from nuportal.cosmology.nucleosynthesis.from_history import background_of

        background, given = background_of(history), _given(history)
        if history.status != Status.OK:
            return _result(nothing(history.status), sensitivities(rates), given, chosen)
    prepared = prepare(background, float(chosen["tau_n"]))
    found = solve(prepared, float(chosen["omega_b"]), rates, float(chosen["rtol"]))
    if (soft := background.without_hard) is not None:
        other = solve(prepare(soft, float(chosen["tau_n"])), float(chosen["omega_b"]), rates, float(chosen["rtol"]))
        given = given._replace(hard=found.observed - other.observed)
    slopes = sensitivities(rates) if errors == "stored" else recomputed(background, prepared, **_point(chosen))
    return _result(found, slopes, given, chosen)


def yields_of(course: Course, rates: str, given: Given, soft: Course | None = None) -> Yields:
    """Return the light elements at the default omega_b of a Course that was prepared with the default tau_n.

    For those who keep courses and need several rate sets. soft: the course of `Background.without_hard`.
    """
    chosen, found = options(OMEGA_B, TAU_N, rates, RTOL, "stored"), solve(course, OMEGA_B, rates)
    if soft is not None:
        given = given._replace(hard=found.observed - solve(soft, OMEGA_B, rates).observed)
    return _result(found, sensitivities(rates), given, chosen)


def described(background: Background) -> Neutrinos:
    """Return how electron neutrinos are described."""
    return "spectrum" if isinstance(background.neutrinos, NeutrinoSpectrum) else "thermal"


def _given(history: "History") -> Given:
    """Return what a history says of itself."""
    neutrinos: Neutrinos = "thermal" if history.spectra is None else "spectrum"
    warned = tuple(str(w) for w in history.warnings)
    model = {"model": history.provenance.get("model"), "history": history.provenance.get("input_hash")}
    return Given(neutrinos, history.neff, (history.theory_error, history.numerical_error), warned, model)


def _point(chosen: dict[str, float | str]) -> dict[str, Any]:
    """Return the checked options that fix a point."""
    return {name: chosen[name] for name in ("omega_b", "tau_n", "rates", "rtol")}


def options(omega_b: float, tau_n: float, rates: str, rtol: float, errors: str) -> dict[str, float | str]:
    """Return the checked options. Raises UnknownNameError, ParameterError."""
    if rates not in RATE_SETS:
        raise unknown_name("rate set", str(rates), RATE_SETS)
    if errors not in get_args(Errors):
        raise unknown_name("value of errors", str(errors), get_args(Errors))
    checked: dict[str, float | str] = {"rates": rates, "errors": errors}
    ranges = {"omega_b": (omega_b, *OMEGA_B_RANGE), "tau_n": (tau_n, *TAU_N_RANGE), "rtol": (rtol, 1e-6, 1e-2)}
    for name, (given, low, high) in ranges.items():
        value = number(given, name)
        if not low <= value <= high:
            raise ParameterError(f"{name} = {value:g} is not allowed: it must lie between {low:g} and {high:g}")
        checked[name] = value
    return checked


def _result(found: Abundances, slopes: np.ndarray, given: Given, chosen: dict[str, float | str]) -> Yields:
    """Assemble the result."""
    values = found.observed
    errors = errors_of(values, slopes, given.neutrinos, np.array(given.errors), float(chosen["rtol"]))
    return Yields(
        *(float(v) for v in values),
        covariance=errors.covariance,
        theory_error=np.hypot(errors.theory, HARD_ERROR * np.abs(given.hard)),
        numerical_error=errors.numerical,
        by_omega_b=slopes[-1] * values / float(chosen["omega_b"]),
        status=found.status,
        warnings=given.warnings,
        rates=str(chosen["rates"]),
        omega_b=float(chosen["omega_b"]),
        tau_n=float(chosen["tau_n"]),
        neff=float(given.neff),
        provenance=stamp(given.model, chosen, REFERENCES),
        abundances=found,
    )
