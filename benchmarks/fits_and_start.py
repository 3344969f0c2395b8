"""CPU time of a fit, of making its parts, and of starting `nuportal neff` before anything is solved.

python benchmarks/fits_and_start.py

On 2 busy cores (version 0.1.0 as issued -> now): a fit of B-L to XENONnT at a new mass with its 90 % interval 43 ->
12 to 15 ms, of which the likelihood 20 -> 1.3 ms; `import nuportal` 0.05 s; table of Fermi integrals 0.29 -> 0.03 to
0.07 s; plasma table 4.7 -> 0.02 s (its 700 eigenvalue problems ran in two threads); `nuportal neff` less a solve 3.2 ->
1.4 s.
"""

import subprocess
import sys
import time
from collections.abc import Callable

REPEATS = 20

START = """
import contextlib, io, time
from nuportal.cli.app import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(["neff", "B-L", "--mass", "10MeV", "--g", "1e-7"])
whole = time.process_time()
import nuportal
start = time.process_time()
nuportal.evolve(nuportal.U1X("B-L", mass="10 MeV", g=1e-7))
solve = time.process_time() - start
print(f"nuportal neff: {whole - solve:.2f} s and the solve, {solve:.2f} s")
"""


def cpu(work: Callable[[int], object], repeats: int = REPEATS) -> float:
    """Milliseconds of CPU of one call."""
    start = time.process_time()
    for k in range(repeats):
        work(k)
    return 1e3 * (time.process_time() - start) / repeats


def main() -> None:
    """Fits at masses that were not seen before; tables and commands in processes of their own."""
    from nuportal import fit
    from nuportal.experiments.prediction import Prediction

    fit("B-L", "xenonnt_sr0", mass="9 keV").interval()
    fold = cpu(lambda _: Prediction("xenonnt_sr0").sm)
    made = cpu(lambda k: fit("B-L", "xenonnt_sr0", mass=f"{10 + k} keV"))
    whole = cpu(lambda k: fit("B-L", "xenonnt_sr0", mass=f"{10.5 + k} keV").interval())
    print(f"fit: {whole:.1f} ms, its likelihood {made:.1f} ms; {whole / fold:.2f} of folding the Standard Model once")
    table = (
        "import time; {}; start = time.process_time(); {}(); print('{}:', round(time.process_time() - start, 3), 's')"
    )
    for module, name in (("plasma.neutrinos", "table"), ("processes.plasma_mixing", "plasma_table")):
        code = table.format(f"from nuportal.{module} import {name}; import scipy.interpolate", name, name)
        subprocess.run([sys.executable, "-c", code], check=True)
    code = (
        "import time; start = time.process_time(); import nuportal; print('import:', time.process_time() - start, 's')"
    )
    for each in (code, START):
        subprocess.run([sys.executable, "-c", each], check=True)


if __name__ == "__main__":
    main()
