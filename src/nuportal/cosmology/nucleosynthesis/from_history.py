"""The background of nucleosynthesis from a History."""

import numpy as np

from nuportal.cosmology.nucleosynthesis.background import Background, ThermalNeutrinos
from nuportal.decoupling.history import History


def background_of(history: History) -> Background:
    """Return what nucleosynthesis asks of a history: electron neutrinos are the first bath, with mu_nu if followed."""
    temperature = history.t_nu[:, 0]
    mu = np.zeros_like(temperature) if history.mu_nu is None else history.mu_nu
    return Background(
        np.log(history.a),
        history.t_gamma,
        history.hubble,
        history.rho_boson,
        ThermalNeutrinos(temperature, mu / temperature),
    )
