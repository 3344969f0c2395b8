"""Predictions against data: likelihood, profile, intervals, limits, significance, contours, toys."""
