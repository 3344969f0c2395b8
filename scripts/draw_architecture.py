"""Draw docs/images/architecture.svg: the packages of nuportal and the way of the data between them.

python scripts/draw_architecture.py    # a test compares boxes and arrows with the imports of the package
"""

from pathlib import Path

#: package: (column, height, what it does)
BOXES = {
    "models": (0, 3.0, "what couples to what"),
    "solvers": (0, 0.6, "integrators, tables"),
    "processes": (1, 3.0, "widths, amplitudes,\ncross-sections, kernels"),
    "plasma": (1, 0.6, "thermodynamics\nof the baths"),
    "sources": (2, 3.6, "Sun, reactors, pions"),
    "detectors": (2, 2.4, "targets, response"),
    "cosmology": (2, 0.6, "histories, N_eff,\nlight elements"),
    "experiments": (3, 3.6, "spectra in detectors"),
    "limits": (3, 2.1, "constraints as folders"),
    "observations": (3, 0.6, "light elements\nas measured"),
    "inference": (4, 3.4, "likelihoods, fits,\none point"),
    "planes": (4, 2.0, "grids, excluded regions,\nfiles, resuming"),
    "scans": (4, 0.6, "observables over\nany parameters"),
    "plotting": (5, 3.6, "pictures"),
    "reproduction": (5, 2.1, "figures of the papers"),
    "cli": (5, 0.6, "commands"),
}
#: (package, a package that uses it)
ARROWS = [
    ("models", "processes"),
    ("solvers", "processes"),
    ("solvers", "plasma"),
    ("processes", "sources"),
    ("processes", "cosmology"),
    ("plasma", "cosmology"),
    ("sources", "experiments"),
    ("detectors", "experiments"),
    ("sources", "limits"),
    ("detectors", "limits"),
    ("cosmology", "limits"),
    ("cosmology", "observations"),
    ("experiments", "inference"),
    ("limits", "inference"),
    ("limits", "planes"),
    ("cosmology", "scans"),
    ("limits", "scans"),
    ("scans", "cli"),
    ("observations", "planes"),
    ("inference", "plotting"),
    ("planes", "plotting"),
    ("planes", "reproduction"),
    ("inference", "reproduction"),
    ("inference", "cli"),
    ("planes", "cli"),
]
COLOURS = ("#dbe9f6", "#dcefe0", "#fdf0d0", "#f6e0dc", "#e8e0f2", "#e8e8e8")
WIDTH, HEIGHT, STEP = 1.9, 0.86, 2.75


def draw(path: Path) -> None:
    """Write the picture."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot
    from matplotlib.patches import FancyBboxPatch

    pyplot.rcParams.update({"svg.hashsalt": "nuportal", "font.size": 9})
    figure, axes = pyplot.subplots(figsize=(12.5, 4.2), layout="constrained")
    for name, (column, height, text) in BOXES.items():
        box = FancyBboxPatch((STEP * column, height), WIDTH, HEIGHT, "round,pad=0.06", fc=COLOURS[column], ec="0.35")
        axes.add_patch(box)
        axes.text(STEP * column + WIDTH / 2, height + HEIGHT - 0.16, name, ha="center", va="center", weight="bold")
        axes.text(STEP * column + WIDTH / 2, height + 0.29, text, ha="center", va="center", fontsize=8)
    for source, user in ARROWS:
        start = (STEP * BOXES[source][0] + WIDTH + 0.07, BOXES[source][1] + HEIGHT / 2)
        end = (STEP * BOXES[user][0] - 0.07, BOXES[user][1] + HEIGHT / 2)
        axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": "0.3", "lw": 0.9, "shrinkA": 0})
    axes.set(xlim=(-0.2, 5 * STEP + WIDTH + 0.2), ylim=(0.4, 4.7))
    axes.set_axis_off()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    draw(Path(__file__).resolve().parents[1] / "docs" / "images" / "architecture.svg")
