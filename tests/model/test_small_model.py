"""Both endpoints before a real, weak model: a caller gets a grounded tip, the template tip or an honest error.

The service trusts a tip's `task_ref` if it is valid, with any text. So a tip is grounded
here if its task is open and no closed one is named. Q2, which also reads the text, is measured in docs/tuning.md.
"""

import json
from typing import Any

import httpx
import pytest

from evals.answered import Answered, ServedTip
from evals.cases.case import Case, read_cases
from evals.local_model import few_of
from evals.scorers.no_ghost import no_ghost
from evals.version import GenerateVersion, RecommendVersion
from local.small_model.running import RunningModel
from local.system import LocalSystem
from oo.contract.kinds import Kind
from oo.llm.completion import ALIAS
from oo.prompts.schema import response_format, tip_schema
from oo.prompts.versions import get_orchestrator, get_prompt

CASES = few_of(read_cases("core"), 4)
RECOMMEND = RecommendVersion("orchestrator-2", get_orchestrator("orchestrator-2"))
GENERATE = GenerateVersion("v2-grounded", get_prompt("v2-grounded"))
MODEL = "openai/smollm2-135m-instruct"
ABOUT_NO_TASK = {Kind.REST, Kind.ADVICE}
STATUSES_OF_THE_MODEL = {502, 503, 504}


def is_honest(answer: httpx.Response) -> bool:
    """Whether an error tells by status and code that the model gave nothing usable, or nothing in time."""
    code = answer.json()["code"]
    return answer.status_code in STATUSES_OF_THE_MODEL and (code.startswith("llm_") or code == "deadline")


def speaks_of_open_tasks(case: Case, version: RecommendVersion | GenerateVersion, tip: ServedTip) -> bool:
    """Whether the tip's task is open, if it has one, and its text names no closed task."""
    tasks = case.opened.rows.task_list
    opened = {task.id for task in (*tasks.open, *tasks.set_aside)}
    answered = Answered(version.prompt(case), None, tip)
    return (tip.task_id is None or tip.task_id in opened) and no_ghost(case, answered, tip).passed is not False


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_recommend(case: Case, system: LocalSystem) -> None:
    """The tip is about an open task; where the model gave none in time, it is the template's and says why."""
    answer = system.http.post("/recommend", json=case.request | {"prompt_version": RECOMMEND.name})
    body: dict[str, Any] = answer.raise_for_status().json()
    receipt, fields = body["receipt"], body["tip"]
    tip = ServedTip(fields["content"], fields["rationale"], Kind(fields["kind"]), receipt["task_id"], fields["source"])

    assert speaks_of_open_tasks(case, RECOMMEND, tip)
    assert tip.task_id is not None or tip.kind in ABOUT_NO_TASK
    assert (tip.source, body["model"]) == (("template",) * 2 if receipt["degraded_reason"] else ("llm", MODEL))


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_generate(case: Case, system: LocalSystem) -> None:
    """Each candidate speaks of open tasks, or the error says that the model gave nothing usable in time."""
    answer = system.http.post("/generate", json=GENERATE.request(case).model_dump(mode="json", exclude_none=True))
    if not answer.is_success:
        assert is_honest(answer)
        return
    body: dict[str, Any] = answer.json()
    tips = [
        ServedTip(each["content"], each["rationale"], Kind(each["kind"]), each["task_id"], "llm")
        for each in body["candidates"]
    ]

    assert body["model"] == MODEL
    assert tips
    assert all(speaks_of_open_tasks(case, GENERATE, tip) for tip in tips)


def test_a_reply_has_the_shape_that_was_asked_for(small_model: RunningModel) -> None:
    """The schema reaches the model's server as a grammar: the question itself asks for no JSON."""
    question = {
        "model": ALIAS,
        "messages": [{"role": "user", "content": "Name one thing to do today, in five words."}],
        "response_format": response_format("tip", tip_schema()),
        "temperature": 0,
        "max_tokens": 400,
    }
    answer = httpx.post(
        f"{small_model.url}/chat/completions",
        json=question,
        headers={"authorization": f"Bearer {small_model.key}"},
        timeout=300,
    )
    (choice,) = answer.raise_for_status().json()["choices"]

    assert list(tip_schema()["properties"]) == list(json.loads(choice["message"]["content"]))
