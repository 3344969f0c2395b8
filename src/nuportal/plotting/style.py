# pyright: reportUnknownMemberType=false
"""The one style of every figure: readable in print, ticks inwards, no pyplot.

Build a figure inside `with paper():` (the style acts when artists are made), then `save(figure, path)`.
"""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.errors import ParameterError, unknown_name
from nuportal.output import checked, replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

Style = str | Path | Mapping[str, Any]
FORMATS = (".png", ".pdf", ".svg")

#: colours that stay apart for colour-blind readers and in grey (Okabe & Ito), in order of use
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

_STYLE = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 12,
    "axes.labelsize": 14,
    "axes.titlesize": 13,
    "legend.fontsize": 10.5,
    "legend.frameon": False,
    "axes.linewidth": 0.9,
    "lines.linewidth": 1.6,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.minor.visible": True,
    "ytick.minor.visible": True,
    "hatch.linewidth": 0.6,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,  # fonts as they are, embedded: journals refuse Type 3
    "figure.constrained_layout.use": True,
}


#: the style that `styled` asks for while a figure is built
_asked: ContextVar["Style"] = ContextVar("style", default="paper")


@contextmanager
def styled(style: "Style", ax: object = None) -> Generator[None]:
    """Let figures built inside have a style: "paper" (nuportal's), "current" (the user's own matplotlib settings), or
    a style of matplotlib: a name, a path to a style sheet, or a dictionary of settings that are added to nuportal's.

    ax: what they are to be drawn into: axes of matplotlib, several, or None. Raises UnknownNameError, ParameterError.
    """
    import matplotlib.style
    from matplotlib.axes import Axes

    for one in () if ax is None else np.ravel(np.asarray(ax, dtype=object)):
        if not isinstance(one, Axes):
            raise ParameterError(f"ax = {ax!r} is not allowed: give axes of matplotlib, such as plt.gca()")

    if isinstance(style, str) and style not in ("paper", "current", "default", *matplotlib.style.available):
        if not style.endswith(".mplstyle"):
            raise unknown_name("style", style, ("paper", "current", *matplotlib.style.available))
    elif not isinstance(style, str | Path | Mapping):
        raise ParameterError(f"style = {style!r} is not a name, a style sheet or a dictionary of settings")
    if style not in ("paper", "current"):
        try:
            with matplotlib.style.context(style):  # type: ignore[arg-type]
                pass
        except (OSError, KeyError, ValueError) as error:
            raise ParameterError(f"style {style!r} cannot be used: {' '.join(str(error).split())}") from None
    token = _asked.set(style)
    try:
        yield
    finally:
        _asked.reset(token)


@contextmanager
def paper() -> Generator[None]:
    """The context in which figures are built; the user's own matplotlib settings come back after it."""
    import matplotlib.style

    style = _asked.get()
    if style == "current":
        yield
        return
    with _nuportal() if style == "paper" or isinstance(style, Mapping) else matplotlib.rc_context():
        if style != "paper":
            matplotlib.style.use(style)  # type: ignore[arg-type]
        yield


def _nuportal() -> AbstractContextManager[None]:
    import matplotlib
    from cycler import cycler

    return matplotlib.rc_context({**_STYLE, "axes.prop_cycle": cycler(color=COLOURS)})  # type: ignore[dict-item]


def new_figure(width: float = 6.4, height: float = 4.8) -> tuple["Figure", "Axes"]:
    """Return a figure (size in inches) with one set of axes, made without pyplot. Call inside `paper()`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    return figure, figure.add_subplot()


def lay_out(figure: "Figure") -> None:
    """Place axes, titles and tick labels, once: what is added or saved later leaves them where they are."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


def drawing(ax: "Axes | None", width: float, height: float) -> tuple["Figure", "Axes"]:
    """Return the figure and the axes to draw into: those given, or new ones of this size in inches."""
    if ax is None:
        return new_figure(width, height)
    return ax.figure, ax  # type: ignore[return-value]


def plain_ticks(axis: "Axis") -> None:
    """Less than three decades: 1, 2, 5, 10 ... rather than powers of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    from nuportal.plotting.symbols import value

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_minor_locator(LogLocator(subs=tuple(range(1, 10))))

    def written(v: float, _: int | None) -> str:
        return f"{v:g}" if v >= 1e-3 else f"${value(v)}$"

    axis.set_major_formatter(FuncFormatter(written))
    axis.set_minor_formatter(NullFormatter())


def save(figure: "Figure", path: str | Path) -> Path:
    """Write a figure as PNG, PDF or SVG by its file name, replacing the old one only when done. Raises OutputError."""
    path = checked(path, FORMATS)
    with paper(), replacing(path) as temporary:
        figure.savefig(temporary)
    return path
