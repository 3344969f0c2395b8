"""Where parts of a result are computed: here, in threads, in processes, or on any concurrent.futures executor."""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Any, Literal, TypeVar, cast, get_args

from nuportal.errors import ParameterError, unknown_name
from nuportal.planes.quantities import Quantity, compute
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.store import Block, Result
from nuportal.solvers.cores import Granted, allowed
from nuportal.units import whole

Where = Literal["serial", "threads", "processes", "dask"]
Item = TypeVar("Item")
Found = TypeVar("Found")


def run(
    asked: Quantity,
    spec: PlaneSpec,
    blocks: Iterable[Block],
    where: Where | Executor = "threads",
    workers: int | None = None,
) -> Iterator[tuple[Block, Result]]:
    """Yield each block of a quantity with its values as soon as it is done. Arguments and errors as `each`."""
    return each(partial(compute, asked, spec), blocks, where, workers)


def each(
    work: Callable[[Item], Found],
    items: Iterable[Item],
    where: Where | Executor = "threads",
    workers: int | None = None,
) -> Iterator[tuple[Item, Found]]:
    """Yield each item with work(item) as soon as it is done.

    where: "serial"; "threads" (right for compiled code that releases the GIL); "processes"; "dask" (a local cluster,
    needs the extra `cluster`); or any executor with the interface of concurrent.futures, such as that of a
    distributed.Client. workers: default, the cores this process may use. Where there are fewer items than workers, the
    threads that a calculation starts itself share the rest; on an executor of the caller each item has one core.
    Raises ParameterError, UnknownNameError.
    """
    check(where, workers)
    waiting = list(items)
    cores = workers or allowed()
    if where == "serial":
        for item in waiting:
            yield item, Granted(work, cores)(item)
        return
    own = isinstance(where, Executor)
    limited = Granted(work, 1 if own else max(1, cores // max(len(waiting), 1)))
    with opened(where, cores) as executor:
        futures: dict[Future[Any], Item] = {executor.submit(limited, item): item for item in waiting}
        try:
            for done in as_completed(futures):
                yield futures[done], done.result()
        finally:
            for future in futures:
                future.cancel()


def check(where: Where | Executor, workers: int | None) -> None:
    """Raise UnknownNameError or ParameterError if `run` would not take these."""
    if not isinstance(where, Executor) and where not in get_args(Where):
        raise unknown_name("executor", str(where), get_args(Where))
    if workers is not None:
        whole(workers, "workers", 1)


@contextmanager
def opened(where: Where | Executor, workers: int | None = None) -> Generator[Any]:
    """Yield an executor that serves several calls of `each` ("serial" and an executor of the caller: itself)."""
    if where == "serial" or isinstance(where, Executor):
        yield where
        return
    workers = workers or allowed()
    if where == "dask":
        with _dask_client(workers) as client:
            yield cast("Any", client).get_executor(pure=False)
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
