"""What measurement.toml may contain (pydantic): unknown keys, wrong types and numbers out of range are refused."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from nuportal.toml_files import checked, read

DAYS_A_YEAR = 365.25


class Part(BaseModel):
    """Numbers from one source."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    status: Literal["verified", "unverified"]
    provenance: str = Field(min_length=1)


class TableFile(Part):
    """A table of the folder."""

    file: str


class Exposure(Part):
    """Target mass times time."""

    value: float = Field(gt=0, allow_inf_nan=False)
    unit: Literal["t y", "t d", "kg d"]

    def in_tonne_years(self) -> float:
        """Return the exposure in t y."""
        return self.value * {"t y": 1.0, "t d": 1 / DAYS_A_YEAR, "kg d": 1e-3 / DAYS_A_YEAR}[self.unit]


class Resolution(Part):
    """sigma = sqrt * sqrt(E) + linear * E, in keV."""

    sqrt: float = Field(gt=0, allow_inf_nan=False)
    linear: float = Field(ge=0, allow_inf_nan=False)


class Background(Part):
    """Gaussian error of the normalisation."""

    relative_error: float = Field(ge=0, lt=1)


class FreeComponent(Part):
    """A background whose number of events only the data fix; its shape is the column `name` of the bins."""

    name: str
    low: float = Field(ge=0)
    high: float = Field(gt=0, allow_inf_nan=False)
    start: float = Field(ge=0)


class MeasurementFile(BaseModel):
    """The whole measurement.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1)
    kind: Literal["counts", "rates"]
    target: str
    references: list[str] = Field(min_length=1)
    bins: TableFile
    exposure: Exposure
    efficiency: TableFile | None = None
    resolution: Resolution | None = None
    background: Background | None = None
    inverse_covariance: TableFile | None = None
    free_component: list[FreeComponent] = []

    @model_validator(mode="after")
    def _complete(self):
        needed = ("efficiency", "resolution", "background") if self.kind == "counts" else ("inverse_covariance",)
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(f"kind '{self.kind}' needs a table [{name}]")
        return self

    def unverified(self) -> list[str]:
        """Return the names of the parts whose numbers are unverified."""
        parts = [(name, getattr(self, name)) for name in type(self).model_fields]
        parts += [(part.name, part) for part in self.free_component]
        return [name for name, part in parts if isinstance(part, Part) and part.status == "unverified"]


def read_measurement(path: Path) -> MeasurementFile:
    """Read and check measurement.toml. Raises DataFileError naming file, line and entry."""
    content, text = read(path)
    return checked(MeasurementFile, content, path, text)
