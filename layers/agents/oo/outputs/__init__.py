"""Stored agent outputs: what precompute writes and `/recommend` reads."""
