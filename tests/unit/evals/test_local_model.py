"""The bench with the small model of `make model`: few cases, long timeouts, and a report that names its limits."""

from collections import Counter
from pathlib import Path

import httpx
import pytest

from evals.cases.case import read_cases
from evals.local_model import LOWER_BOUND, MOST_CASES, PatientTransport, few_of, local_bench
from evals.unusable_input import UnusableInput
from evals.version import find_version
from local.small_model.running import RunningModel
from tests.unit.evals.counting_endpoint import CountingEndpoint
from tests.unit.evals.situations import SITUATIONS

RUNNING = RunningModel("http://127.0.0.1:1", "sk-of-the-small-model", "a-model", 1)
CASES = list(SITUATIONS.values())


def test_a_model_that_is_off_is_one_sentence(tmp_path: Path) -> None:
    """It names the command that starts it."""
    with pytest.raises(UnusableInput, match=r"^The small model is not running: start it with `make model` [^.]+\.$"):
        local_bench(None, tmp_path, httpx.HTTPTransport())


def test_the_model_is_asked_with_its_own_key_and_named_a_lower_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reports contain the name; standard error has one line per case with the progress of the run."""
    endpoint = CountingEndpoint()
    bench = local_bench(RUNNING, tmp_path, httpx.MockTransport(endpoint))
    bench.run([find_version("orchestrator-2")], CASES[:2])

    assert {"Bearer sk-of-the-small-model"} == endpoint.keys
    assert f"a-model, {LOWER_BOUND}" == bench.replies.model.name
    assert capsys.readouterr().err == "1 of 2 cases\n2 of 2 cases\n"


def test_a_slow_reply_is_waited_for() -> None:
    """Neither the proxy nor the socket ends a call after the 14 s that the service would give it."""
    asked = list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    served = httpx.Request(
        "POST", "http://127.0.0.1/", headers={"x-litellm-timeout": "14"}, extensions={"timeout": {"read": 14.0}}
    )
    PatientTransport(httpx.MockTransport(answer)).handle_request(served)

    assert [(each.headers["x-litellm-timeout"], each.extensions["timeout"]["read"]) for each in asked] == [("600", 600)]


def test_the_bench_sets_no_deadline(tmp_path: Path) -> None:
    """Time that passes is not counted, so that three slow replies in a row are still three answers."""
    endpoint = CountingEndpoint(lambda _: "no")
    judged = local_bench(RUNNING, tmp_path, httpx.MockTransport(endpoint)).run(
        [find_version("orchestrator-2")], CASES[:1]
    )

    assert [len(endpoint.bodies)] == [3]
    assert judged[0].answers is not None


@pytest.mark.parametrize("name", ["core", "held-out", "adversarial"])
def test_few_cases_are_spread_over_personas_and_users(name: str) -> None:
    """Each persona has as many as the others or one more, and no user has two; the order is that of the set."""
    cases = read_cases(name)
    few = few_of(cases)
    personas = Counter(case.persona for case in few)

    assert len(few) == MOST_CASES
    assert set(personas) == {case.persona for case in cases}
    assert max(personas.values()) - min(personas.values()) <= 1
    assert max(Counter(case.user for case in few).values()) == 1
    assert [case for case in cases if case in few] == few


def test_a_small_set_is_taken_whole() -> None:
    assert few_of(CASES) == CASES
