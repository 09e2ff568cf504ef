"""Planted users and their weeks, the service that is asked about them, and the judges of its sentences."""
