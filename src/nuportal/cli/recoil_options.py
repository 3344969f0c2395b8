"""A family of models, an experiment and the Sun, as options of `recoil` and `fit`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuportal.cli.model_options import ChargesOption, CutoffOption, EpsilonOption, MassOption, parse_charges
from nuportal.errors import ParameterError

if TYPE_CHECKING:
    from nuportal.sources.sun import SolarNeutrinos

COUPLINGS = ("g", "product", "d", "g_e", "g_nu", "mixing", "chi")


@dataclass
class RecoilInput:
    """What the commands `recoil` and `fit` are asked: the parameters of every family, data, fluxes."""

    model: Annotated[
        str | None, typer.Argument(help="U(1)_X model, vector, scalar, hidden-neutrino, dipole or magnetic-moment.")
    ] = None
    experiment: Annotated[
        list[str] | None, typer.Option(help="Name (xenon1t_sr1, ...) or folder; fit: may be repeated.")
    ] = None
    mass: MassOption = None
    g: Annotated[float | None, typer.Option("--g", help="Coupling: mediators g_e = g_nu; hidden-neutrino g_X.")] = None
    epsilon: EpsilonOption = "0"
    charges: ChargesOption = None
    cutoff: CutoffOption = None
    g_e: Annotated[float | None, typer.Option(help="Electron coupling of vector or scalar.")] = None
    g_nu: Annotated[float | None, typer.Option(help="Neutrino coupling of vector or scalar.")] = None
    m4: Annotated[str | None, typer.Option(help="Mass of the dipole's heavy neutrino, with unit.")] = None
    d: Annotated[str | None, typer.Option(help="Moment of dipole or magnetic-moment: in mu_B, or with unit.")] = None
    mixing: Annotated[float | None, typer.Option(help="Active-hidden mixing of the hidden neutrino.")] = None
    chi: Annotated[float | None, typer.Option(help="Kinetic mixing of the hidden neutrino's Z'.")] = None
    n_mass: Annotated[str | None, typer.Option(help="Mass of the hidden neutrino, with unit.")] = None
    product: Annotated[float | None, typer.Option(help="Product of couplings (hidden-neutrino, mediators).")] = None
    flavour: Annotated[str | None, typer.Option(help="e, mu, tau or universal.")] = None
    convention: Annotated[
        str | None, typer.Option(help="with-e | as-printed (hidden-neutrino), moment | lagrangian (dipole).")
    ] = None
    flux: Annotated[str, typer.Option(help="all, or components such as pp,7Be,CNO.")] = "all"
    solar_model: Annotated[str | None, typer.Option(help="B16-GS98 (default), B16-AGSS09met, BP04.")] = None
    radiative: Annotated[str, typer.Option(help="flavour, or common couplings.")] = "flavour"

    @property
    def family(self) -> str:
        """Name of the family for `inference.families.family`. Raises ParameterError."""
        if self.model is None and self.charges is None:
            known = "a U(1)_X model, vector, scalar, hidden-neutrino, dipole, magnetic-moment"
            raise ParameterError(f"give a family: {known}")
        return self.model or "charges"

    def couplings(self) -> dict[str, float]:
        """Return the couplings that were given (d in mu_B). Raises UnitError, ParameterError."""
        given = {name: getattr(self, name) for name in COUPLINGS}
        if self.d is not None:
            given["d"] = _moment(self.d)
        return {name: float(value) for name, value in given.items() if value is not None}

    def choices(self) -> dict[str, Any]:
        """Return what else the family needs and was given."""
        given: dict[str, Any] = {"mass": self.mass, "m4": self.m4, "n_mass": self.n_mass, "cutoff": self.cutoff}
        given |= {"flavour": self.flavour, "convention": self.convention, "charges": parse_charges(self.charges)}
        given["epsilon"] = None if self.epsilon == "0" else self.epsilon
        return {name: value for name, value in given.items() if value is not None}

    def sources(self) -> dict[str, Any]:
        """Return Sun, fluxes and couplings of the Standard Model, as `Prediction` takes them."""
        return {"sun": self._sun(), "flux": self.flux.split(","), "radiative": self.radiative}

    def _sun(self) -> "SolarNeutrinos":
        from nuportal.sources.sun import SolarNeutrinos

        return SolarNeutrinos(self.solar_model)


def _moment(text: str) -> float:
    """Read a moment: a number in mu_B, or a quantity with unit; in mu_B."""
    from nuportal.constants import MU_B
    from nuportal.units import moment

    try:
        return float(text)
    except ValueError:
        return moment(text, "d") / MU_B
