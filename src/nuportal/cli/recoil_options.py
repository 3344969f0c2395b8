"""Options that `recoil` and `fit` share."""

from typing import Annotated, Any

import typer

from nuportal.cli.model_options import parse_charges

FamilyArgument = Annotated[
    str | None,
    typer.Argument(help="U(1)_X model, vector, scalar, hidden-neutrino, dipole or magnetic-moment."),
]
ExperimentOption = Annotated[
    list[str] | None, typer.Option("--experiment", help="Name (xenon1t_sr1, ...) or folder; fit: may be repeated.")
]
FluxOption = Annotated[str, typer.Option("--flux", help="all, or components such as pp,7Be,CNO.")]
SunOption = Annotated[str | None, typer.Option("--solar-model", help="B16-GS98 (default), B16-AGSS09met, BP04.")]
RadiativeOption = Annotated[str, typer.Option("--radiative", help="flavour, or common couplings.")]
NuFlavourOption = Annotated[str | None, typer.Option("--flavour", help="e, mu, tau or universal.")]
ConventionOption = Annotated[
    str | None, typer.Option("--convention", help="with-e | as-printed (hidden), moment | lagrangian (dipole).")
]


def family_options(flavour: str | None, convention: str | None, epsilon: str, charges: str | None) -> dict[str, Any]:
    """Return the options of `inference.families.family` that were given."""
    given: dict[str, Any] = {"flavour": flavour, "convention": convention, "charges": parse_charges(charges)}
    given["epsilon"] = None if epsilon == "0" else epsilon
    return {name: value for name, value in given.items() if value is not None}
