"""Widths, squared amplitudes and thermally averaged rates: pure functions of couplings and kinematics."""
