"""Metrics of tips that need a dimension of their own."""

from oo.telemetry.measures import count

__all__ = ["count"]
