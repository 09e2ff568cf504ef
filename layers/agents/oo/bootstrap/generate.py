"""Compose `POST /generate`."""

import os
from collections.abc import Mapping

from oo.bootstrap.start import begin, ready

begin()

from oo.bootstrap import model_client, telemetry
from oo.bootstrap.settings import Config, Settings
from oo.contract.routes import GENERATE
from oo.contract.tips import GenerateRequest, GenerateResponse
from oo.errors import ConfigError
from oo.runtime.http_gateway import Endpoint, HttpGateway, Operation
from oo.runtime.refusal import Refusal
from oo.telemetry.instrumentation import Handler, Shim
from oo.tips.generate import Generate

ENDPOINT = Endpoint(GENERATE, GenerateRequest, GenerateResponse, "Make tip candidates with a chosen prompt version.")


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim, environment: Mapping[str, str] = os.environ) -> HttpGateway:
    """The function's HTTP handler."""
    operation: Operation
    try:
        operation = _operation(config.usable_settings(), shim, environment)
    except ConfigError as problem:
        operation = Refusal(problem)
    return HttpGateway(
        shim,
        ENDPOINT,
        operation,
        llm_budget_s=config.settings.llm_budget_s,
        user_claim=config.caller_settings.jwt_user_claim,
        default_zone=config.default_zone,
    )


def _operation(settings: Settings, shim: Shim, environment: Mapping[str, str]) -> Generate:
    return Generate(
        ask=model_client.conversation(settings, shim, environment),
        default_prompt_version=settings.default_prompt_version,
        logger=shim.logger,
        metrics=shim.metrics,
    )
