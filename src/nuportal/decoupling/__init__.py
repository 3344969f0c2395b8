"""Thermal histories: baths with temperatures, momentum distributions, analytic limits."""
