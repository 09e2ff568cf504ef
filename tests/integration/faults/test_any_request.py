"""Generated requests against the whole service. `make fuzz` sends many, `make test` a few hundred, always the same."""

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from testing.documented import assert_documented
from tests.integration.faults.bodies import PLANTED, Request, requests
from tests.integration.faults.conftest import Answered, Service

FEW = 300
EXAMPLES = int(os.environ.get("FUZZ_REQUESTS", FEW))
ECHOED_BY_CONTRACT = ("unknown_agent", "unknown_prompt_version")


@pytest.fixture(scope="module")
def processes(service: Service) -> set[int]:
    """The functions' processes before the first request."""
    return {process.pid for process in service.system.processes(containing="awslambdaric")}


@settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == FEW,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(request=requests())
def test_any_request_has_a_documented_answer(service: Service, processes: set[int], request: Request) -> None:
    """No request crashes or hangs the service, gets an undocumented status or shape, or sees its faulty value again."""
    answered = service.send(request.url, request.body, **{"content-type": request.content_type})

    assert answered.status in (200, 404, 413, 415, 422)
    assert len(answered.text.encode()) <= (1_000_000 if answered.status == 200 else 16_000)
    assert len(answered.headers["x-trace-id"]) == 32
    path = request.path.replace("{agent_id}", "a")
    assert_documented("POST", path, answered.status, answered.body, answered.headers)
    if answered.status != 200:
        assert_no_echo(answered)


def assert_no_echo(answered: Answered) -> None:
    body: dict[str, Any] = answered.body
    limit = 64 if body["code"] in ECHOED_BY_CONTRACT else 0
    assert PLANTED not in str(answered.headers)
    assert limit or PLANTED not in answered.text
    assert not limit or len(body["detail"]) <= limit + len("Unknown prompt_version: ")


def test_no_request_leaves_a_long_line_or_a_text_in_the_log(service: Service, processes: set[int]) -> None:
    """Each line of a function's log has at most 16 KB and nothing that a hostile caller sent but names of keys."""
    lines = [line.partition(" | ")[2] for line in service.system.log.read_text(errors="replace").splitlines()]

    assert [line[:300] for line in lines if len(line.encode()) > 16_000 or PLANTED in without_key_names(line)] == []


def without_key_names(line: str) -> str:
    """A line without the keys that nothing reads: the line about data names them for the caller's developer."""
    return json.dumps(json.loads(line) | {"unread_keys": None}) if '"message":"data_not_read"' in line else line


def test_no_request_has_ended_a_function(service: Service, processes: set[int]) -> None:
    """Every process that was there before is there still."""
    assert processes <= {process.pid for process in service.system.processes(containing="awslambdaric")}
