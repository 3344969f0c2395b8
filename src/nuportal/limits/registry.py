"""All limits: the folders of the catalogue and the folders a user names.

limit("borexino")            # one that comes with nuportal
limit("my/folder")           # a folder of your own with limit.toml, its tables and refs.bib

Naming a folder here runs its code, if its formula is a file of its own (file.py:Class). Nothing else does: a folder
that a result file mentions is not opened (`Recorded`).
"""

import importlib.util
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from threading import Lock

from nuportal.errors import DataFileError, ParameterError, unknown_name
from nuportal.folders import member
from nuportal.limits.about import About
from nuportal.limits.base import Limit
from nuportal.own_references import remember
from nuportal.toml_files import checked
from nuportal.toml_files import read as read_toml

#: the parser of formulas is one for all threads, and not made for several at a time
_MATHTEXT = Lock()


@cache
def names() -> tuple[str, ...]:
    """Return the names of all limits of the catalogue."""
    root = Path(str(files("nuportal.limits").joinpath("catalog")))
    return tuple(sorted(folder.name for folder in root.iterdir() if (folder / "limit.toml").is_file()))


@cache
def layers() -> tuple[str, ...]:
    """Return the names of the assumptions that have to be asked for."""
    return tuple(sorted({limit(name).about.layer for name in names()} - {"default"}))


@cache
def groups() -> tuple[str, ...]:
    """Return the names of the groups of limits, such as "astrophysics" and "beam dump"."""
    return tuple(sorted({limit(name).about.group for name in names()}))


def limit(name: str | Path) -> Limit:
    """Return a limit.

    Parameters
    ----------
    name : str or Path
        A name (`nup.limits()` lists them), or a folder: a Path, or a text with a slash.

    Returns
    -------
    Limit
        `about` says what it measures, for which models and masses, and where every number comes from.

    Raises
    ------
    UnknownNameError, DataFileError
        If the name is unknown, or the folder malformed.

    Examples
    --------
    >>> import nuportal as nup
    >>> nup.limit("borexino").about.group
    'recoil'
    """
    if isinstance(name, Path) or "/" in str(name):
        return read(Path(name))
    folded = str(name).casefold().replace("_", "-").replace(" ", "-")
    if folded not in names():
        raise unknown_name("constraint", str(name), (*names(), *groups(), "all"))
    return _of_catalog(folded)


def limits(given: str | Iterable[str | Path | Limit] = "all") -> tuple[Limit, ...]:
    """Return limits from names, folders or Limit objects, or "all" (the default layer), each once, in that order.

    The name of a layer ("flavour-alignment") stands for its limits, that of a group ("astrophysics") for those of its
    limits that are in the default layer; a minus sign before a name takes away: "all,-cosmology". Raises
    UnknownNameError, DataFileError.
    """
    if isinstance(given, str | Path):
        given = str(given).split(",")
    elif isinstance(given, Limit):
        given = [given]
    elif not isinstance(given, Iterable):
        raise ParameterError(f"constraints = {given!r} is not allowed: give names, folders or Limit objects")
    found: dict[str, Limit] = {}
    for entry in given:
        if isinstance(entry, Limit):
            found.setdefault(entry.about.name, entry)
            continue
        text = str(entry).strip()
        if text.startswith("-"):
            found = {name: c for name, c in found.items() if c not in limits(text[1:])}
            continue
        layer = "default" if text == "all" else text
        if layer == "default" or layer in layers():
            chosen = [_of_catalog(n) for n in names() if _of_catalog(n).about.layer == layer]
        elif (group := text.casefold().replace("-", " ").replace("_", " ")) in groups():
            every = [_of_catalog(n) for n in names()]
            chosen = [c for c in every if c.about.group == group and c.about.layer == "default"]
        else:
            chosen = [limit(text)]
        found |= {c.about.name: c for c in chosen if c.about.name not in found}
    return tuple(found.values())


@cache
def _of_catalog(name: str) -> Limit:
    return read(Path(str(files("nuportal.limits").joinpath("catalog", name))))


def read(folder: Path) -> Limit:
    """Return the limit of a folder. Raises DataFileError that names file, line and entry."""
    path = folder / "limit.toml"
    content, text = read_toml(path)
    measurement = content.pop("measurement", {})
    about = checked(About, content, path, text)
    kind = _class(about, folder)
    found = kind(about, checked(kind.Measurement, measurement, path, text, ("measurement",)), folder)
    _check_own(about, folder, path)
    return found


def _check_own(about: About, folder: Path, path: Path) -> None:
    """Raise DataFileError if a user's folder takes the name of a limit of the catalogue, or cites what is not there.

    Its label must be something that can be drawn.
    """
    from nuportal.references import bibliography, parse

    if folder.resolve().parent == Path(str(files("nuportal.limits").joinpath("catalog"))).resolve():
        return
    if about.name in names():
        raise DataFileError(f"{path}: name: '{about.name}' is a constraint of nuportal: choose another name")
    _check_label(about.label, path)
    own = folder / "refs.bib"
    entries = parse(own.read_text(encoding="utf-8"), str(own)) if own.is_file() else {}
    remember({key: entry for key, entry in entries.items() if key not in bibliography()})
    known = {**bibliography(), **entries}
    for key in about.references:
        if key not in known:
            raise DataFileError(f"{path}: references: there is no entry '{key}' in {own} nor in nuportal")


def _check_label(label: str, path: Path) -> None:
    """Raise DataFileError if what stands between dollar signs is no formula, which no picture could show."""
    if "$" not in label:
        return
    from matplotlib.mathtext import MathTextParser

    try:
        with _MATHTEXT:
            MathTextParser("agg").parse(label)
    except ValueError as error:
        raise DataFileError(f"{path}: label: '{label}' is no text with formulas: {str(error).split(':')[0]}") from None


def _class(about: About, folder: Path) -> type[Limit]:
    """The class that `formula` names: "module:Class" of nuportal.limits, or "file.py:Class" of the folder."""
    module_name, _, class_name = about.formula.partition(":")
    if not (module_name.endswith(".py") or all(part.isidentifier() for part in module_name.split("."))):
        raise DataFileError(
            f"{folder / 'limit.toml'}: formula: '{about.formula}' is neither module:Class nor file.py:Class"
        )
    if module_name.endswith(".py"):
        source = member(folder, module_name)
        spec = importlib.util.spec_from_file_location(f"nuportal_limit_{about.name.replace('-', '_')}", source)
        if spec is None or spec.loader is None or not source.is_file():
            raise DataFileError(f"{folder / 'limit.toml'}: formula: there is no file '{source}'")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise DataFileError(f"{source}: {type(error).__name__}: {error}") from error
    else:
        try:
            module = import_module(f"nuportal.limits.{module_name}")
        except ModuleNotFoundError:
            raise DataFileError(
                f"{folder / 'limit.toml'}: formula: there is no '{module_name}' in nuportal.limits"
            ) from None
    found = getattr(module, class_name, None)
    if not (isinstance(found, type) and issubclass(found, Limit)):
        raise DataFileError(f"{folder / 'limit.toml'}: formula: '{about.formula}' names no limit (module:Class)")
    return found
