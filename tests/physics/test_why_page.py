"""docs/why_neff_changes.md: its table is what the four treatments give."""

import re
from pathlib import Path

import pytest

import nuportal as nup
from nuportal.errors import NotApplicableError

TEXT = (Path(__file__).resolve().parents[2] / "docs/why_neff_changes.md").read_text(encoding="utf-8")
MODELS = {
    "B-L, 10 MeV, 1e-7": nup.U1X("B-L", mass=10.0, g=1e-7),
    "B-L, 5 MeV, 1e-8": nup.U1X("B-L", mass=5.0, g=1e-8),
    "B-L, 15 MeV, 1e-6": nup.U1X("B-L", mass=15.0, g=1e-6),
    "L_mu-L_tau, 10 MeV, 1e-9": nup.U1X("Lmu-Ltau", mass=10.0, g=1e-9),
    "L_mu-L_tau, 10 MeV, 1e-7": nup.U1X("Lmu-Ltau", mass=10.0, g=1e-7),
    "the same, epsilon = -g/70": nup.U1X("Lmu-Ltau", mass=10.0, g=1e-7, epsilon="-g/70"),
    "B-3L_e, 10 MeV, 1e-8": nup.U1X("B-3Le", mass=10.0, g=1e-8),
}


@pytest.mark.parametrize("name", MODELS)
def test_row_of_the_table(name):
    row = re.search(rf"^\| {re.escape(name)} \| (.*) \|$", TEXT, re.MULTILINE)
    assert row is not None
    momenta, fluid, temperatures, ghosh = row[1].split(" | ")
    model = MODELS[name]
    found = nup.evolve(model)
    value, error = (float(part) for part in momenta.split(" ± "))
    assert found.neff == pytest.approx(value, abs=6e-4)
    assert (found.theory_error**2 + found.numerical_error**2) ** 0.5 == pytest.approx(error, abs=6e-4)
    assert nup.evolve(model, treatment="temperatures").neff == pytest.approx(float(temperatures), abs=6e-4)
    assert nup.evolve(model, preset="ghosh").neff == pytest.approx(float(ghosh), abs=6e-4)
    if fluid == "refuses":
        with pytest.raises(NotApplicableError, match="too fast"):
            nup.evolve(model, options=nup.FluidOptions())
    else:
        assert nup.evolve(model, options=nup.FluidOptions()).neff == pytest.approx(float(fluid), abs=6e-4)
