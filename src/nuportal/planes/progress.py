"""The progress bar of planes and scans, on standard error."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Literal, Protocol, get_args

from nuportal.errors import unknown_name

Progress = Literal["bar", "off"]


class Titled(Protocol):
    """Something to compute that has a name."""

    @property
    def title(self) -> str:
        """One line."""
        ...


def check(progress: str) -> None:
    """Raise UnknownNameError if `bar` would not take this."""
    if progress not in get_args(Progress):
        raise unknown_name("value of progress", str(progress), get_args(Progress))


def _nothing(size: float = 1) -> None:
    """Show no bar."""


@contextmanager
def bar(
    spec: Titled, total: int, done: int, progress: Progress, unit: str = "blocks"
) -> Generator[Callable[..., object]]:
    """Show how much of `total` is done; the value of the context is called after each part, with its size if not 1."""
    if progress == "off":
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(spec.title), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task("", total=total, completed=done)

        def advance(size: float = 1) -> None:
            shown.advance(task, size)

        yield advance


@contextmanager
def counter(spec: Titled, progress: Progress) -> Generator[Callable[[], object]]:
    """Count points whose number is not known beforehand; the value of the context is called after each."""
    if progress == "off":
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    done = TextColumn("{task.completed:.0f} points calculated, until the rest can be interpolated")
    with Bar(TextColumn(spec.title), BarColumn(), done, TimeElapsedColumn(), console=Console(stderr=True)) as shown:
        task = shown.add_task("", total=None)
        yield lambda: shown.advance(task)
