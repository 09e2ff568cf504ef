"""Powertools' Logger and Metrics as this service sets them up."""

import logging
from typing import IO

from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "oO/TipService"


def make_logger(stream: IO[str] | None = None, service: str | None = None) -> Logger:
    """A logger of JSON lines: the event's name is the message, what belongs to it are keys of the line.

    Without `service`, its name comes from POWERTOOLS_SERVICE_NAME; the level from POWERTOOLS_LOG_LEVEL. Loggers of one
    name are one logger, so that a stream of its own needs a name of its own. Exceptions are logged
    by type only: their text, and the values on their stack, may hold what a user wrote.
    """
    # For each record logging would ask asyncio for the task at hand, which loads all of it; there are no tasks here.
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]  # since Python 3.12
    return Logger(service=service, stream=stream, serialize_stacktrace=False)


def make_metrics() -> Metrics:
    """Metrics in CloudWatch's embedded format; the service's name comes from POWERTOOLS_SERVICE_NAME."""
    return Metrics(namespace=NAMESPACE)
