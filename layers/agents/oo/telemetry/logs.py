"""Powertools' Logger and Metrics in this service's configuration."""

import json
import logging
from typing import IO, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.logging.types import LogRecord

NAMESPACE = "oO/TipService"

LARGEST_LINE_BYTES = 16_000
_SMALLEST_HALVED = 64
"""Characters; a line of values that are all shorter has none that would make a difference."""


class BoundedFormatter(LambdaPowertoolsFormatter):
    """Powertools' JSON lines, each of at most LARGEST_LINE_BYTES.

    A longer line loses the second half of its largest value, repeatedly until it fits; `shortened` lists the keys
    concerned.
    """

    def serialize(self, log: dict[str, Any] | LogRecord) -> str:
        """The line's text."""
        line = super().serialize(log)
        fields, shortened = dict(log), set[str]()
        while len(line.encode(errors="replace")) > LARGEST_LINE_BYTES:
            name = max(fields, key=lambda name: _size(fields[name]))
            if _size(fields[name]) <= _SMALLEST_HALVED:
                break
            fields[name] = _half(fields[name])
            shortened.add(name)
            line = super().serialize({**fields, "shortened": sorted(shortened)})
        return line


def _half(value: object) -> object:
    """The first half of a list or a text; for any other value, or a list of one, its size in characters."""
    if isinstance(value, list | tuple | str) and len(value) > 1:
        return value[: len(value) // 2]
    return f"({_size(value)} characters)"


def _size(value: object) -> int:
    return len(json.dumps(value, default=str))


def make_logger(stream: IO[str] | None = None, service: str | None = None) -> Logger:
    """A logger of JSON lines: the event's name is the message, its values are keys of the line.

    Without `service`, its name comes from POWERTOOLS_SERVICE_NAME; the level from POWERTOOLS_LOG_LEVEL. Loggers of one
    name are one logger, so another stream needs another name. Exceptions are logged by type only: their text, and the
    values on their stack, may contain a user's words.
    """
    # logging would look up the current asyncio task for each record, which imports asyncio; there are no tasks here.
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]  # since Python 3.12
    # An event's name is no JSON, so nothing is to be parsed in it.
    formatter = BoundedFormatter(serialize_stacktrace=False, json_deserializer=str)
    return Logger(service=service, stream=stream, logger_formatter=formatter)


def make_metrics() -> Metrics:
    """Metrics in CloudWatch's embedded format; the service's name comes from POWERTOOLS_SERVICE_NAME."""
    return Metrics(namespace=NAMESPACE)
