"""A measurement read from a folder: measurement.toml and its tables, checked, each number with its status.

experiment("xenon1t_sr1")                 # one that comes with nuportal
experiment("my/folder")                   # a folder of your own with the same three files
"""

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from nuportal.detectors.response import Detector
from nuportal.detectors.targets import target
from nuportal.errors import DataFileError, NuportalError, ParameterError, unknown_name
from nuportal.experiments.counting import CountingExperiment, read_counting
from nuportal.experiments.schema import FreeComponent, MeasurementFile, read_measurement
from nuportal.experiments.tables import Table, read_table
from nuportal.folders import member
from nuportal.own_references import remember
from nuportal.readonly import ReadOnly
from nuportal.toml_files import read as read_toml
from nuportal.units import converted

HIGHEST = 2e4  #: keV; no solar neutrino gives a larger recoil, so that larger numbers are in another unit
LIGHTEST, HEAVIEST = 1e-9, 1e7  #: t y
MOST = 1e12  #: events in a bin


@dataclass(frozen=True, eq=False)
class Experiment(ReadOnly):
    """Data in bins with what is needed to predict them. Energies in keV as published; `path` is the folder.

    kind "counts": Poisson counts and background per bin; "rates": measured rates (per day and 100 t) of solar
    components with inverse covariance. free: templates normalised to one event, each with its allowed range.
    """

    path: Path
    spec: MeasurementFile
    low: np.ndarray
    high: np.ndarray
    counts: np.ndarray
    background: np.ndarray
    free: tuple[tuple[FreeComponent, np.ndarray], ...]
    component: tuple[str, ...]
    inverse_covariance: np.ndarray | None
    detector: Detector

    @property
    def name(self) -> str:
        """Name for titles."""
        return self.spec.name

    @property
    def kind(self) -> str:
        """Counts in bins ("counts") or measured rates ("rates")."""
        return self.spec.kind

    @property
    def key(self) -> str:
        """Name of the folder."""
        return self.path.name

    @property
    def edges(self) -> np.ndarray:
        """Edges of contiguous bins, keV."""
        return np.append(self.low, self.high[-1])

    @property
    def references(self) -> list[str]:
        """BibTeX keys."""
        return list(self.spec.references)

    def merged(self, width: float | None) -> "Experiment":
        """Return the same data in bins at least `width` keV wide (None, or rates: unchanged). Raises ParameterError."""
        width = converted(width, "bin_width", ("keV",))
        if width is None or self.kind == "rates":
            return self
        if isinstance(width, str) or not 0 < width < np.inf:
            raise ParameterError(f"bin_width = {width} keV is not allowed: it must be finite and positive")
        starts = [0]
        for k, low in enumerate(self.low):
            if low - self.low[starts[-1]] > width * (1 - 1e-9):
                starts.append(k)
        if len(starts) > 1 and self.high[-1] - self.low[starts[-1]] < width * (1 - 1e-9):
            starts.pop()
        counts, background = (np.add.reduceat(column, starts) for column in (self.counts, self.background))
        free = tuple((part, np.add.reduceat(template, starts)) for part, template in self.free)
        high = np.append(self.low[starts[1:]], self.high[-1])
        return replace(self, low=self.low[starts], high=high, counts=counts, background=background, free=free)

    def unverified(self) -> list[str]:
        """Return the parts of the folder whose numbers were not checked against the primary source."""
        return self.spec.unverified()


def names() -> list[str]:
    """Return the experiments that come with nuportal."""
    folder = files("nuportal.experiments")
    return sorted(entry.name for entry in folder.iterdir() if entry.joinpath("measurement.toml").is_file())


@cache
def short_names() -> dict[str, str]:
    """Return the experiments by first word ("xenonnt": "xenonnt_sr0"), of several runs the first ("lz": 2022).

    Of counting experiments those alone that no other shares its first word with ("conus").
    """
    every = names()
    first = {name: name.partition("_")[0] for name in every}
    counting = [name for name in every if _is_counting(_folder(name))]
    kept = [name for name in every if name not in counting or list(first.values()).count(first[name]) == 1]
    return {first[name]: name for name in reversed(kept)}


def own_name(given: str) -> str | None:
    """Return the name of the folder of nuportal that a name stands for, or None."""
    folded = given.strip().casefold().replace("-", "_").replace(" ", "_")
    folded = short_names().get(folded, folded)
    return folded if folded in names() else None


def experiment(given: "str | Path | Experiment | CountingExperiment") -> Any:
    """Return an experiment by name or folder: an `Experiment`, or a `CountingExperiment` of kind "nuclear".

    Raises UnknownNameError, DataFileError (file and line named).
    """
    if isinstance(given, Experiment | CountingExperiment):
        return given
    if not isinstance(given, str | Path):
        raise ParameterError(f"experiment {given!r} is not a name, a folder or an Experiment")
    if (own := own_name(str(given))) is not None:
        return _load(_folder(own))
    if Path(given).is_dir():
        return load(Path(given))
    if isinstance(given, Path) or "/" in given:
        raise DataFileError(f"there is no experiment folder '{given}'")
    raise unknown_name("experiment", str(given), (*short_names(), *names()))


def _is_counting(folder: Path) -> bool:
    return read_toml(folder / "measurement.toml")[0].get("kind") == "nuclear"


def _folder(name: str) -> Path:
    return Path(str(files("nuportal.experiments").joinpath(name)))


def load(folder: Path) -> Experiment | CountingExperiment:
    """Read and check a folder. Raises DataFileError."""
    if _is_counting(folder):
        counting = read_counting(folder)
        _check_references(folder, counting.references)
        return counting
    spec = read_measurement(folder / "measurement.toml")
    _check_references(folder, spec.references)
    bins = read_table(member(folder, spec.bins.file))
    low, high = bins.column("low_keV"), bins.column("high_keV")
    bins.require(low >= 0, "low_keV must not be negative")
    bins.require(high > low, "empty bin: high_keV must be larger than low_keV")
    bins.require(high <= HIGHEST, f"above {HIGHEST:g} keV, beyond solar neutrinos: are these energies in eV?")
    if not LIGHTEST <= spec.exposure.in_tonne_years() <= HEAVIEST:
        raise DataFileError(
            f"{folder / 'measurement.toml'}: exposure of {spec.exposure.value:g} {spec.exposure.unit} is not credible: "
            f"{LIGHTEST:g} to {HEAVIEST:g} t y are allowed"
        )
    try:
        material = target(spec.target)
    except NuportalError as error:
        raise DataFileError(f"{folder / 'measurement.toml'}: {error}") from None
    if spec.kind == "rates":
        return _rates(folder, spec, bins, Detector(material, spec.exposure.in_tonne_years(), _UNIT, (0.0, 0.0)))
    bins.require(np.append(True, np.isclose(low[1:], high[:-1])), "bins must follow each other without a gap")
    counts, background = bins.column("counts"), bins.column("background")
    bins.require((counts >= 0) & (counts == np.round(counts)), "counts must be whole and not negative")
    bins.require(background >= 0, "background must not be negative")
    bins.require((counts <= MOST) & (background <= MOST), f"more than {MOST:g} events in a bin are not credible")
    free = tuple((part, bins.column(part.name)) for part in spec.free_component)
    assert spec.efficiency is not None and spec.resolution is not None
    table = read_table(member(folder, spec.efficiency.file))
    energy, value = table.column("energy_keV"), table.column("efficiency")
    table.require(np.append(True, np.diff(energy) > 0), "energy_keV must increase")
    table.require((value >= 0) & (value <= 1), "efficiency must lie between 0 and 1")
    resolution = (spec.resolution.sqrt, spec.resolution.linear)
    detector = Detector(material, spec.exposure.in_tonne_years(), (energy, value), resolution)
    return Experiment(folder, spec, low, high, counts, background, free, (), None, detector)


_UNIT = (np.array([0.0]), np.array([1.0]))


@cache
def _load(folder: Path) -> Experiment | CountingExperiment:
    return load(folder)


def _rates(folder: Path, spec: MeasurementFile, bins: Table, detector: Detector) -> Experiment:
    from nuportal.sources.solar_spectra import component_name

    assert spec.inverse_covariance is not None
    try:
        components = tuple(component_name(name) for name in bins.text("component"))
    except NuportalError as error:
        raise DataFileError(f"{folder / spec.bins.file}: {error}") from None
    table = read_table(member(folder, spec.inverse_covariance.file))
    matrix = np.column_stack([table.column(name) for name in bins.text("component")])
    size = len(components)
    if matrix.shape != (size, size) or not np.allclose(matrix, matrix.T) or np.any(np.linalg.eigvalsh(matrix) <= 0):
        raise DataFileError(f"{table.path}: the inverse covariance must be {size} x {size}, symmetric and positive")
    rate, zero = bins.column("rate"), np.zeros(size)
    return Experiment(
        folder, spec, bins.column("low_keV"), bins.column("high_keV"), rate, zero, (), components, matrix, detector
    )


def _check_references(folder: Path, keys: list[str]) -> None:
    from nuportal.references import bibliography, parse

    path = folder / "refs.bib"
    try:
        known = parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError):
        raise DataFileError(f"there is no readable file '{path}'") from None
    for key in keys:
        if key not in known:
            raise DataFileError(f"{path}: no entry '{key}', which measurement.toml names")
    if folder.resolve().parent != Path(str(files("nuportal.experiments"))).resolve():
        remember({key: entry for key, entry in known.items() if key not in bibliography()})
