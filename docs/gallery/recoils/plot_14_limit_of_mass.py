"""
An upper limit against the mass
===============================

The fit is repeated at each mass. Below 10 keV the limit is flat, since the momentum transfer then exceeds the mass;
above, the limit weakens.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup

masses = np.geomspace(1e-4, 3, 12)
figure, axes = plt.subplots(figsize=(6.4, 4.4))
for data in ("xenonnt", "lz_ws2022", "borexino"):
    limit = [nup.fit("B-L", data, mass=mass).upper_limit(0.90) for mass in masses]
    axes.plot(masses, limit, marker="o", ms=3, label=data)
axes.set(xscale="log", yscale="log", xlabel="$M$ [MeV]", ylabel="$g$, 90 %", title="U(1)$_{B-L}$")
axes.legend()
