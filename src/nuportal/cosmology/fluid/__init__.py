"""A boson with its momentum distribution and one neutrino fluid with temperature and chemical potential (ibe2020)."""
