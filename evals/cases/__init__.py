"""Sets of requests by invented users."""
