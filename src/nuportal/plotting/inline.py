# pyright: reportUnknownMemberType=false
"""Legends that hide no line, and short labels written on lines, turned along them and kept apart."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text
    from matplotlib.typing import ColorType

_POINTS = 60  #: candidate places along a line


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
    """Write each text once, on one of its lines, where it is farthest from other labels and touches none.

    The figure must have been laid out (figure.draw_without_rendering) so that angles on screen are known.
    Returns the texts that found no room and a line of each.
    """
    left: dict[str, Line2D] = {}
    for text, candidates in lines.items():
        longest = max(candidates, key=lambda line: _length(_on_screen(axes, line)))
        label = written(axes, text, size, longest.get_color())
        width, height = label.get_window_extent().size
        found = [_places(_on_screen(axes, line), width) for line in candidates]
        spots, angles = np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])
        if not settle(axes, label, spots, angles, (width, height)):
            left[text] = longest
    return left


def written(axes: "Axes", text: str, size: float, color: "ColorType") -> "Text":
    """Return a label on the axes with a white rim, for `settle` to put into its place."""
    from matplotlib.patheffects import withStroke

    rim = [withStroke(linewidth=3.5, foreground="white")]
    return axes.text(
        0.5,
        0.5,
        text,
        transform=None,
        size=size,
        color=color,
        ha="center",
        va="center",
        rotation_mode="anchor",
        path_effects=rim,
        zorder=4,
    )


def settle(
    axes: "Axes",
    label: "Text",
    spots: np.ndarray,
    angles: np.ndarray,
    size: tuple[float, float],
    *,
    ordered: bool = False,
) -> bool:
    """Put a label to the best of some places on screen [n, 2] at which it lies in the frame and meets no other label.

    angles [n] in degrees; size: width and height of the label unturned. ordered: the places are in order of
    preference; else the one farthest from other labels and from the frame is taken. Where there is none the label is
    removed and False returned.
    """
    others = [_corners(*_pose(t)) for t in axes.texts if t is not label and t.get_visible() and t.get_text()]
    if (legend := axes.get_legend()) is not None:
        others.append(_corners(*_box(legend.get_window_extent())))
    frame = axes.get_window_extent()
    best, most = None, -np.inf
    for k, (spot, angle) in enumerate(zip(spots, angles, strict=True)):
        corners = _corners(spot, size, angle)
        edges = corners.min(axis=0) - frame.min, frame.max - corners.max(axis=0)
        if min(map(np.min, edges)) < 2 or any(meet(corners, other) for other in others):
            continue
        room = [float(np.hypot(*(spot - other.mean(axis=0)))) for other in others] + [
            2 * float(np.min(edges)) + size[0]
        ]
        if ordered:
            best = k
            break
        worth = min(*room, 2.5 * size[0]) - 0.02 * abs(spot[1] - frame.y0 - frame.height / 2)
        if worth > most:
            best, most = k, worth
    if best is None:
        label.remove()
        return False
    label.set_transform(axes.transData)
    label.set(position=axes.transData.inverted().transform(spots[best]), rotation=angles[best])
    return True


def meet(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two rectangles overlap, each given by its corners in turn [4, 2]."""
    for box in (a, b):
        for side in (box[1] - box[0], box[2] - box[1]):
            normal = np.array([-side[1], side[0]])
            if (a @ normal).max() <= (b @ normal).min() or (b @ normal).max() <= (a @ normal).min():
                return False
    return True


def outlines(axes: "Axes") -> dict[str, np.ndarray]:
    """Return the corners on screen [4, 2] of every text written into the axes."""
    return {text.get_text(): _corners(*_pose(text)) for text in axes.texts if text.get_text()}


def _pose(text: "Text") -> tuple[np.ndarray, tuple[float, float], float]:
    """Centre, unturned size and angle of a text on screen."""
    angle = text.get_rotation()
    centre = _box(text.get_window_extent())[0]
    text.set_rotation(0)
    size = text.get_window_extent().size
    text.set_rotation(angle)
    return centre, (size[0], size[1]), angle


def _box(extent: Any) -> tuple[np.ndarray, tuple[float, float], float]:
    return (extent.min + extent.max) / 2, (extent.width, extent.height), 0.0


def _corners(centre: np.ndarray, size: tuple[float, float], angle: float) -> np.ndarray:
    turn = np.radians(angle)
    along, up = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    return np.array(
        [centre + 0.5 * (i * size[0] * along + j * size[1] * up) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    )


def _on_screen(axes: "Axes", line: "Line2D") -> np.ndarray:
    return axes.transData.transform(line.get_xydata())


def _dense(axes: "Axes", line: "Line2D") -> np.ndarray:
    """Return the points of a line on screen [n, 2], with points between far neighbours."""
    path = axes.transData.transform(line.get_xydata())
    if line.get_linestyle() in ("None", "", " ") or len(path) < 2:
        return path
    return np.concatenate([path[:-1] + t * np.diff(path, axis=0) for t in np.linspace(0, 1, 20)])


def _length(path: np.ndarray) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def _places(path: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Return places along a path on screen [n, 2] and the angle of the path over the width of the text [n]."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    length = float(along[-1])
    if length < 1.2 * width:
        return np.empty((0, 2)), np.empty(0)
    middle = np.linspace(0.6 * width, length - 0.6 * width, _POINTS)
    at = [
        np.column_stack([np.interp(middle + d, along, path[:, k]) for k in (0, 1)]) for d in (-width / 2, 0, width / 2)
    ]
    step = at[2] - at[0]
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    return at[1], (angle + 90) % 180 - 90
