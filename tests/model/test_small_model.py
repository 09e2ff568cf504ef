"""Both endpoints before a real, weak model: a caller gets a grounded tip, the template tip or an honest error."""

import json
from typing import Any

import httpx
import pytest

from evals.answered import Answered, ServedTip
from evals.cases.case import Case, read_cases
from evals.local_model import few_of
from evals.scorers.grounded import grounded
from evals.version import GenerateVersion, RecommendVersion, find_version
from local.small_model.running import RunningModel
from local.system import LocalSystem
from oo.contract.kinds import Kind
from oo.llm.completion import ALIAS
from oo.prompts.schema import response_format, tip_schema

CASES = few_of(read_cases("core"), 4)
HONEST = {502, 503, 504}
"""Statuses of errors that are the model's."""

MODEL = "openai/smollm2-135m-instruct"


def is_honest(answer: httpx.Response) -> bool:
    """Whether an error tells by status and code that the model gave nothing usable, or nothing in time."""
    code = answer.json()["code"]
    return answer.status_code in HONEST and (code.startswith("llm_") or code == "deadline")


def fault_of(case: Case, version: RecommendVersion | GenerateVersion, tip: ServedTip) -> str:
    """Why the tip is not grounded in the open tasks, an empty text where it is."""
    verdict = grounded(case, Answered(version.prompt(case), None, tip), tip)
    return verdict.why if verdict.passed is False else ""


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_recommend(case: Case, system: LocalSystem) -> None:
    """A tip of the model is grounded; where it gave none in time, the template's takes its place."""
    version = find_version("orchestrator-2")
    answer = system.http.post("/recommend", json=case.request)
    body = answer.json()
    tip = body["tip"]
    served = ServedTip(tip["content"], tip["rationale"], Kind(tip["kind"]), body["receipt"]["task_id"], tip["source"])

    assert isinstance(version, RecommendVersion)
    assert fault_of(case, version, served) == ""
    assert (tip["source"], body["model"]) in {("llm", MODEL), ("template", "template")}
    assert (tip["source"] == "template") == bool(body["receipt"]["degraded_reason"])


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_generate(case: Case, system: LocalSystem) -> None:
    """Each candidate is grounded, or the error says that the model gave nothing usable in time."""
    version = find_version("v2-grounded")
    assert isinstance(version, GenerateVersion)
    answer = system.http.post("/generate", json=version.request(case).model_dump(mode="json", exclude_none=True))
    if not answer.is_success:
        assert is_honest(answer)
        return
    body: dict[str, Any] = answer.json()
    faults = [
        fault_of(
            case, version, ServedTip(each["content"], each["rationale"], Kind(each["kind"]), each["task_id"], "llm")
        )
        for each in body["candidates"]
    ]

    assert body["model"] == MODEL
    assert faults == [""] * len(faults)


def test_a_reply_has_the_shape_that_was_asked_for(small_model: RunningModel) -> None:
    """The schema goes through the proxy to a grammar, which a model cannot leave that was not asked for JSON."""
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
