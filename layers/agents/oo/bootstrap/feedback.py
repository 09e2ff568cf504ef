"""Compose `POST /feedback`."""

import os
from http import HTTPStatus

from oo.bootstrap.start import begin, ready

begin()

from oo.bootstrap import aws_clients, telemetry
from oo.bootstrap.settings import Config
from oo.contract.feedback import FeedbackRequest, FeedbackResponse
from oo.contract.routes import FEEDBACK
from oo.errors import ConfigError
from oo.feedback.queue import FeedbackQueue
from oo.feedback.receiver import FeedbackReceiver
from oo.runtime.http_gateway import Endpoint, HttpGateway, Operation
from oo.runtime.refusal import Refusal
from oo.telemetry.instrumentation import Handler, Shim

ENDPOINT = Endpoint(
    FEEDBACK,
    FeedbackRequest,
    FeedbackResponse,
    "Take in what a user did with a served tip; sending it again is harmless.",
    HTTPStatus.ACCEPTED,
)


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim) -> HttpGateway:
    """The function's HTTP handler."""
    operation: Operation
    try:
        operation = _receiver(config, shim).receive
    except ConfigError as problem:
        operation = Refusal(problem)
    return HttpGateway(
        shim,
        ENDPOINT,
        operation,
        llm_budget_s=config.settings.llm_budget_s,
        user_claim=config.caller_settings.jwt_user_claim,
    )


def _receiver(config: Config, shim: Shim) -> FeedbackReceiver:
    queue_url = config.usable_settings().require_feedback_queue()
    return FeedbackReceiver(
        FeedbackQueue(aws_clients.queue_for_requests(), queue_url),
        shim.logger,
        shim.pseudonym,
        # An unreadable setting does not permit storing the users' words.
        keeps_comments=config.trace_problem is None and config.trace_settings.trace_content == "full",
    )
