"""N_eff of many models: `neff_grid`, and what planes and rays need to calculate single points of N_eff.

With momenta a point costs some tenths of a second, so a grid is filled from a few hundred points (solvers/adaptive.py).
With temperatures a point costs a fraction of a millisecond (cosmology/temperatures/thermal.py).
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.cosmology.evolve import Accuracy, Flavours, Mixing, Model, Preset, Start, Treatment, checked_choices
from nuportal.cosmology.expansion import NEFF_STANDARD
from nuportal.cosmology.known import known_plane
from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.models import U1X
from nuportal.solvers import adaptive
from nuportal.solvers.cores import available
from nuportal.solvers.status import Status
from nuportal.units import numbers, positive, whole

Method = Literal["adaptive", "solve"]
OPTIONS = ("right_handed", "treatment", "flavours", "start", "preset", "accuracy", "mixing", "method", "workers")
#: why temperatures refuse light right-handed neutrinos
NO_RIGHT_HANDED = "right_handed='light' is followed by treatment='momenta' alone, not by temperatures"
FEWEST = 30  #: grids of fewer points are calculated point by point
#: estimated error of interpolation allowed, of N_eff and of |N_eff - 3.044| where that is more; the largest of 200
#: true errors is about half as large
TOLERANCE, PART = 0.009, 0.009
BEND = 0.3  #: of N_eff - 3.044 between its linear and its logarithmic interpolation
DISTINCT = 0.1  #: distance from the Standard Model of a level whose contour is drawn more finely
NOISE = 5e-4  #: independent error of points in that function, from the steps of the integration


class Found(NamedTuple):
    """N_eff of a point (NaN where there is none) and how its calculation ended."""

    neff: float
    status: Status


class Grid(NamedTuple):
    """N_eff, status, estimated error of interpolation and where N_eff was calculated, each [len(mass), len(g)]."""

    neff: np.ndarray
    status: np.ndarray
    error: np.ndarray
    calculated: np.ndarray


def neff_grid(
    model: str | Mapping[str, float],
    mass: ArrayLike,
    g: ArrayLike,
    *,
    epsilon: float | str = 0.0,
    right_handed: Literal["absent", "light"] = "absent",
    treatment: Treatment = "momenta",
    flavours: Flavours | None = None,
    start: Start | None = None,
    preset: Preset = "default",
    accuracy: Accuracy = "standard",
    mixing: Mixing = "off",
    method: Method = "adaptive",
    workers: int | None = None,
    **approximations: object,
) -> np.ndarray:
    """Return N_eff of a U(1)_X model on a grid of masses and couplings.

    With momenta, points are calculated where a smooth surface through the others is in doubt by more than 0.009, or
    0.9 % of abs(N_eff - 3.044); `neff_grid_with_error` returns the estimated error of every point. Planes of some
    named models were calculated beforehand (docs/planes.md): with default options they take no time.

    Parameters
    ----------
    model : str or mapping
        Name of a model, or charges such as {"e": 1, "mu": -1}.
    mass : float or array_like [n]
        Masses in MeV.
    g : float or array_like [m]
        Gauge couplings.
    epsilon : float or str
        Kinetic mixing, as in `U1X`.
    right_handed : {"absent", "light"}
        Right-handed neutrinos, as in `U1X`; treatment="momenta" alone follows them.
    treatment, flavours, start, preset, accuracy, mixing
        As in `evolve`.
    method : {"adaptive", "solve"}
        "solve" calculates every point; grids of fewer than 30 points are always solved.
    workers : int, optional
        Threads; default, the cores that this process may use.
    **approximations
        With treatment="temperatures" or preset="ghosh", fields of `GridOptions`.

    Returns
    -------
    ndarray [n, m]
        NaN where the status of a point is not OK.

    Raises
    ------
    ParameterError, UnknownNameError
        If the input is not allowed.
    NotApplicableError
        For light right-handed neutrinos with temperatures.

    Notes
    -----
    docs/physics/kinetic.md; docs/physics/thermal_decoupling.md (temperatures: ghosh2023 eqs 26, 36-50).

    Examples
    --------
    >>> import nuportal as nup
    >>> nup.neff_grid("B-L", [8.0, 12.0], [1e-8, 1e-7], treatment="temperatures").round(2).tolist()
    [[3.34, 3.61], [3.15, 3.26]]
    """
    if treatment == "temperatures" or preset == "ghosh":
        from nuportal.cosmology.temperatures.thermal import neff_grid_with_status

        checked_choices(treatment, preset, flavours, start, accuracy, mixing)
        if right_handed == "light":
            raise NotApplicableError(NO_RIGHT_HANDED)
        given: dict[str, Any] = {"flavours": flavours, "start": start, "method": method, **approximations}
        changes = {name: value for name, value in given.items() if value is not None}
        return neff_grid_with_status(model, mass, g, epsilon=epsilon, preset=preset, **changes)[0]  # type: ignore[arg-type]
    for name in (known for known, value in approximations.items() if value is not None):
        from nuportal.cosmology.temperatures.options import GridOptions

        if name not in GridOptions.__dataclass_fields__:
            raise unknown_name("option", name, OPTIONS)
        raise ParameterError(f"{name} is an option of treatment='temperatures' alone")
    checked_choices(treatment, preset, flavours, start, accuracy, mixing)
    choices: dict[str, Any] = {"flavours": flavours, "start": start, "accuracy": accuracy, "mixing": mixing}
    found = neff_grid_with_error(
        model, mass, g, epsilon=epsilon, right_handed=right_handed, preset=preset, method=method, workers=workers,
        **choices,
    )  # fmt: skip
    return found.neff


def neff_grid_with_error(
    model: str | Mapping[str, float],
    mass: ArrayLike,
    g: ArrayLike,
    *,
    epsilon: float | str = 0.0,
    right_handed: Literal["absent", "light"] = "absent",
    preset: Preset = "default",
    method: Method = "adaptive",
    workers: int | None = None,
    **choices: Any,
) -> Grid:
    """Return N_eff with momenta, its status and the error of interpolation; arguments as `neff_grid`."""
    masses, gs = numbers(mass, "mass", ("MeV",)), numbers(g, "g")
    if masses.ndim != 1 or gs.ndim != 1 or 0 in (masses.size, gs.size):
        raise ParameterError("mass and g must be numbers or one-dimensional arrays, not empty")
    for value in masses.tolist():
        positive(value, "mass", unit=" MeV")
    for value in gs.tolist():
        positive(value, "g")
    if method not in get_args(Method):
        raise unknown_name("method", str(method), get_args(Method))
    if workers is not None:
        whole(workers, "workers", 1)
    solve = solver(preset, **choices)
    name, charges = (model, None) if isinstance(model, str) else (None, model)

    def build(m: float, coupling: float) -> U1X:
        return U1X(name, mass=m, g=coupling, epsilon=epsilon, charges=charges, right_handed=right_handed)

    def one(point: tuple[int, int]) -> Found:
        return solve(build(masses[point[0]], gs[point[1]]))

    build(float(masses[0]), float(gs.max()))  # refuses bad input early
    few = masses.size * gs.size < FEWEST
    if method == "adaptive" and not few and is_default(preset, **choices):
        known = known_plane(build, masses, gs)
        if known is not None:
            return Grid(known.values, known.codes, known.error, np.zeros(known.values.shape, dtype=bool))
    with ThreadPoolExecutor(workers or available()) as threads:

        def calculate(points: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
            found = list(threads.map(one, points))
            return np.array([f.neff for f in found]), np.array([int(f.status) for f in found])

        if method == "solve" or few:
            shape = masses.size, gs.size
            values, status = calculate([tuple(p) for p in np.ndindex(shape)])
            return Grid(values.reshape(shape), status.reshape(shape), np.zeros(shape), np.ones(shape, bool))
        filled = adaptive.fill(np.log(masses), np.log(gs), calculate, **smooth_neff())
    return Grid(filled.values, filled.codes, filled.error, filled.calculated)


def is_default(preset: Preset = "default", **choices: object) -> bool:
    """Return whether options are those with which planes were calculated beforehand (cosmology/known)."""
    from nuportal.cosmology.momenta.options import MomentaOptions

    given: dict[str, Any] = {name: value for name, value in choices.items() if value is not None}
    return preset == "default" and MomentaOptions(**given) == MomentaOptions()


def smooth_neff(levels: tuple[float, ...] = ()) -> dict[str, Any]:
    """Return how N_eff is interpolated, as keywords of `adaptive.fill`; twice as well near `levels`.

    What is interpolated grows like N_eff - 3.044 where that is small and like its logarithm where it is large.
    """

    def straighten(neff: np.ndarray) -> np.ndarray:
        return np.arcsinh((neff - NEFF_STANDARD) / BEND)

    def restore(straight: np.ndarray) -> np.ndarray:
        return BEND * np.sinh(straight) + NEFF_STANDARD

    wanted = [level for level in levels if abs(level - NEFF_STANDARD) > DISTINCT]

    def tolerance(neff: np.ndarray) -> np.ndarray:
        allowed = np.maximum(TOLERANCE, PART * np.abs(neff - NEFF_STANDARD))
        far = [np.abs(neff - level) for level in wanted]
        return np.where(np.min(far, axis=0) < 3 * TOLERANCE, allowed / 2, allowed) if far else allowed

    return {"tolerance": tolerance, "straighten": straighten, "restore": restore, "noise": NOISE}


def solver(
    preset: Preset = "default",
    flavours: Flavours | None = None,
    start: Start | None = None,
    accuracy: Accuracy = "standard",
    mixing: Mixing = "off",
) -> Callable[[Model], Found]:
    """Return the function from a model to N_eff with momenta (preset "ibe": one neutrino fluid), without a history.

    Raises ParameterError, UnknownNameError for options that are not allowed.
    """
    flavours, start, mixing = checked_choices("momenta", preset, flavours, start, accuracy, mixing)
    if preset == "ibe":
        from nuportal.cosmology.evolve import evolve

        def fluid(model: Model) -> Found:
            history = evolve(model, preset="ibe", accuracy=accuracy, mixing=mixing)
            return Found(history.neff, history.status)

        return fluid
    from nuportal.cosmology.momenta.options import MomentaOptions
    from nuportal.cosmology.momenta.solve import solve

    options = MomentaOptions(flavours=flavours, start=start, accuracy=accuracy, mixing=mixing)

    def spectral(model: Model) -> Found:
        solution = solve(model.couplings, options)
        return Found(solution.neff, solution.status)

    return spectral
