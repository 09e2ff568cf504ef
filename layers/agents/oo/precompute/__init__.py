"""Precompute: one user's snapshot in, one job an agent out; one job in, one stored output out."""
