"""The one door to the early universe: `evolve`, with a solver for each treatment behind it."""

from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

import numpy as np

from nuportal.cosmology.expansion import cosmic_time
from nuportal.cosmology.fluid.options import FluidOptions
from nuportal.cosmology.fluid.solve import fluid_history
from nuportal.cosmology.history import History, Spectra
from nuportal.cosmology.temperatures.options import ThermalOptions
from nuportal.cosmology.temperatures.options import options as thermal_options
from nuportal.cosmology.temperatures.thermal import thermal_history
from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.models import U1X, Couplings, ScalarMediator, VectorMediator
from nuportal.models.base import Coupled
from nuportal.plasma import neutrinos
from nuportal.provenance import stamp
from nuportal.solvers.status import Status

Treatment = Literal["momenta", "temperatures"]
Flavours = Literal["oscillating", "separate", "common"]
Start = Literal["zero", "thermal"]
Preset = Literal["default", "ghosh", "ibe"]
Accuracy = Literal["standard", "high"]
Mixing = Literal["off", "on"]
Model = U1X | VectorMediator | ScalarMediator

REFERENCES = ["Bennett:2020zkv", "Ghosh:2023ilw"]
RTOL_HIGH = 1e-9  #: of temperatures at accuracy="high"


@dataclass(frozen=True)
class _Solver:
    """What a solver can be asked, the default first; name: how a user asks for it."""

    name: str
    flavours: tuple[Flavours, ...]
    start: tuple[Start, ...]
    mixing: tuple[Mixing, ...]


_MOMENTA = _Solver("treatment='momenta'", ("oscillating", "separate", "common"), ("zero", "thermal"), ("off", "on"))
_TEMPERATURES = _Solver("treatment='temperatures'", ("common", "separate"), ("thermal", "zero"), ("off",))
_GHOSH = replace(_TEMPERATURES, name="preset='ghosh'")
_FLUID = _Solver("preset='ibe'", ("common",), ("zero",), ("off", "on"))


def evolve(
    model: Model | Coupled | None = None,
    *,
    treatment: Treatment = "momenta",
    flavours: Flavours | None = None,
    start: Start | None = None,
    preset: Preset = "default",
    accuracy: Accuracy = "standard",
    rtol: float | None = None,
    mixing: Mixing = "off",
    options: ThermalOptions | FluidOptions | None = None,
) -> History:
    """Return the history of the early universe with a light boson, or of the Standard Model, and with it N_eff.

    Parameters
    ----------
    model : U1X, VectorMediator, ScalarMediator or None
        The boson, with a mass above zero; None is the Standard Model.
    treatment : {"momenta", "temperatures"}
        "momenta" follows the spectra of neutrinos and boson. "temperatures" gives each bath a temperature and no
        chemical potential; it is fast, and `History.theory_error` tells what that costs.
    flavours : {"oscillating", "separate", "common"}, optional
        Neutrinos that oscillate (the default of momenta, and theirs alone), flavours kept apart, or one spectrum or
        temperature for all (the default of temperatures).
    start : {"zero", "thermal"}, optional
        The boson is absent at the start (the default of momenta), or in equilibrium (that of temperatures).
    preset : {"default", "ghosh", "ibe"}
        "ghosh" takes the approximations of ghosh2023 and ghosh2024 (temperatures), "ibe" those of ibe2020 (momenta of
        the boson, one fluid of neutrinos with temperature and chemical potential).
    accuracy : {"standard", "high"}
        "high" uses finer grids and tolerances.
    rtol : float, optional
        Relative tolerance of a step, 1e-12 to 1e-2; for temperatures and "ibe".
    mixing : {"off", "on"}
        Mixing with the photon of the plasma, for couplings aligned with electric charge (momenta and "ibe").
    options : ThermalOptions or FluidOptions, optional
        Single approximations, in place of all other keywords.

    Returns
    -------
    History
        Its `neff` is NaN, and `status` says why, where there is no value.

    Raises
    ------
    ParameterError
        If a value is outside what is allowed, or not an option of this treatment.
    UnknownNameError
        If a keyword has a value that is not in its list.
    NotApplicableError
        If the treatment does not cover the model, such as a mass of zero.

    Notes
    -----
    Equations: docs/physics/kinetic.md (momenta); docs/physics/thermal_decoupling.md (temperatures: ghosh2023 eqs 26 and
    36-50, ghosh2024 eq. 1); docs/physics/fluid_solver.md ("ibe": ibe2020 eqs 11-28).

    Examples
    --------
    >>> import nuportal as nup
    >>> history = nup.evolve(nup.U1X("B-L", mass="10 MeV", g=1e-7), treatment="temperatures")
    >>> print(f"{history.neff:.2f}")
    3.38
    """
    _check_model(model)
    if options is not None:
        if not isinstance(model, Model | None):
            raise NotApplicableError(f"a model of your own takes {_MOMENTA.name}, not options")
        beside = {"flavours": flavours, "start": start, "rtol": rtol}
        beside |= {} if preset == "default" else {"preset": preset}
        beside |= {} if accuracy == "standard" else {"accuracy": accuracy}
        beside |= {} if mixing == "off" else {"mixing": mixing}
        return _with_options(model, options, [name for name, value in beside.items() if value is not None])
    solver = _solver(treatment, preset)
    if solver is not _MOMENTA and not isinstance(model, Model | None):
        raise NotApplicableError(f"a model of your own takes {_MOMENTA.name}, not {solver.name}")
    flavours, start, mixing = checked_choices(treatment, preset, flavours, start, accuracy, mixing)
    if solver is _MOMENTA:
        if rtol is not None:
            raise ParameterError(f"rtol = {rtol} is not an option of {solver.name}: give accuracy='high'")
        return _momenta(model, flavours, start, accuracy, mixing)
    mediator = cast("Model | None", model)
    changes = {} if rtol is None else {"rtol": rtol}
    if solver is _FLUID:
        return _fluid(mediator, FluidOptions("ibe", mixing=mixing, **changes), refine=accuracy == "high")  # type: ignore[arg-type]
    if accuracy == "high":
        changes = {"rtol": RTOL_HIGH, **changes}
    named: Literal["default", "ghosh"] = "ghosh" if preset == "ghosh" else "default"
    return _temperatures(mediator, thermal_options(named, flavours=flavours, start=start, **changes))


def checked_choices(
    treatment: str, preset: str, flavours: str | None, start: str | None, accuracy: str, mixing: str | None
) -> tuple[Flavours, Start, Mixing]:
    """Return flavours, start and mixing with the defaults of the solver that treatment and preset choose.

    Raises UnknownNameError for words that are not known, ParameterError for those this solver does not take.
    """
    solver = _solver(treatment, preset)
    if accuracy not in get_args(Accuracy):
        raise unknown_name("accuracy", str(accuracy), get_args(Accuracy))
    return (
        _choice("flavours", flavours, solver, solver.flavours, get_args(Flavours)),
        _choice("start", start, solver, solver.start, get_args(Start)),
        _choice("mixing", mixing, solver, solver.mixing, get_args(Mixing)),
    )


def _check_model(model: Any) -> None:
    if model is None:
        return
    if not isinstance(model, Model) and not isinstance(getattr(model, "couplings", None), Couplings):
        what = f"'{model}'" if isinstance(model, str) else f"a {type(model).__name__}"
        known = "U1X, VectorMediator, ScalarMediator or None (Standard Model), or a model of your own with couplings"
        raise ParameterError(f"evolve takes {known}, not {what}")
    mass: Any = model.mass
    if not mass > 0:
        raise NotApplicableError("mass = 0: the early universe is followed with a boson that has a mass")


def _solver(treatment: str, preset: str) -> _Solver:
    """Return the solver. Raises UnknownNameError, ParameterError."""
    if treatment not in get_args(Treatment):
        raise unknown_name("treatment", str(treatment), get_args(Treatment))
    if preset not in get_args(Preset):
        raise unknown_name("preset", str(preset), get_args(Preset))
    if preset == "ghosh":
        return _GHOSH
    if preset == "ibe":
        if treatment == "temperatures":
            raise ParameterError("preset='ibe' follows momenta of the boson: leave out treatment='temperatures'")
        return _FLUID
    return _MOMENTA if treatment == "momenta" else _TEMPERATURES


def _choice(name: str, given: Any, solver: _Solver, allowed: tuple[Any, ...], known: tuple[Any, ...]) -> Any:
    """Return what was given, or the solver's default. Raises UnknownNameError, ParameterError."""
    if given is None:
        return allowed[0]
    if given not in known:
        raise unknown_name(f"value of {name}", str(given), allowed)
    if given not in allowed:
        raise ParameterError(f"{name} = '{given}' is not available with {solver.name}: {' or '.join(allowed)}")
    return given


def _with_options(model: Model | None, options: object, beside: list[str]) -> History:
    if beside:
        raise ParameterError(f"{beside[0]} and options are given: options takes the place of the other keywords")
    if isinstance(options, ThermalOptions):
        return _temperatures(model, options)
    if isinstance(options, FluidOptions):
        return _fluid(model, options)
    raise ParameterError(f"options must be ThermalOptions or FluidOptions, not {type(options).__name__}")


def refuse_right_handed(model: object, name: str) -> None:
    """Raise NotApplicableError for a model with light right-handed neutrinos; name: the solver in words."""
    if getattr(model, "right_handed", "absent") == "light":
        raise NotApplicableError(f"right_handed='light' is followed by {_MOMENTA.name} alone, not by {name}")


def _temperatures(model: Model | None, chosen: ThermalOptions) -> History:
    refuse_right_handed(model, "temperatures")
    if model is not None and model.couplings.spin == 0:
        raise NotApplicableError("temperatures are those of a vector boson: a scalar takes treatment='momenta'")
    return thermal_history(model, chosen)  # type: ignore[arg-type]


def _fluid(model: Model | None, chosen: FluidOptions, *, refine: bool = False) -> History:
    refuse_right_handed(model, "one fluid of neutrinos (preset='ibe')")
    if model is None:
        raise ParameterError("preset='ibe' follows a boson: give a VectorMediator, ScalarMediator or U1X, not None")
    return fluid_history(model, chosen, refine=refine)


def _momenta(
    model: Model | Coupled | None, flavours: Flavours, start: Start, accuracy: Accuracy, mixing: Mixing
) -> History:
    from nuportal.cosmology.momenta.solve import MomentaOptions, solve

    chosen = MomentaOptions(flavours=flavours, start=start, accuracy=accuracy, mixing=mixing)
    found = solve(None if model is None else model.couplings, chosen)
    described = {"kind": "Standard Model"} if model is None else model.describe()
    a = np.exp(found.ln_a)
    t_nu, mu_nu = _effective(found.n_nu, found.rho_nu, float(found.t_gamma[0]))
    with_boson = model is not None
    return History(
        neff=found.neff if found.status == Status.OK else float("nan"),
        status=found.status,
        warnings=found.warnings,
        theory_error=found.theory_error,
        numerical_error=found.numerical_error,
        a=a,
        t=cosmic_time(found.ln_a, found.hubble),
        hubble=found.hubble,
        t_gamma=found.t_gamma,
        t_nu=t_nu,
        t_boson=np.full(a.shape, np.nan),
        rho_em=found.rho_em,
        rho_nu=found.rho_nu,
        rho_boson=found.rho_boson,
        energy_residual=found.energy_residual,
        provenance=stamp(described, {"treatment": "momenta", **chosen.to_dict()}, REFERENCES),
        steps=found.steps,
        mu_nu=mu_nu,
        spectra=Spectra(
            found.momentum,
            found.occupation,
            found.boson_momentum if with_boson else None,
            found.boson_occupation if with_boson else None,
            found.occupation_right,
        ),
        rho_nu_R=found.rho_right,
        details=found.details,
    )


def _effective(number: np.ndarray, energy: np.ndarray, t_start: float) -> tuple[np.ndarray, np.ndarray]:
    """Return (T, mu) in MeV [t, 3] of the Fermi-Dirac distributions with these number and energy densities [t, 3].

    The densities are sums over few momenta: their error is that of the first step, where neutrinos are in equilibrium
    with the plasma at t_start (MeV), and is taken out.
    """
    exact = np.array([neutrinos.number_density(t_start, flavours=1), neutrinos.energy_density(t_start, flavours=1)])
    pairs = zip((number * exact[0] / number[0]).ravel(), (energy * exact[1] / energy[0]).ravel(), strict=True)
    table = neutrinos.table()
    t, z = np.array([neutrinos.state_of(table, n, rho) for n, rho in pairs]).T.reshape(2, *number.shape)
    return t, t * z
