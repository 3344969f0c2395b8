"""What can fill a plane: for each quantity the calculation of one block of the grid, and how blocks are cut."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from nuportal.cosmology.known import Values, known_plane
from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.planes.spec import Family, PlaneSpec
from nuportal.planes.store import Block, Result


class Remarks(NamedTuple):
    """What goes with the values of a whole plane, each [x, y].

    theory_error, numerical_error (None where it is not known), and where each warning applies.
    """

    theory_error: np.ndarray
    warnings: dict[str, np.ndarray]
    numerical_error: np.ndarray | None = None


#: options of a plane that the calculation of its points takes
KINETIC_OPTIONS = ("preset", "flavours", "start", "accuracy", "mixing")

Evaluated = (
    tuple[np.ndarray, Mapping[int, str]]
    | tuple[np.ndarray, Mapping[int, str], int]
    | tuple[np.ndarray, Mapping[int, str], int, np.ndarray]
)


@dataclass(frozen=True)
class Quantity:
    """A quantity on a plane.

    evaluate(spec, xs, ys) returns the values [len(xs), len(ys)] (NaN where there is none), a reason for each NaN by
    flat index, and where it interpolates how many points it calculated, and where points have errors of their own these
    [2, len(xs), len(ys)] (`Result.errors`); it must be importable by name, so that worker processes can run it.
    resolve(spec) returns the complete options of the calculation and raises for options it does not know. block_points:
    points worth one trip to disk. shape: blocks of whole columns, or squares, within which a calculation can
    interpolate. symbol: for plots. references: BibTeX keys.
    smooth(levels): how values of expensive points are interpolated over the whole plane, as keywords of
    `solvers.adaptive.fill`; levels: values whose contours will be drawn.
    known(spec): the values where they were calculated beforehand, else None; codes are those of `Status`.
    remarks(spec, values): theory error and warnings, for the whole plane.
    """

    name: str
    symbol: str
    evaluate: Callable[[PlaneSpec, np.ndarray, np.ndarray], Evaluated]
    resolve: Callable[[PlaneSpec], dict[str, object]]
    block_points: int
    references: tuple[str, ...] = ()
    remarks: Callable[[PlaneSpec, np.ndarray], Remarks] | None = None
    shape: Literal["columns", "squares"] = "columns"
    smooth: Callable[[tuple[float, ...]], dict[str, Any]] | None = None
    known: Callable[[PlaneSpec], Values | None] | None = None

    def blocks(self, spec: PlaneSpec) -> list[Block]:
        """Cut the grid of a plane into rectangles of about block_points points: squares, or columns where they fit."""
        nx, ny = spec.shape
        if self.shape == "squares":
            x, y = (_even(n, int(np.sqrt(self.block_points))) for n in (nx, ny))
            return [Block(i, k, j, m) for i, k in pairwise(x) for j, m in pairwise(y)]
        high = min(ny, self.block_points)
        wide = max(1, self.block_points // ny)
        return [
            Block(i, min(i + wide, nx), j, min(j + high, ny)) for i in range(0, nx, wide) for j in range(0, ny, high)
        ]


def _even(points: int, longest: int) -> list[int]:
    """Return the ends of equal parts of an axis."""
    parts = -(-points // longest)
    return [k * points // parts for k in range(parts + 1)]


def compute(asked: Quantity, spec: PlaneSpec, block: Block) -> Result:
    """Return the values of one block; every NaN has a reason."""
    xs, ys = spec.x.values[block.x0 : block.x1], spec.y.values[block.y0 : block.y1]
    found, reasons, *others = asked.evaluate(spec, xs, ys)
    more: list[Any] = others
    values = np.asarray(found, dtype=float)
    missing = np.flatnonzero(~np.isfinite(values))
    return Result(
        np.where(np.isfinite(values), values, np.nan),
        {int(k): reasons.get(int(k), "no value") for k in missing},
        more[0] if more else values.size,
        more[1] if len(more) > 1 else None,
    )


def along(spec: PlaneSpec, name: str, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Return the values a parameter takes in a block: those of its axis, or the fixed one [1]."""
    if spec.x.name == name:
        return xs
    if spec.y.name == name:
        return ys
    return np.array([spec.fixed[name]])


def _block(
    spec: PlaneSpec, names: tuple[str, str, str], cube: np.ndarray, status: np.ndarray
) -> tuple[np.ndarray, Mapping[int, str]]:
    """Return values [x, y] and reasons from a cube over three parameters of which one has a single value."""
    from nuportal.solvers.status import Status

    order = [names.index(axis.name) for axis in (spec.x, spec.y)]
    (single,) = {0, 1, 2} - set(order)
    values, ended = (np.squeeze(np.moveaxis(c, (*order, single), (0, 1, 2)), 2) for c in (cube, status))
    return values, {int(k): Status(ended.flat[k]).message for k in np.flatnonzero(np.isnan(values))}


def _kinetic_neff(spec: PlaneSpec, xs: np.ndarray, ys: np.ndarray) -> Evaluated:
    from nuportal.cosmology.grid import solver
    from nuportal.solvers.status import Status

    options = {name: value for name, value in spec.settings.items() if name in KINETIC_OPTIONS}
    solve = solver(**options)  # type: ignore[arg-type]
    found = [solve(spec.model(x, y)) for x in xs.tolist() for y in ys.tolist()]
    reasons = {k: one.status.message for k, one in enumerate(found) if one.status != Status.OK}
    return np.array([one.neff for one in found]).reshape(len(xs), len(ys)), reasons


def refuse_nucleons(spec: PlaneSpec) -> None:
    """Raise ParameterError for a plane over a coupling that the early universe does not see."""
    if "g_n" in (spec.x.name, spec.y.name):
        raise ParameterError(f"{spec.quantity} does not depend on g_n: nucleons are too rare; choose mass, g_e or g_nu")


def _kinetic_options(spec: PlaneSpec) -> dict[str, object]:
    from nuportal.cosmology.evolve import checked_choices
    from nuportal.cosmology.grid import Method

    refuse_nucleons(spec)
    choices = spec.family.choices
    allowed = ("treatment", *KINETIC_OPTIONS, "method")
    for name in spec.options:
        if name not in allowed and name not in choices:
            raise unknown_name("option of a plane of N_eff", name, (*allowed, *choices))
    given: dict[str, Any] = {"preset": "default", "accuracy": "standard", "method": "adaptive", **spec.options}
    if given["method"] not in get_args(Method):
        raise unknown_name("method", str(given["method"]), get_args(Method))
    asked = (given["preset"], given.get("flavours"), given.get("start"), given["accuracy"], given.get("mixing"))
    found = checked_choices("momenta", *asked)
    return {"treatment": "momenta", **given, **dict(zip(("flavours", "start", "mixing"), found, strict=True))}


def _kinetic_remarks(spec: PlaneSpec, values: np.ndarray) -> Remarks:
    from nuportal.cosmology.momenta.errors import numerical_error, theory_error
    from nuportal.cosmology.momenta.options import MomentaOptions

    names = ("flavours", "start", "accuracy", "mixing")
    options = MomentaOptions(**{name: spec.settings[name] for name in names})  # type: ignore[arg-type]
    theory, numerical = np.full(spec.shape, np.nan), np.full(spec.shape, np.nan)
    for i, j in np.argwhere(np.isfinite(values)).tolist():
        couplings = spec.model(spec.x.values[i], spec.y.values[j]).couplings
        theory[i, j] = theory_error(values[i, j], couplings, options)
        numerical[i, j] = numerical_error(values[i, j], couplings, options)
    return Remarks(theory, {}, numerical)


def _smooth_neff(levels: tuple[float, ...]) -> dict[str, Any]:
    from nuportal.cosmology.grid import smooth_neff

    return smooth_neff(levels)


def _known_neff(spec: PlaneSpec) -> Values | None:
    from nuportal.cosmology.grid import is_default

    options = {name: value for name, value in spec.settings.items() if name in KINETIC_OPTIONS}
    if spec.x.name != "mass" or not is_default(**options):  # type: ignore[arg-type]
        return None
    return known_plane(spec.model, spec.x.values, spec.y.values)


def _thermal_choices(spec: PlaneSpec) -> dict[str, Any]:
    """Return the options of temperatures: all that were given but the treatment itself."""
    return {name: value for name, value in spec.options.items() if name != "treatment"}


def _thermal_neff(spec: PlaneSpec, xs: np.ndarray, ys: np.ndarray) -> Evaluated:
    from nuportal.cosmology.temperatures.thermal import solve_grid

    masses, gs, mixings = (along(spec, name, xs, ys) for name in ("mass", "g", "epsilon"))
    model = spec.family.name or spec.family.charges
    slices = [solve_grid(model, masses, gs, epsilon=mixing, **_thermal_choices(spec)) for mixing in mixings.tolist()]
    cube, status, solved = (np.stack(cubes, axis=-1) for cubes in zip(*slices, strict=True))
    return *_block(spec, ("mass", "g", "epsilon"), cube, status), int(solved.sum())


def _fluid_neff(spec: PlaneSpec, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, Mapping[int, str]]:
    from nuportal.cosmology.fluid.solve import fluid_grid

    values = [along(spec, name, xs, ys) for name in ("mass", "g_e", "g_nu")]
    spin = spec.model(spec.x.low, spec.y.low).couplings.spin
    cube, status = fluid_grid(*values, spin=spin, **spec.options)
    return _block(spec, ("mass", "g_e", "g_nu"), cube, status)


def _fluid_options(spec: PlaneSpec) -> dict[str, object]:
    from nuportal.cosmology.fluid.options import FluidOptions
    from nuportal.models.mediators import neutrino_couplings

    refuse_nucleons(spec)
    allowed = ("preset", "nodes", "rtol", "mixing", "neutrino_number", "flavour")
    for name in spec.options:
        if name not in allowed:
            raise unknown_name("option of the vector plane", name, allowed)
    numerical = {k: v for k, v in spec.options.items() if k != "flavour"}
    flavour = str(spec.options.get("flavour", "e"))
    neutrino_couplings(1.0, flavour)  # refuses an unknown flavour
    return FluidOptions(**numerical).to_dict() | {"flavour": flavour}  # type: ignore[arg-type]


def _fluid_remarks(spec: PlaneSpec, values: np.ndarray) -> Remarks:
    from nuportal.cosmology.fluid.solve import theory_error

    return Remarks(theory_error(values), {})


def _along_mass(spec: PlaneSpec) -> Iterator[tuple[Any, Any, np.ndarray]]:
    """Yield parts of a plane that differ in mass alone: where they are, a model there, the masses."""
    if spec.x.name == "mass":
        for j, y in enumerate(spec.y.values):
            yield np.s_[:, j], spec.model(spec.x.low, y), spec.x.values
        return
    masses = spec.y.values if spec.y.name == "mass" else None
    for i, x in enumerate(spec.x.values):
        for j, y in enumerate(spec.y.values if masses is None else spec.y.values[:1]):
            model: Any = spec.model(x, y)
            yield (np.s_[i, j], model, np.asarray(model.mass)) if masses is None else (np.s_[i, :], model, masses)


def _thermal_remarks(spec: PlaneSpec, values: np.ndarray) -> Remarks:
    from nuportal.cosmology.temperatures.options import grid_options
    from nuportal.cosmology.temperatures.thermal import cautions, theory_error

    chosen = grid_options(**_thermal_choices(spec))
    found: dict[str, np.ndarray] = {}
    errors = np.full(spec.shape, np.nan)
    for where, model, masses in _along_mass(spec):
        view = replace(model.couplings, mass=masses)
        errors[where] = theory_error(values[where], view, chosen)
        for caution, mask in cautions(view, model.g, chosen).items():
            found.setdefault(str(caution), np.zeros(spec.shape, dtype=bool))[where] = mask
    return Remarks(np.where(np.isnan(values), np.nan, errors), {text: m for text, m in found.items() if m.any()})


def _thermal_options(spec: PlaneSpec) -> dict[str, object]:
    from nuportal.cosmology.temperatures.options import grid_options

    return {"treatment": "temperatures"} | grid_options(**_thermal_choices(spec)).to_dict()


_THERMAL = Quantity(
    "neff",
    r"$N_\mathrm{eff}$",
    _thermal_neff,
    _thermal_options,
    block_points=10_000,
    shape="squares",
    references=("Ghosh:2023ilw", "Ghosh:2024cxi", "EscuderoAbenza:2020cmq", "Escudero:2018mvt"),
    remarks=_thermal_remarks,
)
_KINETIC = Quantity(
    "neff",
    r"$N_\mathrm{eff}$",
    _kinetic_neff,
    _kinetic_options,
    block_points=8,
    references=("Bennett:2020zkv", "Ghosh:2023ilw"),
    remarks=_kinetic_remarks,
    smooth=_smooth_neff,
    known=_known_neff,
)
_FLUID = Quantity(
    "neff",
    r"$N_\mathrm{eff}$",
    _fluid_neff,
    _fluid_options,
    block_points=50,
    references=("Ibe:2020dly",),
    remarks=_fluid_remarks,
)


def neff_quantity(members: Family, options: Mapping[str, object]) -> Quantity:
    """Return how N_eff of a family is calculated on a plane with these options.

    Raises NotApplicableError for a family without couplings, UnknownNameError for an unknown treatment.
    """
    if not members.has_couplings:
        raise NotApplicableError(f"a plane of neff is not available for {members.label}: it takes couplings")
    treatment = options.get("treatment", "momenta")
    if treatment not in ("momenta", "temperatures"):
        raise unknown_name("treatment", str(treatment), ("momenta", "temperatures"))
    if options.get("right_handed") == "light" and (treatment == "temperatures" or options.get("preset") == "ghosh"):
        from nuportal.cosmology.grid import NO_RIGHT_HANDED

        raise NotApplicableError(NO_RIGHT_HANDED)
    if options.get("preset") == "ibe" and members.charges is None:
        return _FLUID
    if treatment == "temperatures" or options.get("preset") == "ghosh":
        if members.charges is None:
            raise NotApplicableError(f"planes with temperatures are for U(1)_X models, not for {members.label}")
        return _THERMAL
    return _KINETIC
