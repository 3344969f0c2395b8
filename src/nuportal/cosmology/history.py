"""The result of an evolution: temperatures, spectra, densities, expansion and N_eff, with status and warnings."""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.cosmology.expansion import DILUTION, PHOTONS
from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.models.base import FLAVOURS
from nuportal.readonly import ReadOnly, frozen
from nuportal.solvers.status import Status

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.cosmology.nucleosynthesis.yields import Yields
    from nuportal.plotting.style import Style


class Caution(StrEnum):
    """What a number does not include; the value is the text shown to the user."""

    BELOW_PAIR_THRESHOLD = (
        "M < 2 m_e without e gamma <-> e Z' (compton='off', or M < 50 keV): no contact with the plasma"
    )
    NOT_THERMALISED = (
        "thermal start, but decays and inverse decays are slower than the expansion at T = M: use start='zero'"
    )
    MASS_RANGE = "mass outside 0.05-300 MeV, where temperatures have been tested: treatment='momenta' takes any mass"
    COUPLING_RANGE = "coupling outside 1e-13-1e-2, where temperatures have been tested"
    NEUTRINO_NUMBER = (
        "neutrino chemical potential neglected: the boson makes too few e+- to keep it at zero, N_eff is uncertain by "
        "what the boson adds (treatment='momenta' follows it)"
    )
    FLUID_RANGE = "coupling above 1e-3 or mass below 0.1 eV, where one neutrino fluid (preset='ibe') has been tested"
    SOFT_MODES = "N_eff depends on soft boson momenta: accuracy='high' shows by how much"
    START = (
        "N_eff depends on the start: the boson does not reach equilibrium with the plasma, one that was there before "
        "(start='thermal') would stay"
    )
    THEORY = "theory error above 0.02: its parts are tabled in docs/physics/kinetic.md"
    NUMERICAL = "numerical error above 0.02: accuracy='high' shows how large it is"
    MUONS = "right-handed neutrinos leave while there are muons and pions, which the plasma lacks: N_eff is too high"
    DARK_RADIATION = "the boson is radiation at recombination: N_eff contains it as it is at T_gamma = 0.26 eV"
    NOT_REFINED = "the solution of accuracy='high' failed: this is that of accuracy='standard', with its error"
    MATTER = "the boson is matter at recombination: its energy is counted in N_eff there, as ibe2020 does"


@dataclass(frozen=True, repr=False)
class Spectra(ReadOnly):
    """Occupation numbers on comoving momenta: p = momentum/a in MeV, a = 1 today; None where they are not followed.

    momentum [n], occupation [t, 3, n]: neutrinos e, mu, tau (one helicity; antineutrinos are alike).
    boson_momentum [k], boson_occupation [t, k]: one polarisation. occupation_R [t, 3, n]: the light right-handed
    partners of e, mu, tau.
    """

    momentum: np.ndarray | None = None
    occupation: np.ndarray | None = None
    boson_momentum: np.ndarray | None = None
    boson_occupation: np.ndarray | None = None
    occupation_R: np.ndarray | None = None

    def __repr__(self) -> str:
        shapes = [f"{f.name} {list(np.shape(v))}" for f in fields(self) if (v := getattr(self, f.name)) is not None]
        return f"<Spectra: {', '.join(shapes) or 'none'}>"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>"


@dataclass(frozen=True, repr=False, eq=False)
class History:
    """Evolution of the early universe, as `evolve` returns it. Arrays run over time [t] and cannot be written.

    Attributes
    ----------
    neff : float
        N_eff at recombination; NaN unless `status` is OK.
    status : Status
        Whether the calculation converged; `status.message` says what to try if not.
    warnings : tuple of Caution
        What the numbers do not include.
    theory_error, numerical_error : float
        Estimates of what the treatment leaves out, and of the error of the integration and its grids.
    a : ndarray [t]
        Scale factor, 1 today.
    t : ndarray [t]
        Time in seconds.
    hubble : ndarray [t]
        Expansion rate in MeV.
    t_gamma, t_boson : ndarray [t]
        Temperatures in MeV; that of the boson is NaN without a boson, and where it has a spectrum.
    t_nu, mu_nu : ndarray [t, baths]
        Temperature and chemical potential in MeV of one bath, or of e, mu, tau. With spectra they are those of the
        Fermi-Dirac distribution of equal number and energy. `mu_nu` is None where it is zero.
    rho_em, rho_boson : ndarray [t]
        Energy densities in MeV^4.
    rho_nu : ndarray [t, baths]
        Energy densities of neutrinos and antineutrinos in MeV^4.
    rho_nu_R : ndarray [t, 3] or None
        Energy densities in MeV^4 of light right-handed neutrinos, the partners of e, mu, tau, and their antiparticles;
        None where the model has none.
    energy_residual : float
        Largest violation of d ln rho = -3 (1 + w) d ln a.
    provenance : dict
        Model, options, version and references of the calculation.
    steps : int
        Number of steps of the integration.
    spectra : Spectra or None
        Occupation numbers on comoving momenta, where they were followed.
    details : dict
        What the solver tells besides, such as the fate of the boson.

    Examples
    --------
    >>> import nuportal as nup
    >>> standard = nup.evolve(treatment="temperatures")
    >>> print(f"{standard.neff:.3f} {standard.t_gamma[-1] / standard.t_nu[-1, 0]:.3f}")
    3.045 1.396
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
    provenance: dict[str, str]
    numerical_error: float
    steps: int = 0
    mu_nu: np.ndarray | None = None
    spectra: Spectra | None = None
    details: dict[str, object] = field(default_factory=dict[str, object])
    rho_nu_R: np.ndarray | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            object.__setattr__(self, each.name, frozen(getattr(self, each.name)))

    @property
    def neff_evolution(self) -> np.ndarray:
        """(8/7)(11/4)^(4/3) (rho_nu + rho_boson)/rho_gamma along the evolution [t]; rho_nu with right-handed ones."""
        return DILUTION * (self.rho_neutrinos + self.rho_boson) / (PHOTONS * self.t_gamma**4)

    @property
    def rho_neutrinos(self) -> np.ndarray:
        """Energy density of all neutrinos and antineutrinos, light right-handed ones included, MeV^4 [t]."""
        right = 0.0 if self.rho_nu_R is None else self.rho_nu_R.sum(axis=1)
        return self.rho_nu.sum(axis=1) + right

    @property
    def rho_total(self) -> np.ndarray:
        """Total energy density without matter, MeV^4 [t]."""
        return self.rho_em + self.rho_neutrinos + self.rho_boson

    @property
    def n_nu(self) -> np.ndarray:
        """Number density of neutrinos and antineutrinos, MeV^3 [t, baths]."""
        from nuportal.plasma.neutrinos import number_density

        z = np.zeros_like(self.t_nu) if self.mu_nu is None else self.mu_nu / self.t_nu
        return number_density(self.t_nu, z, 3 // self.t_nu.shape[1])  # type: ignore[arg-type]

    @property
    def options(self) -> dict[str, object]:
        """The options of the calculation, defaults included: "treatment", "start", ..."""
        return json.loads(self.provenance["options"])

    def distortion(
        self,
        flavour: str = "e",
        *,
        a: float | None = None,
        t_gamma: float | None = None,
        right_handed: bool = False,
    ) -> np.ndarray:
        """Return f/f_FD - 1 of one flavour, where f_FD is the Fermi-Dirac distribution with the number and energy of f.

        Parameters
        ----------
        flavour : {"e", "mu", "tau"}
            The neutrino.
        a : float, optional
            Scale factor (1 today) at which the distortion is taken; default, the end. Between steps ln f/(1-f) is
            linear in ln a.
        t_gamma : float, optional
            Photon temperature in MeV, in place of `a`.
        right_handed : bool
            Whether f is that of the right-handed partner; f_FD stays that of the left-handed neutrino.

        Returns
        -------
        ndarray [n]
            On the momenta `spectra.momentum`.

        Raises
        ------
        NotApplicableError
            If the history has no spectra.
        UnknownNameError, ParameterError
            If the flavour is unknown, or the time lies outside the history.
        """
        if self.spectra is None or self.spectra.momentum is None or self.spectra.occupation is None:
            raise NotApplicableError("this history has no neutrino spectra: use treatment='momenta'")
        if flavour not in FLAVOURS:
            raise unknown_name("flavour", str(flavour), FLAVOURS)
        occupation = self.spectra.occupation_R if right_handed else self.spectra.occupation
        if occupation is None:
            raise NotApplicableError("this history has no light right-handed neutrinos: right_handed='light' adds them")
        k = FLAVOURS.index(flavour)
        row, part = self._position(a, t_gamma)
        f = np.maximum(occupation[row : row + 2, k], 0.0)
        t, mu = self.t_nu[row : row + 2, k], 0.0 if self.mu_nu is None else self.mu_nu[row : row + 2, k]
        weight = np.array([1 - part, part])
        comoving, z = weight @ (t * self.a[row : row + 2]), weight @ (mu / t)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            logit = weight @ np.log(f / (1 - f))
            return (np.exp(self.spectra.momentum / comoving - z) + 1) / (np.exp(-logit) + 1) - 1

    def _position(self, a: float | None, t_gamma: float | None) -> tuple[int, float]:
        """Return (row, part): a time lies at `part` of the way in ln a from that row to the next."""
        if a is not None and t_gamma is not None:
            raise ParameterError("give a or t_gamma, not both")
        ln_a = np.log(self.a)
        where = ln_a[-1]
        if a is not None:
            where = np.log(a) if a > 0 else -np.inf
        elif t_gamma is not None:
            low, high = self.t_gamma[[-1, 0]]
            if not low * (1 - 1e-9) <= t_gamma <= high * (1 + 1e-9):
                raise ParameterError(f"t_gamma = {t_gamma:g} MeV is outside this history: {high:.4g} to {low:.4g} MeV")
            where = np.interp(-log(t_gamma), -np.log(self.t_gamma), ln_a)
        if not ln_a[0] - 1e-9 <= where <= ln_a[-1] + 1e-9:
            raise ParameterError(f"a = {a:g} is outside this history: {self.a[0]:.4g} to {self.a[-1]:.4g}")
        row = int(np.clip(np.searchsorted(ln_a, where, side="right") - 1, 0, len(ln_a) - 2))
        return row, float(np.clip((where - ln_a[row]) / (ln_a[row + 1] - ln_a[row]), 0, 1))

    def to_dict(self) -> dict[str, object]:
        """Return the numbers that summarise the result, plain values (NaN as None), keys as the attributes."""
        names = ("neff", "theory_error", "numerical_error", "energy_residual")
        numbers = {name: getattr(self, name) for name in names}
        return {
            **{name: float(v) if np.isfinite(v) else None for name, v in numbers.items()},
            "status": self.status.name,
            "message": self.status.message,
            "warnings": [str(w) for w in self.warnings],
            "start": self.options.get("start"),
            "steps": self.steps,
            **{k: v for k, v in self.details.items() if isinstance(v, str | int | float | bool)},
        }

    @property
    def lines(self) -> list[str]:
        """The result in a few lines of text: N_eff and errors, treatment, range, status, warnings."""
        value = f"{self.neff:.4f}" if np.isfinite(self.neff) else "not available"
        chosen = [f"{name} {self.options[name]}" for name in ("flavours", "start", "preset") if name in self.options]
        return [
            f"N_eff = {value} +- {self.theory_error:.2g} (theory) +- {self.numerical_error:.1g} (numerical)",
            ", ".join([f"treatment {self.options.get('treatment')}", *chosen]),
            f"T_gamma = {self.t_gamma[0]:.4g} to {self.t_gamma[-1]:.4g} MeV in {self.steps} steps",
            f"{self.status.message}; energy conserved to {self.energy_residual:.1e}",
            *(f"warning: {w}" for w in self.warnings[:4]),
        ]

    def __repr__(self) -> str:
        return "History: " + "\n  ".join(self.lines)

    def _repr_html_(self) -> str:
        return "<b>History</b><br>" + "<br>".join(html.escape(line) for line in self.lines)

    def to_dataset(self) -> "xr.Dataset":
        """Return the evolution as an xarray dataset over the step, with units and provenance as attributes."""
        from nuportal.cosmology.history_file import to_dataset

        return to_dataset(self)

    def save(self, path: str | Path) -> Path:
        """Write the history and return the path.

        Parameters
        ----------
        path : str or Path
            A name that ends in .nc (netCDF, complete) or .csv (columns and a header).

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        from nuportal.cosmology.history_file import save

        return save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> "History":
        """Return the history in a .nc file that `save` wrote. Reading never runs code.

        Parameters
        ----------
        path : str or Path
            The file.

        Raises
        ------
        DataFileError
            If the file is missing, damaged, or no history.
        """
        from nuportal.cosmology.history_file import load

        return load(path)

    def yields(
        self, omega_b: float = 0.02237, tau_n: float = 878.4, rates: str = "primat2023", **options: Any
    ) -> "Yields":
        """Return the light elements of this history.

        Parameters
        ----------
        omega_b : float
            Baryon density omega_b h^2.
        tau_n : float
            Lifetime of the neutron in seconds.
        rates : {"primat2023", "recommended2026", "nacre2_luna", "parthenope3"}
            Nuclear rates.
        **options
            rtol of the network, and errors="recomputed" for the covariance at this point instead of the stored one.

        Returns
        -------
        light_elements : Yields
            Y_p, D/H, 3He/H, 7Li/H with errors.

        Raises
        ------
        NotApplicableError
            If the boson still holds energy while nuclei form.
        ParameterError, UnknownNameError
            If a value is outside what is allowed.

        Notes
        -----
        Derivation and comparison with other codes: docs/physics/light_elements.md (weak corrections after 1801.08023).
        """
        from nuportal.cosmology.nucleosynthesis.yields import yields

        return yields(self, omega_b, tau_n, rates, **options)

    def plot(
        self, what: str = "all", ax: "Axes | Sequence[Axes] | None" = None, *, style: "Style" = "paper"
    ) -> "Figure":
        """Return a figure of this history.

        Parameters
        ----------
        what : str
            "temperatures", "neff", "densities", "all" (these three), "dark" (N_eff(T) of neutrinos and boson apart),
            "potential" (mu/T of neutrinos) or "spectra" (distortions).
        ax : matplotlib Axes or sequence of them, optional
            Axes to draw into, one for each panel ("all" has three).
        style : str or dict
            As `Plane.plot`.

        Raises
        ------
        UnknownNameError
            If there is no such panel.
        NotApplicableError
            If the history lacks what is to be drawn.
        ParameterError
            If the number of axes is not that of panels, or a setting of `style` is unknown.
        """
        from nuportal.plotting.history import plot_history
        from nuportal.plotting.style import styled

        with styled(style, ax):
            return plot_history(self, what, ax)
