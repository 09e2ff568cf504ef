"""Compiled models beside pydantic's own: a copy of the layer with its compiled schemas, in a process of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.deployment.environment import ROOT
from testing.sample_events import sample_event
from tests.unit.validation.compiled_answers import answers
from tools.documents.compiled_models import DOCUMENT, render

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 7, 10**40, 0.5, "", "text", "2026-03-12T09:00:00+01:00", "x" * 5_000),
    *([], ["text"], [7, {}], [{}] * 2_001, {}, {"name": 1, "other": "text"}, {str(key): key for key in range(1_100)}),
)
EVENTS = {
    "ComputeRequest": "compute",
    "InferRequest": "infer",
    "RecommendRequest": "recommend",
    "GenerateRequest": "generate",
    "FeedbackRequest": "feedback",
    "PrecomputeMessage": "precompute",
    "ComputeJob": "compute-worker",
    "FeedbackMessage": "feedback-worker",
}


def sample(model: str) -> dict[str, Any]:
    """A body that the model reads, empty where there is none among the events."""
    if model not in EVENTS:
        return {}
    event = sample_event(EVENTS[model])
    body: dict[str, Any] = json.loads(event["Records"][0]["body"] if "Records" in event else event["body"])
    return body


def cases(place: str, fields: list[str]) -> Iterator[tuple[str, Any]]:
    """The sample, garbage in its place, and garbage in the place of each field."""
    body = sample(place.partition(":")[2])
    yield place, body
    for value in VALUES:
        yield place, value
        yield from ((place, body | {name: value}) for name in fields)


def models() -> Iterator[tuple[str, list[str]]]:
    """Each compiled model with its fields."""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        place, _, schema = line.partition("\t")
        found = json.loads(schema)
        while "fields" not in found:
            found = found["schema"]
        yield place, list(found["fields"])


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layer")
    shutil.copytree(ROOT / "layers/agents/oo", folder / "oo", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(DOCUMENT, folder / "oo" / "validation")
    return folder


def test_the_compiled_models_are_those_of_the_code() -> None:
    """The file is pydantic's output for the models."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make build`"


def test_a_compiled_model_answers_as_pydantic_does(layer: Path) -> None:
    """Fields, problems and notes are the same for samples and garbage, and pydantic is not imported."""
    asked = json.loads(json.dumps([case for place, fields in models() for case in cases(place, fields)]))
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("compiled_answers.py"))],
        env={"PYTHONPATH": str(layer), "PYTHONDONTWRITEBYTECODE": "1"},
        input=json.dumps({"cases": asked, "now": NOW.isoformat()}),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=300,
    )
    told = json.loads(done.stdout)

    assert not told["is_pydantic_imported"]
    for case, expected, found in zip(asked, json.loads(json.dumps(answers(asked, NOW))), told["answers"], strict=True):
        assert expected == found, str(case)[:500]


def run(program: str, layer: Path) -> Any:
    """The output of a program beside the layer with the compiled schemas, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(layer), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def test_reading_and_writing_a_model_runs_no_code_of_the_cores_package(layer: Path) -> None:
    """The core of pydantic imports the package around it at its first serialization, for one name."""
    program = """
import json, sys
from oo.contract.health import PrecomputeTargets
PrecomputeTargets(queue_url=None, table=None).model_dump(mode="json")
print(json.dumps("pydantic_core.core_schema" in sys.modules))
"""

    assert run(program, layer) is False


def test_pydantic_works_beside_compiled_models(layer: Path) -> None:
    """MLflow's client imports it in the same process, after answers were written."""
    program = """
import json, sys
from oo.contract.health import PrecomputeTargets
PrecomputeTargets(queue_url=None, table=None).model_dump(mode="json")
import pydantic, pydantic_core

class Model(pydantic.BaseModel):
    number: int = 1
    absent: int | pydantic_core.MISSING = pydantic_core.MISSING

print(json.dumps([Model(number="2").model_dump(), pydantic_core.core_schema.int_schema()["type"]]))
"""

    assert run(program, layer) == [{"number": 2}, "int"]


def test_an_answer_is_written_while_another_thread_imports_pydantic(layer: Path) -> None:
    """An import of MLflow's client may continue during a later request."""
    program = """
import json
from oo.contract.health import PrecomputeTargets
import pydantic_core
loader, written = pydantic_core.__spec__.loader, []
run = loader.exec_module

def run_meanwhile(module):
    written.append(PrecomputeTargets(queue_url=None, table=None).model_dump(mode="json"))
    run(module)

loader.exec_module = run_meanwhile
import pydantic
print(json.dumps(written))
"""

    assert run(program, layer) == [{"queue_url": None, "table": None}]


def test_a_module_of_the_cores_package_may_be_imported_first(layer: Path) -> None:
    """The package's code runs before its module's, as without compiled models."""
    program = """
import json
from oo.contract.health import PrecomputeTargets
import pydantic_core.core_schema
import pydantic
print(json.dumps(PrecomputeTargets(queue_url=None, table=None).model_dump(mode="json")))
"""

    assert run(program, layer) == {"queue_url": None, "table": None}
