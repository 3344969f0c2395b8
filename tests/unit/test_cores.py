"""How many cores calculations use: what the process is allowed, and what the caller grants (F8)."""

import os
import subprocess
import sys
import threading

import pytest

from nuportal.planes.execute import each
from nuportal.solvers.cores import allowed, available, granted

AFFINITY = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no CPU affinity")


def _seen(item):
    return available()


@pytest.mark.parametrize(
    ("where", "workers", "items", "each_has"),
    [("serial", 3, 2, 3), ("threads", 1, 4, 1), ("threads", 4, 8, 1), ("threads", 4, 2, 2), ("threads", 4, 1, 4)],
)
def test_workers_are_shared_by_what_is_computed_at_once(where, workers, items, each_has):
    """Together the parts never use more than `workers` cores; where there are fewer parts, each has more."""
    assert {found for _, found in each(_seen, range(items), where, workers)} == {each_has}


def test_a_grant_holds_in_its_own_thread_and_ends():
    with granted(7):
        assert available() == 7
        other = []
        thread = threading.Thread(target=lambda: other.append(available()))
        thread.start()
        thread.join()
        assert other == [allowed()]
    assert available() == allowed()


@AFFINITY
def test_the_affinity_of_the_process_is_what_is_allowed():
    one = str(min(os.sched_getaffinity(0)))
    code = f"import os; os.sched_setaffinity(0, {{{one}}}); import nuportal.solvers.cores as c; print(c.available())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_the_solvers_start_no_more_threads_than_granted(monkeypatch):
    """Grids of both solvers ask for as many threads as they were granted, not for every core of the machine."""
    import numpy as np

    from nuportal.cosmology.fluid import solve as fluid
    from nuportal.cosmology.temperatures import thermal

    asked = []
    for module in (thermal, fluid):
        pool = module.ThreadPoolExecutor
        monkeypatch.setattr(module, "ThreadPoolExecutor", lambda n, pool=pool: asked.append(n) or pool(n))
    monkeypatch.setattr(fluid, "BLOCK", 1)
    with granted(1):
        thermal.neff_grid("B-L", np.array([10.0, 20.0]), np.array([1e-7, 1e-6]), method="solve")
        fluid.fluid_grid([1e-3], [1e-12, 2e-12], [1e-12])
    assert asked == [1, 1]
