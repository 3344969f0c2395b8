"""A family of models, an experiment and the Sun, as options of `recoil` and `fit`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuportal.cli import completion
from nuportal.cli.lists import items
from nuportal.cli.model_options import ModelInput
from nuportal.errors import ParameterError

if TYPE_CHECKING:
    from nuportal.sources.sun import SolarNeutrinos


@dataclass
class RecoilInput(ModelInput):
    """What the commands `recoil` and `fit` are asked: a model, data, fluxes."""

    experiment: Annotated[
        list[str] | None,
        typer.Option(
            help="Name (see `nuportal experiments`) or folder; fit: one or several; recoil: or a target.",
            autocompletion=completion.recoiling,
        ),
    ] = None
    flux: Annotated[list[str] | None, typer.Option(help="all, or components such as pp,7Be,CNO.")] = None
    solar_model: Annotated[str | None, typer.Option(help="B16-GS98 (default), B16-AGSS09met, BP04.")] = None
    radiative: Annotated[
        str | None, typer.Option(help="Weak couplings: flavour, or common (electrons); tree (default) of nuclei.")
    ] = None

    def experiments(self) -> list[str]:
        """Return the experiments. Raises ParameterError if there is none."""
        if not self.experiment:
            raise ParameterError("give --experiment: a name such as xenon1t (see `nuportal experiments`), or a folder")
        return items(self.experiment, "experiment")

    def sources(self) -> dict[str, Any]:
        """Return Sun, fluxes and couplings of the Standard Model, as `Prediction` takes them."""
        found = {"sun": self._sun(), "flux": items(self.flux, "flux") or ["all"]}
        return found if self.radiative is None else {**found, "radiative": self.radiative}

    def _sun(self) -> "SolarNeutrinos | None":
        from nuportal.sources.sun import SolarNeutrinos

        return None if self.solar_model is None else SolarNeutrinos(self.solar_model)
