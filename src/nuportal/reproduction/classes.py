"""The two classes of U(1)_X models (ghosh2023 Fig. 4, ghosh2024 Fig. 2 and Table I): with and without electrons.

With X_1 = 0 and no mixing the boson exchanges nothing with electrons, so that N_eff does not depend on the coupling.
"""

from nuportal.cosmology.grid import neff_grid
from nuportal.models import catalog
from nuportal.reproduction.registry import Reproduction, Row

MASS = 10.0  #: MeV, where ghosh2023 shows how N_eff depends on the coupling
COUPLINGS = (1e-7, 1e-5)


def classes() -> Reproduction:
    """Return for each model its class in the papers and by how much N_eff grows from g_X = 1e-7 to 1e-5, M = 10 MeV."""
    rows: list[Row] = []
    for name in catalog():
        charge = catalog()[name].leptons[0]
        ours, theirs = (growth(name, preset) for preset in ("default", "ghosh"))
        paper = "X_1 = 0: none" if charge == 0 else "X_1 != 0: grows"
        rows.append(Row(f"{name}: N_eff(1e-5) - N_eff(1e-7)", paper, theirs, ours, f"X_1 = {charge:g}"))
    return Reproduction(rows, None, [NOTE])


NOTE = (
    "Without kinetic mixing. Preset: neutrinos of one temperature, Z' in equilibrium before. Default: spectra; where "
    "only mu and tau are charged N_eff still depends on g, through oscillations (docs/physics/flavours.md)."
)


def growth(name: str, preset: str) -> float:
    """Return N_eff at g_X = 1e-5 less that at 1e-7, M = 10 MeV."""
    low, high = neff_grid(name, MASS, list(COUPLINGS), preset=preset)[0]  # type: ignore[arg-type]
    return float(high - low)
