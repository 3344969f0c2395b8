"""The figures and tables of the five papers, one module a paper, found by `registry`."""
