"""A scan as an xarray dataset and its files: netCDF with everything, CSV with the values."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal import sealed
from nuportal.errors import DataFileError
from nuportal.output import checked, replacing
from nuportal.provenance import stamp
from nuportal.scans.observables import FITTED, Found, Observable, parse, references
from nuportal.scans.spec import ScanSpec

if TYPE_CHECKING:
    import xarray

KIND = "nuportal scan 1"
SUFFIXES = (".nc", ".csv")


def dataset(spec: ScanSpec, found: Sequence[Sequence[Found]]) -> "xarray.Dataset":
    """Return the dataset of a scan from what was found, [observable][point]."""
    import xarray

    dims = tuple(spec.points.columns) if spec.points.grid else ("point",)
    asked = [parse(text) for text in spec.observables]
    variables: dict[str, Any] = {}
    for one, column in zip(asked, found, strict=True):
        values = np.array([f.value for f in column])
        described = {"long_name": one.long_name, "units": _unit(spec, one)}
        variables[one.label] = (dims, values.reshape(spec.shape), described)
        for suffix, key, texts in (
            ("status", "reasons", [f.reason or "no value" if np.isnan(f.value) else "" for f in column]),
            ("warned", "warnings", [f.warning for f in column]),
        ):
            known = list(dict.fromkeys(text for text in texts if text))
            codes = np.array([1 + known.index(text) if text else 0 for text in texts], dtype=np.int32)
            variables[f"{one.label}_{suffix}"] = (dims, codes.reshape(spec.shape), {key: json.dumps(known)})
    coordinates: dict[str, Any] = {}
    for name, values in spec.points.columns.items():
        unit = spec.family.parameter(name).unit or "1"
        coordinates[name] = ((name,) if spec.points.grid else dims, values.copy(), {"units": unit})
    attributes = stamp(spec.describe(), spec.settings, references(asked, spec.constraints))
    attributes |= {"kind": KIND, "input_hash": spec.hash, "observables": json.dumps([one.label for one in asked])}
    return xarray.Dataset(variables, coordinates, attributes)


def _unit(spec: ScanSpec, one: Observable) -> str:
    """The unit of an observable: that of the fitted coupling, or none."""
    if one.name not in FITTED[:2]:
        return "1"
    from nuportal.inference.families import one_coupling

    return one_coupling(spec.model(0)).unit or "1"


def write(result: "xarray.Dataset", path: str | Path) -> Path:
    """Write a scan as netCDF (.nc) or its values as a table (.csv), replacing the old file only when it is complete.

    Raises OutputError.
    """
    path = checked(path, SUFFIXES)
    if path.suffix == ".nc":
        return sealed.write(result, path)
    names: list[str] = json.loads(result.attrs["observables"])
    frame: Any = result[names].to_dataframe().reset_index()
    columns = [*(c for c in result.coords if c in frame.columns), *names]
    head = "".join(f"# {key}: {value}\n" for key, value in result.attrs.items())
    with replacing(path) as temporary:
        temporary.write_text(head + frame[columns].to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    return path


def read(path: Path, spec: ScanSpec) -> "xarray.Dataset":
    """Return the scan that a file holds. Raises DataFileError for a file that is damaged, no scan, or another one."""
    found = sealed.read(path, "scan")
    if found.attrs.get("kind") != KIND:
        raise DataFileError(f"'{path}' is not a scan written by nuportal")
    if found.attrs.get("input_hash") != spec.hash:
        raise DataFileError(f"'{path}' holds another scan: remove it, choose another file, or replace it")
    return found
