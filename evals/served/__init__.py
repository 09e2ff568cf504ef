"""Served tips, read from their traces and judged by the scorers that need no model."""
