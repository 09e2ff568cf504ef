"""`local/small_model/litellm.yaml`, with a fake in place of the small model's server."""

from pathlib import Path

from local.deployment.environment import ROOT
from local.system import LocalSystem
from oo.prompts.schema import candidates_schema, tip_schema
from testing.fake_llm import BOTH, TIP, Asked, fake_model, obeys
from tests.integration.faults.conftest import Service
from tests.proxy.conftest import KEY, started

TASKS = [{"id": "t1", "title": "Send the invoice"}]


def test_the_schema_reaches_the_small_models_server_in_its_own_form(tmp_path: Path) -> None:
    """Both endpoints ask for `json_schema`; llama-cpp-python takes `json_object` with the schema beside it."""
    asked = list[Asked]()

    def reply(question: Asked) -> str:
        asked.append(question)
        return BOTH

    with fake_model() as server:
        server.otherwise = obeys(reply)
        environment = {"LITELLM_MASTER_KEY": KEY, "SMALL_MODEL_URL": f"{server.url}/v1"}
        with (
            started(ROOT / "local" / "small_model" / "litellm.yaml", tmp_path, environment) as proxy,
            LocalSystem(environment={"LITELLM_URL": proxy.url, "LITELLM_API_KEY": KEY}) as system,
        ):
            asked.clear()
            tip = Service(system).recommend("u").body
            candidates = Service(system).post("/generate", {"user_id": "u", "context": {"tasks": TASKS}, "n": 1}).body

    assert (tip["tip"]["content"], tip["model"]) == (TIP["content"], "openai/smollm2-135m-instruct")
    assert [TIP["content"]] == [each["content"] for each in candidates["candidates"]]
    formats = [{"type": "json_object", "schema": schema} for schema in (tip_schema(), candidates_schema())]
    assert formats == [question.body["response_format"] for question in asked]
