"""What `--json` prints of constraints, experiments, recoils and fits, and of the installation."""

from typing import Any, Literal

from pydantic import ConfigDict, RootModel

from nuportal.cli.schemas_models import AxisRow, Document
from nuportal.limits.about import About


class LimitRow(About):
    """A constraint: its limit.toml, with validity_MeV."""

    validity_MeV: tuple[float, float]


class Excluded(Document):
    """An excluded interval; open where it reaches the end of what was scanned."""

    low: float
    high: float
    open_below: bool
    open_above: bool


class LimitHere(LimitRow):
    """A constraint, and what it excludes of a model's coupling (`nuportal limits MODEL --mass ...`)."""

    status_here: Literal["ok", "not applicable", "out of range", "failed"]
    parameter: str
    excluded: list[Excluded]
    failed: list[list[float]]
    reason: str


class ExperimentRow(Document):
    """An experiment of `recoil` and `fit`."""

    name: str
    folder: str
    title: str
    kind: Literal["counts", "rates", "nuclear"]
    recoil: Literal["electron", "nuclear"]
    source: str
    target: str
    exposure: str | None
    low_keV: float
    high_keV: float
    bins: int
    references: list[str]
    unverified: list[str]


class Recoil(Document):
    """`nuportal recoil`: events per bin (rates for Borexino); components: what the model adds, by part of the flux."""

    experiment: str
    kind: Literal["counts", "rates", "nuclear", "target"]
    recoil: Literal["electron", "nuclear"]
    source: Literal["solar", "reactor", "pion-decay"]
    low_keV: list[float]
    high_keV: list[float]
    counts: list[float] | None
    background: list[float] | None
    sm: list[float]
    signal: list[float]
    expected: list[float]
    components: dict[str, list[float]]
    notes: list[str]
    unverified: list[str]
    provenance: dict[str, str]


class ExpectedLimit(Document):
    """The limit expected without a signal."""

    median: float
    one_sigma: tuple[float, float]
    two_sigma: tuple[float, float]
    cl: float
    sided: str


class Fit(Document):
    """`nuportal fit` of one parameter; the entries after provenance stand there where they are asked for."""

    family: str
    parameter: str
    unit: str
    experiments: list[str]
    best: float
    cl: float
    interval: tuple[float, float]
    upper_limit: float
    significance: float
    nuisances: dict[str, float]
    notes: list[str]
    unverified: dict[str, list[str]]
    provenance: dict[str, str]
    expected: ExpectedLimit | None = None
    cls_limit: float | None = None
    p_value: float | None = None
    p_value_error: float | None = None
    smallest_p_value: float | None = None
    toys: int | None = None
    seed: int | None = None
    observed_statistic: float | None = None


class SeveralFit(Document):
    """`nuportal fit` of several parameters: statistic is 2 Delta ln L on the grid, nested as the parameters."""

    family: str
    experiments: list[str]
    parameters: list[AxisRow]
    best: dict[str, float]
    cl: float
    intervals: dict[str, tuple[float, float]]
    significance: float
    statistic: list[Any]
    contour: list[list[tuple[float, float]]]
    notes: list[str]
    provenance: dict[str, str]


class New(Document):
    """`nuportal new`."""

    what: str
    name: str
    files: list[str]
    next: str


class ReproducedRow(Document):
    """A number of a paper beside ours."""

    model_config = ConfigDict(extra="allow")
    quantity: str
    paper: float | str | None
    preset: float | str | None
    default: float | str | None
    where: str


class Reproduced(Document):
    """`nuportal reproduce NAME`; of "all" a list of these."""

    name: str
    title: str
    preset: str
    rows: list[ReproducedRow]
    notes: list[str]
    picture: str | None
    references: str


class Check(Document):
    """A value of the self-check."""

    found: float
    expected: float
    tolerance: float


class Doctor(Document):
    """`nuportal doctor`."""

    model_config = ConfigDict(extra="allow")
    python: str
    versions: dict[str, str]
    compiled_functions_cached: int
    checks: dict[str, Check]
    ok: bool


class Bench(RootModel[dict[str, float]]):
    """`nuportal bench`: speeds and errors by name."""


class ListOf(RootModel[dict[str, str]]):
    """Names with a text each: the BibTeX of `nuportal cite`, the titles of `nuportal reproduce`."""
