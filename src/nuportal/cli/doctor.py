"""The command `nuportal doctor`, which says whether this installation is all right."""

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)

PACKAGES = ("nuportal", "numpy", "scipy", "numba", "iminuit", "xarray", "h5netcdf", "pydantic", "matplotlib")
EXPECTED = {"common": (3.0453, 5e-4), "separate": (3.0443, 5e-4)}


def _common(folders: list[Path]) -> str:
    """The folder in which all of these are."""
    return os.path.commonpath(folders) if folders else "none"


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Versions, the cache of compiled code, and a self-check of the Standard Model N_eff."""
    from nuportal.cosmology.evolve import evolve
    from nuportal.errors import NuportalError
    from nuportal.processes.table_cache import cache_folder
    from nuportal.solvers.compiled_cache import compiled_folders

    failed: list[str] = []
    checks: dict[str, dict[str, float]] = {}
    for flavours, (expected, tolerance) in EXPECTED.items():
        found = evolve(treatment="temperatures", flavours=flavours).neff  # type: ignore[arg-type]
        checks[f"sm_neff_{flavours}"] = {"found": found, "expected": expected, "tolerance": tolerance}
        if not abs(found - expected) < tolerance:
            failed.append(f"Standard Model N_eff ({flavours}) = {found:.5f}, expected {expected} +- {tolerance}")
    folders = compiled_folders()
    compiled = sum(len(list(folder.glob("*.nbi"))) for folder in folders)
    report: dict[str, object] = {
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in PACKAGES},
        "compiled_functions_cached": compiled,
        "compiled_functions_in": _common(folders),
        "tables_in": str(cache_folder()),
        "checks": checks,
    }
    report["ok"] = not failed
    if as_json:
        print(json.dumps(report, indent=1))
    else:
        print(f"Python {report['python']}")
        print(", ".join(f"{name} {version(name)}" for name in PACKAGES))
        print(f"compiled functions in the cache: {compiled}, in {_common(folders)}")
        print(f"tables that take long to make are kept in {cache_folder()}")
        for name, check in checks.items():
            print(f"{name}: {check['found']:.5f} (expected {check['expected']} +- {check['tolerance']})")
        print("ok" if not failed else "not ok")
    if failed:
        raise NuportalError("; ".join(failed))
