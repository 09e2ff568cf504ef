"""A job's body, put together of fields that are JSON already: fields of several jobs are written once."""

from collections.abc import Mapping

from pydantic_core import to_json

from oo.contract.queues import ComputeJob
from oo.errors import SnapshotTooLarge
from oo.precompute.job_queue import LARGEST_BYTES, message_text

_DEFAULTS = {name: field.default for name, field in ComputeJob.model_fields.items()}


def written(**fields: object) -> dict[str, str]:
    """Fields of a `ComputeJob` as JSON; those that have their defaults are left out, as a reader adds them."""
    return {name: to_json(value).decode() for name, value in fields.items() if value != _DEFAULTS[name]}


def job_body(fields: Mapping[str, str]) -> str:
    """The body of the job with these fields, of which each is JSON.

    Raises SnapshotTooLarge where it does not fit into one message.
    """
    members = ",".join(f'"{name}":{fields[name]}' for name in _DEFAULTS if name in fields)
    body = message_text(f"{{{members}}}")
    if len(body.encode()) > LARGEST_BYTES:
        raise SnapshotTooLarge("One agent's job does not fit into one message")
    return body
