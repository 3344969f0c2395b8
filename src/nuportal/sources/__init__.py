"""Neutrino sources: the Sun, reactors, pions decaying at rest; flavour on the way to Earth."""
