# pyright: basic
"""Rate at which a light boson relaxes to the plasma by decays: Z' <-> e+e-, 3 gamma, phi <-> 2 gamma."""

from math import exp, log, sqrt

import numpy as np
from numba import njit

from nuportal.constants import M_E
from nuportal.processes.neutrino_pair import pair_statistics


@njit(cache=True, error_model="numpy")
def plasma_decay_rate(p, energy, t_gamma, mass, width_pairs, width_photons, two_photons):
    """Return the rate in MeV of decays and inverse decays at momentum p: df/dt = rate (f_BE - f), exact statistics.

    width_pairs, width_photons: rest-frame widths in MeV; two_photons: whether photons come in pairs (scalar), whose
    stimulated emission is then included. That of Z' -> 3 gamma is left out, as in ibe2020 eq. 20.
    """
    rate = 0.0
    if width_pairs > 0.0:
        velocity = sqrt(1.0 - 4.0 * M_E * M_E / (mass * mass))
        # <1 - f - f'> of the pair: its energies spread evenly over E/2 -+ velocity p/2
        shrunk = velocity * p
        _, blocking = pair_statistics(shrunk, sqrt(energy * energy - shrunk * shrunk), t_gamma, 0.0)
        rate += mass / energy * width_pairs * blocking
    if width_photons > 0.0:
        stimulated = 1.0
        if two_photons:
            stimulated = two_photon_stimulation(0.5 * energy / t_gamma, 0.5 * p / t_gamma, 0.5 * mass / t_gamma)
        rate += mass / energy * width_photons * stimulated
    return rate


@njit(cache=True, error_model="numpy")
def two_photon_stimulation(a, w, rest):
    """Return <1 + f + f'> of two photons that share E = 2aT with momentum p = 2wT; rest = M/2T, a^2 = w^2 + rest^2."""
    if w < 1e-6 * min(1.0, a):
        return 1.0 / np.tanh(0.5 * a)
    # energies are (a + u) T, -w < u < w, and 1 + 2 f = coth(v/2): its integral is 2 ln sinh(v/2)
    upper, lower = a + w, rest * rest / (a + w)
    return 1.0 + (np.log1p(-exp(-upper)) - log(-np.expm1(-lower))) / w
