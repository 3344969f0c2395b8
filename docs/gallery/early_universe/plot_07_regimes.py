"""
Analytic regimes in the plane of two couplings
==============================================

ibe2020 derives N_eff from conservation laws alone, for a boson that enters equilibrium with electrons, with neutrinos,
or with both, and then decays. `classify` finds the regime of a point from its rates. Where a limit exists, its N_eff is
shown; white areas have none.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup
from nuportal.cosmology.classification import classify

g_e = np.geomspace(1e-12, 1e-6, 13)
g_nu = np.geomspace(1e-13, 1e-4, 19)
values = np.full((len(g_e), len(g_nu)), np.nan)
for i, electron in enumerate(g_e):
    for j, neutrino in enumerate(g_nu):
        point = nup.VectorMediator("100 eV", g_e=electron, g_nu=neutrino)
        values[i, j] = classify(point.couplings).neff

figure, axes = plt.subplots(figsize=(6.4, 4.6))
image = axes.pcolormesh(g_e, g_nu, values.T, shading="nearest", cmap="viridis")
axes.set(xscale="log", yscale="log", xlabel=r"$g_e$", ylabel=r"$g_\nu$", title="$M$ = 100 eV, one neutrino flavour")
figure.colorbar(image, label=r"$N_\mathrm{eff}$ of the analytic limit")
