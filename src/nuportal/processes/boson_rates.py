"""Production of a thermal light boson per volume and time by each process (ibe2020 eq. 10 and Fig. 2)."""

from dataclasses import dataclass
from math import pi

import numpy as np

from nuportal.constants import M_E
from nuportal.errors import unknown_name
from nuportal.processes.annihilation import annihilation_rate_ibe
from nuportal.processes.boson_statistics import annihilation_rate_exact, compton_rate_exact
from nuportal.processes.compton import compton_rate_ibe
from nuportal.processes.neutrino_pair import pair_blocking, pair_kernel, pair_statistics

_ELECTRON_RATES = {
    "default": (compton_rate_exact, annihilation_rate_exact),
    "ibe": (compton_rate_ibe, annihilation_rate_ibe),
}


@dataclass(frozen=True)
class ProductionRates:
    """int d d^3p/(2 pi)^3 f_BE G~ in MeV^4, all d polarisations (ibe2020 eq. 10 leaves d out).

    `compton`, `annihilation` per g_e^2; `inverse_decay` per sum c_nu^2; `neutrino_pairs` per sum c_nu^4.
    """

    compton: float
    annihilation: float
    inverse_decay: float
    neutrino_pairs: float


def production_rates(
    mass: float, t_gamma: float, t_nu: float, spin: int = 1, statistics: str = "default", nodes: int = 120
) -> ProductionRates:
    """Return the production rates of a boson of `mass` at T_gamma and T_nu, mu_nu = 0 (MeV).

    statistics: "default" or "ibe", as `electron_rates` and `pair_blocking`. Raises UnknownNameError.
    """
    if statistics not in _ELECTRON_RATES:
        raise unknown_name("statistics", statistics, _ELECTRON_RATES)
    scatter, annihilate = _ELECTRON_RATES[statistics]
    d = 3 if spin == 1 else 1
    y = np.geomspace(1e-4, 60.0, nodes)
    step = np.log(y[1] / y[0])

    def measure(t: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        p = y * max(t, np.sqrt(mass * t) / 3)
        energy = np.hypot(p, mass)
        return p, energy, d * p**3 / (2 * pi**2) * step

    p, energy, weight = measure(t_gamma)
    f = 1 / np.expm1(np.minimum(energy / t_gamma, 700.0))
    compton = np.array([scatter(q, t_gamma, mass, spin) for q in p]) * np.exp(-M_E / t_gamma)
    annihilation = np.array([annihilate(q, t_gamma, mass, spin) for q in p])

    p_nu, energy_nu, weight_nu = measure(t_nu)
    width = mass / (24 * pi if spin == 1 else 16 * pi)
    inverse = np.array([pair_statistics(q, mass, t_nu, 0.0)[0] for q in p_nu])
    kernel = np.array([[pair_kernel(a, b, mass, spin) for b in p_nu] for a in p_nu])
    if statistics == "default":
        blocking = np.array([pair_blocking(q, mass, t_nu, 0.0) for q in p_nu])
        kernel *= np.outer(blocking, blocking)
    boltzmann = np.exp(-energy_nu / t_nu)
    filled = p_nu**2 / energy_nu * step * boltzmann / -np.expm1(-energy_nu / t_nu)  # dE' e^{-E'/T} (1 + f')
    return ProductionRates(
        compton=float(np.sum(weight * f * compton)),
        annihilation=float(np.sum(weight * f * annihilation)),
        inverse_decay=float(np.sum(weight_nu * mass / energy_nu * width * inverse)),
        neutrino_pairs=float(np.sum(weight_nu / energy_nu * boltzmann * (kernel @ filled))),
    )
