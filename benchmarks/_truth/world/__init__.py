"""Planted users and their weeks."""
