"""A job's body, assembled from fields that are JSON already, so that fields shared by jobs are encoded once."""

from collections.abc import Mapping

from oo.contract.queues import ComputeJob
from oo.errors import SnapshotTooLarge
from oo.precompute.job_queue import LARGEST_BYTES, message_text
from oo.validation.models import to_json

_DEFAULTS = {name: field.default for name, field in ComputeJob.model_fields.items()}


def written(**fields: object) -> dict[str, str]:
    """Fields of a `ComputeJob` as JSON; fields with default values are omitted."""
    return {name: to_json(value).decode() for name, value in fields.items() if value != _DEFAULTS[name]}


def job_body(fields: Mapping[str, str]) -> str:
    """The body of the job with these fields, each of which is JSON.

    Raises SnapshotTooLarge if it does not fit into one message.
    """
    members = ",".join(f'"{name}":{fields[name]}' for name in _DEFAULTS if name in fields)
    body = message_text(f"{{{members}}}")
    if len(body.encode()) > LARGEST_BYTES:
        raise SnapshotTooLarge("One agent's job does not fit into one message")
    return body
