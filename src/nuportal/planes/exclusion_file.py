"""Files of a combined plane: everything as netCDF, outlines of the regions as CSV or JSON."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal import sealed
from nuportal.errors import DataFileError
from nuportal.limits.about import About
from nuportal.limits.base import Limit, Outcome
from nuportal.limits.recorded import recorded
from nuportal.limits.registry import limit as limit_named
from nuportal.limits.registry import names
from nuportal.output import checked, replacing
from nuportal.planes.exclusion import ExclusionPlane
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.tracks import Track
from nuportal.provenance import stamp
from nuportal.references import remember_from

if TYPE_CHECKING:
    import xarray

KIND = "nuportal exclusion plane 1"
SUFFIXES = (".nc", ".csv", ".json")
_STATUS = ("ok", "not applicable", "out of range", "failed")


def dataset(plane: ExclusionPlane) -> "xarray.Dataset":
    """Return the plane as a Dataset: masks on the grid, and every track as rows of columns and intervals."""
    import xarray

    dims = (plane.spec.x.name, plane.spec.y.name)
    names = list(plane.tracks)
    variables: dict[str, Any] = {
        "excluded": (("constraint", *dims), np.stack([plane.excluded(n) for n in names]).astype(np.int8)),
        "strongest": (dims, plane.strongest(), {"names": json.dumps(plane.names)}),
        "union": (dims, plane.excluded().astype(np.int8)),
    }
    rows = _rows(plane)
    for name, values in rows.items():
        variables[name] = ((name.partition("_")[0],), values)
    attributes = stamp(plane.spec.describe(), plane.spec.settings, list(plane.references))
    attributes |= {
        "kind": KIND,
        "input_hash": plane.spec.hash,
        "about": json.dumps({c.about.name: c.about.model_dump(mode="json") for c in plane.limits}),
        "reasons": json.dumps(_reasons(plane)),
    }
    coordinates = {dims[0]: plane.x, dims[1]: plane.y, "constraint": names}
    return xarray.Dataset(variables, coordinates, attributes)


def save(plane: ExclusionPlane, path: str | Path) -> Path:
    """Write the whole plane (.nc), or outlines (.csv, .json), replacing the old file only when done."""
    path = checked(path, SUFFIXES)
    if path.suffix == ".nc":
        sealed.write(dataset(plane), path)
    else:
        text = _csv(plane) if path.suffix == ".csv" else json.dumps(outlines(plane), indent=1)
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return path


def load(path: str | Path) -> ExclusionPlane:
    """Read a combined plane. Raises DataFileError for a file that is missing, truncated, damaged or another."""
    return from_dataset(sealed.read(path, "plane"), path)


def from_dataset(found: "xarray.Dataset", path: str | Path) -> ExclusionPlane:
    """Return the plane of a dataset that was read from `path`. Raises DataFileError if it is another."""
    if found.attrs.get("kind") != KIND:
        raise DataFileError(f"'{path}' is not a combined plane written by nuportal")
    remember_from(found.attrs, path)
    with sealed.understood(path, "combined plane"):
        spec = PlaneSpec.from_description(json.loads(found.attrs["model"]), json.loads(found.attrs["options"]))
        values = {str(name): variable.to_numpy() for name, variable in found.data_vars.items()}
        rows = {name: rows for name, rows in values.items() if name.startswith(("column_", "interval_"))}
        heads = json.loads(found.attrs["about"])
        chosen = tuple(_limit(name, heads[name]) for name in found["constraint"].to_numpy().tolist())
        tracks = _tracks(rows, [c.about.name for c in chosen], json.loads(found.attrs["reasons"]))
        return ExclusionPlane(spec, chosen, tracks)


def _limit(name: str, head: dict[str, Any]) -> Limit:
    """The limit of the catalogue, or of a user's own limit what the file says of it."""
    return limit_named(name) if name in names() else recorded(About.model_validate(head))


def outlines(plane: ExclusionPlane) -> dict[str, object]:
    """Return the outlines of every region as plain values, with provenance, labels, sources and accuracy."""
    regions = {}
    for name in plane.names:
        about = plane.limit(name).about
        regions[name] = {
            "label": about.plain_label,
            "kind": about.kind,
            "method": about.method,
            "cl": about.cl,
            "accuracy": about.accuracy,
            "sources": list(about.references),
            "polygons": [[ring.tolist() for ring in part] for part in plane.polygons(name)],
        }
    head = stamp(plane.spec.describe(), plane.spec.settings, list(plane.references))
    union = [[ring.tolist() for ring in part] for part in plane.polygons()]
    axes = {"x": plane.spec.x.name, "y": plane.spec.y.name}
    return {**head, "axes": axes, "union": union, "regions": regions, "not_applicable": plane.not_applicable}


def _csv(plane: ExclusionPlane) -> str:
    text = io.StringIO()
    for key, value in stamp(plane.spec.describe(), plane.spec.settings, list(plane.references)).items():
        text.write(f"# {key}: {value}\n")
    text.write("# outlines of excluded regions; ring 0 is the outer boundary of a part, further rings are holes\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["constraint", "part", "ring", plane.spec.x.name, plane.spec.y.name])
    for name in (None, *plane.names):
        for i, part in enumerate(plane.polygons(name)):
            for j, ring in enumerate(part):
                writer.writerows((name or "union", i, j, f"{x:.6g}", f"{y:.6g}") for x, y in ring)
    return text.getvalue()


def _reasons(plane: ExclusionPlane) -> list[str]:
    return list(dict.fromkeys(o.reason for t in plane.tracks.values() for o in t.outcomes))


def _rows(plane: ExclusionPlane) -> dict[str, np.ndarray]:
    reasons = {text: k for k, text in enumerate(_reasons(plane))}
    columns: list[tuple[int, float, int, int]] = []
    intervals: list[tuple[int, float, float, int]] = []
    for k, track in enumerate(plane.tracks.values()):
        for at, o in zip(track.at.tolist(), track.outcomes, strict=True):
            intervals += [(len(columns), *ends, 0) for ends in o.excluded]
            intervals += [(len(columns), *ends, 1) for ends in o.failed]
            columns.append((k, at, _STATUS.index(o.status), reasons[o.reason]))
    c, i = np.array(columns, dtype=float).reshape(-1, 4), np.array(intervals, dtype=float).reshape(-1, 4)
    named = {"column_constraint": c[:, 0], "column_at": c[:, 1], "column_status": c[:, 2], "column_reason": c[:, 3]}
    return named | {
        "interval_column": i[:, 0],
        "interval_low": i[:, 1],
        "interval_high": i[:, 2],
        "interval_failed": i[:, 3],
    }


def _tracks(rows: dict[str, np.ndarray], names: list[str], reasons: list[str]) -> dict[str, Track]:
    intervals: dict[tuple[int, bool], list[tuple[float, float]]] = {}
    keys = ("interval_column", "interval_low", "interval_high", "interval_failed")
    for column, low, high, failed in zip(*(rows[key].tolist() for key in keys), strict=True):
        intervals.setdefault((int(column), bool(failed)), []).append((low, high))
    found: dict[str, list[tuple[float, Outcome]]] = {name: [] for name in names}
    keys = ("column_constraint", "column_at", "column_status", "column_reason")
    for n, (k, at, status, reason) in enumerate(zip(*(rows[key].tolist() for key in keys), strict=True)):
        outcome = Outcome(
            tuple(intervals.get((n, False), ())),
            tuple(intervals.get((n, True), ())),
            _STATUS[int(status)],
            reasons[int(reason)],
        )
        found[names[int(k)]].append((at, outcome))
    return {
        name: Track(name, np.array([at for at, _ in columns]), tuple(o for _, o in columns))
        for name, columns in found.items()
    }
