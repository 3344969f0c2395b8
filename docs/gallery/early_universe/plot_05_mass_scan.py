"""
N_eff against the mass
======================

`neff_grid` calculates many points at once, here with temperatures. Charges decide where the energy of the boson ends:
it goes to neutrinos alone, to neutrinos and electrons, or mostly to electrons and electron neutrinos.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup

mass = np.geomspace(1.5, 100, 60)
figure, axes = plt.subplots(figsize=(6.4, 4.4))
for name, style in (("B-L", "-"), ("Lmu-Ltau", "-"), ("B-3Le", "-"), ("Le-Ltau", "--")):
    axes.plot(mass, nup.neff_grid(name, mass, 1e-7, treatment="temperatures")[:, 0], style, label=name)
axes.axhline(nup.evolve(treatment="temperatures").neff, color="0.5", ls=":", label="Standard Model")
axes.set(
    xscale="log", xlabel="$M$ [MeV]", ylabel=r"$N_\mathrm{eff}$", title="$g = 10^{-7}$, neutrinos with temperatures"
)
axes.set_ylim(2.8, 6.0)
axes.legend()
