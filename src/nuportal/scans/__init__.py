"""Scans: any observables of the package at many models of a family, on a grid of parameters or at listed points."""
