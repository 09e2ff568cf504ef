"""Four hours of each fault: exactly these alarms of the template go off, on the metrics that the functions wrote."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from oo.contract.queues import Outdated, Stale
from oo.errors import LLMError, LLMReplyError, LLMUpstreamError
from tests.unit.alarms.answers import Answers, Sample, all_answers, answered
from tests.unit.alarms.beside_answers import (
    asked_in_vain,
    dropped_trace,
    opened_circuit,
    record_that_ends_in,
    tip_without_stored_outputs,
)
from tests.unit.alarms.deployed import ALARMS, FUNCTIONS, kinds_of
from tests.unit.alarms.traffic import Flow, Reading, alarmed, of_function, of_queue

Traffic = list[Flow | Reading]
REFUSED_BY_THE_API = Sample(429, integrated=False)
LOCKED_OUT = Sample(403, integrated=False)

FAULTS: Mapping[str, tuple[Callable[[Answers], Traffic], set[str]]] = {
    "60 a minute, the model refuses all, template tips": (
        lambda answers: [Flow(answers.failed("llm_refused", "template"), 60)],
        {"ModelReplyAlarm", "ModelFailureHourAlarm", "TemplateTipAlarm", "OutageAlarm"},
    ),
    "60 a minute, the model refuses 20": (
        lambda answers: [Flow(answers.failed("llm_refused"), 20), Flow(answers.healthy(), 40)],
        {"ModelReplyAlarm", "ModelFailureHourAlarm", "ServerErrorAlarm", "ServerErrorHourAlarm"},
    ),
    "60 a minute, the model refuses 20, template tips": (
        lambda answers: [Flow(answers.failed("llm_refused", "template"), 20), Flow(answers.healthy(), 40)],
        {"ModelReplyAlarm", "ModelFailureHourAlarm", "TemplateTipAlarm"},
    ),
    "60 a minute, no answer of the proxy for 20": (
        lambda answers: [Flow(answers.failed("llm_timeout"), 20), Flow(answers.healthy(), 40)],
        {"ModelFailureAlarm", "ModelFailureHourAlarm", "ServerErrorAlarm", "ServerErrorHourAlarm"},
    ),
    "1 in 10 minutes, all 5xx": (
        lambda _: [Flow(answered(LITELLM_URL=""), minutes=10)],
        {"ServerErrorHourAlarm", "OutageAlarm"},
    ),
    "1 an hour, all 5xx": (
        lambda _: [Flow(answered(LITELLM_URL=""), minutes=60)],
        {"OutageAlarm"},
    ),
    "1 in 10 minutes, all template tips": (
        lambda answers: [Flow(answers.failed("llm_upstream_error", "template"), minutes=10)],
        {"ModelFailureHourAlarm", "TemplateTipAlarm", "OutageAlarm"},
    ),
    "1 in 10 minutes, all llm_auth": (
        lambda answers: [Flow(answers.failed("llm_auth"), minutes=10)],
        {"ModelKeyAlarm", "ModelFailureHourAlarm", "ServerErrorHourAlarm", "OutageAlarm"},
    ),
    "60 a minute, a third refused by the API with 429": (
        lambda answers: [Flow(REFUSED_BY_THE_API, 20), Flow(answers.healthy(), 40)],
        {"ClientErrorAlarm", "ClientErrorHourAlarm"},
    ),
    "9 a minute, a third refused by the API with 429": (
        lambda answers: [Flow(REFUSED_BY_THE_API, 3), Flow(answers.healthy(), 6)],
        {"ClientErrorHourAlarm"},
    ),
    "1 in 10 minutes, a third refused by the API with 429": (
        lambda answers: [
            Flow(REFUSED_BY_THE_API, minutes=30),
            *(Flow(answers.healthy(), minutes=30, first=at) for at in (10, 20)),
        ],
        {"ClientErrorHourAlarm"},
    ),
    "1 in 30 minutes, all locked out": (
        lambda _: [Flow(LOCKED_OUT, minutes=30)],
        {"ClientErrorHourAlarm"},
    ),
    "1 in 30 minutes, all template tips": (
        lambda answers: [Flow(answers.failed("llm_refused", "template"), minutes=30)],
        {"OutageAlarm"},
    ),
    "60 a minute, half of them template tips": (
        lambda answers: [Flow(answers.failed("llm_timeout", "template"), 30), Flow(answers.healthy(), 30)],
        {"ModelFailureAlarm", "ModelFailureHourAlarm", "TemplateTipAlarm"},
    ),
    "6 a minute, a third of them 5xx": (
        lambda answers: [Flow(answered(LITELLM_URL=""), 2), Flow(answers.healthy(), 4)],
        {"ServerErrorHourAlarm"},
    ),
    "1 in 10 minutes, all locked out": (
        lambda _: [Flow(LOCKED_OUT, minutes=10)],
        {"ClientErrorHourAlarm"},
    ),
    "1 in 10 minutes, none with stored outputs": (
        lambda _: [Flow(tip_without_stored_outputs(), minutes=10)],
        {"StoredOutputsAlarm"},
    ),
    "a tip a minute, half a dollar each": (
        lambda answers: [Flow(answers.healthy("0.5"))],
        {"ModelCostAlarm"},
    ),
    "60 a minute, 28 s each": (
        lambda answers: [Flow(replace(answers.healthy(), latency_s=28), 60)],
        {"SlowAnswerAlarm"},
    ),
    "the circuit opens every minute": (lambda _: [Flow(opened_circuit())], {"CircuitOpenAlarm"}),
    "every record is overtaken": (
        lambda _: [Flow(record_that_ends_in(Stale(stored_version=1784019600001)), 60)],
        {"StaleRecordsAlarm"},
    ),
    "every record is older than an output lives": (
        lambda _: [Flow(record_that_ends_in(Outdated(age_s=90_000)), 60)],
        {"StaleRecordsAlarm"},
    ),
    "every trace is dropped": (lambda _: [Flow(dropped_trace())], {"TraceDroppedAlarm"}),
    "a message in PrecomputeDeadLetterQueue": (
        lambda _: [Reading(of_queue("ApproximateNumberOfMessagesVisible", "PrecomputeDeadLetterQueue"), 1)],
        {"PrecomputeDeadLetterAlarm"},
    ),
    "a message in ComputeDeadLetterQueue": (
        lambda _: [Reading(of_queue("ApproximateNumberOfMessagesVisible", "ComputeDeadLetterQueue"), 1)],
        {"ComputeDeadLetterAlarm"},
    ),
    "a message in FeedbackDeadLetterQueue": (
        lambda _: [Reading(of_queue("ApproximateNumberOfMessagesVisible", "FeedbackDeadLetterQueue"), 1)],
        {"FeedbackDeadLetterAlarm"},
    ),
    "an old message in FeedbackQueue": (
        lambda _: [Reading(of_queue("ApproximateAgeOfOldestMessage", "FeedbackQueue"), 901)],
        {"FeedbackQueueAgeAlarm"},
    ),
    "an old message in PrecomputeQueue": (
        lambda _: [Reading(of_queue("ApproximateAgeOfOldestMessage", "PrecomputeQueue"), 901)],
        {"PrecomputeQueueAgeAlarm"},
    ),
    "an old message in ComputeQueue": (
        lambda _: [Reading(of_queue("ApproximateAgeOfOldestMessage", "ComputeQueue"), 901)],
        {"ComputeQueueAgeAlarm"},
    ),
}


@pytest.fixture(scope="module")
def answers() -> Iterator[Answers]:
    with all_answers() as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_sets_off_its_alarms(answers: Answers, fault: str) -> None:
    """And no other ones, so that each says more than that something is wrong."""
    traffic, alarms = FAULTS[fault]

    assert alarmed(*traffic(answers)) == alarms


@pytest.mark.parametrize("name", ["FunctionErrorAlarm", "ThrottleAlarm"])
def test_each_functions_failures_set_off_an_alarm(name: str) -> None:
    metric = {"FunctionErrorAlarm": "Errors", "ThrottleAlarm": "Throttles"}[name]

    assert {one: alarmed(Reading(of_function(metric, one), 1), minutes=10) for one in FUNCTIONS} == {
        one: {name} for one in FUNCTIONS
    }


def test_sixty_healthy_requests_a_minute_are_silent(answers: Answers) -> None:
    """With one of them that the caller got wrong."""
    wrong = answered({"user_id": 7.5}, LITELLM_URL=answers.model.url)

    assert wrong.status == 422
    assert alarmed(Flow(answers.healthy(), 59), Flow(wrong)) == set()


@pytest.mark.parametrize("code", ["llm_upstream_error", "llm_refused", "llm_auth"])
def test_a_single_failure_among_few_requests_is_silent(answers: Answers, code: str) -> None:
    """A request in ten minutes, and one 502 in two hours, with all its retries."""
    failed = answers.failed(code)

    assert failed.status == 502
    assert alarmed(Flow(answers.healthy(), minutes=10), Flow(failed, minutes=120, first=55)) == set()


def test_a_burst_of_bad_requests_is_silent(answers: Answers) -> None:
    """Twenty within a minute, beside a healthy request in ten minutes and beside sixty a minute."""
    wrong = answered({"user_id": 7.5}, LITELLM_URL=answers.model.url)
    burst = Flow(wrong, 20, minutes=1000, first=65)

    assert alarmed(Flow(answers.healthy(), minutes=10), burst) == set()
    assert alarmed(Flow(answers.healthy(), 60), burst) == set()


def test_a_rotated_key_is_silent(answers: Answers) -> None:
    """Each of six sandboxes is refused once in a minute of 60 requests, and asks again with the new key."""
    once = replace(answers.failed("llm_auth"), status=200)

    assert "ModelKeyAlarm" not in alarmed(Flow(answers.healthy(), 60), Flow(once, 6, minutes=1000, first=90))


def test_no_traffic_is_silent() -> None:
    assert alarmed() == set()


def leaves(kind: type[LLMError]) -> Iterator[type[LLMError]]:
    """Every error of the tree that has a code of its own."""
    if "code" in vars(kind):
        yield kind
    for each in kind.__subclasses__():
        yield from leaves(each)


def error(kind: type[LLMError]) -> LLMError:
    if issubclass(kind, LLMUpstreamError):
        return kind(400, "call")
    return kind("reason") if issubclass(kind, LLMReplyError) else kind()


def test_every_failure_of_the_model_sets_off_an_alarm_of_its_kind(answers: Answers) -> None:
    """20 of 60 questions a minute; the tree of errors says which there are."""
    for kind in leaves(LLMError):
        on = alarmed(Flow(asked_in_vain(error(kind)), 20), Flow(answers.healthy(), 40), minutes=90)

        assert (kind.code, {name for name in on if kind.code in kinds_of(name)} - {"ModelKeyAlarm"} != set()) == (
            kind.code,
            True,
        )


def test_every_failure_of_the_model_is_noticed_at_little_traffic() -> None:
    """One question in ten minutes."""
    for kind in leaves(LLMError):
        assert (
            kind.code,
            "ModelFailureHourAlarm" in alarmed(Flow(asked_in_vain(error(kind)), minutes=10), minutes=60),
        ) == (
            kind.code,
            True,
        )


def test_the_removal_of_an_alarm_is_noticed() -> None:
    """Each is expected of a fault above."""
    expected = set().union(*(alarms for _, alarms in FAULTS.values())) | {"FunctionErrorAlarm", "ThrottleAlarm"}

    assert expected == set(ALARMS)
