"""The behaviour of MLflow's assessments on which the feedback worker relies, for a real server and for the fake."""

from typing import Any

import httpx

NOWHERE = "tr-" + "0" * 31 + "1"
ID = "a-0123456789abcdef0123456789abcdef"
BODY = {
    "assessment_id": ID,
    "assessment_name": "helpful",
    "source": {"source_type": "HUMAN", "source_id": "somebody"},
    "feedback": {"value": 1.0},
    "rationale": "Just what I needed.",
    "metadata": {"created_at": "2026-03-12T12:05:00+00:00", "dwell_ms": "4000"},
}
CHANGED = BODY | {"feedback": {"value": 0.0}, "rationale": "", "metadata": {"created_at": "2026-03-12T12:06:00+00:00"}}
CHANGE = {"assessment": CHANGED, "update_mask": "feedback,rationale,metadata"}
READ = ("assessment_id", "assessment_name", "source", "feedback", "rationale", "metadata")

EXPECTED: dict[str, tuple[int, Any]] = {
    "an own id is taken": (200, BODY),
    "an id that is taken": (500, "INTERNAL_ERROR"),
    "the stored one is as it was": (200, BODY),
    "a change merges the metadata": (200, CHANGED | {"metadata": BODY["metadata"] | CHANGED["metadata"]}),  # type: ignore[operator]
    "an unknown id": (404, "RESOURCE_DOES_NOT_EXIST"),
    "a change of an unknown id": (404, "RESOURCE_DOES_NOT_EXIST"),
    "an unknown trace": (404, "RESOURCE_DOES_NOT_EXIST"),
    "a stored one of an unknown trace": (404, "RESOURCE_DOES_NOT_EXIST"),
}


def observed(url: str, trace_id: str) -> dict[str, tuple[int, Any]]:
    """The server's responses to the same requests; the trace of 32 digits exists and has no assessment."""
    with httpx.Client(base_url=f"{url}/api/3.0/mlflow/traces", timeout=30, trust_env=False) as client:
        here, nowhere = f"/tr-{trace_id}/assessments", f"/{NOWHERE}/assessments"
        return {
            "an own id is taken": _seen(client.post(here, json={"assessment": BODY})),
            "an id that is taken": _seen(client.post(here, json={"assessment": BODY})),
            "the stored one is as it was": _seen(client.get(f"{here}/{ID}")),
            "a change merges the metadata": _seen(client.patch(f"{here}/{ID}", json=CHANGE)),
            "an unknown id": _seen(client.get(f"{here}/a-nobody")),
            "a change of an unknown id": _seen(client.patch(f"{here}/a-nobody", json=CHANGE)),
            "an unknown trace": _seen(client.post(nowhere, json={"assessment": BODY})),
            "a stored one of an unknown trace": _seen(client.get(f"{nowhere}/{ID}")),
        }


def _seen(answer: httpx.Response) -> tuple[int, Any]:
    """The status, and the body's fields that are read: the assessment's own, or the error's code."""
    fields = answer.json()
    if "assessment" in fields:
        return answer.status_code, {name: fields["assessment"][name] for name in READ}
    return answer.status_code, fields["error_code"]
