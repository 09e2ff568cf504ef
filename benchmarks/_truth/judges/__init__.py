"""Judges of sentences, which know the planted data."""
