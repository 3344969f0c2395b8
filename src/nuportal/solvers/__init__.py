"""Compiled integration, interpolation and quadrature; knows no physics."""
