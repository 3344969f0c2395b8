"""
A model with charges of your own
================================

Charges need no name. Here quarks are neutral, electrons and muons carry opposite charges in the ratio two to one.
"""

import nuportal as nup

charges = {"e": 2, "mu": -2, "tau": 0}
plane = nup.plane(charges, "mass=2MeV:60MeV", "g=1e-9:1e-5", points=30, treatment="temperatures")
figure = plane.plot()
print(plane.summary)
