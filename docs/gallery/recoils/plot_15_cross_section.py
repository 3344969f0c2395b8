"""
Interference with the weak interaction
======================================

A vector shifts the weak couplings of the electron by an amount that depends on the recoil energy alone. The sign of the
couplings decides whether the rate rises or falls. Where the shift is large its square wins, whatever the sign.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup
from nuportal.processes.electron_scattering import cross_section

recoil, energy = np.geomspace(1e-4, 0.25, 200), 0.42
figure, axes = plt.subplots(figsize=(6.4, 4.4))
plain = cross_section(recoil, energy, "mu")
for sign, style in ((1, "-"), (-1, "--")):
    model = nup.VectorMediator("100 keV", g_e=sign * 2e-7, g_nu=2e-7, flavour="mu")
    ratio = cross_section(recoil, energy, "mu", couplings=model.couplings) / plain
    axes.plot(1e3 * recoil, ratio, style, label=rf"$g_e g_\nu$ = {model.g_e * model.g_nu:.0e}")
axes.axhline(1, color="0.5", ls=":")
axes.set(xscale="log", xlabel="recoil energy [keV]", ylabel="rate over that of the Standard Model")
axes.set_title(r"$\nu_\mu e$ at 0.42 MeV, $M$ = 100 keV")
axes.legend()
