"""Powertools' Logger and Metrics as this service sets them up."""

from typing import IO

from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "oO/TipService"


def make_logger(service: str, stream: IO[str] | None = None) -> Logger:
    """A logger of JSON lines. The event's name is the message, what belongs to it are keys of the line.

    Exceptions are logged by type only: their text and the stack's values may hold what a user wrote.
    """
    return Logger(service=service, stream=stream, log_uncaught_exceptions=False, serialize_stacktrace=False)


def make_metrics(service: str) -> Metrics:
    """Metrics in CloudWatch's embedded format, under one namespace."""
    return Metrics(namespace=NAMESPACE, service=service)
