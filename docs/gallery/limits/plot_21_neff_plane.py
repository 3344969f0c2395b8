"""
A plane of N_eff
================

`plane` calculates N_eff over mass and coupling and draws what measurements of it exclude. The kinetic mixing of
U(1)_Lmu-Ltau is that of the muon and tau loops. This plane uses temperatures, which takes a
second; the default follows spectra and takes minutes.
"""

import nuportal as nup

plane = nup.plane("Lmu-Ltau", "mass=2MeV:40MeV", "g=1e-9:1e-4", points=40, epsilon="-g/70", treatment="temperatures")
figure = plane.plot()
print(plane.summary)
