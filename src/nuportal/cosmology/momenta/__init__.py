"""Neutrinos and boson with momentum spectra: the default treatment (docs/physics/kinetic.md)."""
