"""Constants of nature, in natural units (hbar = c = k_B = 1) with energies in MeV. Each with its source.

`SET` names the whole set; it is written into every result file.
"""

from math import pi, sqrt

SET = "CODATA 2018 + PDG 2022"

ALPHA = 7.2973525693e-3  #: fine-structure constant; CODATA 2018
E_CHARGE = sqrt(4 * pi * ALPHA)  #: positron charge, Heaviside-Lorentz units
G_F = 1.1663787e-11  #: Fermi constant, MeV^-2; PDG 2020 (MuLan, 1211.0960)
M_PLANCK = 1.22089e22  #: Planck mass G^-1/2, MeV; CODATA 2018
SIN2_THETA_W = 0.23122  #: weak mixing angle, MS-bar at m_Z; PDG 2022
SIN2_THETA_W_LOW = 0.2387  #: effective weak mixing angle at zero momentum; PDG 2022 (hep-ph/0409169)

M_E = 0.51099895  #: electron mass, MeV; CODATA 2018
M_MU = 105.6583755  #: muon mass, MeV; CODATA 2018
M_TAU = 1776.86  #: tau mass, MeV; PDG 2022
M_W = 80377.0  #: W mass, MeV; PDG 2022
M_Z = 91187.6  #: Z mass, MeV; PDG 2022
M_PROTON = 938.27208816  #: proton mass, MeV; CODATA 2018
M_NEUTRON = 939.56542052  #: neutron mass, MeV; CODATA 2018
ATOMIC_MASS_UNIT = 931.49410242  #: MeV; CODATA 2018
M_PION_CHARGED = 139.57039  #: MeV; PDG 2022

MU_B = E_CHARGE / (2 * M_E)  #: Bohr magneton, MeV^-1
HBAR_C_CM = 1.973269804e-11  #: MeV cm; exact in the 2019 SI
HBAR_S = 6.582119569e-22  #: MeV s; exact in the 2019 SI
N_AVOGADRO = 6.02214076e23  #: mol^-1; exact in the 2019 SI
SECONDS_PER_YEAR = 365.25 * 86400.0  #: Julian year

MEGAPARSEC_CM = 3.0856775814913673e24  #: IAU 2015
KELVIN = 8.617333262e-11  #: Boltzmann constant, MeV/K; exact in the 2019 SI
T_CMB_TODAY = 2.7255 * KELVIN  #: photon temperature today, MeV; 0911.1955

CHARGED_LEPTON_MASSES = (M_E, M_MU, M_TAU)  #: MeV, in the order e, mu, tau
