"""A response with its scores, its prompt and the omitted rows."""

import json
from typing import Any

from local.playground.shown_answer import PlaygroundQuestion, shown_answer
from oo.contract.routes import GENERATE, RECOMMEND
from tests.unit.local.playground.page_requests import SERVE_ID, TIP, body_of

STORED = {"agent_id": "momentum", "agent_version": "1.0.0", "age_s": 90_000, "state": "expired", "used": False}
CANDIDATE = {
    "id": "c-1",
    "source": "llm",
    "kind": "start",
    "task_id": "t-103",
    **{name: TIP["tip"][name] for name in ("content", "rationale")},
}
CANDIDATES = {
    "candidates": [CANDIDATE, CANDIDATE | {"id": "c-2", "content": "Rest.", "kind": "rest", "task_id": None}],
    "serve_id": SERVE_ID,
    "model": "planted",
    "prompt_version": "v2-grounded",
    "prompt_tokens": 300,
    "completion_tokens": 40,
}


def shown(answer: dict[str, Any] = TIP, **changes: Any) -> dict[str, Any]:
    body = body_of("recommend") | {"prompt_version": "orchestrator-2"} | changes
    return shown_answer(PlaygroundQuestion(RECOMMEND.path, body), answer)


def test_a_tip_has_its_task_its_scores_and_the_reasons() -> None:
    (tip,) = shown()["tips"]

    assert (tip["kind"], tip["task_id"], tip["task_title"]) == ("start", "t-103", "Renew the passport")
    assert tip["candidate_id"] is None
    assert (len(tip["scores"]), tip["passes_gates"]) == (14, True)
    assert all(score["why"] for score in tip["scores"] if score["passed"] is False)


def test_a_tip_with_a_figure_of_its_own_fails_the_gate_and_says_why() -> None:
    invented = {**TIP, "tip": {**TIP["tip"], "content": "Open «Renew the passport»: 83 % of it is done."}}
    (tip,) = shown(invented)["tips"]

    (score,) = [score for score in tip["scores"] if score["name"] == "Q4 number truth"]

    assert (score["passed"], tip["passes_gates"]) == (False, False)
    assert "83" in score["why"]


def test_the_prompt_is_the_one_that_the_service_builds() -> None:
    question = PlaygroundQuestion(RECOMMEND.path, body_of("recommend") | {"prompt_version": "orchestrator-1"})
    told = shown_answer(question, TIP)

    assert told["messages"] == question.dry_run().prompt.messages
    assert {"what": "snippet 2 of stale-task", "code": "expired", "reason": "its time has passed"} in told["left_out"]
    assert [each["code"] for each in told["left_out"]] == ["expired", "outranked", "outranked"]


def test_of_stored_snippets_the_receipt_tells_what_was_left_out() -> None:
    """The table is the service's; the page cannot read it."""
    answer = {**TIP, "receipt": {**TIP["receipt"], "snippets": [STORED | {"reason": "expired"}]}}
    told = shown(answer, agent_outputs=None)

    assert {"what": "snippet of momentum", "code": "expired", "reason": "its time has passed"} in told["left_out"]
    assert "unread" in [each["code"] for each in told["left_out"]]


def test_each_candidate_is_a_tip_that_feedback_can_name() -> None:
    body = body_of("generate") | {"prompt_version": "v2-grounded"}
    told = shown_answer(PlaygroundQuestion(GENERATE.path, body), CANDIDATES)

    assert [tip["candidate_id"] for tip in told["tips"]] == ["c-1", "c-2"]
    assert [tip["task_title"] for tip in told["tips"]] == ["Renew the passport", None]
    assert all(len(tip["scores"]) == 14 for tip in told["tips"])
    assert told["cost_usd"] is None


def test_a_version_of_another_service_has_tips_without_prompt_and_scores() -> None:
    told = shown(prompt_version="orchestrator-99")

    assert told["note"].startswith("Prompt and scores are missing. /recommend has no prompt version orchestrator-99;")
    assert (told["messages"], told["tips"][0]["scores"]) == ([], [])


def test_whatever_is_shown_is_json() -> None:
    assert json.loads(json.dumps(shown(), allow_nan=False))["user_id"] == "user-7"
