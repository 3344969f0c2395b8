"""
Helium and deuterium against the mass
=====================================

`yields_grid` calculates light elements on a grid, here after histories with temperatures, which are quick. The bands
are measurements with one standard deviation.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup
from nuportal.observations.light_elements import measurements

mass = np.geomspace(2.5, 60, 30)
figure, panels = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for model in ("B-L", "Lmu-Ltau"):
    found = nup.yields_grid(model, mass, 1e-8, treatment="temperatures")
    panels[0].plot(mass, found.Y_p[:, 0], label=model)
    panels[1].plot(mass, 1e5 * found.D_H[:, 0], label=model)
helium, deuterium = measurements()["yp-lbt2026"], measurements()["dh-cooke2018"]
panels[0].axhspan(helium.value - helium.sigma, helium.value + helium.sigma, color="0.85")
panels[1].axhspan(1e5 * (deuterium.value - deuterium.sigma), 1e5 * (deuterium.value + deuterium.sigma), color="0.85")
panels[0].set(xscale="log", xlabel="$M$ [MeV]", ylabel="$Y_p$", title="$g = 10^{-8}$")
panels[1].set(xscale="log", xlabel="$M$ [MeV]", ylabel=r"D/H $\times 10^5$")
panels[0].legend()
for axes in panels:
    axes.set_xticks([3, 5, 10, 20, 50], ["3", "5", "10", "20", "50"])
    axes.set_xticks([], minor=True)
