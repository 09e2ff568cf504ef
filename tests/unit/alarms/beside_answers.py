"""The service's own code where it counts something beside answers over HTTP, with the metrics that it wrote."""

import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.bootstrap.settings import Config
from oo.bootstrap.telemetry import make_shim
from oo.contract.queues import ComputeJob, Outdated, Stale
from oo.errors import CircuitOpen, DeadlineExceeded, LLMError, StoreMisconfigured
from oo.llm.circuit_observer import CircuitReports
from oo.llm.conversation import ModelConversation
from oo.llm.parameters import Parameters
from oo.llm.question import Question, Spent
from oo.runtime.sqs_batch import SqsBatch
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.logs import make_logger
from testing.lambda_context import FakeContext
from testing.sqs_events import sqs_event, sqs_record
from tests.unit.alarms.answers import Sample, counted_while, deployed_as
from tests.unit.tips.fixtures import TIP, Scene, replied


def opened_circuit() -> Sample:
    """A circuit that has just opened."""
    return _counted("RecommendFunction", lambda: CircuitReports(make_logger()).changed("CLOSED", "OPEN"))


def record_that_ends_in(outcome: Stale | Outdated) -> Sample:
    """A worker's record that is done and changes nothing."""
    job = ComputeJob(user_id="user", agent_id="quick-win", agent_version="1.0.0", snapshot_version=1784019600000)

    def work() -> None:
        worker = SqsBatch(make_shim(os.environ, Config.read(os.environ)), lambda *_: (job, None), lambda *_: outcome)
        worker.handler(sqs_event(sqs_record({})), cast("LambdaContext", FakeContext()))

    return _counted("ComputeWorkerFunction", work)


def dropped_trace() -> Sample:
    """A trace that was dropped because the queue was full."""
    return _counted("RecommendFunction", lambda: ExportWorker([], make_logger()).drop(1))


def tip_without_stored_outputs() -> Sample:
    """A tip whose table is not there."""

    def read(_: str) -> NoReturn:
        raise StoreMisconfigured("ResourceNotFoundException")

    def recommend() -> None:
        scene = Scene(replied(TIP))
        scene.recommend(SimpleNamespace(read=read))
        scene.metrics.flush_metrics()

    return _counted("RecommendFunction", recommend)


def asked_in_vain(error: LLMError) -> Sample:
    """A question to the model that ends in that error."""

    def refuse(_: object) -> NoReturn:
        raise error

    def complete(*_: object, **__: object) -> NoReturn:
        raise error

    def ask() -> None:
        scene = Scene()
        client: Any = SimpleNamespace(complete=complete, refresh_key=lambda: False, parameters=Parameters())
        guard: dict[str, Any] = {"guard": refuse} if isinstance(error, CircuitOpen) else {}
        asking = ModelConversation(client, scene.logger, scene.metrics, sleep=scene.clock.sleep, **guard)
        unread: Any = None
        question: Question[Any] = Question("q", [], 1, {}, purpose=unread, read=unread)
        try:
            asking(question, context=scene.call(0.1 if isinstance(error, DeadlineExceeded) else 25), spent=Spent())
        except type(error):
            scene.metrics.flush_metrics()

    return _counted("RecommendFunction", ask)


def _counted(function: str, act: Callable[[], object]) -> Sample:
    with deployed_as(function):
        return Sample(metrics=counted_while(act))
