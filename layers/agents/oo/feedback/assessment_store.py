"""Storage of assessments in MLflow, over plain REST and the connection of the trace exporter.

Statuses and codes are those of MLflow 3.6 to 3.17.2: an existing id is a 500 without a code, an unknown trace a 404
with RESOURCE_DOES_NOT_EXIST.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Literal

from oo.deadline import Deadline
from oo.errors import MlflowUnavailable, TraceNotLanded
from oo.feedback.assessment import Assessment
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.server import MlflowServer, ServerAnswer

REQUEST_S = 5.0
"""Longest time of one request; a record takes three of them at most without a concurrent change."""

MOST_UPDATES = 3

_JSON = {"content-type": "application/json"}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Kept = Literal["created", "updated", "unchanged"]


class AssessmentStore:
    """Stores assessments on traces, one request after the other. Raises MlflowUnavailable."""

    def __init__(self, server: MlflowServer) -> None:
        self._server = server

    def put(self, assessment: Assessment, deadline: Deadline) -> Kept:
        """Store an assessment unless a newer one with its id exists. Raises TraceNotLanded.

        Idempotent: a repeat, or a call after a newer one, changes nothing.
        """
        path = f"/api/3.0/mlflow/traces/tr-{assessment.serve_id}/assessments"
        answer = self._ask("POST", path, deadline, {"assessment": assessment.body()})
        if answer.is_success:
            return "created"
        if not _may_be_taken(answer):
            raise _failure(answer)
        return self._update(f"{path}/{assessment.id}", assessment, answer, deadline)

    def _update(self, path: str, assessment: Assessment, taken: ServerAnswer, deadline: Deadline) -> Kept:
        """Update the existing assessment until it is this one or newer; if none exists, `taken` was a fault.

        MLflow compares nothing itself: another worker's older one may arrive between the read and the update.
        """
        kept: Kept = "unchanged"
        for _ in range(MOST_UPDATES + 1):
            stored = self._ask("GET", path, deadline)
            if not stored.is_success:
                raise MlflowUnavailable(status=taken.status, hint=taken.hint)
            if _created_at(stored.fields) >= assessment.created_at:
                return kept
            changed = self._ask("PATCH", path, deadline, assessment.update())
            if not changed.is_success:
                raise _failure(changed)
            kept = "updated"
        raise MlflowUnavailable(hint="The server answers that it changes an assessment, and does not")

    def _ask(self, method: str, path: str, deadline: Deadline, body: dict[str, Any] | None = None) -> ServerAnswer:
        try:
            return self._asked_once(method, path, deadline, body)
        except Unreachable as error:
            if error.cause != "reset":
                raise MlflowUnavailable(cause=error.cause) from error
        # A reused connection that the server closed while the sandbox was frozen. Each request may be repeated.
        try:
            return self._asked_once(method, path, deadline, body)
        except Unreachable as error:
            raise MlflowUnavailable(cause=error.cause) from error

    def _asked_once(self, method: str, path: str, deadline: Deadline, body: dict[str, Any] | None) -> ServerAnswer:
        try:
            return self._server.request(
                path,
                deadline.within(REQUEST_S),
                body=None if body is None else json.dumps(body).encode(),
                headers=None if body is None else _JSON,
                method=method,
            )
        except Unreachable:
            raise
        except ExportFailed as error:
            raise MlflowUnavailable(hint=error.hint) from error


def _may_be_taken(answer: ServerAnswer) -> bool:
    """Whether the id may exist already. MLflow answers 500 then; the other two statuses would be the standard ones."""
    is_conflict = answer.status in (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.CONFLICT)
    return is_conflict or answer.fields.get("error_code") == "RESOURCE_ALREADY_EXISTS"


def _failure(answer: ServerAnswer) -> Exception:
    """The error of a response: an unknown trace, or a fault of the server; no response is the message's fault."""
    if answer.status == HTTPStatus.NOT_FOUND and answer.fields.get("error_code") == "RESOURCE_DOES_NOT_EXIST":
        return TraceNotLanded()
    return MlflowUnavailable(status=answer.status, hint=answer.hint)


def _created_at(fields: Mapping[str, Any]) -> datetime:
    """The time of a stored assessment; without a readable time it is older than every other."""
    match fields:
        case {"assessment": {"metadata": {"created_at": str(text)}}}:
            try:
                at = datetime.fromisoformat(text)
            except ValueError:
                return _LONG_AGO
            return at if at.tzinfo else at.replace(tzinfo=UTC)
    return _LONG_AGO
