"""The one snapshot that requests, messages and jobs share."""

from typing import Any

import pytest
from pydantic import ValidationError

from oo.contract.agents import ComputeRequest, InferRequest
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.contract.snapshot import Snapshot

WRONG: tuple[Any, ...] = ("text", 7, [1], {"a": "b"}, [{}] * 2001)


def test_every_carrier_of_a_snapshot_is_one() -> None:
    """No body has fields of its own for tasks, profile, feedback and completions."""
    assert [body.__base__ for body in (ComputeRequest, InferRequest, PrecomputeMessage, ComputeJob)] == [Snapshot] * 4


def test_learning_ignores_tasks_and_profile() -> None:
    """A body of POST /infer may hold anything under the names of the parts that learning does not read."""
    for wrong in WRONG:
        request = InferRequest.model_validate({"user_id": "u", "tasks": wrong, "profile": wrong})

        assert (request.tasks, request.profile) == ([], {}), wrong
    assert {"tasks", "profile"} & InferRequest.model_json_schema()["properties"].keys() == set()


def test_computing_checks_tasks_and_profile() -> None:
    """The same values are refused where an agent would read them."""
    for wrong in WRONG:
        with pytest.raises(ValidationError) as caught:
            ComputeRequest.model_validate({"user_id": "u", "tasks": wrong, "profile": wrong})

        assert "tasks" in {error["loc"][0] for error in caught.value.errors()}, wrong


def test_the_document_keeps_its_order() -> None:
    """The properties of a compute request are published in the order of the released document."""
    assert list(ComputeRequest.model_json_schema()["properties"]) == [
        "user_id",
        "tasks",
        "profile",
        "feedback_history",
        "now_iso",
        "agent_prefs",
        "timezone",
        "task_completions",
    ]
