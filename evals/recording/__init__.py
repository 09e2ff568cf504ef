"""Served requests, recorded in traces and replayed on the bench."""
