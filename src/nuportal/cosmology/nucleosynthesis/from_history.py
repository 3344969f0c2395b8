"""The one place where nucleosynthesis meets the solvers of the thermal history."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.cosmology.nucleosynthesis.background import Background, NeutrinoSpectrum, ThermalNeutrinos

if TYPE_CHECKING:
    from nuportal.cosmology.evolve import Model
    from nuportal.cosmology.history import History

#: keywords of `history_of`
HISTORY_OPTIONS = ("preset", "flavours", "start", "rtol", "scattering", "qed", "decays", "compton")


def background_of(history: "History") -> Background:
    """Return what nucleosynthesis asks of a history: the spectrum of electron neutrinos, else temperature and mu_nu.

    Raises NotApplicableError for a spectrum that does not reach far enough.
    """
    return Background(
        np.log(history.a), history.t_gamma, history.hubble, history.rho_boson, _electron_neutrinos(history)
    )


def _electron_neutrinos(history: "History") -> ThermalNeutrinos | NeutrinoSpectrum:
    spectra = history.spectra
    if spectra is not None and spectra.momentum is not None and spectra.occupation is not None:
        return NeutrinoSpectrum.from_occupation(spectra.momentum, spectra.occupation[:, 0])
    temperature = history.t_nu[:, 0]
    mu = np.zeros_like(temperature) if history.mu_nu is None else history.mu_nu[:, 0]
    return ThermalNeutrinos(temperature, mu / temperature)


def history_of(model: "Model | None", **changes: object) -> "History":
    """Return the history of a model with temperatures, for grids. changes: a preset, and fields of `ThermalOptions`.

    Raises as `evolve` does.
    """
    from nuportal.cosmology.evolve import evolve
    from nuportal.cosmology.temperatures.options import options

    given = {name: value for name, value in changes.items() if value is not None}
    return evolve(model, options=options(**given))  # type: ignore[arg-type]
