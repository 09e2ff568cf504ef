"""Measurements, one module each; every figure is a median and stands beside something named."""
