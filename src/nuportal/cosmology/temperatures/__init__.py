"""Baths with temperatures: photons and e+-, neutrinos without chemical potential, a boson (ghosh2023, ghosh2024)."""
