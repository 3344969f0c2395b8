"""Expansion of the universe and the effective number of neutrinos: H and N_eff, each written once."""

from math import pi, sqrt

from nuportal.constants import M_PLANCK

#: H = HUBBLE sqrt(rho), Friedmann's equation
HUBBLE = sqrt(8 * pi / 3) / M_PLANCK

#: N_eff = DILUTION rho_dark/rho_gamma once e+- are gone (ghosh2024 eq. 1, first form)
DILUTION = (8 / 7) * (11 / 4) ** (4 / 3)

#: rho_gamma = PHOTONS T^4
PHOTONS = pi**2 / 15
