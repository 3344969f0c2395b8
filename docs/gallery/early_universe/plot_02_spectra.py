"""
Spectra that do not stay thermal
================================

The boson of the previous example cannot be made by two soft neutrinos. Soft neutrinos therefore lose contact with the
plasma first, and the heat goes into the tail of the spectrum. The picture shows each spectrum relative to the
Fermi-Dirac distribution with the same number and energy density.
"""

import nuportal as nup

history = nup.evolve(nup.U1X("B-L", mass="10 MeV", g=1e-7))
figure = history.plot("spectra")
hard = history.distortion("e")[-1]
print(f"The last momentum bin of nu_e is occupied {1 + hard:.2f} times as often as in equilibrium.")
