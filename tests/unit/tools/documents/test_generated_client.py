"""A client that a generator makes of the OpenAPI document, and that writes every default out."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

from oo.agents.registry import all_manifests
from oo.contract.agent_versions import VERSIONS
from oo.contract.routes import COMPUTE, FEEDBACK, GENERATE, INFER, RECOMMEND, ROUTES, Route
from oo.contract.tips import AgentOutputSnippet
from oo.prompts.versions import RECOMMEND_VERSIONS
from oo.tips.experiment import TipExperiment
from testing.documented import OPENAPI
from testing.served_endpoints import ServedEndpoints
from tools.documents.endpoint_examples import examples
from tools.documents.openapi import DOCUMENT

SERVED = "bff8def915684475846643a4708a1c39"
SHORTEST: Mapping[Route, Mapping[str, Any]] = {
    COMPUTE: {"user_id": "u"},
    INFER: {"user_id": "u"},
    RECOMMEND: {"user_id": "u"},
    GENERATE: {"user_id": "u"},
    FEEDBACK: {"user_id": "u", "serve_id": SERVED, "action": "done"},
}
NEW_EACH_TIME = re.compile(r'("(?:serve_id|trace_id|computed_at|expires_at|created_at|age_s)": )[^,\n]*')
examples_of = cache(examples)
GENERATOR = ("-m", "datamodel_code_generator", "--input-file-type", "openapi", "--formatters", "builtin")
MODELS = ("--output-model-type", "pydantic_v2.BaseModel", "--set-default-enum-member", "--disable-warnings")


class StoredOutputs:
    """One snippet that is fresh for some hours."""

    def read(self, _: str) -> list[AgentOutputSnippet]:
        now = datetime.now(UTC)
        agent_id, version = all_manifests()[0].agent_id, next(iter(VERSIONS.values()))
        return [
            AgentOutputSnippet(
                agent_id=agent_id,
                prompt_text="[rest|3] Fact: yesterday was long. Move: begin with a break.",
                computed_at=now - timedelta(hours=1),
                expires_at=now + timedelta(hours=5),
                agent_version=version,
            )
        ]


def endpoints() -> ServedEndpoints:
    """With everything that a default could switch off: stored outputs, an experiment on the slider, a usual zone."""
    experiment = TipExperiment.read("slider-test:slider-10=50,slider-90=50", RECOMMEND_VERSIONS)
    return ServedEndpoints(
        outputs=StoredOutputs(), experiment=experiment, settings={"DEFAULT_TIMEZONE": "Europe/Berlin"}
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The generated module."""
    file = tmp_path_factory.mktemp("client") / "generated_client.py"
    command = [sys.executable, *GENERATOR, *MODELS, "--input", str(DOCUMENT), "--output", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    spec = importlib.util.spec_from_file_location("generated_client", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its models name each other
    spec.loader.exec_module(module)
    return module


def model_of(client: ModuleType, route: Route, status: str | None = None) -> type[BaseModel]:
    """The generated class of a request, or of an answer with that status."""
    operation = OPENAPI["paths"][route.path][route.method.lower()]
    message = operation["requestBody"] if status is None else operation["responses"][status]
    name = message["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    found: type[BaseModel] = getattr(client, name)
    return found


def told(route: Route, path: str, raw_body: str) -> str:
    """The answer, the model's prompt and the queue's message, without the new ids and times of each request."""
    served = endpoints()
    given = served.ask(route, path, raw_body)
    whole = json.dumps([given["statusCode"], json.loads(given["body"]), served.prompts, served.feedback], indent=0)
    return NEW_EACH_TIME.sub(r"\1…", whole)


@pytest.mark.parametrize("route", SHORTEST, ids=lambda route: route.name)
def test_written_out_defaults_have_the_answer_of_the_shortest_body(client: ModuleType, route: Route) -> None:
    """The clock may move on between the two, so the shortest one is sent before and after."""
    path, shortest = examples_of()[route].path, json.dumps(SHORTEST[route])
    written_out = model_of(client, route)(**SHORTEST[route]).model_dump_json()

    before = told(route, path, shortest)
    between = told(route, path, written_out)

    assert len(json.loads(written_out)) > len(SHORTEST[route])
    assert between in (before, told(route, path, shortest))


@pytest.mark.parametrize("route", SHORTEST, ids=lambda route: route.name)
def test_written_out_defaults_change_no_example(client: ModuleType, route: Route) -> None:
    """Defaults of a request's parts are written out as well; its moment is its own."""
    example = examples_of()[route]
    written_out = model_of(client, route).model_validate(example.request).model_dump_json()

    assert told(route, example.path, json.dumps(example.request)) == told(route, example.path, written_out)


@pytest.mark.parametrize(
    "field", [{"agent_outputs": []}, {"hour_of_day": 12}, {"day_of_week": 0}, {"science_destiny": 50}], ids=str
)
def test_values_that_were_defaults_once_mean_something(field: dict[str, Any]) -> None:
    """So that none of them may be a default."""
    shortest = {"user_id": "u", "tasks": [{"id": "t1", "title": "Send the report"}]}

    assert told(RECOMMEND, "/recommend", json.dumps(shortest)) != told(
        RECOMMEND, "/recommend", json.dumps(shortest | field)
    )


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_client_reads_the_answers(client: ModuleType, route: Route) -> None:
    example = examples_of()[route]
    raw_body = None if example.request is None else json.dumps(example.request)
    given = endpoints().ask(route, example.path, raw_body)

    answer = model_of(client, route, str(given["statusCode"])).model_validate_json(given["body"])

    assert set(json.loads(given["body"])) == set(answer.model_dump())


def test_the_client_reads_the_codes_of_errors(client: ModuleType) -> None:
    """Each schema of an error with its codes."""
    names = [name for name in OPENAPI["components"]["schemas"] if "Problem" in name]
    for name in names:
        for code in OPENAPI["components"]["schemas"][name]["properties"]["code"]["enum"]:
            problem = getattr(client, name).model_validate({"detail": "d", "code": code})

            assert problem.code.value == code
