"""The whole service sending its traces to a real MLflow server, by each protocol."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from local.system import LocalSystem
from testing.fake_llm import FakeModel, fake_model
from testing.mlflow_server import eventually, mlflow_client, running
from testing.patience import patient_functions
from tests.mlflow.fixtures import queue, send

if TYPE_CHECKING:
    from mlflow.entities import Trace

EXPERIMENT = "oO/serving"
REQUESTS = ("/recommend", "/generate", "/agents/deadline-pressure/compute", "/agents/peak-hours/infer")
WARM_UP_S = 240.0
TRY_S = 15.0


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an MLflow server with an empty store."""
    folder = tmp_path_factory.mktemp("mlflow")
    with running(folder, f"sqlite:///{folder}/store.db") as address:
        yield address


@pytest.fixture(scope="session")
def model() -> Iterator[FakeModel]:
    """The language model behind the services."""
    with fake_model() as running_model:
        yield running_model


@dataclass(frozen=True)
class Service:
    """The service as it runs with one protocol, and the server's traces of it."""

    system: LocalSystem
    server: str
    protocol: str

    def traces(self, caller_trace_id: str, number: int) -> "list[Trace]":
        """The traces of one caller's trace id, once there are that many and each is complete, the oldest first."""
        found: list[Trace] = []

        def arrived() -> bool:
            found[:] = self._search(caller_trace_id)
            return len(found) >= number

        eventually(arrived)
        return sorted(found, key=lambda trace: trace.data.spans[0].start_time_ns)

    def warm_up(self) -> None:
        """Work until each function has exported a trace.

        The first export imports MLflow's client. On a busy machine that takes longer than the service gives it, so that
        the trace is lost and no other one is tried for a minute.
        """
        for path in REQUESTS:
            eventually(partial(self._exports, partial(self._ask, path), 1), WARM_UP_S)
        eventually(partial(self._exports, partial(queue, self, "a user of the first traces"), 3), WARM_UP_S)

    def _ask(self, path: str) -> str:
        return send(self, path).caller_trace_id

    def _exports(self, work: Callable[[], str], number: int) -> bool:
        """Whether a piece of work, which tells its trace id, leaves so many traces soon."""
        caller_trace_id = work()
        with suppress(AssertionError):
            eventually(lambda: len(self._search(caller_trace_id)) >= number, TRY_S)
        return len(self._search(caller_trace_id)) >= number

    def _search(self, caller_trace_id: str) -> "list[Trace]":
        return self.search(f"tags.`caller.trace_id` = '{caller_trace_id}'")

    def search(self, filter_string: str) -> "list[Trace]":
        """The traces that the filter lets through, as a person at the server types it."""
        client = mlflow_client(self.server)
        experiment = client.get_experiment_by_name(f"{EXPERIMENT}/{self.protocol}")
        if experiment is None:
            return []
        found: list[Trace] = client.search_traces(locations=[experiment.experiment_id], filter_string=filter_string)
        return found


@pytest.fixture(scope="session", params=["otlp", "client"])
def service(request: pytest.FixtureRequest, server: str, model: FakeModel) -> Iterator[Service]:
    """The whole service, each protocol with an experiment of its own."""
    environment = {
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_EXPERIMENT_NAME": f"{EXPERIMENT}/{request.param}",
        "MLFLOW_TRACE_PROTOCOL": request.param,
        "LITELLM_URL": model.url,
        "LITELLM_API_KEY": "sk-local",
        **patient_functions(),
    }
    with LocalSystem(environment=environment) as system:
        service = Service(system, server, request.param)
        service.warm_up()
        yield service
