"""Sets of requests: example events, sets of the bench, recorded cases."""

import json
from pathlib import Path

import pytest

from evals.cases.case import case_line, read_cases
from local.playground.request_sets import RequestSets, UnreadableSet
from oo.contract.tips import GenerateRequest, RecommendRequest


def test_the_examples_are_the_events_that_ask_for_tips() -> None:
    found = RequestSets().requests("examples")

    assert {name: request.path for name, request in found.items()} == {
        "recommend.json": "/recommend",
        "generate.json": "/generate",
    }
    RecommendRequest.model_validate(found["recommend.json"].body)
    GenerateRequest.model_validate(found["generate.json"].body)


def test_the_sets_for_choosing_are_offered_and_the_one_for_deciding_is_not(tmp_path: Path) -> None:
    """Cases that were looked at one by one decide nothing."""
    assert RequestSets(recorded=tmp_path).names() == ["examples", "core", "adversarial"]


@pytest.mark.parametrize("name", ["core", "adversarial"])
def test_a_committed_set_has_its_cases(name: str) -> None:
    found = RequestSets().requests(name)

    assert [case.id for case in read_cases(name)] == list(found)


def test_what_was_recorded_is_offered_as_it_is_now(tmp_path: Path) -> None:
    case = read_cases("adversarial")[0]
    sets = RequestSets(recorded=tmp_path)
    (tmp_path / "disliked.jsonl").write_text(case_line(case))

    assert sets.names()[-1] == "local/disliked"
    assert sets.requests("local/disliked")[case.id].body == case.request


@pytest.mark.parametrize("line", ["{", "[]", json.dumps({"id": "x"})])
def test_a_file_that_holds_no_cases_is_one_sentence(tmp_path: Path, line: str) -> None:
    (tmp_path / "broken.jsonl").write_text(line)

    with pytest.raises(UnreadableSet, match="The cases of local/broken cannot be read: a line is no case"):
        RequestSets(recorded=tmp_path).requests("local/broken")
