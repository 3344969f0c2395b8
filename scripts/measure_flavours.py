"""N_eff with oscillations, by density matrices and by simpler treatments: writes tests/data/flavour_density.json.

Treatments of each point, all on the same grid:

    separate    flavours kept
    states      states of propagation, whose phases are averaged
    density     density matrices (the default where a boson tells flavours apart)
    no_potential, damped
                the same without the boson's own potential; with weak reactions that destroy entries off the diagonal
                and give nothing back at other momenta
    high        density matrices at accuracy "high" (a few points)

Run: python scripts/measure_flavours.py [first [last]]  (half a minute for each point).
"""

import json
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import Mock, patch

import nuportal as nup
from nuportal.cosmology.momenta import density_run, solve
from nuportal.cosmology.momenta import model as strengths
from nuportal.cosmology.momenta.options import Accuracy, Flavours

OUT = Path(__file__).parents[1] / "tests" / "data" / "flavour_density.json"
#: model, mass in MeV, g, epsilon, whether at high accuracy too
POINTS = [
    ("Lmu-Ltau", 10, 1e-9, 0, True),
    ("Lmu-Ltau", 10, 1e-8, 0, False),
    ("Lmu-Ltau", 10, 1e-7, 0, True),
    ("Lmu-Ltau", 10, 1e-6, 0, False),
    ("Lmu-Ltau", 10, 1e-5, 0, True),
    ("Lmu-Ltau", 10, 1e-4, 0, False),
    ("Lmu-Ltau", 3, 1e-8, 0, False),
    ("Lmu-Ltau", 3, 1e-6, 0, False),
    ("Lmu-Ltau", 30, 1e-8, 0, False),
    ("Lmu-Ltau", 30, 1e-6, 0, False),
    ("Lmu-Ltau", 10, 1e-7, "-g/70", False),
    ("Lmu-Ltau", 10, 1e-5, "-g/70", False),
    ("B-3Le", 10, 1e-8, 0, False),
    ("B-3Le", 10, 1e-6, 0, False),
    ("B-3Lmu", 10, 1e-8, 0, False),
    ("B-3Lmu", 10, 1e-7, 0, True),
    ("B-3Lmu", 10, 1e-6, 0, False),
    ("B-3Ltau", 10, 1e-7, 0, False),
    ("Le-Lmu", 10, 1e-7, 0, False),
    ("Le-Lmu", 10, 1e-5, 0, False),
    ("Le-Ltau", 10, 1e-6, 0, False),
    ("B1-3Le", 10, 1e-7, 0, False),
]
FACTORS = {
    "density": density_run.FACTORS,
    "no_potential": (1.0, 0.0, 1.0, 1.0),
    "damped": (1.0, 1.0, 1.0, 0.0),
}


def neff(model, flavours: Flavours = "oscillating", factors=None, accuracy: Accuracy = "standard") -> float:
    """Return N_eff; factors of `density_run.density_run`, None for states of propagation."""
    options = solve.MomentaOptions(flavours=flavours, accuracy=accuracy)
    if factors is None:
        never = Mock(return_value=False)
        with patch.object(solve, "needs_matrices", never), patch.object(strengths, "needs_matrices", never):
            return solve.solve(model.couplings, options).neff
    with patch.object(solve, "density_run", partial(density_run.density_run, factors=factors)):
        return solve.solve(model.couplings, options).neff


def measure(name: str, mass: float, g: float, epsilon: float | str, high: bool) -> dict[str, object]:
    """Return the entry of one point."""
    model = nup.U1X(name, mass=f"{mass} MeV", g=g, epsilon=epsilon)
    found = {"separate": neff(model, "separate"), "states": neff(model)}
    found |= {key: neff(model, factors=factors) for key, factors in FACTORS.items()}
    if high:
        found["high"] = neff(model, factors=density_run.FACTORS, accuracy="high")
    rounded = {key: round(value, 4) for key, value in found.items()}
    return {"model": name, "mass": mass, "g": g, "epsilon": epsilon, **rounded}


if __name__ == "__main__":
    first, last = (int(v) for v in (sys.argv[1:] + ["0", str(len(POINTS))][len(sys.argv) - 1 :]))
    rows = json.loads(OUT.read_text())["points"][:first] if first else []
    for point in POINTS[first:last]:
        rows.append(measure(*point))
        print(json.dumps(rows[-1]), flush=True)
        head = {"what": __doc__, "script": Path(__file__).name, "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        lines = ",\n".join(json.dumps(row) for row in rows)
        OUT.write_text(json.dumps(head)[:-1] + f', "points": [\n{lines}\n]}}\n')
