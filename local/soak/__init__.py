"""A long run of precompute under load and faults, and what became of every message."""
