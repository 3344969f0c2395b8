"""
What one mass excludes
======================

Along a ray, all members of a family at one mass, each limit gives intervals of the coupling that it excludes: floors,
ceilings and gaps. Beam dumps lose sight of a boson that decays in the shield.
"""

import matplotlib.pyplot as plt

import nuportal as nup

ray = nup.ray("B-L", mass="30 MeV")
figure, axes = plt.subplots(figsize=(6.4, 4.6), layout="constrained")
rows = [(name, nup.limit(name).excluded(ray).excluded) for name in nup.limits("beam dump")]
rows += [(name, nup.limit(name).excluded(ray).excluded) for name in ("borexino", "babar-visible")]
rows = [(name, found) for name, found in rows if found]
for height, (_, found) in enumerate(rows):
    for low, high in found:
        axes.plot([low, high], [height, height], lw=7, solid_capstyle="butt")
axes.set(xscale="log", xlim=(1e-9, 1e-2), xlabel="$g$", title="U(1)$_{B-L}$, $M$ = 30 MeV")
axes.set_yticks(range(len(rows)), [nup.limit(name).about.label for name, _ in rows])
