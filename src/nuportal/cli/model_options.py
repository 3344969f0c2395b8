"""Command-line options that several commands share, and the model they describe."""

from typing import Annotated

import typer

from nuportal.errors import ChargeError, ParameterError
from nuportal.models import U1X

ModelArgument = Annotated[str | None, typer.Argument(help="Named model (see `nuportal models`), or use --charges.")]
MassOption = Annotated[str | None, typer.Option("--mass", help="Mass with unit, e.g. 10MeV.")]
GOption = Annotated[str | None, typer.Option("--g", help="Gauge coupling.")]
EpsilonOption = Annotated[str, typer.Option("--epsilon", help="Kinetic mixing: a number, -g/70, or loop.")]
ChargesOption = Annotated[str | None, typer.Option("--charges", help="Charges, e.g. e=1,mu=-1.")]
CutoffOption = Annotated[str | None, typer.Option("--cutoff", help="Scale at which loop mixing vanishes.")]
FlavoursOption = Annotated[str | None, typer.Option("--flavours", help="Neutrino temperatures: common or separate.")]
StartOption = Annotated[str | None, typer.Option("--start", help="Boson at the start: thermal or zero.")]
PresetOption = Annotated[str, typer.Option("--preset", help="default, or ghosh to reproduce the papers.")]


def parse_charges(text: str | None) -> dict[str, float] | None:
    """Return {"e": 1.0, ...} from "e=1,mu=-1" (None for None). Raises ChargeError."""
    if text is None:
        return None
    charges: dict[str, float] = {}
    for item in text.split(","):
        key, equals, value = item.partition("=")
        try:
            charges[key.strip()] = float(value)
        except ValueError:
            raise ChargeError(f"charges '{text}': '{item}' is not of the form e=1 (fermion = number)") from None
        if not equals:
            raise ChargeError(f"charges '{text}': '{item}' is not of the form e=1 (fermion = number)")
    return charges


def build_model(
    name: str | None, mass: str | None, g: str | None, epsilon: str, charges: str | None, cutoff: str | None
) -> U1X | None:
    """Return the U1X of the command line, or None (the Standard Model) if nothing of a boson is given."""
    if name is None and charges is None:
        if mass is not None or g is not None:
            raise ParameterError("give a model name (see `nuportal models`) or --charges with --mass and --g")
        return None
    if mass is None or g is None:
        raise ParameterError("give --mass (e.g. --mass 10MeV) and --g (e.g. --g 1e-7) with the model")
    try:
        coupling = float(g)
    except ValueError:
        raise ParameterError(f"g = '{g}' is not a number") from None
    try:  # as a number, so that the same point has the same input hash from Python and from here
        mixing: float | str = float(epsilon)
    except ValueError:
        mixing = epsilon
    return U1X(name, mass=mass, g=coupling, epsilon=mixing, charges=parse_charges(charges), cutoff=cutoff)
