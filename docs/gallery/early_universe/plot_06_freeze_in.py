"""
A very light boson that is frozen in
====================================

A vector of 100 eV with separate couplings to electrons and neutrinos is made by electrons and photons, thermalises with
neutrinos after they have decoupled, and decays into them. The preset "ibe" follows ibe2020 and its Figure 4.
"""

import nuportal as nup
from nuportal.cosmology.classification import classify

model = nup.VectorMediator("100 eV", g_e=1e-7, g_nu=1e-10)
history = nup.evolve(model, preset="ibe")
figure = history.plot("dark")
regime = classify(model.couplings)
print(f"N_eff = {history.neff:.2f}; the analytic limit of regime {regime.case} is {regime.neff:.2f}")
