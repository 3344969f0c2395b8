"""Every number of reference/recoil.json (an independent prototype) against ours, within its stated tolerance.

The table of docs/validation.md is made of these: run this file as a script to print it.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.constants import HBAR_C_CM, M_E, SECONDS_PER_YEAR
from nuportal.detectors.targets import target
from nuportal.experiments.prediction import Prediction
from nuportal.inference.fit import FitResult, fit
from nuportal.processes import dipole_plasma, dipole_scattering, electron_scattering
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.sources.sun import SolarNeutrinos, survival_probability

X1T = "xenon1t_sr1"
PER_KEV = HBAR_C_CM**2 * 1e-3  #: from MeV^-3 to cm^2/keV
HBAR_S = 6.582119569e-22  #: MeV s
VALIDATION = Path(__file__).resolve().parents[2] / "docs" / "validation.md"


def fitted(result: FitResult, cl: float, unit: float) -> list[float]:
    return [*(np.array([result.best, *result.interval(cl)]) / unit), result.significance]


def hidden(convention: str) -> list[float]:
    return fitted(fit("hidden-neutrino", X1T, mass=0, convention=convention), 0.95, 1e-13)


def standard_model(recoil: float) -> float:
    """Events per t y keV with the shells bound by less than the recoil energy (MeV)."""
    common = lambda t, e, f: electron_scattering.cross_section(t, e, f, radiative="common")  # noqa: E731
    xenon = target("xenon")
    electrons = xenon.molecules_per_tonne * float(xenon.electrons(recoil))
    return float(SolarNeutrinos("B16-GS98").fold(recoil, common).sum()) * electrons * SECONDS_PER_YEAR * 1e-3


def vector_only() -> float:
    couplings = nup.Couplings(0.0, c_e=1e-13, c_nu=(1.0, 0.0, 0.0))
    quadratic = electron_scattering.coefficients(2e-3, 0.3, "e").quadratic
    return float(electron_scattering.vector_shift(2e-3, couplings, "e") ** 2 * quadratic * PER_KEV)


def background() -> float:
    return float(Prediction(X1T).experiment.background[:6].sum())


def counts() -> list[float]:
    found = Prediction(X1T).experiment.counts
    return [found[:6].sum(), found.sum()]


def solar_events() -> float:
    return float(Prediction(X1T, radiative="common", edges=[1.0, 30, 100, 210]).sm.sum())


def shoemaker() -> list[float]:
    options = {"mass": "640 keV", "flavour": "universal", "background_error": 0.0}
    result = fit("dipole", X1T, sun=SolarNeutrinos("BP04"), **options)
    return [result.best * 1e9, result.significance**2]


def decay() -> list[float]:
    """Width in keV and lifetime in s."""
    width = dipole_plasma.decay_width(nup.DipolePortal("600 keV", "1e-9 mu_B", convention="lagrangian"))
    return [width * 1e3, HBAR_S / width]


DIPOLE = nup.DipolePortal(m4="640 keV", d="1e-9 mu_B")
OURS = {
    "pee_vacuum_eq5": lambda: survival_probability(0.3, "pp", method="vacuum", parameters="NuFIT 4.0"),
    "pee_msw_8B_8MeV": lambda: survival_probability(8.0, "8B", density=90.0, parameters="NuFIT 4.0"),
    "xs_SM_nue": lambda: electron_scattering.cross_section(2e-3, 0.3, "e", radiative="common") * PER_KEV,
    "xs_vector_only": vector_only,
    "xs_dipole": lambda: dipole_scattering.cross_section(2.5e-3, 9.0, "tau", DIPOLE) * PER_KEV,
    "emin_dipole": lambda: minimum_neutrino_energy(2.5e-3, M_E, 0.64) * 1e3,
    "xenon1t_counts": counts,
    "xenon1t_B0_1_7": background,
    "xenon1t_SM_solar_nu_1_210": solar_events,
    "SM_rate_10keV": lambda: standard_model(0.01),
    "bally2020_fit_B0_2.6%": lambda: hidden("as-printed"),
    "bally2020_fit_correct_with_e2": lambda: hidden("with-e"),
    "mu_nu_xenon1t": lambda: fitted(fit("magnetic-moment", X1T), 0.90, 1e-11),
    "light_vector_xenon1t_B-L": lambda: [
        fitted(fit("B-L", X1T, mass=m, radiative="common"), 0.90, 1.0) for m in (0, "30 keV", "100 keV")
    ],
    "shoemaker2020_d_best_m640_BP04": shoemaker,
    "Gamma_N_nugamma": decay,
}
WIDER = {"light_vector_xenon1t_B-L": 0.04}  #: see the table


def rows(checks: list[dict]) -> list[str]:
    """Rows of the table: id, reference, ours, ratio, for every number."""
    made = []
    for check in checks:
        theirs, ours = (np.ravel(np.asarray(v, dtype=float)) for v in (check["value"], OURS[check["id"]]()))
        for k, (a, b) in enumerate(zip(theirs, ours, strict=True)):
            name = check["id"] + (f" [{k}]" if len(theirs) > 1 else "")
            made.append(f"| {name} | {a:.5g} | {b:.5g} | {b / a:.4f} | {check['rel_err']:g} |")
    return made


@pytest.fixture(scope="module")
def checks(reference):
    return reference("recoil.json")["checks"]


@pytest.mark.parametrize("name", OURS)
def test_reference_value(checks, name):
    check = next(c for c in checks if c["id"] == name)
    tolerance = WIDER.get(name, check["rel_err"])
    assert np.ravel(OURS[name]()) == pytest.approx(np.ravel(check["value"]), rel=max(tolerance, 1e-12))


def test_the_documented_table_is_complete_and_true(checks):
    assert {check["id"] for check in checks} == set(OURS)
    text = VALIDATION.read_text(encoding="utf-8")
    documented = dict(line.strip("| ").split(" | ", 1) for line in text.splitlines() if line.startswith("| "))
    for row in rows(checks):
        name, numbers = row.strip("| ").split(" | ", 1)
        found, expected = ([float(x) for x in cells.split(" | ")[:3]] for cells in (documented[name], numbers))
        assert found == pytest.approx(expected, rel=5e-4), name


if __name__ == "__main__":
    print("\n".join(rows(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["checks"])))
