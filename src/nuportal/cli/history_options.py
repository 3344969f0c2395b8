"""How the history of a point is calculated, as options of `neff` and `evolve`, and what they print of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nuportal.cli.model_options import ThermalInput

if TYPE_CHECKING:
    from nuportal.cosmology.history import History


@dataclass
class HistoryInput(ThermalInput):
    """A point, or the Standard Model, and the options of `evolve`."""

    treatment: Annotated[str, typer.Option(help="momenta (spectra) or temperatures (fast).")] = "momenta"
    accuracy: Annotated[str, typer.Option(help="standard or high.")] = "standard"
    rtol: Annotated[float | None, typer.Option(help="Tolerance of a step (temperatures, preset ibe).")] = None
    mixing: Annotated[str, typer.Option(help="With the photon in the plasma: off or on.")] = "off"

    def history(self, model: object) -> "History":
        """Return the history of a model, or of the Standard Model (None). Raises as `evolve`."""
        from nuportal.cosmology.evolve import evolve

        names = ("treatment", "flavours", "start", "preset", "accuracy", "rtol", "mixing")
        chosen: dict[str, Any] = {name: getattr(self, name) for name in names}
        return evolve(model, **chosen)  # type: ignore[arg-type]


def title(model: Any) -> str:
    """Return the model and its parameters in one line."""
    from nuportal.units import format_energy

    if model is None:
        return "Standard Model"
    shown = {name: getattr(model, name) for name in ("g", "g_e", "g_nu") if hasattr(model, name)}
    if getattr(model, "mixing", 0) != 0:
        shown["epsilon"] = model.mixing
        if not any(model.charges.values()):
            del shown["g"]  # a dark photon
    return f"{model.label}, M = {format_energy(float(model.mass))}" + "".join(
        f", {k} = {v:.4g}" for k, v in shown.items()
    )


def summary(history: "History") -> Iterator[tuple[str, str]]:
    """Yield (name, text): N_eff with errors, what was assumed, fate of the boson, status, warnings."""
    report, details = history.to_dict(), history.details
    if report["neff"] is None:
        yield "N_eff", f"not available: {history.status.message}"
    else:
        errors = f"+- {history.theory_error:.4f} (theory), {history.numerical_error:.1g} (numerical)"
        yield "N_eff", f"{history.neff:.4f} {errors}"
    options = history.options
    assumed = [f"{name} {options[name]}" for name in ("flavours", "start", "mixing") if name in options]
    yield "assumed", ", ".join([f"treatment {options['treatment']}", *assumed])
    if "case" in details:
        limit = f", limit N_eff {details['bound']} {details['limit']:.3f}" if "limit" in details else ""
        yield "regime", f"{details['case']}{limit}: {details['reason']}"
    if "fate" in details:
        yield "boson", f"{details['fate']} at recombination"
    if "right_handed" in details:
        yield "right-handed", f"light, {details['right_handed']}"
    yield "status", f"{history.status.message}; energy conserved to {history.energy_residual:.1e}"
    for warning in history.warnings:
        yield "warning", str(warning)
