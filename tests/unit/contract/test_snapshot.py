"""The one snapshot that requests, messages and jobs share."""

from typing import Any

import pytest
from pydantic import ValidationError

from oo.contract.agents import ComputeRequest, InferRequest
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.contract.snapshot import Snapshot

WRONG: tuple[Any, ...] = ("text", 7, {"a": "b"}, [{}] * 2001, [7] * 2001)


def test_every_carrier_of_a_snapshot_is_one() -> None:
    """No body has fields of its own for tasks, profile, feedback and completions."""
    assert [body.__base__ for body in (ComputeRequest, InferRequest, PrecomputeMessage, ComputeJob)] == [Snapshot] * 4


def test_learning_ignores_the_profile() -> None:
    """A body of POST /infer may hold anything under the name of the part that learning does not read."""
    for wrong in WRONG:
        request = InferRequest.model_validate({"user_id": "u", "profile": wrong})

        assert (request.profile, request.notes.unread_keys) == ({}, ("profile",)), wrong
    assert "profile" not in InferRequest.model_json_schema()["properties"]


@pytest.mark.parametrize("body", [ComputeRequest, InferRequest], ids=lambda body: body.__name__)
def test_a_list_that_is_none_or_too_long_is_refused(body: type[Snapshot]) -> None:
    """Nothing of its user can be read, or too much; there is one problem, however many rows are wrong."""
    for name in ("tasks", "feedback_history", "task_completions"):
        for wrong in WRONG:
            with pytest.raises(ValidationError) as caught:
                body.model_validate({"user_id": "u", name: wrong})

            assert [error["loc"] for error in caught.value.errors()] == [(name,)], wrong


def test_the_document_keeps_its_order() -> None:
    """The properties of a request are published in the order of the released document, new ones at its end."""
    assert list(ComputeRequest.model_json_schema()["properties"]) == [
        "user_id",
        "tasks",
        "profile",
        "feedback_history",
        "now_iso",
        "agent_prefs",
        "timezone",
        "task_completions",
        "priority_scale",
    ]
    assert list(InferRequest.model_json_schema()["properties"]) == [
        "user_id",
        "feedback_history",
        "task_completions",
        "now_iso",
        "timezone",
        "tasks",
        "priority_scale",
    ]
