"""What `--json` prints of models: history, light elements, evaluation, planes, scans."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """A JSON document whose keys are all declared."""

    model_config = ConfigDict(extra="forbid")


class ModelRow(Document):
    """A named U(1)_X model: charges by generation, and whether anomalies cancel."""

    name: str
    quarks: list[float]
    leptons: list[float]
    anomaly_free_without_nu_R: bool
    anomaly_free_with_nu_R: bool
    anomalies: dict[str, float]


class ParameterRow(Document):
    """A parameter of a model: the range is that of planes of constraints, default null where it must be given."""

    name: str
    unit: str
    default: Any
    range: str
    help: str


class ModelDescription(Document):
    """`nuportal models NAME`: what a model takes and which observables it has."""

    name: str
    title: str
    parameters: list[ParameterRow]
    choices: dict[str, list[str]]
    observables: str


class History(BaseModel):
    """N_eff with errors and status. Further entries depend on the treatment: fate of the boson, regime."""

    model_config = ConfigDict(extra="allow")
    neff: float | None
    theory_error: float | None
    numerical_error: float | None
    energy_residual: float | None
    status: str
    message: str
    warnings: list[str]
    start: str | None
    steps: int
    provenance: dict[str, str]


class Neff(History):
    """`nuportal neff`."""

    model: dict[str, Any]


class Evolution(History):
    """`nuportal evolve`: the course of a point; of neutrinos the electron flavour. t_gamma falls along the lists."""

    t_gamma: list[float]
    t_nu: list[float | None]
    mu_nu: list[float | None]
    t_boson: list[float | None]
    rho_boson: list[float | None]
    t: list[float | None]
    a: list[float]
    neff_evolution: list[float | None]


class Comparison(Document):
    """Light elements against measurements: pulls in standard deviations at the best omega_b."""

    model_config = ConfigDict(extra="allow")
    chi2: float | None
    pulls: dict[str, float | None]
    measurements: list[str]


class LightElements(Document):
    """`nuportal bbn`; errors, theory_error, numerical_error and covariance in the order Y_p, D_H, He3_H, Li7_H."""

    Y_p: float | None
    D_H: float | None
    He3_H: float | None
    Li7_H: float | None
    errors: list[float | None]
    theory_error: list[float | None]
    numerical_error: list[float | None]
    covariance: list[list[float | None]]
    status: str
    message: str
    warnings: list[str]
    rates: str
    omega_b: float
    tau_n: float
    neff: float | None
    model: dict[str, Any]
    comparison: Comparison
    provenance: dict[str, str]


class Verdict(Document):
    """What one constraint says of a point; ratio: the coupling over the edge of what is excluded."""

    name: str
    label: str
    group: str
    kind: str
    status: Literal["ok", "not applicable", "out of range", "failed"]
    excluded: bool | None
    ratio: float | None
    loglike: float | None
    cl: float | None
    reason: str
    data: list[str]
    references: list[str]


class Evaluation(Document):
    """`nuportal evaluate`; loglike is relative to the Standard Model."""

    model: dict[str, Any]
    excluded: bool
    excluded_by: list[str]
    loglike: float | None
    loglike_of: list[str]
    constraints: list[Verdict]
    provenance: dict[str, str]


class AxisRow(Document):
    """An axis."""

    name: str
    low: float
    high: float
    points: int
    scale: Literal["log", "lin"]


class NeffConstraint(Document):
    """A measurement on a plane: allowed interval, share of the plane outside, and its contours by value."""

    name: str
    label: str
    kind: str
    low: float | None
    high: float | None
    cl: float | None
    share: float
    contours: dict[str, list[list[list[float]]]]


class _OfPlane(BaseModel):
    """What every plane says of itself, and where it was written."""

    model: str
    x: AxisRow
    y: AxisRow
    fixed: dict[str, Any]
    input_hash: str
    points: int
    picture: str | None
    data: str
    files: list[str]


class Plane(_OfPlane):
    """`nuportal plane` of one quantity; `<quantity>_min` and `<quantity>_max` stand beside these."""

    model_config = ConfigDict(extra="allow")
    calculated: int
    failed: int
    failures: dict[str, int]
    warnings: dict[str, int]
    theory_error_max: float | None
    quantity: str
    constraints: list[NeffConstraint]


class ShareRow(Document):
    """The share of a plane that a constraint excludes, and where it is the strongest."""

    name: str
    label: str
    kind: str
    method: str
    cl: float | None
    accuracy: float
    share: float
    strongest: float
    references: str


class ExclusionPlane(_OfPlane):
    """`nuportal plane --constraints all` (or any constraint that is no measurement of N_eff)."""

    model_config = ConfigDict(extra="forbid")
    excluded: float
    failed: float
    failures: dict[str, str]
    not_applicable: dict[str, str]
    constraints: list[ShareRow]


class ScanRow(Document):
    """An observable of a scan."""

    model_config = ConfigDict(extra="allow")
    observable: str
    unit: str
    min: float | None
    max: float | None
    without_value: int
    reasons: dict[str, int]


class Scan(Document):
    """`nuportal scan`."""

    model_config = ConfigDict(extra="allow")
    sizes: dict[str, int]
    points: int
    input_hash: str
    observables: list[ScanRow]
    files: list[str]
