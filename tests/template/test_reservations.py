"""Concurrency that is kept for single functions."""

from typing import Any

import pytest
import yaml

from local.deployment.environment import ROOT
from local.deployment.intrinsics import Resolver, TemplateLoader
from tests.template.deployments import deployed

DOCUMENT: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)  # noqa: S506  # a SafeLoader
RESERVING = ("Recommend", "Generate", "Precompute", "ComputeWorker")
QUEUES = {"PrecomputeFunctionSnapshots": "Precompute", "ComputeWorkerFunctionJobs": "ComputeWorker"}


def test_a_parameter_reserves_for_its_function_alone() -> None:
    functions = deployed(**{f"{name}ReservedConcurrency": str(place + 2) for place, name in enumerate(RESERVING)})

    reserved = {
        name: one["ReservedConcurrentExecutions"]
        for name, one in functions.of_type("AWS::Lambda::Function").items()
        if "ReservedConcurrentExecutions" in one
    }
    assert reserved == {f"{name}Function": str(place + 2) for place, name in enumerate(RESERVING)}


@pytest.mark.parametrize("reserved", ["5", "200"])
def test_a_queue_asks_for_no_more_than_its_worker_has_reserved(reserved: str) -> None:
    """Beyond it, Lambda would throttle the queue's batches, and their messages would use up their deliveries."""
    given = {f"{name}ReservedConcurrency": reserved for name in QUEUES.values()}
    sources = deployed(**given, WorkerMaximumConcurrency="10").of_type("AWS::Lambda::EventSourceMapping")

    limits = {name: one["ScalingConfig"]["MaximumConcurrency"] for name, one in sources.items()}
    assert limits == dict.fromkeys(QUEUES, reserved) | {"FeedbackWorkerFunctionFeedback": 2}


@pytest.mark.parametrize("name", QUEUES.values())
def test_a_worker_with_less_than_a_queue_takes_is_refused(name: str) -> None:
    """An event source mapping's limit is 2 at the least."""
    [assertion] = DOCUMENT["Rules"][f"{name}ReservesEnough"]["Assertions"]

    kept = {
        number: Resolver({f"{name}ReservedConcurrency": number}, {}).resolve(assertion["Assert"])
        for number in ("0", "1", "2", "10")
    }
    assert kept == {"0": True, "1": False, "2": True, "10": True}
