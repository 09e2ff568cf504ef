"""Inference of preferences from a user's history, if the evidence supports it."""
