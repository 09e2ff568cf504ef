"""Stored agent outputs: precompute writes them, `/recommend` reads them."""
