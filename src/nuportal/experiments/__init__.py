"""Measurements as data folders: measurement.toml, tables, refs.bib; a folder of the user is read alike."""
