"""Abundances along a thermal history: the network solved for one background, one baryon density, one set of rates."""

from dataclasses import dataclass

import numpy as np

from nuportal.constants import HBAR_C_CM, N_AVOGADRO
from nuportal.cosmology.expansion import H_100, HUBBLE
from nuportal.cosmology.nucleosynthesis import integrate
from nuportal.cosmology.nucleosynthesis.background import LN_T, Background, Course, course
from nuportal.cosmology.nucleosynthesis.network import SIZE, Tables
from nuportal.cosmology.nucleosynthesis.reactions import BE7, HE3, HE4, LI7, D, P, T, nuclei, rate_table, reactions
from nuportal.cosmology.nucleosynthesis.weak_rates import phase
from nuportal.readonly import ReadOnly
from nuportal.solvers import hermite
from nuportal.solvers.status import Status

RTOL = 1e-4
LOST = 1e-9  #: largest relative change of the number of baryons that a result may have
HELIUM = 0.247  #: Y_p in the mean mass of a baryon today, which only turns omega_b into a number density


@dataclass(frozen=True)
class Abundances(ReadOnly):
    """Y = n_i/n_b of the network's nuclei [step, 8] with ln a and T_gamma in MeV [step]; final [8], NaN if not OK."""

    status: Status
    ln_a: np.ndarray
    t_gamma: np.ndarray
    y: np.ndarray
    final: np.ndarray

    @property
    def observed(self) -> np.ndarray:
        """Y_p, D/H, 3He/H, 7Li/H [4] after the decays of t and 7Be."""
        y = self.final
        return np.array([4 * y[HE4], y[D] / y[P], (y[HE3] + y[T]) / y[P], (y[LI7] + y[BE7]) / y[P]])


def nothing(status: Status) -> Abundances:
    """Return the result where there is none, for a reason."""
    return Abundances(status, np.empty(0), np.empty(0), np.empty((0, SIZE)), np.full(SIZE, np.nan))


def prepare(background: Background, tau_n: float, corrections: str = "all") -> Course:
    """Return the table of T, H and n <-> p rates for a neutron lifetime tau_n in seconds.

    corrections: "all", "radiative" (nucleons infinitely heavy) or "born". Raises NotApplicableError.
    """
    return course(background, tau_n, phase(corrections))


def solve(
    prepared: Course, omega_b: float, rates: str, rtol: float = RTOL, shifts: np.ndarray | None = None
) -> Abundances:
    """Return the Abundances at omega_b = Omega_b h^2. shifts [12]: of each rate, in standard deviations."""
    if not prepared.sound:
        return nothing(Status.NOT_FINITE)
    shifts = np.zeros(len(reactions().q)) if shifts is None else shifts
    tables = Tables(prepared.table, rate_table(rates), shifts, reactions(), baryon_density(omega_b) / N_AVOGADRO)
    record = np.full((integrate.MAX_STEPS, 1 + SIZE), np.nan)
    final = np.empty(SIZE)
    ended, _ = integrate.solve(prepared.start, prepared.end, tables, rtol, final, record)
    status = Status(ended)
    numbers = np.array([x.number for x in nuclei().values()])
    if status == Status.OK and not abs(numbers @ final - 1) < LOST:
        status = Status.NOT_FINITE
    if status != Status.OK:
        final = np.full(SIZE, np.nan)
    record = record[np.isfinite(record[:, 0])]
    t_gamma = np.exp(hermite.column_at(prepared.table, record[:, 0], LN_T))
    return Abundances(status, record[:, 0], t_gamma, record[:, 1:], final)


def baryon_density(omega_b: float) -> float:
    """Return the number of baryons in a cubic centimetre today."""
    critical = (H_100 / HUBBLE) ** 2
    mean_mass = (1 - HELIUM) * nuclei()["p"].atom + HELIUM * nuclei()["He4"].atom / 4
    return omega_b * critical / mean_mass / HBAR_C_CM**3
