"""Targets, binding, efficiency, resolution, and the linear map from recoil rates to expected counts."""
