"""
Electron recoils in XENONnT
===========================

A B-L boson of 10 keV changes the scattering of solar neutrinos on electrons. The picture shows the data of XENONnT, the
background, and the background plus the signal.
"""

import nuportal as nup

spectrum = nup.recoil_spectrum(nup.U1X("B-L", mass="10 keV", g=4e-7), "xenonnt")
figure = spectrum.plot()
strongest = max(spectrum.components, key=lambda name: spectrum.components[name].sum())
print(f"{spectrum.signal.sum():.1f} events are added, most of them by {strongest} neutrinos")
