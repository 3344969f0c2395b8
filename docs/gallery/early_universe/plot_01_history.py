"""
The history of one point
========================

A U(1)_B-L boson of 10 MeV keeps neutrinos in contact with the plasma while electrons annihilate. The history shows the
temperatures of the baths, the excess of N_eff as it builds up, and the share of each bath in the energy density.
"""

import nuportal as nup

model = nup.U1X("B-L", mass="10 MeV", g=1e-7)
history = nup.evolve(model)
figure = history.plot()
print(history)
