"""Parsers of a tip and its prompt, by their text alone."""
