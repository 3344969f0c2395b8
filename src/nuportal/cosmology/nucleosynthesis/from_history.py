"""The one place where nucleosynthesis meets the solvers of the thermal history."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.cosmology.nucleosynthesis.background import Background, ThermalNeutrinos

if TYPE_CHECKING:
    from nuportal.cosmology.history import History
    from nuportal.models import U1X

#: keywords of `history_of`
HISTORY_OPTIONS = ("preset", "flavours", "start", "rtol", "scattering", "qed", "decays", "compton")


def background_of(history: "History") -> Background:
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


def history_of(model: "U1X | None", **options: object) -> "History":
    """Return the thermal history of a model, for grids."""
    from nuportal.cosmology.temperatures.thermal import decouple

    return decouple(model, **options)  # type: ignore[arg-type]
