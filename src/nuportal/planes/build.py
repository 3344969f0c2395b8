"""`plane`: compute a plane block by block, keep finished blocks on disk, assemble, save."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from nuportal.errors import DataFileError, ParameterError, unknown_name
from nuportal.models.family import Family, family
from nuportal.output import checked
from nuportal.planes.axes import Axis
from nuportal.planes.constraints import Constraint, constraint_names, matching
from nuportal.planes.constraints import constraints as constraints_named
from nuportal.planes.execute import Where, check, run
from nuportal.planes.layers import assembled, interpolated, remembered
from nuportal.planes.plane import SUFFIXES, Plane
from nuportal.planes.progress import Progress, bar
from nuportal.planes.progress import check as check_progress
from nuportal.planes.quantities import Quantity, neff_quantity
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.store import Block, Journal, Result

if TYPE_CHECKING:
    from nuportal.limits.base import Limit
    from nuportal.planes.exclusion import ExclusionPlane

IfExists = Literal["resume", "replace"]


def plane(
    model: str | Mapping[str, float] | Family,
    x: str | Axis | None = None,
    y: str | Axis | None = None,
    constraints: str | Iterable["str | Constraint | Limit"] = "default",
    *,
    points: int = 100,
    quantity: str | Quantity = "neff",
    save: str | Path | None = None,
    if_exists: IfExists = "resume",
    executor: Where | Executor = "threads",
    workers: int | None = None,
    progress: Progress = "off",
    **fixed_and_options: object,
) -> "Plane | ExclusionPlane":
    """Compute a plane for a family of models: N_eff, Y_p or D/H against what is measured, or all that is excluded.

    Parameters
    ----------
    model : str, mapping or class
        A name of the catalogue, charges {"e": 1, "mu": -1}, "vector", "scalar", "dark-photon", "hidden-neutrino",
        "dipole", or a declared class or its file.
    x, y : str, optional
        Axes such as "mass=1.1MeV:100MeV" or "g=1e-9:1e-3:200:log", or the bare name of a parameter; default, the first
        two parameters that are not fixed.
    constraints : str or iterable
        "default" (measurements of N_eff), "all", or names, groups, folders and `Limit` objects. If all are measurements
        of the quantity, the result is a `Plane` of it, else an `ExclusionPlane`.
    points : int
        Of an axis that does not say.
    quantity : {"neff", "Y_p", "D_H"} or Quantity
        What a `Plane` holds.
    save : str or Path, optional
        netCDF file. Finished blocks are kept beside it, so that a run that was killed goes on where it stopped.
    if_exists : {"resume", "replace"}
        Read or finish what is in the file, or compute again.
    executor : {"threads", "processes", "serial", "dask"} or concurrent.futures.Executor
        Where blocks are computed.
    workers : int, optional
        Default, the cores that this process may use.
    progress : {"off", "bar"}
        Whether a bar is shown on stderr.
    **fixed_and_options
        Fixed parameters (mass, g, epsilon; g_e, g_nu; d ...) and options of the calculation: treatment, flavours,
        start, preset, accuracy, mixing, method of N_eff; omega_b, tau_n, rates of light elements; flavour, convention
        of models that have them.

    Returns
    -------
    Plane or ExclusionPlane

    Raises
    ------
    UnknownNameError, ParameterError, UnitError
        If the input is bad; nothing has been written then.
    OutputError, DataFileError
        If `save` cannot be written, is damaged, or holds another plane; what was there stays untouched.

    Examples
    --------
    >>> import nuportal as nup
    >>> found = nup.plane("B-L", "mass=5MeV:20MeV", "g=1e-8:1e-6", points=5, treatment="temperatures")
    >>> found.values.shape
    (5, 5)
    """
    members = family(model)
    if if_exists not in get_args(IfExists):
        raise unknown_name("value of if_exists", str(if_exists), get_args(IfExists))
    check_progress(progress)
    check(executor, workers)
    if quantity == "neff" and combined(members, constraints):
        from nuportal.limits.registry import limits
        from nuportal.planes.exclusion_build import exclusion_plane, specified

        chosen_limits = limits("all" if constraints == "default" else constraints)  # type: ignore[arg-type]
        whole = specified(specify(members, x, y, points, None, fixed_and_options), chosen_limits)
        shown = partial(bar, progress=progress, unit="constraints")
        return exclusion_plane(whole, chosen_limits, save, if_exists, shown, executor, workers)
    asked = quantity if isinstance(quantity, Quantity) else _quantity(quantity, members, fixed_and_options)
    spec = specify(members, x, y, points, asked, fixed_and_options)
    chosen = matching(constraints_named(constraints, quantity=asked.name), asked.name)  # type: ignore[arg-type]
    if save is None:
        return _compute(asked, spec, chosen, None, executor, workers, progress)
    save = checked(save, SUFFIXES)
    if save.exists() and if_exists == "resume":
        found = Plane.load(save)
        if not isinstance(found, Plane) or found.spec.hash != spec.hash:
            raise DataFileError(f"'{save}' holds another plane ({found.spec.title}): remove it or choose another file")
        return replace(found, constraints=chosen)
    other = "discard" if if_exists == "replace" else "refuse"
    with Journal(save.with_name(save.name + ".partial"), spec, other) as journal:
        result = _compute(asked, spec, chosen, journal, executor, workers, progress)
        result.save(save)
        journal.remove()
    return result


def _quantity(name: str, members: Family, options: Mapping[str, object]) -> Quantity:
    """Return a quantity by name; nucleosynthesis is imported only for its own.

    Raises UnknownNameError, NotApplicableError.
    """
    if name == "neff":
        return neff_quantity(members, options)
    from nuportal.planes.light_elements import named

    return named(name, members, options)


def combined(members: Family, constraints: object) -> bool:
    """Return whether constraints ask for more than N_eff, or N_eff is not defined for the family."""
    if constraints == "all" or not members.has_couplings:
        return True
    if constraints == "default":
        return False
    if not isinstance(constraints, str | Iterable):
        raise ParameterError(f"constraints = {constraints!r} is not allowed: give names, folders or Limit objects")
    entries = constraints.split(",") if isinstance(constraints, str) else list(cast("Iterable[object]", constraints))
    known = constraint_names()
    return not all(isinstance(c, Constraint) or str(c).strip() in known for c in entries)


def specify(
    members: Family,
    x: str | Axis | None,
    y: str | Axis | None,
    points: int,
    asked: Quantity | None,
    fixed_and_options: Mapping[str, object],
) -> PlaneSpec:
    """Return the complete, checked specification of a plane. Raises as `plane` does for bad input."""
    given = {k: v for k, v in fixed_and_options.items() if v is not None}
    known = {name for p in members.declared.every_parameter for name in (p.name, *p.aliases)}
    fixed = members.read({k: v for k, v in given.items() if k in known})
    options = {k: v for k, v in given.items() if k not in known}
    axes = [None if axis is None else Axis.parse(axis, points, wide=asked is None, among=members) for axis in (x, y)]
    taken = members.expanded(dict.fromkeys([*fixed, *(a.name for a in axes if a)], 1.0))
    free = [p for p in members.parameters if p not in taken]
    for i, axis in enumerate(axes):
        if axis is None:
            if not free:
                raise ParameterError(f"no parameter of {members.label} is left for an axis: fix fewer")
            axes[i] = Axis.parse(free.pop(0), points, wide=asked is None, among=members)
    if asked is None:
        return PlaneSpec(members, axes[0], axes[1], fixed, options)  # type: ignore[arg-type]
    spec = PlaneSpec(members, axes[0], axes[1], fixed, options, asked.name)  # type: ignore[arg-type]
    if combined := [a.name for a in (spec.x, spec.y) if members.declared.combination(a.name)]:
        raise ParameterError(f"a plane of {asked.name} takes {', '.join(members.parameters)}, not {combined[0]}")
    return replace(spec, settings=asked.resolve(spec))


def _compute(
    asked: Quantity,
    spec: PlaneSpec,
    chosen: tuple[Constraint, ...],
    journal: Journal | None,
    executor: Where | Executor,
    workers: int | None,
    progress: Progress,
) -> Plane:
    done = {} if journal is None else dict(journal.finished())

    def finish(block: Block, result: Result) -> None:
        done[block] = result
        if journal is not None:
            journal.append(block, result)

    interpolate = asked.smooth is not None and spec.settings.get("method") == "adaptive"
    known = asked.known(spec) if interpolate and asked.known is not None else None
    if known is not None:
        layer = remembered(asked, spec, known)
    elif asked.smooth is not None and interpolate:
        levels = tuple(level for c in chosen for level in c.levels)
        layer = interpolated(asked, spec, asked.smooth(levels), done, finish, executor, workers, progress)
    else:
        waiting = asked.blocks(spec)
        before = sum(block in done for block in waiting)
        with bar(spec, len(waiting), before, progress) as advance:
            for block, result in run(asked, spec, [b for b in waiting if b not in done], executor, workers):
                finish(block, result)
                advance()
        layer = assembled(asked, spec, {block: done[block] for block in waiting})
    return Plane(spec, {asked.name: layer}, chosen, asked.references)
