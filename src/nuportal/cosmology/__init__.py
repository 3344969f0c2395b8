"""From the early Universe to observables: light elements from a thermal history."""
