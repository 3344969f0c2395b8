"""
A limit of your own
===================

A folder with two files is a constraint. This one carries a line for dark photons over to the charges of U(1)_B-L:
production, branching ratio and efficiency are recast by nuportal.
"""

import tempfile
from pathlib import Path

import nuportal as nup

HEAD = """
name = "my-search"
label = "my search"
group = "collider"
observable = "e+ e- -> gamma Z', Z' -> e+ e-"
method = "recast"
formula = "recast.search:RecastSearch"
cl = 0.90
validity = ["20 MeV", "200 MeV"]
accuracy = 0.1
status = "unverified"
provenance = "drawn by hand for this example"
references = ["BaBar:2014zli"]

[measurement]
table = "line.csv"
mass_unit = "GeV"
production = "electron"
decays = ["e_e"]
kind = "prompt"
"""

with tempfile.TemporaryDirectory() as folder:
    Path(folder, "limit.toml").write_text(HEAD)
    Path(folder, "line.csv").write_text("# mass in GeV, kinetic mixing\n0.02, 1e-3\n0.06, 4e-4\n0.2, 2e-3\n")
    plane = nup.plane("B-L", "mass=10MeV:300MeV:40", "g=1e-5:1e-2:60", constraints=["babar-visible", Path(folder)])
    figure = plane.plot()
    print(plane.summary)
