"""Experiments with coherent recoils of nuclei: a number of events against the one that the Standard Model gives.

Their folders hold a measurement.toml of kind "nuclear": target, source, selection, and the two numbers.
"""

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from nuportal.detectors.targets import nuclei, target
from nuportal.errors import DataFileError, NuportalError
from nuportal.experiments.schema import Part
from nuportal.experiments.selection import Positive, Selection
from nuportal.experiments.setup import Setup
from nuportal.experiments.tables import read_table
from nuportal.folders import member
from nuportal.sources.parts import Source, SourceName
from nuportal.sources.parts import source as source_named
from nuportal.toml_files import checked, read

BINS = 20  #: of a spectrum, over the window of the selection


class Events(Part):
    """Observed (background taken off) and expected events, with their errors; those of the expectation are relative.

    beam: name of the beam whose flux error is part of relative_error, and shared with other detectors there.
    """

    observed: Positive
    error: Positive
    expected: Positive
    relative_error: Positive
    beam: str | None = None
    flux_error: float = Field(default=0.0, ge=0, allow_inf_nan=False)

    @property
    def own_error(self) -> float:
        """Relative error of the expectation without that of the flux."""
        return float(np.sqrt(self.relative_error**2 - self.flux_error**2))

    @model_validator(mode="after")
    def _flux_is_a_part(self) -> "Events":
        if (self.beam is None) != (self.flux_error == 0) or self.flux_error > self.relative_error:
            raise ValueError("beam and flux_error belong together, and flux_error is a part of relative_error")
        return self


class CountingFile(BaseModel):
    """The whole measurement.toml of kind "nuclear".

    flux: the parts of the source that take part. electrons: whether recoils of electrons pass the same selection.
    efficiency: a table against the recoil energy of the nucleus, keV.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1)
    kind: Literal["nuclear"]
    target: str
    source: SourceName
    flux: tuple[str, ...] = ("all",)
    references: list[str] = Field(min_length=1)
    events: Events
    selection: Selection
    electrons: bool = False
    efficiency: str | None = None


class CountingExperiment:
    """A counting experiment: its numbers (`spec`), and `setup`, which says what its detector sees."""

    kind: Literal["nuclear"] = "nuclear"

    def __init__(self, path: Path, spec: CountingFile):
        self.path, self.spec = path, spec
        self.material = target(spec.target)
        nuclei(spec.target)  # refuses a target whose nuclei are not known
        self.efficiency: tuple[np.ndarray, np.ndarray] | None = None
        if spec.efficiency is not None:
            table = read_table(member(path, spec.efficiency))
            energy, seen = table.column("recoil_keV"), table.column("efficiency")
            table.require(np.append(True, np.diff(energy) > 0), "recoil_keV must increase")
            table.require((seen >= 0) & (seen <= 1), "efficiency must lie between 0 and 1")
            self.efficiency = energy, seen

    def __reduce__(self):
        return read_counting, (self.path,)

    def __repr__(self) -> str:
        return f"<CountingExperiment {self.key}: {self.spec.events.observed:g} of {self.spec.events.expected:g} events>"

    @property
    def key(self) -> str:
        """Name of the folder."""
        return self.path.name

    @property
    def name(self) -> str:
        """Name for titles."""
        return self.spec.name

    @property
    def references(self) -> list[str]:
        """BibTeX keys."""
        return list(self.spec.references)

    @property
    def low(self) -> np.ndarray:
        """Lower end of the window, electron-equivalent keV."""
        return np.array([self.spec.selection.window[0]])

    @property
    def high(self) -> np.ndarray:
        """Upper end of the window, electron-equivalent keV."""
        return np.array([self.spec.selection.window[1]])

    @property
    def counts(self) -> np.ndarray:
        """The observed number of events."""
        return np.array([self.spec.events.observed])

    @property
    def source(self) -> Source:
        """The source; of reactors and pions at rest with unit flux, since only ratios to the expectation count."""
        return source_named(self.spec.source, None if self.spec.source == "solar" else 1.0)

    def unverified(self) -> list[str]:
        """Return the parts whose numbers were not checked against the primary source."""
        return ["events"] if self.spec.events.status == "unverified" else []

    def merged(self, width: float | None) -> "CountingExperiment":
        """Return the experiment itself: it has one bin."""
        return self

    def setup(self, edges: np.ndarray | None = None) -> Setup:
        """Return what is seen per tonne and year, in these bins (keV) or in one bin over the window."""
        window = np.concatenate([self.low, self.high])
        events = self.spec.events
        notes = (
            f"in all bins together {events.observed:g} +- {events.error:g} observed, {events.expected:g} expected",
        )
        return Setup(
            self.name,
            self.material,
            "nuclear",
            window if edges is None else edges,
            1.0,
            self.spec.selection,
            self.efficiency,
            self.key,
            "nuclear",
            tuple(self.references),
            tuple(self.unverified()),
            notes,
        )

    def bins(self, width: float | None) -> np.ndarray:
        """Return edges of a spectrum over the window: at least `width` (keV) apart, at most BINS bins."""
        low, high = float(self.low[0]), float(self.high[0])
        most = BINS if width is None else max(1, int((high - low) / width * (1 + 1e-9)))
        return np.linspace(low, high, min(BINS, most) + 1)


def read_counting(folder: Path) -> CountingExperiment:
    """Read and check a folder. Raises DataFileError."""
    path = folder / "measurement.toml"
    content, text = read(path)
    spec = checked(CountingFile, content, path, text)
    if not 0 <= spec.selection.window[0] < spec.selection.window[1] < np.inf:
        raise DataFileError(f"{path}: selection: low and high must be two energies, the smaller first")
    try:
        return CountingExperiment(folder, spec)
    except DataFileError:
        raise
    except NuportalError as error:
        raise DataFileError(f"{path}: {error}") from None
