"""
Branching ratios
================

Every process reads the same couplings. Branching ratios into neutrinos decide between visible and invisible searches.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup

mass = np.geomspace(0.5, 1000, 300)
figure, axes = plt.subplots(figsize=(6.4, 4.4))
for name, style in (("B-L", "-"), ("Lmu-Ltau", "--"), ("B-3Le", ":")):
    ratios = [nup.U1X(name, mass=m, g=1e-4).couplings.branching_ratios() for m in mass]
    invisible = [sum(r[mode] for mode in ("nu_e", "nu_mu", "nu_tau")) for r in ratios]
    axes.plot(mass, invisible, style, label=name)
axes.set(xscale="log", xlabel="$M$ [MeV]", ylabel=r"BR($Z' \to \nu\bar\nu$) among leptons", ylim=(0, 1.05))
axes.legend()
