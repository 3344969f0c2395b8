"""The one place where nucleosynthesis meets the solvers of the thermal history."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nuportal.cosmology.nucleosynthesis.background import Background, NeutrinoSpectrum, ThermalNeutrinos

if TYPE_CHECKING:
    from nuportal.cosmology.evolve import Model
    from nuportal.cosmology.history import History
    from nuportal.cosmology.momenta.solution import Solution

#: keywords of `history_of`
HISTORY_OPTIONS = (
    "treatment", "preset", "flavours", "start", "accuracy", "mixing", "rtol", "scattering", "qed", "decays", "compton"
)  # fmt: skip


def background_of(history: "History") -> Background:
    """Return what nucleosynthesis asks of a history: the spectrum of electron neutrinos, else temperature and mu_nu.

    Raises NotApplicableError for a spectrum that does not reach far enough.
    """
    neutrinos = _electron_neutrinos(history)
    return Background(np.log(history.a), history.t_gamma, history.hubble, history.rho_boson, neutrinos)


def background_of_spectra(solution: "Solution") -> Background:
    """Return the same of a solution with momenta, without the History around it."""
    neutrinos = NeutrinoSpectrum.from_occupation(solution.momentum, solution.occupation[:, 0])
    return Background(solution.ln_a, solution.t_gamma, solution.hubble, solution.rho_boson, neutrinos)


def _electron_neutrinos(history: "History") -> ThermalNeutrinos | NeutrinoSpectrum:
    spectra = history.spectra
    if spectra is not None and spectra.momentum is not None and spectra.occupation is not None:
        return NeutrinoSpectrum.from_occupation(spectra.momentum, spectra.occupation[:, 0])
    temperature = history.t_nu[:, 0]
    mu = np.zeros_like(temperature) if history.mu_nu is None else history.mu_nu[:, 0]
    return ThermalNeutrinos(temperature, mu / temperature)


def history_of(model: "Model | None", **changes: object) -> "History":
    """Return the history of a model, for grids. changes: keywords of `evolve`, or fields of `ThermalOptions`.

    With treatment="temperatures" or preset="ghosh" all but these two are fields of `ThermalOptions`. Raises as `evolve`
    does.
    """
    from nuportal.cosmology.evolve import evolve
    from nuportal.cosmology.temperatures.options import options

    given = {name: value for name, value in changes.items() if value is not None}
    if with_momenta(given):
        return evolve(model, **given)  # type: ignore[arg-type]
    given.pop("treatment", None)
    return evolve(model, options=options(**given))  # type: ignore[arg-type]


def with_momenta(given: Mapping[str, object]) -> bool:
    """Return whether options of a history ask for momenta: what is not said, they do."""
    return given.get("treatment", "momenta") != "temperatures" and given.get("preset") != "ghosh"
