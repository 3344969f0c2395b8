"""
How far one point is from each limit
====================================

`evaluate` tells for one point what excludes it and by how much: the ratio is the coupling over the edge of what a
constraint excludes, when all couplings of the model are scaled together.
"""

import matplotlib.pyplot as plt

import nuportal as nup

found = nup.evaluate(nup.U1X("B-L", mass="10 MeV", g=1e-6), "all,-cosmology")
known = [verdict for verdict in found if verdict.kind == "exclusion" and verdict.ratio][:16]
figure, axes = plt.subplots(figsize=(6.4, 5), layout="constrained")
colours = ["C3" if verdict.excluded else "0.6" for verdict in known]
axes.barh(
    [nup.limit(verdict.name).about.label for verdict in known],
    [verdict.ratio for verdict in known],
    left=1e-4,
    color=colours,
)
axes.axvline(1, color="k", lw=0.8)
axes.invert_yaxis()
axes.set(xscale="log", xlabel="coupling over the edge of the limit", title="U(1)$_{B-L}$, 10 MeV, $g = 10^{-6}$")
print(found.summary)
