"""Figures: one style for all, no pyplot and no global state."""
