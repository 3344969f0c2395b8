"""Folders of data that a user brings: what their files name lies inside them, and nothing outside is opened."""

from pathlib import Path

from nuportal.errors import DataFileError


def member(folder: Path, name: str) -> Path:
    """Return the path of what a folder's own file names, existing or not.

    Raises DataFileError for an absolute path, for "..", and for a link that leads out of the folder.
    """
    given = Path(name)
    inside = name and "\0" not in name and not given.is_absolute() and ".." not in given.parts
    if not inside or not (folder / given).resolve().is_relative_to(folder.resolve()):
        raise DataFileError(f"'{name}', named in '{folder}', lies outside of this folder: what it uses must be inside")
    return folder / given
