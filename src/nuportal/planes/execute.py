"""Where blocks are computed: in this process, in threads, in processes, or on any concurrent.futures executor."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Literal, get_args

from nuportal.errors import ParameterError, unknown_name
from nuportal.planes.quantities import Quantity, compute
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.store import Block, Result

Where = Literal["serial", "threads", "processes", "dask"]


def run(
    asked: Quantity,
    spec: PlaneSpec,
    blocks: Iterable[Block],
    where: Where | Executor = "threads",
    workers: int | None = None,
) -> Iterator[tuple[Block, Result]]:
    """Yield each block with its values as soon as it is done.

    where: "serial"; "threads" (right for compiled code that releases the GIL); "processes"; "dask" (a local cluster,
    needs the extra `cluster`); or any executor with the interface of concurrent.futures, such as that of a
    distributed.Client. workers: default, the cores this process may use. Raises ParameterError, UnknownNameError.
    """
    check(where, workers)
    if where == "serial":
        for block in blocks:
            yield block, compute(asked, spec, block)
        return
    with _executor(where, workers) as executor:
        waiting: dict[Future, Block] = {executor.submit(compute, asked, spec, block): block for block in blocks}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            for future in waiting:
                future.cancel()


def check(where: Where | Executor, workers: int | None) -> None:
    """Raise UnknownNameError or ParameterError if `run` would not take these."""
    if not isinstance(where, Executor) and where not in get_args(Where):
        raise unknown_name("executor", str(where), get_args(Where))
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise ParameterError(f"workers = {workers} is not allowed: it must be a positive whole number")


def available_workers() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _executor(where: Where | Executor, workers: int | None) -> Iterator[Executor]:
    if isinstance(where, Executor):
        yield where
        return
    workers = workers or available_workers()
    if where == "dask":
        with _dask_client(workers) as client:
            yield client.get_executor(pure=False)
        return
    pool = ThreadPoolExecutor(workers) if where == "threads" else ProcessPoolExecutor(workers, get_context("spawn"))
    try:
        yield pool
    except BaseException:  # interrupted or failed: what is under way is of no use any more
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _dask_client(workers: int):
    try:
        from distributed import Client
    except ImportError:
        raise ParameterError(
            "the executor 'dask' needs the package distributed: install nuportal with the extra 'cluster'"
        ) from None
    return Client(n_workers=workers, threads_per_worker=1, dashboard_address=None)
