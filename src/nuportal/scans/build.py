"""`scan`: any observables at many models, computed part by part, kept on disk as they are finished."""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args

import numpy as np

from nuportal.errors import NuportalError, ParameterError, unknown_name
from nuportal.models.family import Family, family
from nuportal.output import checked
from nuportal.planes import execute, progress
from nuportal.planes.axes import Axis
from nuportal.planes.build import IfExists
from nuportal.planes.execute import Where
from nuportal.planes.progress import Progress
from nuportal.planes.store import Records
from nuportal.scans import file, observables
from nuportal.scans.observables import Found, Observable, Point
from nuportal.scans.spec import ScanSpec, points_of, with_inputs

if TYPE_CHECKING:
    import xarray

    from nuportal.limits.base import Limit

PARTS, LARGEST = 256, 64  #: a scan is cut into about so many parts, of at most so many points


class Part(NamedTuple):
    """Points start to stop-1 of a scan."""

    start: int
    stop: int


def scan(
    model: str | Mapping[str, float] | Family,
    axes: Iterable[str | Axis] | str | Axis = (),
    observables: str | Iterable[str] = ("neff",),
    *,
    table: object = None,
    points: int = 10,
    constraints: "str | Path | Limit | Iterable[str | Path | Limit]" = "all",
    save: str | Path | None = None,
    if_exists: IfExists = "resume",
    executor: Where | Executor = "threads",
    workers: int | None = None,
    progress: Progress = "off",
    **fixed_and_options: object,
) -> "xarray.Dataset":
    """Return observables of the members of a family at every combination of values, or at listed points.

    Parameters
    ----------
    model : str, mapping or class
        As in `plane`.
    axes : iterable of str, optional
        Such as ["mass=1MeV:10MeV:5", "g=1e-8:1e-6:4", "epsilon=1e-9:1e-7:3"], any number of them.
    observables : str or iterable of str
        "neff", "Y_p", "D_H", "excluded", "loglike", "ratio:borexino", "best:xenonnt_sr0" ..., see `scans.observables`.
    table : optional
        The points one by one in place of axes: columns by name, a data frame, mappings, or a CSV file whose header
        names parameters (numbers in MeV and mu_B, or texts with units).
    points : int
        Of an axis that does not say.
    constraints : str, Path, Limit or iterable of these
        Of "excluded", "loglike" and "ratio" without a name, as in `evaluate`.
    save : str or Path, optional
        netCDF file. Finished parts are kept beside it, so that a run that was killed goes on where it stopped and gives
        the same values bit by bit.
    if_exists : {"resume", "replace"}
        Read or finish what is in the file, or compute again.
    executor, workers, progress
        As in `plane`.
    **fixed_and_options
        Fixed parameters, choices of the model, options of `evolve` (treatment, start ...) and of the yields (omega_b,
        tau_n, rates).

    Returns
    -------
    xarray.Dataset
        It has a dimension for each axis (or "point"). Each observable has its values (NaN where there is none),
        `<observable>_status` (0, or 1 + the index into its attribute `reasons`) and `<observable>_warned` (the same for
        warnings). Attributes are model, options, version, date and hash of the inputs.

    Raises
    ------
    UnknownNameError, ParameterError, UnitError, NotApplicableError
        If the input is bad.
    OutputError, DataFileError
        If `save` cannot be written, is damaged, or holds another scan.

    Examples
    --------
    >>> import nuportal as nup
    >>> found = nup.scan("B-L", ["mass=8MeV:12MeV:2", "g=1e-8:1e-7:2"], "neff", treatment="temperatures")
    >>> found.neff.values.round(2).tolist()
    [[3.34, 3.61], [3.15, 3.26]]
    """
    if if_exists not in get_args(IfExists):
        raise unknown_name("value of if_exists", str(if_exists), get_args(IfExists))
    _check_progress(progress)
    execute.check(executor, workers)
    spec = specify(model, axes, observables, table, points, constraints, fixed_and_options)
    if save is None:
        return _compute(spec, None, executor, workers, progress)
    save = checked(save, file.SUFFIXES[:1])
    if save.exists() and if_exists == "resume":
        return file.read(save, spec)
    with PartJournal(save.with_name(save.name + ".partial"), spec, _OTHER[if_exists]) as journal:
        result = _compute(spec, journal, executor, workers, progress)
        file.write(result, save)
        journal.remove()
    return result


_OTHER: Any = {"resume": "refuse", "replace": "discard"}
_check_progress = progress.check


def specify(
    model: str | Mapping[str, float] | Family,
    axes: Iterable[str | Axis] | str | Axis,
    names: str | Iterable[str],
    table: object,
    points: int,
    constraints: Any,
    fixed_and_options: Mapping[str, object],
) -> ScanSpec:
    """Return the complete, checked specification of a scan. Raises as `scan` does for bad input."""
    members = family(model)
    if not isinstance(names, str | Iterable):
        raise ParameterError(f"observables = {names!r} is not allowed: give names, such as neff")
    asked = [observables.parse(text) for text in (names.split(",") if isinstance(names, str) else names)]
    if not asked:
        raise ParameterError("a scan needs an observable, such as neff")
    given = {name: value for name, value in fixed_and_options.items() if value is not None}
    known = {name for p in members.declared.every_parameter for name in (p.name, *p.aliases)}
    fixed = members.read({name: value for name, value in given.items() if name in known})
    options = {name: value for name, value in given.items() if name not in known}
    allowed = (*observables.history_options(), *observables.YIELD_OPTIONS, *members.choices)
    for name in options:
        if name not in allowed:
            raise unknown_name("parameter or option", name, (*members.names, *allowed))
    found = points_of(members, axes, table, points, fixed)
    judged = tuple(_name(limit) for limit in _entries(constraints))
    unique = tuple(dict.fromkeys(one.full for one in asked))
    spec = ScanSpec(members, found, fixed, unique, judged, options)
    return with_inputs(spec, observables.check(asked, judged))


def _entries(constraints: Any) -> list[Any]:
    from nuportal.limits.base import Limit

    if isinstance(constraints, str):
        return [part.strip() for part in constraints.split(",")]
    if isinstance(constraints, Path | Limit):
        return [constraints]
    if not isinstance(constraints, Iterable):
        raise ParameterError(f"constraints = {constraints!r} is not allowed: give names, folders or Limit objects")
    return list(cast("Iterable[Any]", constraints))


def _name(limit: Any) -> str:
    """The name of a constraint, by which another process finds it: a user's own by its folder."""
    from nuportal.limits.registry import names

    if isinstance(limit, str):
        return limit
    if isinstance(limit, Path):
        return str(limit.resolve())
    return limit.about.name if limit.about.name in names() else str(limit.folder.resolve())


class PartJournal(Records):
    """The finished parts of a scan."""

    def finished(self) -> Iterator[tuple[Part, list[list[Found]]]]:
        """Yield every complete part, [observable][point], and cut off what a killed run left behind it."""
        for payload in self.payloads():
            header, _, data = payload.partition(b"\n")
            fields = json.loads(header)
            part = Part(*fields["part"])
            values = np.frombuffer(data, dtype="<f8").reshape(-1, part.stop - part.start)
            yield part, [_found(*row) for row in zip(values, fields["reasons"], fields["warnings"], strict=True)]

    def append(self, part: Part, found: list[list[Found]]) -> None:
        """Write one finished part at the end and force it to disk. Raises OutputError."""
        texts = [({k: f.reason for k, f in enumerate(row)}, {k: f.warning for k, f in enumerate(row)}) for row in found]
        reasons, warnings = ([{k: t for k, t in of.items() if t} for of in kind] for kind in zip(*texts, strict=True))
        header = json.dumps({"part": part, "reasons": reasons, "warnings": warnings}).encode() + b"\n"
        self.append_payload(header + np.array([[f.value for f in row] for row in found], dtype="<f8").tobytes())


def _found(values: np.ndarray, reasons: Mapping[str, str], warnings: Mapping[str, str]) -> list[Found]:
    return [Found(v, reasons.get(str(k), ""), warnings.get(str(k), "")) for k, v in enumerate(values.tolist())]


@dataclass(frozen=True)
class _Work:
    """Calculates the observables of a part, [observable][point]."""

    spec: ScanSpec

    def __call__(self, part: Part) -> list[list[Found]]:
        asked = [observables.parse(text) for text in self.spec.observables]
        found = [self._point(index, asked) for index in range(*part)]
        return [list(column) for column in zip(*found, strict=True)]

    def _point(self, index: int, asked: list[Observable]) -> list[Found]:
        try:
            point = Point(self.spec, index)
        except NuportalError as error:  # the model does not allow these values
            return [Found(np.nan, str(error))] * len(asked)
        return [point.find(one) for one in asked]


def _parts(total: int) -> list[Part]:
    size = min(max(1, total // PARTS), LARGEST)
    return [Part(start, min(start + size, total)) for start in range(0, total, size)]


def _compute(
    spec: ScanSpec,
    journal: PartJournal | None,
    executor: Where | Executor,
    workers: int | None,
    shown: Progress,
) -> "xarray.Dataset":
    every = _parts(len(spec.points))
    done = {} if journal is None else dict(journal.finished())
    waiting = [part for part in every if part not in done]
    ready = sum(part.stop - part.start for part in done)
    with progress.bar(spec, len(spec.points), ready, shown, "points") as advance:
        for part, found in execute.each(_Work(spec), waiting, executor, workers):
            done[part] = found
            if journal is not None:
                journal.append(part, found)
            advance(part.stop - part.start)
    columns = zip(*(done[part] for part in every), strict=True)
    return file.dataset(spec, [[f for part in column for f in part] for column in columns])
