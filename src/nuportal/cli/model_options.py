"""A model and the choices of the thermal calculation, as options of commands."""

from dataclasses import dataclass
from typing import Annotated

import typer

from nuportal.errors import ChargeError, ParameterError
from nuportal.models import U1X, ScalarMediator, VectorMediator

MassOption = Annotated[str | None, typer.Option("--mass", help="Mass with unit, e.g. 10MeV.")]
EpsilonOption = Annotated[str, typer.Option("--epsilon", help="Kinetic mixing: a number, -g/70, or loop.")]
ChargesOption = Annotated[str | None, typer.Option("--charges", help="Charges, e.g. e=1,mu=-1.")]
CutoffOption = Annotated[str | None, typer.Option("--cutoff", help="Scale at which loop mixing vanishes.")]


@dataclass
class ThermalInput:
    """A point and how its history is calculated."""

    model: Annotated[str | None, typer.Argument(help="Named model (see `nuportal models`), vector or scalar.")] = None
    mass: MassOption = None
    g: Annotated[str | None, typer.Option("--g", help="Gauge coupling.")] = None
    epsilon: EpsilonOption = "0"
    charges: ChargesOption = None
    cutoff: CutoffOption = None
    g_e: Annotated[str, typer.Option("--g-e", help="Coupling to electrons (vector, scalar).")] = "0"
    g_nu: Annotated[str, typer.Option("--g-nu", help="Coupling to neutrinos (vector, scalar).")] = "0"
    flavour: Annotated[str, typer.Option(help="Neutrinos that couple: e, mu, tau or universal (vector, scalar).")] = "e"
    flavours: Annotated[str | None, typer.Option(help="Neutrinos: oscillating, separate or common.")] = None
    start: Annotated[str | None, typer.Option(help="Boson at the start: thermal or zero.")] = None
    preset: Annotated[str, typer.Option(help="default; ghosh or ibe to reproduce the papers.")] = "default"

    def boson(self) -> U1X | VectorMediator | ScalarMediator | None:
        """Return the model, or None (the Standard Model) if nothing of a boson is given. Raises ParameterError."""
        if self.model is None and self.charges is None:
            if self.mass is not None or self.g is not None:
                raise ParameterError("give a model name (see `nuportal models`) or --charges with --mass and --g")
            return None
        kind = {"vector": VectorMediator, "scalar": ScalarMediator}.get((self.model or "").casefold())
        if kind is not None:
            if self.mass is None:
                raise ParameterError("give --mass (e.g. --mass 100eV) and --g-e, --g-nu with the model")
            couplings = {name: _number(name, text) for name, text in (("g_e", self.g_e), ("g_nu", self.g_nu))}
            return kind(self.mass, **couplings, flavour=self.flavour)  # type: ignore[arg-type]
        if self.mass is None or self.g is None:
            raise ParameterError("give --mass (e.g. --mass 10MeV) and --g (e.g. --g 1e-7) with the model")
        coupling = _number("g", self.g)
        try:  # as a number, so that the same point has the same input hash from Python and from here
            mixing: float | str = float(self.epsilon)
        except ValueError:
            mixing = self.epsilon
        charges = parse_charges(self.charges)
        return U1X(self.model, mass=self.mass, g=coupling, epsilon=mixing, charges=charges, cutoff=self.cutoff)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{name} = '{text}' is not a number") from None


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
