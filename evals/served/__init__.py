"""Served tips, read back from their traces and judged by the scorers that need no model."""
