"""
Decays that keep the number of neutrinos
========================================

The boson of U(1)_Lmu-Ltau makes no electrons. Its decays conserve the number of neutrinos plus twice that of bosons,
and below 3 MeV weak reactions can no longer remove what is too many. A chemical potential stays.
"""

import nuportal as nup

history = nup.evolve(nup.U1X("Lmu-Ltau", mass="10 MeV", g=1e-9))
figure = history.plot("potential")
print(f"N_eff = {history.neff:.2f}, mu/T of nu_mu at the end: {history.mu_nu[-1, 1] / history.t_nu[-1, 1]:.2f}")
