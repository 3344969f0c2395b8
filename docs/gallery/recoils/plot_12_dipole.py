"""
Up-scattering through a dipole moment
=====================================

In shoemaker2020 tau neutrinos of the Sun scatter into a heavy neutrino. Its mass sets the least recoil energy that a
neutrino of given energy can leave, so that the spectrum has an edge.
"""

import matplotlib.pyplot as plt

import nuportal as nup

figure, axes = plt.subplots(figsize=(6.4, 4.4))
for mass in ("10 keV", "300 keV", "640 keV"):
    spectrum = nup.recoil_spectrum(nup.DipolePortal(m4=mass, d="2e-9 mu_B"), "xenon1t")
    axes.stairs(spectrum.signal, spectrum.edges, label=f"$m_4$ = {mass}")
axes.set(xlabel="electron-equivalent energy [keV]", ylabel="events per bin", yscale="log", ylim=(1e-2, None))
axes.set_title(r"XENON1T, $d = 2\times10^{-9}\,\mu_B$ of $\nu_\tau$")
axes.legend()
