"""The result of an evolution: temperatures, energy densities, expansion and N_eff, with status and warnings."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nuportal.cosmology.expansion import DILUTION, PHOTONS
from nuportal.errors import DataFileError, OutputError
from nuportal.solvers.status import Status

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from nuportal.cosmology.nucleosynthesis.yields import Yields


class Caution(StrEnum):
    """What a number does not include; the value is the text shown to the user."""

    BELOW_PAIR_THRESHOLD = (
        "M < 2 m_e without e gamma <-> e Z' (compton='off', or M < 50 keV): no contact with the plasma"
    )
    NOT_THERMALISED = (
        "thermal start, but decays and inverse decays are slower than the expansion at T = M: use start='zero'"
    )
    MASS_RANGE = "mass outside 0.05-300 MeV, where the solver has been tested: see nup.freeze_in for light bosons"
    COUPLING_RANGE = "coupling outside 1e-13-1e-2, where the thermal solver has been tested"
    NEUTRINO_NUMBER = (
        "neutrino chemical potential neglected: the boson makes too few e+- to keep it at zero, N_eff is uncertain by "
        "what the boson adds (nup.freeze_in follows it)"
    )
    FREEZE_IN_RANGE = "coupling above 1e-3 or mass below 0.1 eV, where freeze-in has been tested"
    SOFT_MODES = "N_eff depends on soft boson momenta: refine the momentum grid to see by how much"


@dataclass(frozen=True)
class History:
    """Evolution of the baths. Energies in MeV; arrays run over time [n].

    neff: N_eff at recombination, NaN unless status is OK. theory_error: estimate of what the treatment leaves out.
    t_nu, rho_nu: [n, baths] (one bath, or e, mu, tau). t_boson, rho_boson: NaN and 0 without a boson. a: scale factor,
    1 today. t: seconds. hubble: MeV. energy_residual: largest violation of d ln rho = -3 (1+w) dN.
    mu_nu [n], momentum and occupation [q] are there for momentum-resolved freeze-in only.
    """

    neff: float
    status: Status
    warnings: tuple[Caution, ...]
    theory_error: float
    a: np.ndarray
    t: np.ndarray
    hubble: np.ndarray
    t_gamma: np.ndarray
    t_nu: np.ndarray
    t_boson: np.ndarray
    rho_em: np.ndarray
    rho_nu: np.ndarray
    rho_boson: np.ndarray
    energy_residual: float
    provenance: dict[str, str] = field(repr=False)
    steps: int = 0
    mu_nu: np.ndarray | None = None
    momentum: np.ndarray | None = None
    occupation: np.ndarray | None = None
    details: dict[str, object] = field(default_factory=dict)

    @property
    def neff_evolution(self) -> np.ndarray:
        """(8/7)(11/4)^(4/3) (rho_nu + rho_boson)/rho_gamma along the evolution [n]."""
        return DILUTION * (self.rho_nu.sum(axis=1) + self.rho_boson) / (PHOTONS * self.t_gamma**4)

    @property
    def rho_total(self) -> np.ndarray:
        """Total energy density, MeV^4 [n]."""
        return self.rho_em + self.rho_nu.sum(axis=1) + self.rho_boson

    def to_dict(self) -> dict[str, object]:
        """Return the numbers that summarise the result, plain values (NaN as None), keys as the attributes."""
        return {
            "neff": self.neff if np.isfinite(self.neff) else None,
            "theory_error": self.theory_error,
            "status": self.status.name,
            "message": self.status.message,
            "warnings": [str(w) for w in self.warnings],
            "energy_residual": self.energy_residual if np.isfinite(self.energy_residual) else None,
            "steps": self.steps,
            **{k: v for k, v in self.details.items() if isinstance(v, str | int | float | bool)},
        }

    def to_dataset(self) -> "xr.Dataset":
        """Return the evolution as an xarray dataset over the step, with units and provenance as attributes."""
        import xarray as xr

        one = {"a": "", "t": "s", "hubble": "MeV", "t_gamma": "MeV", "t_boson": "MeV", "rho_em": "MeV^4"}
        one |= {"rho_boson": "MeV^4", "neff_evolution": ""}
        variables = {name: ("step", getattr(self, name), {"units": unit}) for name, unit in one.items()}
        variables |= {
            "t_nu": (("step", "bath"), self.t_nu, {"units": "MeV"}),
            "rho_nu": (("step", "bath"), self.rho_nu, {"units": "MeV^4"}),
        }
        if self.mu_nu is not None:
            variables["mu_nu"] = ("step", self.mu_nu, {"units": "MeV"})
        if self.momentum is not None and self.occupation is not None:
            variables["occupation"] = ("momentum", self.occupation, {"units": ""})
        names = ["common"] if self.t_nu.shape[1] == 1 else ["e", "mu", "tau"]
        coordinates: dict[str, object] = {"bath": names}
        if self.momentum is not None:
            coordinates["momentum"] = ("momentum", self.momentum, {"units": "MeV", "long_name": "comoving momentum"})
        summary = {
            "neff": self.neff,
            "theory_error": self.theory_error,
            "status": self.status.name,
            "warnings": "; ".join(w.name for w in self.warnings),
            "energy_residual": self.energy_residual,
            "steps": self.steps,
            "details": json.dumps(self.details, default=str),
        }
        return xr.Dataset(variables, coordinates, {**summary, **self.provenance})

    def save(self, path: str | Path) -> Path:
        """Write .nc (netCDF, complete) or .csv (columns and a header). Raises OutputError."""
        path = Path(path)
        try:
            if path.suffix == ".nc":
                self.to_dataset().to_netcdf(path, engine="h5netcdf")
            elif path.suffix == ".csv":
                self._write_csv(path)
            else:
                raise OutputError(f"cannot write '{path.name}': the ending must be .nc or .csv")
        except OSError as error:
            raise OutputError(f"cannot write '{path}': {error.strerror or error}") from None
        return path

    @classmethod
    def load(cls, path: str | Path) -> "History":
        """Read a .nc file written by `save`. Raises DataFileError."""
        import xarray as xr

        try:
            with xr.open_dataset(path, engine="h5netcdf") as stored:
                data = stored.load()
            attributes = dict(data.attrs)
            arrays = {name: data[name].to_numpy() for name in ("a", "t", "hubble", "t_gamma", "t_nu", "t_boson")}
            arrays |= {name: data[name].to_numpy() for name in ("rho_em", "rho_nu", "rho_boson")}
            mu_nu, occupation, momentum = (
                data[name].to_numpy() if name in data.variables else None
                for name in ("mu_nu", "occupation", "momentum")
            )
            return cls(
                neff=float(attributes.pop("neff")),
                status=Status[attributes.pop("status")],
                warnings=tuple(Caution[w] for w in attributes.pop("warnings").split("; ") if w),
                theory_error=float(attributes.pop("theory_error")),
                energy_residual=float(attributes.pop("energy_residual")),
                steps=int(attributes.pop("steps")),
                details=json.loads(attributes.pop("details")),
                provenance={k: str(v) for k, v in attributes.items()},
                mu_nu=mu_nu,
                momentum=momentum,
                occupation=occupation,
                **arrays,
            )
        except (OSError, KeyError, ValueError) as error:
            raise DataFileError(f"'{path}' is not a history written by nuportal: {error}") from None

    def yields(self, omega_b: float = 0.02237, tau_n: float = 878.4, rates: str = "primat2023", **options) -> "Yields":
        """Return Y_p, D/H, 3He/H and 7Li/H of this history: see `cosmology.nucleosynthesis.yields`."""
        from nuportal.cosmology.nucleosynthesis.yields import yields

        return yields(self, omega_b, tau_n, rates, **options)

    def plot(self, what: str = "all") -> "Figure":
        """Return a figure: "temperatures", "neff", "densities", or "all" three panels."""
        from nuportal.plotting.history import plot_history

        return plot_history(self, what)

    def _write_csv(self, path: Path) -> None:
        baths = ["nu"] if self.t_nu.shape[1] == 1 else ["nu_e", "nu_mu", "nu_tau"]
        columns = {"a": self.a, "t_s": self.t, "H_MeV": self.hubble, "T_gamma_MeV": self.t_gamma}
        columns |= {f"T_{b}_MeV": self.t_nu[:, k] for k, b in enumerate(baths)}
        columns |= {"T_boson_MeV": self.t_boson, "rho_em_MeV4": self.rho_em}
        columns |= {f"rho_{b}_MeV4": self.rho_nu[:, k] for k, b in enumerate(baths)}
        columns |= {"rho_boson_MeV4": self.rho_boson, "N_eff": self.neff_evolution}
        header = [f"# {k}: {v}" for k, v in {**self.to_dict(), **self.provenance}.items()]
        rows = [",".join(f"{v:.10e}" for v in row) for row in zip(*columns.values(), strict=True)]
        path.write_text("\n".join([*header, ",".join(columns), *rows]) + "\n", encoding="utf-8")
