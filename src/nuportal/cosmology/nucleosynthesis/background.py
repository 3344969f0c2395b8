"""What nucleosynthesis asks of a thermal history, and the tables over ln a that its equations read."""

from dataclasses import dataclass, replace
from math import log
from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from nuportal.constants import HBAR_S, M_E, M_NEUTRON, M_PROTON
from nuportal.cosmology.expansion import HUBBLE
from nuportal.cosmology.nucleosynthesis.weak_corrections import GAP
from nuportal.cosmology.nucleosynthesis.weak_rates import Neutrinos, Phase, decay_integral, rates
from nuportal.errors import NotApplicableError, ParameterError
from nuportal.solvers import hermite

T_START, T_END = 8.0, 0.6e-3  #: photon temperatures, MeV, between which the abundances are followed
LATEST_START, EARLIEST_END = 3.0, 5.1e-3  #: MeV; a history from below the one or to above the other does not do
#: a boson with more than this part of the energy at this temperature (MeV) is alive: when n <-> p and the nuclear
#: reactions begin, and when decays begin to break deuterium, where very few are enough
ALIVE = ((0.1, 1e-4), (0.01, 1e-10))
TIMES = 90  #: points at which the rates of n <-> p are integrated
#: a spectrum needs as many momenta with occupations above the other; beyond, solvers resolve nothing (p/T = 18)
FEWEST, LOWEST_OCCUPATION = 8, 1e-8
#: occupation times (p/end of the spectrum)^4 above which neutrinos beyond its end count
HARD_OCCUPATION = 3e-8
FLAT, STEEP = 0.7, 2.0  #: of the first slope of ln f/(1-f) at its end: one flatter than FLAT continues with STEEP
ROWS = 600  #: points of the table over ln a
COLDEST_RATE = 1e-30  #: 1/(tau_n F_n); below it protons turn into neutrons no more, and ln(rate) + Q/T is held
T_COLD = 0.05  #: MeV; below this temperature p -> n is less than 1e-9 of n -> p

LN_T, LN_H, LN_NP, LN_PN = range(4)  #: columns of the table: ln T_gamma/MeV, ln H s, ln of the rates times s
SPACING = 1e-2  #: e-folds; points of a history closer than this add nothing but noise


class ThermalNeutrinos(NamedTuple):
    """Fermi-Dirac electron neutrinos, as many antineutrinos: temperature [time] in MeV and mu/T [time] of pairs."""

    temperature: np.ndarray
    mu_over_t: np.ndarray


class NeutrinoSpectrum(NamedTuple):
    """Electron neutrinos with any spectrum, as many antineutrinos.

    momentum [n]: comoving, MeV, increasing (p = momentum/a with a = 1 today). logit [time, n]: ln f/(1 - f).
    hard_momentum [k], hard [time, k]: what decays add above these, comoving p^2 f dp in MeV^3 at single momenta.
    """

    momentum: np.ndarray
    logit: np.ndarray
    hard_momentum: np.ndarray = np.empty(0)
    hard: np.ndarray = np.empty((0, 0))

    @classmethod
    def from_occupation(cls, momentum: np.ndarray, occupation: np.ndarray) -> "NeutrinoSpectrum":
        """Return the spectrum with occupation numbers f [time, n] on momenta in the middle of cells.

        Above the first momentum where LOWEST_OCCUPATION < f < 1 does not hold at all times, each momentum counts by
        itself, and only where there are more neutrinos than a solver's noise. Raises NotApplicableError for fewer than
        FEWEST momenta below.
        """
        known = np.all((occupation > LOWEST_OCCUPATION) & (occupation < 1), axis=0)
        reach = len(momentum) if known.all() else int(np.argmin(known))
        if reach < FEWEST:
            raise NotApplicableError(
                f"light elements need occupation numbers of electron neutrinos between 0 and 1 on {FEWEST} momenta or "
                f"more: {reach} given"
            )
        f, above = occupation[:, :reach], occupation[:, reach:]
        q = momentum[reach:]
        seen = np.where(above * (q / momentum[reach - 1]) ** 4 > HARD_OCCUPATION, above, 0.0)
        return cls(momentum[:reach], np.log(f / (1 - f)), q, q**2 * _widths(momentum)[reach:] * seen)


def _widths(middle: np.ndarray) -> np.ndarray:
    """Return the widths of adjoining cells from zero, from their middles."""
    edges = [0.0]
    for value in middle.tolist():
        edges.append(2 * value - edges[-1])
    return np.diff(edges)


@dataclass(frozen=True)
class Background:
    """A thermal history as nucleosynthesis sees it; arrays over time [n], scale factor increasing.

    ln_a: zero today. t_gamma, hubble: MeV. rho_boson: MeV^4. neutrinos: of the electron flavour.
    """

    ln_a: np.ndarray
    t_gamma: np.ndarray
    hubble: np.ndarray
    rho_boson: np.ndarray
    neutrinos: ThermalNeutrinos | NeutrinoSpectrum

    @property
    def without_hard(self) -> "Background | None":
        """The same without neutrinos above the spectrum of nu_e; None where there are none."""
        nu = self.neutrinos
        if isinstance(nu, ThermalNeutrinos) or not np.any(nu.hard):
            return None
        return replace(self, neutrinos=nu._replace(hard_momentum=np.empty(0), hard=np.empty((len(self.ln_a), 0))))

    def check(self) -> None:
        """Raise NotApplicableError where the history does not cover nucleosynthesis or a boson lives through it.

        Raise ParameterError for arrays that are no history.
        """
        if np.any(np.diff(self.ln_a) < 0):
            raise ParameterError("ln_a of a history must not decrease")
        for name in ("t_gamma", "hubble"):
            if not np.all(np.isfinite(values := getattr(self, name)) & (values > 0)):
                raise ParameterError(f"{name} of a history must be finite and positive")
        first, last = self.t_gamma[0], self.t_gamma[-1]
        if first < LATEST_START or last > EARLIEST_END:
            raise NotApplicableError(
                f"light elements need a history from T >= {LATEST_START:g} MeV to T <= {EARLIEST_END * 1e3:g} keV; "
                f"this one runs from {first:.4g} to {last:.4g} MeV"
            )
        parts = self.rho_boson * (HUBBLE / self.hubble) ** 2
        logarithm = np.log(np.maximum(parts, 1e-30))
        for temperature, allowed in ALIVE:
            part = np.exp(np.interp(-log(temperature), -np.log(self.t_gamma), logarithm))
            if part > allowed:
                raise NotApplicableError(
                    f"a boson is alive at T = {temperature:g} MeV: it holds {part:.1e} of the energy, {allowed:g} is "
                    "allowed; its decays would change n <-> p and break deuterium, which is not calculated"
                )


class Course(NamedTuple):
    """The table over ln a [rows] of T, H and the rates of n <-> p, and the ends of the evolution in ln a.

    sound: whether all rates are finite and positive where they matter.
    """

    table: hermite.HermiteTable
    start: float
    end: float
    sound: bool


def course(background: Background, tau_n: float, space: Phase) -> Course:
    """Return what the network reads of a history. Raises NotApplicableError, ParameterError.

    Cubic splines in ln a; beyond the last point the plasma is photons and decoupled neutrinos: T ~ 1/a, H ~ 1/a^2.
    """
    background.check()
    keep = _spread(background.ln_a)
    ln_a = background.ln_a[keep]
    smooth = CubicSpline(ln_a, np.log(np.column_stack([background.t_gamma, background.hubble])[keep]))
    start, end = (_crossing(background, t) for t in (min(T_START, background.t_gamma[0]), T_END))

    def at(x: np.ndarray) -> np.ndarray:
        return smooth(np.minimum(x, ln_a[-1])) - np.outer(np.maximum(x - ln_a[-1], 0.0), [1.0, 2.0])

    times = np.linspace(start, end, TIMES)
    integrals = np.empty((TIMES, 2))
    inverse_t = np.exp(-at(times)[:, 0])
    rates(np.exp(times), 1 / inverse_t, _neutrinos(background.neutrinos, ln_a, keep, times), space, integrals)
    integrals += _hard_captures(background.neutrinos, ln_a, keep, times)
    cold = inverse_t > 1 / T_COLD
    sound = bool(np.all(integrals[:, 0] > 0) and np.all(integrals[~cold, 1] > 0))
    gone = np.maximum.accumulate(~(integrals[:, 1] > COLDEST_RATE))
    weak = np.log(np.maximum(integrals, COLDEST_RATE) / (tau_n * decay_integral(space)))
    weak[:, 1] += (M_NEUTRON - M_PROTON) * inverse_t
    if gone.any():
        weak[gone, 1] = weak[np.argmax(gone) - 1, 1]
    x = np.linspace(start, end, ROWS)
    spline = CubicSpline(times, weak)
    values = np.column_stack([at(x) - [0.0, log(HBAR_S)], spline(x)])
    slopes = np.column_stack([np.where(x[:, None] < ln_a[-1], smooth(x, 1), [-1.0, -2.0]), spline(x, 1)])
    boltzmann = (M_NEUTRON - M_PROTON) * np.exp(-values[:, LN_T])
    values[:, LN_PN] -= boltzmann
    slopes[:, LN_PN] += boltzmann * slopes[:, LN_T]
    return Course(hermite.build(x, values, slopes), start, end, sound)


def _neutrinos(
    given: ThermalNeutrinos | NeutrinoSpectrum, ln_a: np.ndarray, keep: np.ndarray, times: np.ndarray
) -> Neutrinos:
    """Return the logit of electron neutrinos at `times`, held at its last value beyond the history."""
    times = np.minimum(times, ln_a[-1])
    if isinstance(given, ThermalNeutrinos):
        comoving = np.exp(CubicSpline(ln_a, np.log(given.temperature[keep]) + ln_a)(times))
        cubic = np.zeros((len(times), 1, 4))
        cubic[:, 0, 0] = CubicSpline(ln_a, given.mu_over_t[keep])(times)
        cubic[:, 0, 1] = -1 / comoving
        return Neutrinos(np.zeros(1), cubic)
    logit = PchipInterpolator(ln_a, given.logit[keep])(times)  # spectra may jump where a solver lets go of the boson
    spline = CubicSpline(given.momentum, logit, axis=1, bc_type=("not-a-knot", "natural"))
    end = given.momentum[-1]
    beyond = np.zeros((len(times), 1, 4))
    slope = spline(end, 1)
    # decays fill the last cell evenly: the steep line holds as many neutrinos as its outer half
    beyond[:, 0, 0], beyond[:, 0, 1] = spline(end), np.where(slope > FLAT * slope[0], STEEP * slope[0], slope)
    inside = np.moveaxis(spline.c, (0, 1, 2), (2, 1, 0))[:, :, ::-1]
    return Neutrinos(given.momentum, np.concatenate([inside, beyond], axis=1))


def _hard_captures(
    given: ThermalNeutrinos | NeutrinoSpectrum, ln_a: np.ndarray, keep: np.ndarray, times: np.ndarray
) -> np.ndarray:
    """Return what neutrinos above the spectrum add to the integrals of n -> p and p -> n [time, 2].

    Born rates of nu n -> p e and nubar p -> n e into empty states of the electron: int dy y^2 f p E, E = y + q, y - q.
    """
    found = np.zeros((len(times), 2))
    if isinstance(given, ThermalNeutrinos) or not np.any(given.hard):
        return found
    times_held = np.minimum(times, ln_a[-1])
    columns: list[np.ndarray] = [np.interp(times_held, ln_a, column) for column in given.hard[keep].T]
    density = np.column_stack(columns)
    scale = np.exp(times)[:, None] * M_E
    y, number = given.hard_momentum / scale, density / scale**3
    for direction, energy in enumerate((y + GAP, np.maximum(y - GAP, 1.0))):
        found[:, direction] = np.sum(number * energy * np.sqrt(energy**2 - 1), axis=1)
    return found


def _spread(ln_a: np.ndarray) -> np.ndarray:
    """Return the indices of points that lie SPACING apart, the last one among them."""
    chosen = [len(ln_a) - 1]
    for k in range(len(ln_a) - 2, -1, -1):
        if ln_a[k] <= ln_a[chosen[-1]] - SPACING:
            chosen.append(k)
    return np.array(chosen[::-1])


def _crossing(background: Background, temperature: float) -> float:
    """Return ln a at which the photons reach a temperature (MeV), beyond the history too."""
    ln_a, ln_t = background.ln_a, np.log(background.t_gamma)
    if temperature < background.t_gamma[-1]:
        return float(ln_a[-1] + ln_t[-1] - log(temperature))
    return float(np.interp(-log(temperature), -ln_t, ln_a))
