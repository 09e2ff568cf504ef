"""Assessments as in MLflow's REST interface; `assessment_contract` compares this with a real server."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

_PATH = re.compile(r"/api/3\.0/mlflow/traces/(?P<trace>[^/]+)/assessments(?:/(?P<id>[^/]+))?")
Reply = tuple[int, dict[str, Any]]


def is_about_assessments(head: bytes) -> bool:
    """Whether a request is for this part of the interface."""
    return _PATH.fullmatch(head.split(b" ", 2)[1].decode()) is not None


@dataclass
class AssessmentTable:
    """By id, which is one key over all traces. `asked` lists the verbs of the requests."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, head: bytes, body: bytes, landed: set[str]) -> Reply:
        """The status and the JSON object for a request; `landed` are the ids of the stored traces."""
        method, target, _ = head.split(b" ", 2)
        found = _PATH.fullmatch(target.decode())
        assert found is not None
        self.asked.append(method.decode())
        if found["trace"] not in landed:
            return _missing(f"Trace with ID '{found['trace']}' not found.")
        if method == b"POST":
            return self._create(found["trace"], json.loads(body)["assessment"])
        row = self.rows.get(found["id"] or "")
        if row is None or row["trace_id"] != found["trace"]:
            return _missing(f"Assessment with ID '{found['id']}' not found")
        if method == b"PATCH":
            _update(row, json.loads(body))
        return 200, {"assessment": row}

    def _create(self, trace_id: str, sent: dict[str, Any]) -> Reply:
        if sent["assessment_id"] in self.rows:
            message = f"Failed to create assessment for trace '{trace_id}' due to a constraint violation."
            return 500, {"error_code": "INTERNAL_ERROR", "message": message}
        self.rows[sent["assessment_id"]] = {**sent, "trace_id": trace_id, "valid": True}
        return 200, {"assessment": self.rows[sent["assessment_id"]]}


def _missing(message: str) -> Reply:
    return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": message}


def _update(row: dict[str, Any], sent: dict[str, Any]) -> None:
    for name in sent["update_mask"].split(","):
        if name == "metadata":
            row["metadata"] = row.get("metadata", {}) | sent["assessment"].get("metadata", {})
        else:
            row[name] = sent["assessment"].get(name, "")
