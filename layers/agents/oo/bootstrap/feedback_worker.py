"""Compose the worker of `FeedbackQueue`, which stores feedback as MLflow assessments."""

import os

from oo.bootstrap.start import begin, ready

begin()

from oo.bootstrap import aws_clients, telemetry
from oo.bootstrap.exporters import mlflow_server
from oo.bootstrap.settings import Config, TraceSettings
from oo.errors import ConfigError
from oo.feedback.assessment_store import AssessmentStore
from oo.feedback.queue import FeedbackQueue
from oo.feedback.records import FeedbackDelivery, newest_of_each, read_feedback
from oo.feedback.worker import FeedbackDeadLetters, FeedbackWorker
from oo.runtime.refusal import Refusal
from oo.runtime.sqs_batch import SqsBatch, Work
from oo.telemetry.instrumentation import Handler, Shim


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim) -> SqsBatch[FeedbackDelivery]:
    """The function's queue handler. While a setting is unusable, every record is delivered again."""
    work: Work[FeedbackDelivery]
    try:
        dead_letters = _dead_letters(config, shim)
        work = _worker(config, shim).run
    except ConfigError as problem:
        return SqsBatch(shim, read_feedback, Refusal(problem))
    return SqsBatch(shim, read_feedback, work, select=newest_of_each, give_up=dead_letters.take)


def _dead_letters(config: Config, shim: Shim) -> FeedbackDeadLetters:
    url = config.usable_settings().require_feedback_dead_letters()
    return FeedbackDeadLetters(FeedbackQueue(aws_clients.queue(), url), shim.metrics)


def _worker(config: Config, shim: Shim) -> FeedbackWorker:
    if config.trace_problem is not None:
        raise config.trace_problem
    settings: TraceSettings = config.trace_settings
    return FeedbackWorker(
        AssessmentStore(mlflow_server(settings)) if settings.mlflow_tracking_uri else None,
        settings.mlflow_trace_sampling_ratio,
        shim.pseudonym,
        shim.metrics,
        keeps_comments=settings.trace_content == "full",
    )
