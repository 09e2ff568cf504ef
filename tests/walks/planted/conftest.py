"""One run of the whole service with canaries planted everywhere, and everything that it let out."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.deployment.environment import LAYER, ROOT
from local.system import LocalSystem
from oo.telemetry.spans import Trace
from testing.canaries import REPLY, Canary
from testing.fake_llm import FakeModel, fake_model, says
from testing.part_of_template import part_of_template
from tests.walks.planted import sabotage
from tests.walks.planted.provoke import SECRET, Provocation
from tests.walks.planted.recorder import mlflow_recorder, xray_recorder
from tests.walks.planted.replay import traces

Export = tuple[str, str]
"""Protocol and content, as the settings name them."""

REPLAYED: tuple[Export, ...] = (("otlp", "full"), ("client", "full"), ("client", "redacted"))
_CODE = re.compile(r'"(?:code|error_code)":"(\w+)"')


@dataclass(frozen=True, repr=False)
class Seen:
    """All output of one run, and the calls to the model in it.

    `exported` holds the bytes that reached an MLflow server, by protocol and content; `calls` every call of AWS as
    function, operation and body.
    """

    answers: list[httpx.Response]
    good: list[httpx.Response]
    log: str
    items: str
    letters: str
    xray: bytes
    exported: Mapping[Export, bytes]
    traces: list[Trace]
    calls: list[tuple[str, str, str]]
    model: FakeModel

    @cached_property
    def errors(self) -> list[tuple[str, str]]:
        """Code and text of every error over HTTP, and of every line of the log about one."""
        bodies = [(answer.json()["code"], _whole(answer)) for answer in self.answers if answer.is_error]
        lines = [(code, line) for line in self.log.splitlines() for code in _CODE.findall(line)]
        return bodies + lines

    @cached_property
    def dropped(self) -> int:
        """Traces that the service itself counted as lost, as a busy machine may make it."""
        return sum(map(int, re.findall(r'"TraceDropped":\[(\d+)', self.log)))

    def told_of(self, code: str) -> list[str]:
        """Every text of that error."""
        return [text for each, text in self.errors if each == code]


def _whole(answer: httpx.Response) -> str:
    return f"{answer.text} {answer.headers}"


@pytest.fixture(scope="package")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("planted")
    with fake_model() as model, xray_recorder() as daemon, mlflow_recorder() as server:
        model.otherwise = says(json.dumps(REPLY | {"candidates": [REPLY]}))
        _plan_sabotage(folder, xray=daemon.address)
        variables = {
            "FUNCTION_PYTHONPATH": str(folder),
            "LITELLM_API_KEY_SECRET": SECRET,
            "LITELLM_URL": model.url,
            "LLM_BUDGET_S": "3",
            "MLFLOW_TRACKING_URI": server.address,
            "POWERTOOLS_LOG_LEVEL": "DEBUG",
            "TRACE_CONTENT": "redacted",
        }
        template = part_of_template(folder, parameters={"LLMCircuitBreaker": "on", "JwtUserClaim": "sub"})
        with LocalSystem(environment=variables, template=template) as system:
            run = Provocation(system, model, folder)
            run.run()
            items = run.items()
            system.stop()
            log = system.log.read_text(errors="replace") + system.output.read_text(errors="replace")
        recorded = b"".join(file.read_bytes() for file in folder.glob(f"{sabotage.TRACES}-*"))
        yield Seen(
            answers=run.answers,
            good=run.good,
            log=log,
            items=items,
            letters=run.letters,
            xray=daemon.everything,
            exported=_replayed(recorded) | {("otlp", "redacted"): server.everything},
            traces=list(traces(io.BytesIO(recorded))),
            calls=[call for file in folder.glob(f"{sabotage.CALLS}-*") for call in _lines(file)],
            model=model,
        )


def _plan_sabotage(folder: Path, *, xray: str) -> None:
    shutil.copy(sabotage.__file__, folder / "sitecustomize.py")
    plan = {"says": " ".join({*Canary} - {Canary.OTHER_USER}), "xray": xray}
    (folder / sabotage.PLAN).write_text(json.dumps(plan))


def _lines(file: Path) -> Iterator[Any]:
    yield from map(json.loads, file.read_text().splitlines())


def _replayed(recorded: bytes) -> dict[Export, bytes]:
    """The other exporters' output of the same traces."""
    with ExitStack() as stack:
        servers = {export: stack.enter_context(mlflow_recorder()) for export in REPLAYED}
        arguments = [text for export, server in servers.items() for text in (*export, server.address)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.walks.planted.replay", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{LAYER}{os.pathsep}{ROOT}"},
            input=recorded,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return {export: server.everything for export, server in servers.items()}
