"""What every result file carries: package version, model, options, constants set, date, hash of the inputs."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime

from nuportal import __version__, constants
from nuportal.own_references import written_out


def input_hash(model: Mapping[str, object], options: Mapping[str, object]) -> str:
    """Return the SHA-256 of the canonical JSON of model, options, constants set and package version."""
    text = json.dumps([model, options, constants.SET, __version__], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(model: Mapping[str, object], options: Mapping[str, object], references: list[str]) -> dict[str, str]:
    """Return the provenance of a result as text attributes (JSON where structured), ready for netCDF or CSV headers.

    references: BibTeX keys of refs.bib files; `nuportal cite` prints their entries, of which those of the user's own
    folders are written out under "bibtex". The date is that of the call,
    or SOURCE_DATE_EPOCH (seconds) where the environment sets it, so that a file can be made again byte for byte.
    """
    own = written_out(key for text in references for key in text.split())
    return {
        "nuportal_version": __version__,
        "model": json.dumps(dict(model), default=str),
        "options": json.dumps(dict(options), default=str),
        "constants": constants.SET,
        "date": _now().isoformat(timespec="seconds"),
        "input_hash": input_hash(model, options),
        "references": " ".join(references),
    } | ({"bibtex": own} if own else {})


def _now() -> datetime:
    """The time, or the one that SOURCE_DATE_EPOCH sets (reproducible-builds.org)."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC) if given.isdigit() else datetime.now(UTC)
