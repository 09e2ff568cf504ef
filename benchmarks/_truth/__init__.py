"""Planted users and their weeks, the service's outputs for them, and the judges of its sentences."""
