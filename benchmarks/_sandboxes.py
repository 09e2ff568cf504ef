"""Built functions in sandboxes of Lambda's runtime interface emulator, with a model that responds at once."""

import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import boto3
import httpx
from moto.server import ThreadedMotoServer

from local.aws import resources
from local.deployment.environment import AWS_CREDENTIALS, ROOT, Surroundings
from local.deployment.template import REGION, Function, load
from testing.emulator import BUILD, EMULATOR, RUNTIME_PYTHON, Emulator
from testing.fake_llm import FakeModel, fake_model
from testing.fake_mlflow import fake_mlflow

BESIDE = ROOT / "build" / "beside"
COMPILED = ROOT / "build" / "beside-compiled"
"""The same with bytecode, which `sam build` does not add."""
FIRST = ROOT / "build" / "version-0.1" / ".aws-sam" / "build"
"""The build of version 0.1, if the repository has its commit; see build_first.sh."""
SECRET = "litellm-key"  # noqa: S105  # its name
NO_AWS = {"AGENT_OUTPUTS_TABLE": "", "LITELLM_API_KEY_SECRET": "", "LLM_CIRCUIT_TABLE": ""}

_KEY = "sk-benchmark"

PAUSE_S = 0.05
"""The pause between two calls of a sandbox. Without it, the previous call affects the processor's state, and an export
after its response counts as time of the next call."""


class Case(NamedTuple):
    """A function, its request and its own variables. Traces go to a server that accepts them."""

    label: str
    function: str
    event: Mapping[str, Any]
    changes: Mapping[str, str]
    build: Path = BUILD


def first_of(cases: Sequence[Case]) -> list[Case]:
    """The same cases for version 0.1; none if it was not built."""
    return [case._replace(label=f"{case.label} 0.1", build=FIRST) for case in cases] if FIRST.exists() else []


class Taken(NamedTuple):
    """Milliseconds of one sandbox: to its first response, of its later responses, and the model's share of these."""

    cold: float
    warm: float
    model: float

    @property
    def own(self) -> float:
        """The time of a later response without the model's share, which differs between functions."""
        return self.warm - self.model

    @classmethod
    def middle(cls, several: list["Taken"]) -> "Taken":
        """The median of each field."""
        return cls(*(median(values) for values in zip(*several, strict=True)))


class Sandboxes:
    """Starts sandboxes one after the other."""

    def __init__(self, aws_endpoint: str, mlflow_url: str, model: FakeModel, folder: Path) -> None:
        self._model = model
        self._folder = folder
        self._tracing = {"MLFLOW_TRACKING_URI": mlflow_url}
        beside = ROOT / "benchmarks" / "beside" / "template.yaml"
        templates = {
            BUILD: ROOT / "template.yaml",
            BESIDE: beside,
            COMPILED: beside,
            FIRST: FIRST.parents[1] / "template.yaml",
        }
        self._functions: dict[Path, Mapping[str, Function]] = {
            build: load(template, aws_endpoint=aws_endpoint).functions
            for build, template in templates.items()
            if build.exists()
        }
        self._surroundings = Surroundings({"PATH": "/usr/bin:/bin"}, aws_endpoint, model.url, _KEY)

    def take(self, case: Case, warm_calls: int) -> Taken:
        """Start a sandbox, call it once and then `warm_calls` times, and end it."""
        function = self._functions[case.build][case.function]
        neighbours = {"LITELLM_URL": self._model.url, "LITELLM_API_KEY": _KEY}
        own = {**self._surroundings.environment(function), **neighbours, **self._tracing, **case.changes}
        with Emulator(function, own, self._folder / "log", build=case.build) as emulator:
            _check(emulator.timed(case.event).answer, case)
            busy_s = self._model.busy_s
            for _ in range(warm_calls):
                time.sleep(PAUSE_S)
                _check(emulator.timed(case.event).answer, case)
            model_s = (self._model.busy_s - busy_s) / warm_calls
            answered = emulator.took_s
            return Taken((emulator.start_s + answered[0]) * 1e3, median(answered[1:]) * 1e3, model_s * 1e3)


@contextmanager
def sandboxes() -> Iterator[Sandboxes]:
    """The sandboxes' servers during the block. Raises SystemExit if the functions were not built."""
    if not all(path and path.exists() for path in (EMULATOR, RUNTIME_PYTHON, BUILD, BESIDE, COMPILED)):
        raise SystemExit("Run this by `make bench ONLY=…`, which builds what is measured")
    with ExitStack() as running:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        running.callback(server.stop)
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        # moto keeps its tables in this process, where the next measurement would find them.
        running.callback(httpx.post, f"{endpoint}/moto-api/reset")
        resources.create_resources(resources.Clients(endpoint), load(ROOT / "template.yaml", aws_endpoint=endpoint))
        credentials: dict[str, Any] = {name.lower(): text for name, text in AWS_CREDENTIALS.items()}
        secrets = boto3.client("secretsmanager", endpoint_url=endpoint, region_name=REGION, **credentials)
        secrets.create_secret(Name=SECRET, SecretString=_KEY)
        model = running.enter_context(fake_model())
        mlflow = running.enter_context(fake_mlflow())
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        yield Sandboxes(endpoint, mlflow.url, model, folder)


def _check(answer: Mapping[str, Any], case: Case) -> None:
    if answer.get("statusCode", 200) != 200 or answer.get("batchItemFailures") or "errorType" in answer:
        raise RuntimeError(f"{case.label} failed, so there is nothing to measure: {answer}")
