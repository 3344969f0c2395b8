"""Files of a History: netCDF, which keeps every bit, and a table of columns."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nuportal import sealed
from nuportal.cosmology.history import Caution, History, Spectra
from nuportal.errors import DataFileError
from nuportal.models.base import FLAVOURS
from nuportal.output import checked, replacing
from nuportal.solvers.status import Status

if TYPE_CHECKING:
    import xarray as xr

KIND = "nuportal history 1"
_ALONG = {
    "a": "",
    "t": "s",
    "hubble": "MeV",
    "t_gamma": "MeV",
    "t_boson": "MeV",
    "rho_em": "MeV^4",
    "rho_boson": "MeV^4",
}
_BATHS = {"t_nu": "MeV", "rho_nu": "MeV^4", "mu_nu": "MeV"}
#: field of Spectra -> dimensions
_SPECTRA = {
    "momentum": ("momentum",),
    "occupation": ("step", "flavour", "momentum"),
    "boson_momentum": ("boson_momentum",),
    "boson_occupation": ("step", "boson_momentum"),
    "occupation_R": ("step", "flavour", "momentum"),
}
_NUMBERS = ("neff", "theory_error", "numerical_error", "energy_residual")


def to_dataset(history: History) -> "xr.Dataset":
    """Return the history as an xarray dataset over the step, with units and provenance as attributes."""
    import xarray as xr

    along = {**_ALONG, "neff_evolution": ""}
    variables: dict[str, Any] = {k: ("step", getattr(history, k), {"units": unit}) for k, unit in along.items()}
    for name, unit in _BATHS.items():
        if (values := getattr(history, name)) is not None:
            variables[name] = (("step", "bath"), values, {"units": unit})
    if history.rho_nu_R is not None:
        variables["rho_nu_R"] = (("step", "flavour"), history.rho_nu_R, {"units": "MeV^4"})
    coordinates: dict[str, object] = {"bath": ["common"] if history.t_nu.shape[1] == 1 else list(FLAVOURS)}
    for name, dimensions in _SPECTRA.items():
        if history.spectra is None or (values := getattr(history.spectra, name)) is None:
            continue
        if name in dimensions:
            coordinates[name] = (dimensions, values, {"units": "MeV", "long_name": "comoving momentum, a = 1 today"})
        else:
            variables[name] = (dimensions, values, {"units": ""})
            if "flavour" in dimensions:
                coordinates["flavour"] = list(FLAVOURS)
    summary = {
        "kind": KIND,
        **{name: getattr(history, name) for name in _NUMBERS},
        "status": history.status.name,
        "warnings": "; ".join(w.name for w in history.warnings),
        "steps": history.steps,
        "details": json.dumps(history.details, default=str),
    }
    return xr.Dataset(variables, coordinates, {**summary, **history.provenance})


def save(history: History, path: str | Path) -> Path:
    """Write .nc (netCDF, complete) or .csv (columns and a header). Raises OutputError."""
    path = checked(path, (".nc", ".csv"))
    if path.suffix.lower() == ".nc":
        return sealed.write(to_dataset(history), path)
    with replacing(path) as temporary:
        _write_csv(history, temporary)
    return path


def load(path: str | Path) -> History:
    """Read a .nc file written by `save`. Raises DataFileError."""
    data = sealed.read(path, "history")
    attributes = dict(data.attrs)
    if attributes.pop("kind", None) != KIND:
        raise DataFileError(f"'{path}' is not a history written by nuportal")
    with sealed.understood(path, "history"):
        names = (*_ALONG, *_BATHS, "rho_nu_R", *_SPECTRA)
        known = {name: data[name].to_numpy() for name in names if name in data.variables}
        spectra = {name: known.pop(name) for name in _SPECTRA if name in known}
        if missing := {*_ALONG, "t_nu", "rho_nu"} - set(known):
            raise KeyError(", ".join(sorted(missing)))
        return History(
            **{name: float(attributes.pop(name)) for name in _NUMBERS},  # type: ignore[arg-type]
            status=Status[attributes.pop("status")],
            warnings=tuple(Caution[w] for w in attributes.pop("warnings").split("; ") if w),
            steps=int(attributes.pop("steps")),
            details=json.loads(attributes.pop("details")),
            provenance={k: str(v) for k, v in attributes.items()},
            spectra=Spectra(**spectra) if spectra else None,
            **known,
        )


def _write_csv(history: History, path: Path) -> None:
    baths = ["nu"] if history.t_nu.shape[1] == 1 else [f"nu_{flavour}" for flavour in FLAVOURS]
    columns = {"a": history.a, "t_s": history.t, "H_MeV": history.hubble, "T_gamma_MeV": history.t_gamma}
    columns |= {f"T_{b}_MeV": history.t_nu[:, k] for k, b in enumerate(baths)}
    columns |= {"T_boson_MeV": history.t_boson, "rho_em_MeV4": history.rho_em}
    columns |= {f"rho_{b}_MeV4": history.rho_nu[:, k] for k, b in enumerate(baths)}
    if history.rho_nu_R is not None:
        columns |= {f"rho_nu_R_{flavour}_MeV4": history.rho_nu_R[:, k] for k, flavour in enumerate(FLAVOURS)}
    columns |= {"rho_boson_MeV4": history.rho_boson, "N_eff": history.neff_evolution}
    header = [f"# {k}: {v}" for k, v in {**history.to_dict(), **history.provenance}.items()]
    rows = [",".join(f"{v:.10e}" for v in row) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join([*header, ",".join(columns), *rows]) + "\n", encoding="utf-8")
