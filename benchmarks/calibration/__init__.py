"""Simulated size, coverage and power of the inference that the rule picks."""
