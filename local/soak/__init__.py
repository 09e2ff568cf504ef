"""A long run of precompute under load and faults that accounts for every message."""
