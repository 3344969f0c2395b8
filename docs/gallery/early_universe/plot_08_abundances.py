"""
Nuclear abundances along a history
==================================

The yields of light elements follow from any history. This picture shows the mass fractions of all nuclei while the
universe cools, for a boson of 3 MeV that raises N_eff to 5.8.
"""

import nuportal as nup

history = nup.evolve(nup.U1X("B-L", mass="3 MeV", g=1e-8), treatment="temperatures")
found = history.yields()
figure = found.plot()
print(f"Y_p = {found.Y_p:.4f} +- {found.errors[0]:.4f}, D/H = {found.D_H:.3e} +- {found.errors[1]:.1e}")
