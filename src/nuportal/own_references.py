"""Literature of folders that the user named, kept while the program runs, so that results carry it into their files.

Entries of the package itself are named by key alone; those of a user's refs.bib are written out, since the file may be
read where that folder is not.
"""

from collections.abc import Iterable, Mapping

_ENTRIES: dict[str, str] = {}


def remember(entries: Mapping[str, str]) -> None:
    """Keep the BibTeX entries of a folder, by key."""
    _ENTRIES.update({key: " ".join(entry.split()) for key, entry in entries.items()})


def remembered() -> dict[str, str]:
    """Return every entry kept so far, by key, each on one line."""
    return dict(_ENTRIES)


def written_out(keys: Iterable[str]) -> str:
    """Return the entries kept for these keys, on one line; empty if there are none."""
    return " ".join(_ENTRIES[key] for key in dict.fromkeys(keys) if key in _ENTRIES)
