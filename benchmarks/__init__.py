"""Measurements, one module each; every figure is a median, printed with a named reference."""
