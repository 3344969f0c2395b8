"""Limits on light mediators: computed from published observables, or recast from published tables."""
