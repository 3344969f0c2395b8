"""A combined plane as one HTML file that opens offline: the pointer shows name, observable, accuracy and source."""

import html
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nuportal.output import checked, replacing
from nuportal.plotting.exclusion import styles
from nuportal.references import bibliography

if TYPE_CHECKING:
    from nuportal.limits.base import Limit
    from nuportal.planes.axes import Axis
    from nuportal.planes.exclusion import ExclusionPlane

_WIDTH, _HEIGHT, _LEFT, _TOP = 820, 600, 90, 30

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: serif; margin: 1.5em; }} #plane {{ display: flex; gap: 1.5em; flex-wrap: wrap; }}
path.region {{ fill-opacity: .10; stroke-width: 1.6; }} path.on {{ fill-opacity: .40; stroke-width: 2.6; }}
#list {{ font-size: 85%; columns: 2; max-width: 32em; }} #list label {{ display: block; cursor: pointer; }}
#tip {{ position: fixed; display: none; max-width: 32em; background: #fff; border: 1px solid #888; padding: .5em .7em;
  font-size: 85%; box-shadow: 2px 2px 6px #aaa; pointer-events: none; }} .swatch {{ display: inline-block; width: .8em;
  height: .8em; margin: 0 .4em; }}
</style></head><body><h2>{title}</h2><p>{note}</p><div id="plane">
<svg width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">
<defs><clipPath id="frame"><rect x="{left}" y="{top}" width="{w}" height="{h}"/></clipPath></defs>
<g clip-path="url(#frame)">{regions}</g>
<rect x="{left}" y="{top}" width="{w}" height="{h}" fill="none" stroke="#000"/>{axes}</svg>
<div id="list"></div></div><div id="tip"></div><script>
const about = {about};
const tip = document.getElementById('tip'), list = document.getElementById('list');
const paths = [...document.querySelectorAll('path.region')];
function text(name) {{ const a = about[name], lines = [a.label, a.observable, a.method, a.accuracy, ...a.sources];
  tip.replaceChildren(...lines.filter(Boolean).map((line, k) => {{ const p = document.createElement(k ? 'div' : 'b');
    p.textContent = line; return p; }})); }}
function mark(name, on) {{ paths.filter(p => p.dataset.name === name).forEach(p => p.classList.toggle('on', on)); }}
function follow(element, name) {{
  element.addEventListener('mousemove', e => {{ text(name); tip.style.display = 'block';
    tip.style.left = Math.min(e.clientX + 14, innerWidth - 380) + 'px'; tip.style.top = (e.clientY + 14) + 'px'; }});
  element.addEventListener('mouseenter', () => mark(name, true));
  element.addEventListener('mouseleave', () => {{ mark(name, false); tip.style.display = 'none'; }}); }}
paths.forEach(p => follow(p, p.dataset.name));
for (const name in about) {{ const row = document.createElement('label'), box = document.createElement('input');
  box.type = 'checkbox'; box.checked = true;
  box.onchange = () => paths.filter(p => p.dataset.name === name)
    .forEach(p => p.style.display = box.checked ? '' : 'none');
  const swatch = document.createElement('span'); swatch.className = 'swatch';
  swatch.style.background = about[name].colour;
  row.append(box, swatch, about[name].label); follow(row, name); list.append(row); }}
</script></body></html>
"""


def write(plane: "ExclusionPlane", path: str | Path) -> Path:
    """Write the page, replacing the old one only when done. Raises OutputError."""
    path = checked(path, (".html",))
    shown = styles(plane)
    regions = "\n".join(
        f'<path class="region" data-name="{name}" d="{_d(plane, name)}" fill="{colour}" stroke="{colour}" '
        f'fill-rule="evenodd"{_dash(plane, name)}/>'
        for name, (colour, _) in shown.items()
    )
    about = {name: {**_facts(plane.limit(name)), "colour": colour} for name, (colour, _) in shown.items()}
    spec = plane.spec
    fixed = ", ".join(f"{k} = {v}" for k, v in spec.fixed.items())
    silent = "; ".join(plane.not_applicable)
    page = _PAGE.format(
        title=html.escape(f"{spec.family.label}: {spec.x.name} by {spec.y.name}"),
        note=html.escape(f"{fixed}. Not applicable: {silent or 'none'}."),
        width=_LEFT + _WIDTH + 20,
        height=_TOP + _HEIGHT + 60,
        left=_LEFT,
        top=_TOP,
        w=_WIDTH,
        h=_HEIGHT,
        regions=regions,
        axes=_axes(spec.x, spec.y),
        about=json.dumps(about).replace("</", "<\\/"),
    )
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return path


def _facts(limit: "Limit") -> dict[str, object]:
    about = limit.about
    confidence = f", {100 * about.cl:g} % CL" if about.cl else ""
    return {
        "label": about.plain_label,
        "observable": about.observable,
        "method": f"{about.kind}, {about.method}{confidence}, {about.status}",
        "accuracy": f"accuracy about {100 * about.accuracy:.0f} % in the coupling. {about.accuracy_note}".strip(),
        "sources": [source(key) for key in about.references],
    }


def source(key: str) -> str:
    """Return a reference as one line of text: first author, title, arXiv number or journal."""
    entry = bibliography().get(key, key)

    def part(name: str) -> str:
        _, found, rest = entry.partition(f"{name} =")
        value = rest.split("\n", 1)[0].strip().rstrip(",").strip('"{} ') if found else ""
        return value.replace("{", "").replace("}", "").replace("$", "").replace("\\", "")

    first = part("author").split(" and ")[0] or part("collaboration")
    where = (
        f"arXiv:{part('eprint')}" if part("eprint") else f"{part('journal')} {part('volume')} {part('year')}".strip()
    )
    return ", ".join(text for text in (first, part("title"), where) if text)


def _d(plane: "ExclusionPlane", name: str) -> str:
    rings = (ring for part in plane.polygons(name) for ring in part)
    return " ".join(
        "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in _screen(plane.spec.x, plane.spec.y, ring)) + "Z" for ring in rings
    )


def _dash(plane: "ExclusionPlane", name: str) -> str:
    return "" if plane.limit(name).about.kind == "exclusion" else ' stroke-dasharray="6 3" style="fill-opacity:.05"'


def _screen(x: "Axis", y: "Axis", ring: np.ndarray) -> np.ndarray:
    u, v = (_share(axis, ring[:, k]) for k, axis in enumerate((x, y)))
    return np.column_stack([_LEFT + _WIDTH * u, _TOP + _HEIGHT * (1 - v)])


def _share(axis: "Axis", values: np.ndarray) -> np.ndarray:
    if axis.scale == "log":
        return np.log(np.asarray(values) / axis.low) / np.log(axis.high / axis.low)
    return (np.asarray(values) - axis.low) / (axis.high - axis.low)


def _ticks(axis: "Axis") -> list[float]:
    if axis.scale == "lin":
        return np.linspace(axis.low, axis.high, 6).tolist()
    exponents = np.arange(np.ceil(np.log10(axis.low) - 1e-9), np.floor(np.log10(axis.high) + 1e-9) + 1)
    return (10.0**exponents).tolist()


def _axes(x: "Axis", y: "Axis") -> str:
    text = []
    bottom = _TOP + _HEIGHT
    for value in _ticks(x):
        u = _LEFT + _WIDTH * float(_share(x, np.array(value)))
        text.append(f'<line x1="{u:.1f}" x2="{u:.1f}" y1="{bottom}" y2="{bottom - 7}" stroke="#000"/>')
        text.append(f'<text x="{u:.1f}" y="{bottom + 18}" text-anchor="middle">{value:g}</text>')
    for value in _ticks(y):
        v = bottom - _HEIGHT * float(_share(y, np.array(value)))
        text.append(f'<line x1="{_LEFT}" x2="{_LEFT + 7}" y1="{v:.1f}" y2="{v:.1f}" stroke="#000"/>')
        text.append(f'<text x="{_LEFT - 8}" y="{v + 4:.1f}" text-anchor="end">{value:g}</text>')
    text.append(f'<text x="{_LEFT + _WIDTH / 2}" y="{bottom + 44}" text-anchor="middle">{_name(x)}</text>')
    middle = _TOP + _HEIGHT / 2
    text.append(f'<text transform="translate(18,{middle}) rotate(-90)" text-anchor="middle">{_name(y)}</text>')
    return "".join(text)


def _name(axis: "Axis") -> str:
    unit = {"MeV": " [MeV]", "mu_B": " [Bohr magnetons]", "": ""}[axis.parameter.unit]
    return html.escape(axis.name + unit)
