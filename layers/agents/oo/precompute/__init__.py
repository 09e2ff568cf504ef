"""Precompute: one snapshot in, one job per agent out; one job in, one stored output out."""
