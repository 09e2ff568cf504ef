"""Telemetry: spans, logs and metrics on the request path; exporters that run after the response."""
