"""Lines on the plane of g_e and g_nu at one mass: free streaming of neutrinos, long-lived bosons, XENON1T (ibe2020)."""

from math import exp, pi, sqrt

import numpy as np

from nuportal.constants import T_CMB_TODAY
from nuportal.cosmology.classification import T_RECOMBINATION, hubble
from nuportal.errors import NotApplicableError

#: redshifts at which the CMB is sensitive to free streaming (1909.04044)
REDSHIFTS = (2e3, 1e5)
_T_NU_RATIO = (4 / 11) ** (1 / 3)
_ZETA3 = 1.2020569031595943


def vector_of_majoron(coupling: float) -> float:
    """Return the g_nu of a vector with the effect of a Majoron coupling lambda of equal mass.

    lambda^2 m/(16 pi) = Gamma(Z' -> nu nubar) times d = 3, over three flavours (ibe2020 eq. 29 and footnote 4).
    """
    return coupling * sqrt(3 / 2)


def majoron_of_vector(g_nu: float) -> float:
    """Return the Majoron coupling lambda with the effect of a vector's g_nu, the inverse of `vector_of_majoron`."""
    return g_nu * sqrt(2 / 3)


def transport_rate(mass: float, t_nu: float) -> float:
    """Return the damping rate in MeV of the neutrinos' quadrupole by nu nubar <-> Majoron, per lambda^2.

    Gamma_2 = (1/96 pi) [1/(3 zeta(3))] (g_phi/g_nu) T F(m/T), F(x) = (x^5/2) e^-x [x - 1 - e^x (x^2 - 2) Gamma(0, x)],
    g_phi = 1, g_nu = 2 (2305.01692).
    """
    from scipy.special import exp1

    x = mass / t_nu
    if x > 100:
        return 0.0
    shape = 0.5 * x**5 * exp(-x) * (x - 1 - exp(x) * (x * x - 2) * float(exp1(x)))
    return t_nu * shape / (96 * pi * 3 * _ZETA3 * 2)


def free_streaming_bound(mass: float) -> float:
    """Return the g_nu above which neutrinos stop to stream freely somewhere in REDSHIFTS, for a mass in MeV.

    An estimate (transport rate = H), not a fit to CMB data. NaN where no neutrino of these times makes the boson.
    """
    redshift = np.geomspace(*REDSHIFTS, 60)
    strongest = max(
        transport_rate(mass, _T_NU_RATIO * T_CMB_TODAY * (1 + z)) / hubble(T_CMB_TODAY * (1 + z)) for z in redshift
    )
    return vector_of_majoron(strongest**-0.5) if strongest > 1e-6 else float("nan")


def longlived_below(mass: float, spin: int = 1) -> float:
    """Return the g_nu below which a boson (mass in MeV) outlives recombination and acts as matter: Gamma = H."""
    if not mass > 0:
        raise NotApplicableError(f"mass = {mass:g} MeV: only a massive boson decays")
    return sqrt(hubble(T_RECOMBINATION) * (24 * pi if spin == 1 else 16 * pi) / mass)


def xenon1t_coupling(g_e: np.ndarray, product: float) -> np.ndarray:
    """Return g_nu with sqrt(g_e g_nu) = product, where a light vector would make the XENON1T excess."""
    return product**2 / np.asarray(g_e, float)
