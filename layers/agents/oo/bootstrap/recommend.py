"""Compose `POST /recommend`."""

import os
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from oo.bootstrap.start import begin, ready

begin()

from oo.bootstrap import model_client, telemetry
from oo.bootstrap.settings import Config, Settings, TraceSettings
from oo.contract.routes import RECOMMEND
from oo.contract.tips import RecommendRequest, RecommendResponse
from oo.errors import ConfigError
from oo.prompts.versions import RECOMMEND_VERSIONS
from oo.runtime.http_gateway import Endpoint, HttpGateway, Operation
from oo.runtime.refusal import Refusal
from oo.telemetry.instrumentation import Handler, Shim
from oo.tips.recommend import OutputReader, Recommend

if TYPE_CHECKING:
    from oo.tips.experiment import TipExperiment  # imported where one is running
    from oo.tips.recorded_request import RequestRecorder  # imported where requests are recorded

ENDPOINT = Endpoint(RECOMMEND, RecommendRequest, RecommendResponse, "Turn agents' snippets and tasks into one tip.")


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim, environment: Mapping[str, str] = os.environ) -> HttpGateway:
    """The function's HTTP handler."""
    operation: Operation
    try:
        operation = _operation(config.usable_settings(), config.trace_settings, shim, environment)
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


def _operation(
    settings: Settings, trace_settings: TraceSettings, shim: Shim, environment: Mapping[str, str]
) -> Recommend:
    return Recommend(
        ask=model_client.conversation(settings, shim, environment),
        outputs=_stored_outputs(settings, shim),
        template_fallback=settings.tip_fallback == "template",
        logger=shim.logger,
        metrics=shim.metrics,
        pseudonym=shim.pseudonym,
        default_prompt_version=settings.default_recommend_version,
        experiment=_experiment(settings),
        max_tokens=settings.llm_max_tokens,
        recorder=_recorder(trace_settings),
    )


def _experiment(settings: Settings) -> "TipExperiment | None":
    if not settings.experiment:
        return None
    from oo.tips.experiment import TipExperiment  # noqa: PLC0415  # only where one is running

    return TipExperiment.read(settings.experiment, RECOMMEND_VERSIONS)


def _recorder(settings: TraceSettings) -> "RequestRecorder | None":
    if not settings.records_requests:
        return None
    from oo.telemetry.export.mlflow.exporter import is_sampled  # noqa: PLC0415  # only where requests are recorded
    from oo.tips.recorded_request import RequestRecorder  # noqa: PLC0415  # as above

    return RequestRecorder(partial(is_sampled, ratio=settings.mlflow_trace_sampling_ratio))


def _stored_outputs(settings: Settings, shim: Shim) -> OutputReader | None:
    if not settings.agent_outputs_table:
        return None
    from oo.bootstrap import aws_clients  # noqa: PLC0415  # boto3: only where a table is set
    from oo.outputs.store import AgentOutputStore  # noqa: PLC0415  # as above

    return AgentOutputStore(aws_clients.table_for_requests(), settings.agent_outputs_table, shim.logger)
