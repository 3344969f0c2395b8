"""Measurements as data folders: measurement.toml, tables, refs.bib; a folder of the user is read alike."""

from nuportal.listing import callable_list


def _entries() -> dict[str, str]:
    from nuportal.experiments.measurement import experiment, names

    return {name: f"{(one := experiment(name)).name} {one.spec.target} {one.kind}" for name in names()}


callable_list(__name__, _entries)
