"""Thermodynamics of the electromagnetic plasma (with QED), of neutrinos and of a massive boson."""
