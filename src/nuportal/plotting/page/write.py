"""Write the page: Python only fills in the plane as JSON and puts the parts into one file."""

import html
import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from nuportal.output import checked, replacing
from nuportal.plotting.page.content import content
from nuportal.plotting.plane import title
from nuportal.plotting.typeset import plain

if TYPE_CHECKING:
    from nuportal.planes.exclusion import ExclusionPlane

SCRIPTS = ("marks.js", "region.js", "view.js", "picture.js", "names.js", "panel.js", "main.js")  #: in this order


def write(plane: "ExclusionPlane", path: str | Path) -> Path:
    """Write the page, replacing the old one only when done. Raises OutputError."""
    path = checked(path, (".html",))
    with replacing(path) as temporary:
        temporary.write_text(page(plane), encoding="utf-8")
    return path


def page(plane: "ExclusionPlane") -> str:
    """Return the page as text. All that is written in it stands in its JSON, where no sign can end a script."""
    data = json.dumps(content(plane), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    scripts = "\n".join(_part(name) for name in SCRIPTS)
    return Template(_part("page.html")).substitute(
        title=html.escape(plain(title(plane.spec))),
        style=_part("page.css"),
        plane=data,
        script=f'(() => {{\n"use strict";\n{scripts}}})();',
        version=html.escape(version("nuportal")),
    )


def _part(name: str) -> str:
    return (files("nuportal.plotting.page") / name).read_text(encoding="utf-8")
