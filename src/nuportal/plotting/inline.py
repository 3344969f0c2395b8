"""Legends that hide no line, and short labels written on lines, turned along them and kept apart."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

_POINTS = 60  #: candidate places along a line
_COMMANDS = re.compile(r"\\[A-Za-z]+|[${}_^]")  #: what is not seen of mathematical text


def place_legend(figure: "Figure", axes: "Axes", title: str) -> None:
    """Put the legend into the first corner where it covers no line, else outside on the right; lay the figure out."""
    handles, _ = axes.get_legend_handles_labels()
    style = {"title": title, "alignment": "left", "frameon": True, "framealpha": 0.85, "edgecolor": "0.8"}
    if not handles:
        axes.set_title(title)
    figure.draw_without_rendering()
    if not handles:
        return
    for corner in ("lower right", "upper right", "upper left", "lower left"):
        extent = axes.legend(loc=corner, **style).get_window_extent()
        if not any(extent.count_contains(_dense(axes, line)) for line in axes.get_lines()):
            return
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, **style)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width + 3.0, height)
    figure.draw_without_rendering()


def label_lines(axes: "Axes", lines: Mapping[str, Sequence["Line2D"]], size: float = 9.5) -> dict[str, "Line2D"]:
    """Write each text once, on the longest of its lines, where it is farthest from other labels and obstacles.

    The figure must have been laid out (figure.draw_without_rendering) so that angles on screen are known.
    Returns the texts that found no room and a line of each.
    """
    from matplotlib.patheffects import withStroke

    frame = axes.get_window_extent()
    legend = axes.get_legend()
    obstacle = legend.get_window_extent() if legend else None
    scale = size * axes.figure.dpi / 72  # type: ignore[union-attr]
    taken: list[tuple[np.ndarray, float]] = []
    left: dict[str, Line2D] = {}
    for text, candidates in lines.items():
        paths = [axes.transData.transform(line.get_xydata()) for line in candidates]  # type: ignore[arg-type]
        best = max(range(len(paths)), key=lambda k: _length(paths[k]))
        width = scale * 0.5 * len(_COMMANDS.sub("", text))
        spots, angles = _places(paths[best], width)
        if not len(spots):
            left[text] = candidates[best]
            continue
        room = np.minimum.reduce(
            [
                spots[:, 0] - frame.x0,
                frame.x1 - spots[:, 0],
                spots[:, 1] - frame.y0,
                frame.y1 - spots[:, 1],
                *([_distance_to_box(spots, obstacle)] if obstacle is not None else []),
                *(np.hypot(*(spots - other).T) - other_width / 2 for other, other_width in taken),
            ]
        )
        place = int(np.argmax(np.minimum(room, 3.5 * width) - 0.02 * np.abs(spots[:, 1] - frame.y0 - frame.height / 2)))
        if room[place] < 0.6 * width:
            left[text] = candidates[best]
            continue
        taken.append((spots[place], width))
        x, y = axes.transData.inverted().transform(spots[place])
        axes.text(
            x,
            y,
            text,
            size=size,
            rotation=angles[place],
            rotation_mode="anchor",
            ha="center",
            va="center",
            color=candidates[best].get_color(),
            path_effects=[withStroke(linewidth=3.5, foreground="white")],
            zorder=4,
        )
    return left


def _dense(axes: "Axes", line: "Line2D") -> np.ndarray:
    """Return the points of a line on screen [n, 2], with points between far neighbours."""
    path = axes.transData.transform(line.get_xydata())  # type: ignore[arg-type]
    if line.get_linestyle() in ("None", "", " ") or len(path) < 2:
        return path
    return np.concatenate([path[:-1] + t * np.diff(path, axis=0) for t in np.linspace(0, 1, 20)])


def _length(path: np.ndarray) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def _places(path: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Return places along a path on screen [n, 2] and the angle of the path over the width of the text [n]."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    if along[-1] < 2 * width:
        return np.empty((0, 2)), np.empty(0)
    middle = np.linspace(width, along[-1] - width, _POINTS)
    at = [
        np.column_stack([np.interp(middle + d, along, path[:, k]) for k in (0, 1)]) for d in (-width / 2, 0, width / 2)
    ]
    step = at[2] - at[0]
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    return at[1], (angle + 90) % 180 - 90


def _distance_to_box(spots: np.ndarray, box) -> np.ndarray:
    dx = np.maximum(np.maximum(box.x0 - spots[:, 0], spots[:, 0] - box.x1), 0)
    dy = np.maximum(np.maximum(box.y0 - spots[:, 1], spots[:, 1] - box.y1), 0)
    return np.hypot(dx, dy)
