"""Thermal history: baths with temperatures, momentum-resolved freeze-in, analytic limits."""
