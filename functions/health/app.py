"""GET /health, and the answer to every path and verb that the service does not have."""

from oo.bootstrap import health

handler = health.handler()
