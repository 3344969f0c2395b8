"""Compute a combined plane limit by limit, wherever is asked; a run that was killed goes on where it stopped."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from nuportal.errors import DataFileError, NotApplicableError, unknown_name
from nuportal.limits.base import Limit, Outcome
from nuportal.output import checked
from nuportal.planes.exclusion import ExclusionPlane
from nuportal.planes.execute import Where, each
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.store import Records
from nuportal.planes.tracks import Rays, Track, follow, stepped

QUANTITY = "exclusion"
Bar = Callable[[PlaneSpec, int, int], AbstractContextManager[Callable[[], object]]]


class TrackJournal(Records):
    """The finished tracks of a combined plane."""

    def finished(self) -> Iterator[Track]:
        """Yield every complete track and cut off what a killed run left behind it."""
        for payload in self.payloads():
            fields = json.loads(payload)
            outcomes = (
                Outcome(tuple(map(tuple, e)), tuple(map(tuple, f)), status, reason)
                for e, f, status, reason in fields["outcomes"]
            )
            yield Track(fields["name"], np.array(fields["at"]), tuple(outcomes))

    def append(self, track: Track) -> None:
        """Write one finished track at the end and force it to disk. Raises OutputError."""
        outcomes = [(o.excluded, o.failed, o.status, o.reason) for o in track.outcomes]
        fields = {"name": track.name, "at": track.at.tolist(), "outcomes": outcomes}
        self.append_payload(json.dumps(fields).encode())


def specified(spec: PlaneSpec, chosen: Iterable[Limit]) -> PlaneSpec:
    """Return the specification with everything that fixes the result: options and the content of each limit.

    Raises NotApplicableError for a plane without a coupling, UnknownNameError for options the models do not have.
    """
    stepped(spec)
    for name in spec.options:
        if name not in spec.family.choices:
            raise unknown_name(f"option of a combined plane of {spec.family.label}", name, spec.family.choices)
    hashes = {c.about.name: content(c.folder) for c in chosen}
    return replace(spec, quantity=QUANTITY, settings={"constraints": hashes})


def exclusion_plane(
    spec: PlaneSpec,
    chosen: tuple[Limit, ...],
    save: str | Path | None = None,
    if_exists: Literal["resume", "replace"] = "resume",
    bar: Bar | None = None,
    executor: Where | Executor = "threads",
    workers: int | None = None,
) -> ExclusionPlane:
    """Return the combined plane. bar(spec, total, done): a context whose value is called after each limit.

    executor, workers: as in `planes.execute.each`; the result does not depend on them.

    Raises NotApplicableError if none of the limits applies, DataFileError, OutputError.
    """
    _check_any_applies(spec, chosen)
    if save is None:
        return _compute(spec, chosen, None, bar, executor, workers)
    save = checked(save, (".nc",))
    if save.exists() and if_exists == "resume":
        found = ExclusionPlane.load(save)
        if found.spec.hash != spec.hash:
            raise DataFileError(f"'{save}' holds another plane ({found.spec.title}): remove it or choose another file")
        return ExclusionPlane(spec, chosen, {c.about.name: found.tracks[c.about.name] for c in chosen})
    other = "discard" if if_exists == "replace" else "refuse"
    with TrackJournal(save.with_name(save.name + ".partial"), spec, other) as journal:
        result = _compute(spec, chosen, journal, bar, executor, workers)
        result.save(save)
        journal.remove()
    return result


def _check_any_applies(spec: PlaneSpec, chosen: tuple[Limit, ...]) -> None:
    """Raise NotApplicableError, before anything is written, if every constraint is silent at every column."""
    rays = Rays(spec)
    why: dict[str, None] = {}
    for constraint in chosen:
        for at in stepped(spec)[0].values.tolist():
            if (refused := constraint.refused(rays[at])) is None:
                return
            why[refused.reason] = None
    raise NotApplicableError(f"none of the constraints applies to {spec.title}: {'; '.join(why)}")


@dataclass(frozen=True)
class _Follow:
    """Follows limits across a plane, on rays that all limits in one process share."""

    rays: Rays

    def __call__(self, together: tuple[Limit, ...]) -> list[Track]:
        return [follow(limit, self.rays.spec, self.rays) for limit in together]


def _together(chosen: Iterable[Limit]) -> list[tuple[Limit, ...]]:
    """The limits that are followed in one go, since they share costly results; most stand alone."""
    found: dict[str, list[Limit]] = {}
    for limit in chosen:
        found.setdefault(limit.shares or f"of {limit.about.name} alone", []).append(limit)
    return [tuple(limits) for limits in found.values()]


def _compute(
    spec: PlaneSpec,
    chosen: tuple[Limit, ...],
    journal: TrackJournal | None,
    bar: Bar | None,
    executor: Where | Executor,
    workers: int | None,
) -> ExclusionPlane:
    done = {track.name: track for track in journal.finished()} if journal is not None else {}
    waiting = _together(limit for limit in chosen if limit.about.name not in done)
    with bar(spec, len(chosen), len(done)) if bar else nullcontext(lambda: None) as step:
        for _, tracks in each(_Follow(Rays(spec)), waiting, executor, workers):
            for track in tracks:
                done[track.name] = track
                if journal is not None:
                    journal.append(track)
                step()
    return ExclusionPlane(spec, chosen, {c.about.name: done[c.about.name] for c in chosen})


def content(folder: Path) -> str:
    """Return a hash over the files of a limit or an experiment: its numbers are inputs of what is calculated."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".toml", ".csv", ".py", ".lmt", ".txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
