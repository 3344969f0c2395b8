"""
Survival of solar neutrinos
===========================

The flavour of solar neutrinos decides which couplings they feel. Above some MeV matter in the Sun changes the
probabilities; each component of the flux is made at another density.
"""

import matplotlib.pyplot as plt
import numpy as np

from nuportal.sources.sun import survival_probability

energy = np.geomspace(0.1, 15, 150)
figure, axes = plt.subplots(figsize=(6.4, 4.4))
for component in ("pp", "8B"):
    axes.plot(energy, survival_probability(energy, component), label=f"density where {component} is made")
axes.plot(energy, survival_probability(energy, "pp", method="vacuum"), ls=":", label="vacuum")
axes.set(xscale="log", xlabel="energy [MeV]", ylabel=r"$P_{ee}$", ylim=(0.25, 0.6))
axes.legend()
