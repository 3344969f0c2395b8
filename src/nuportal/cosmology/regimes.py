"""Analytic limits of N_eff with a light boson, from conservation laws alone (ibe2020 eqs 30-60, any d, any flavours).

Temperatures and chemical potentials are in units of the neutrino temperature without the boson, T_nu = 1 after e+-
annihilation, unless a name says otherwise. Distributions are exact Fermi-Dirac and Bose-Einstein, the boson massless
until it decays. Decays and inverse decays conserve n_nu + 2 n_Z'; where that number cannot be held by thermal bosons
(mu = 0 reached) the rest is a condensate at zero momentum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache

from nuportal.cosmology.expansion import DILUTION, PHOTONS
from nuportal.errors import ParameterError
from nuportal.shown import Tabled
from nuportal.units import number

NEFF_SM = 3.045  #: N_eff without the boson that ibe2020 takes (1606.06986, 2005.07047)
DILUTION_NU = (11 / 4) ** (4 / 3)  #: (T_gamma/T_nu)^4 after e+- annihilation


@dataclass(frozen=True)
class Regimes(Tabled, Mapping[str, float]):
    """The limits for one d and number of coupled flavours; also a mapping: `regimes["ii_decayed"]`.

    N_eff: `*_decayed` after in-equilibrium decay before recombination, `*_DR` with the boson still relativistic;
    `*_numcons` when number-changing reactions stop while the boson is relativistic (a case ibe2020 does not treat);
    `ii_decayed_condensate_dropped` without the condensate, `ii_decayed_mu0` with number-changing reactions active.
    State: `ii_Tg` T_gamma/T_nu after e+- annihilation, `*_T1, *_mu1` after the inverse decay, `ii_ncond` number density
    of the condensate, `*_Tp, *_mup` neutrinos after the decay (mu of one neutrino, not over T).
    """

    d: float
    flavours: int
    neff_sm: float
    i_decayed: float
    i_DR: float
    i_decayed_numcons: float
    ii_Tg: float
    ii_T1: float
    ii_mu1: float
    ii_ncond: float
    ii_Tp: float
    ii_mup: float
    ii_decayed: float
    ii_decayed_condensate_dropped: float
    ii_decayed_mu0: float
    ii_DR: float
    iv_decayed: float
    iv_DR: float
    iv_decayed_numcons: float
    v_both_decayed: float
    v_both_numcons_at_decay: float
    v_T1: float
    v_mu1: float
    v_Tp: float
    v_mup: float
    v_inv_only_decayed: float
    v_DR: float

    def to_dict(self) -> dict[str, float]:
        """Return every number by name."""
        return asdict(self)

    def __getitem__(self, name: str) -> float:
        return self.to_dict()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.to_dict())

    def __len__(self) -> int:
        return len(self.to_dict())


@dataclass(frozen=True)
class _Fluid:
    """Neutrinos of `flavours` flavours and a massless boson with d degrees of freedom; all at T = 1."""

    d: float
    flavours: int

    def neutrinos(self, z: float) -> tuple[float, float, float]:
        """Return (n, rho, s) at mu/T = z."""
        from nuportal.plasma.neutrinos import energy_density, number_density

        n = float(number_density(1.0, z, self.flavours))
        rho = float(energy_density(1.0, z, self.flavours))
        return n, rho, 4 / 3 * rho - z * n

    def bosons(self, z: float) -> tuple[float, float, float]:
        """Return (n, rho, s) at mu_nu/T = z <= 0, mu_boson = 2 mu_nu."""
        from math import exp

        from nuportal.plasma.boson import evaluate

        gas = evaluate(0.0, 2 * z)
        n, rho = (self.d * exp(2 * z) * float(value) for value in (gas.n, gas.rho))
        return n, rho, 4 / 3 * rho - 2 * z * n

    def share(self, number: float, energy: float) -> tuple[float, float, float]:
        """Return (T, z, condensate) of both at given n_nu + 2 n_boson and rho (ibe2020 eqs 34-37, 53, 54)."""
        from scipy.optimize import brentq

        def totals(z: float) -> tuple[float, float]:
            (n, rho, _), (n_boson, rho_boson, _) = self.neutrinos(z), self.bosons(z)
            return n + 2 * n_boson, rho + rho_boson

        def excess(z: float) -> float:
            n, rho = totals(z)
            return n ** (4 / 3) / rho - number ** (4 / 3) / energy

        if excess(0.0) <= 0:
            n, rho = totals(0.0)
            t = (energy / rho) ** 0.25
            return t, 0.0, (number - n * t**3) / 2
        z = float(brentq(excess, -40.0, 0.0, xtol=1e-13))
        return (energy / totals(z)[1]) ** 0.25, z, 0.0

    def decay(self, number: float, entropy: float) -> tuple[float, float, float]:
        """Return (T, z, rho) of neutrinos alone at given n_nu and s (ibe2020 eqs 39, 40, 56, 57)."""
        from scipy.optimize import brentq

        def excess(z: float) -> float:
            n, _, s = self.neutrinos(z)
            return s / n - entropy / number

        z = float(brentq(excess, -40.0, 40.0, xtol=1e-13))
        n, rho, _ = self.neutrinos(z)
        t = (number / n) ** (1 / 3)
        return t, z, rho * t**4


@lru_cache(maxsize=32)
def regimes(d: float = 3, flavours: int = 3, neff_sm: float = NEFF_SM) -> Regimes:
    """Return the analytic limits of N_eff for a light boson, from conservation laws alone.

    Parameters
    ----------
    d : float
        Degrees of freedom of the boson: 3 for a vector, 1 for a scalar.
    flavours : {1, 2, 3}
        How many neutrino flavours share temperature and chemical potential with the boson: 3 when oscillations mix them
        (ibe2020), fewer when they do not.
    neff_sm : float
        N_eff without the boson.

    Returns
    -------
    Regimes
        A mapping of the names of the limits to numbers, which are attributes too.

    Raises
    ------
    ParameterError
        If a value is outside what is allowed.

    Notes
    -----
    ibe2020 eqs 30-60; docs/physics/regimes.md.

    Examples
    --------
    >>> import nuportal as nup
    >>> print(f"{nup.regimes(d=3).ii_decayed:.2f}")
    16.99
    """
    d, neff_sm = number(d, "d"), number(neff_sm, "neff_sm")
    if not 0 < d < 100:
        raise ParameterError(f"d = {d:g} is not allowed: degrees of freedom lie between 0 and 100")
    if flavours not in (1, 2, 3):
        raise ParameterError(f"flavours = {flavours} is not allowed: 1, 2 or 3 flavours couple")
    if not 2 < neff_sm < 4:
        raise ParameterError(f"neff_sm = {neff_sm:g} is not allowed: it must lie between 2 and 4")
    fluid = _Fluid(d, flavours)
    n_nu, rho_nu, s_nu = fluid.neutrinos(0.0)
    n_boson, rho_boson, s_boson = fluid.bosons(0.0)
    heated = ((s_nu + s_boson) / s_nu) ** (4 / 3)
    kept = fluid.decay(n_nu + 2 * n_boson, s_nu + s_boson)[2] / rho_nu
    radiated = (rho_nu + rho_boson) / rho_nu
    # (i) coupled flavours at T_gamma; (iv), (v) at the ordinary temperature
    others, share = (3 - flavours) * neff_sm / 3, flavours * neff_sm / 3
    hot = flavours * DILUTION_NU
    return Regimes(
        d=d,
        flavours=flavours,
        neff_sm=neff_sm,
        i_decayed=others + hot * heated,
        i_DR=others + hot * radiated,
        i_decayed_numcons=others + hot * kept,
        iv_decayed=others + share * heated,
        iv_DR=others + share * radiated,
        iv_decayed_numcons=others + share * kept,
        v_both_decayed=others + share * heated / radiated,
        v_both_numcons_at_decay=others + share * kept / radiated,
        v_DR=neff_sm,
        **_from_electrons(fluid),
        **_from_inverse_decay(fluid, others, share),
    )


def _from_electrons(fluid: _Fluid) -> dict[str, float]:
    """Case (ii): bosons at T_gamma through e+- annihilation, then shared with decoupled neutrinos."""
    d = fluid.d
    t_gamma = ((3.5 + 2 + d) / (2 + d)) ** (1 / 3)
    n_nu, rho_nu, s_nu = fluid.neutrinos(0.0)
    n_boson, rho_boson, s_boson = fluid.bosons(0.0)
    number, energy = n_nu + 2 * n_boson * t_gamma**3, rho_nu + rho_boson * t_gamma**4
    t1, z1, condensate = fluid.share(number, energy)
    entropy = (fluid.neutrinos(z1)[2] + fluid.bosons(z1)[2]) * t1**3
    t2, z2, rho2 = fluid.decay(number, entropy)
    rho_dropped = fluid.decay(number - 2 * condensate, entropy)[2]
    t_mu0 = (energy / (rho_nu + rho_boson)) ** 0.25
    rho_mu0 = rho_nu * t_mu0**4 * ((s_nu + s_boson) / s_nu) ** (4 / 3)
    # N_eff = (8/7) (11/4)^(4/3) rho/rho_gamma; the flavours that do not couple stay at T = 1
    per_density = DILUTION / (PHOTONS * t_gamma**4)
    others = (3 - fluid.flavours) / fluid.flavours * rho_nu
    return {
        "ii_Tg": t_gamma,
        "ii_T1": t1,
        "ii_mu1": z1 * t1,
        "ii_ncond": condensate,
        "ii_Tp": t2,
        "ii_mup": z2 * t2,
        "ii_decayed": per_density * (others + rho2),
        "ii_decayed_condensate_dropped": per_density * (others + rho_dropped),
        "ii_decayed_mu0": per_density * (others + rho_mu0),
        "ii_DR": per_density * (others + energy),
    }


def _from_inverse_decay(fluid: _Fluid, others: float, share: float) -> dict[str, float]:
    """Case (v), inverse decay only: decoupled neutrinos give n_nu and rho_nu to neutrinos and bosons."""
    n_nu, rho_nu, _ = fluid.neutrinos(0.0)
    t1, z1, _ = fluid.share(n_nu, rho_nu)  # no condensate: neutrinos alone hold too little number
    entropy = (fluid.neutrinos(z1)[2] + fluid.bosons(z1)[2]) * t1**3
    t2, z2, rho2 = fluid.decay(n_nu, entropy)
    return {
        "v_T1": t1,
        "v_mu1": z1 * t1,
        "v_Tp": t2,
        "v_mup": z2 * t2,
        "v_inv_only_decayed": others + share * rho2 / rho_nu,
    }
