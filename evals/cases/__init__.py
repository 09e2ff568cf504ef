"""Sets of requests by invented people."""
