"""Composes what each function needs from the environment. Only entries call it, once, while their sandbox starts.

A setting that is missing or unusable does not end the sandbox: the operation that needs it is replaced by one that
raises the ConfigError, so that every caller is told and the log names the setting.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from oo.bootstrap.lazy_import import defer

# Before whatever imports them for what nobody calls here: Powertools and anyio the first, pydantic and urllib3 the
# second. Counted alone, asyncio takes 16 ms of a start of some 250, the other one 4.
defer("asyncio")
defer("importlib.metadata", "entry_points", "version")

from oo.bootstrap import exporters
from oo.bootstrap.pseudonyms import Pseudonyms, key_source
from oo.bootstrap.settings import CallerSettings, PseudonymSettings, Settings
from oo.errors import ConfigError
from oo.telemetry.instrumentation import Handler, Shim
from oo.telemetry.logs import make_logger, make_metrics

if TYPE_CHECKING:
    from oo.agent_runs import AgentRuns
    from oo.contract.agents import HealthResponse, RegistryResponse
    from oo.contract.tips import GenerateRequest, GenerateResponse, RecommendRequest, RecommendResponse
    from oo.llm.client import KeySource
    from oo.llm.conversation import CircuitGate, ModelConversation
    from oo.llm.tls import CertificateLoader
    from oo.outputs.store import AgentOutputStore
    from oo.request_context import RequestContext
    from oo.runtime.http_gateway import HttpGateway

Operation = TypeVar("Operation", bound=Callable[..., Any])


def gateway() -> HttpGateway:
    """A function's HTTP side, with its telemetry."""
    from oo.runtime.http_gateway import HttpGateway

    user_claim = CallerSettings.from_environment(os.environ).jwt_user_claim
    try:
        return HttpGateway(shim(), _settings().llm_budget_s, user_claim)
    except ConfigError:
        return HttpGateway(shim(), user_claim=user_claim)


def shim() -> Shim:
    """A function's telemetry; Powertools reads the function's name and the log level from its own variables."""
    logger = make_logger()
    pseudonym = Pseudonyms(key_source(PseudonymSettings.from_environment(os.environ)), logger)
    return Shim(
        logger=logger,
        metrics=make_metrics(),
        after_response=exporters.after_response(os.environ, logger, pseudonym),
        pseudonym=pseudonym,
        request_header=partial(exporters.request_header, os.environ),
    )


def health() -> Callable[[], HealthResponse]:
    """Answers `GET /health`."""
    from oo.contract.agent_versions import VERSIONS
    from oo.contract.agents import HealthResponse, PrecomputeTargets

    def compose() -> Callable[[], HealthResponse]:
        settings = _settings()
        targets = PrecomputeTargets(
            queue_url=settings.precompute_queue_url or None, table=settings.agent_outputs_table or None
        )
        answer = HealthResponse(ok=True, agents=list(VERSIONS), precompute=targets)
        return lambda: answer

    return _composed(compose)


def registry() -> Callable[[], RegistryResponse]:
    """Answers `GET /agents/registry`."""
    from oo.agents.registry import all_manifests
    from oo.contract.agents import RegistryResponse

    answer = RegistryResponse(agents=[manifest.to_dict() for manifest in all_manifests()])
    return lambda: answer


def agent_runs(gateway: HttpGateway) -> AgentRuns:
    """Runs single agents."""
    from oo.agent_runs import AgentRuns

    return AgentRuns(gateway.shim.logger)


def precompute_worker() -> Handler:
    """Answers `PrecomputeQueue`: snapshots in, jobs out."""
    from oo.agents.registry import all_manifests
    from oo.precompute.fan_out import FanOut
    from oo.precompute.job_queue import JobQueue
    from oo.precompute.messages import read_snapshot
    from oo.runtime.sqs_batch import SqsBatch

    own = shim()

    def compose() -> Callable[..., None]:
        from oo.bootstrap import aws_clients

        url = _required(_settings(), "compute_queue_url")
        return FanOut(all_manifests(), JobQueue(aws_clients.queue(), url), own.logger).run

    return SqsBatch(own, read_snapshot, _composed(compose), pseudonym=own.pseudonym).handler


def compute_worker() -> Handler:
    """Answers `ComputeQueue`: jobs in, stored outputs out."""
    from oo.agent_runs import AgentRuns
    from oo.agents.registry import all_manifests, get_agent
    from oo.contract.queues import Outcome
    from oo.outputs.store import AgentOutputStore
    from oo.precompute.compute_job import JobRunner, longest_life
    from oo.precompute.messages import read_job
    from oo.runtime.sqs_batch import SqsBatch

    own = shim()

    def compose() -> Callable[..., Outcome]:
        from oo.bootstrap import aws_clients

        table = _required(_settings(), "agent_outputs_table")
        store = AgentOutputStore(aws_clients.table_for_records(), table, own.logger)
        life = longest_life(all_manifests())
        return JobRunner(get_agent, store, AgentRuns(own.logger), own.trace, life).run

    return SqsBatch(own, read_job, _composed(compose), pseudonym=own.pseudonym).handler


def recommend(gateway: HttpGateway) -> Callable[[RecommendRequest, RequestContext], RecommendResponse]:
    """Answers `POST /recommend`."""

    def compose() -> Callable[[RecommendRequest, RequestContext], RecommendResponse]:
        trust = _trust()
        from oo.tips.recommend import Recommend

        settings = _settings()
        return Recommend(
            ask=_ask(settings, gateway.shim, trust),
            outputs=_stored_outputs(settings, gateway.shim),
            template_fallback=settings.tip_fallback == "template",
            logger=gateway.shim.logger,
            metrics=gateway.shim.metrics,
            max_tokens=settings.llm_max_tokens,
        )

    return _composed(compose)


def generate(gateway: HttpGateway) -> Callable[[GenerateRequest, RequestContext], GenerateResponse]:
    """Answers `POST /generate`."""

    def compose() -> Callable[[GenerateRequest, RequestContext], GenerateResponse]:
        trust = _trust()
        from oo.tips.generate import Generate

        settings = _settings()
        return Generate(
            ask=_ask(settings, gateway.shim, trust),
            default_prompt_version=settings.default_prompt_version,
            logger=gateway.shim.logger,
            metrics=gateway.shim.metrics,
        )

    return _composed(compose)


def _trust() -> CertificateLoader:
    """Before anything else that takes its time, so that it happens beside it."""
    from oo.llm.tls import CertificateLoader

    return CertificateLoader(os.environ)


def _ask(settings: Settings, shim: Shim, trust: CertificateLoader) -> ModelConversation:
    from oo.llm.client import LiteLLMClient
    from oo.llm.conversation import ModelConversation
    from oo.llm.parameters import Parameters
    from oo.llm.transport import KeptTransport

    client = LiteLLMClient(
        base_url=_required(settings, "litellm_url"),
        key=_key(settings),
        transport=KeptTransport(trust.context()),
        pseudonym=shim.pseudonym,
        parameters=Parameters(
            temperature=None if settings.llm_temperature == "off" else settings.llm_temperature,
            response_format=settings.llm_response_format,
        ),
    )
    return ModelConversation(client, shim.logger, shim.metrics, guard=_guard(settings, shim))


def _guard(settings: Settings, shim: Shim) -> CircuitGate:
    if not settings.llm_circuit_table:
        from oo.llm.conversation import unguarded

        return unguarded
    from oo.bootstrap import aws_clients
    from oo.llm.circuit import Circuit, SharedState
    from oo.llm.circuit_observer import CircuitReports

    reports = CircuitReports(shim.logger)
    return Circuit(SharedState(aws_clients.table_of_circuit(), settings.llm_circuit_table, reports), reports)


def _key(settings: Settings) -> KeySource:
    from oo.llm.secret_key import SecretKey, fixed_key

    if settings.litellm_api_key_secret:
        from oo.bootstrap.secret import Secret

        return SecretKey(Secret(settings.litellm_api_key_secret, "LITELLM_API_KEY_SECRET"))
    if not settings.litellm_api_key:
        raise ConfigError("Neither LITELLM_API_KEY_SECRET nor LITELLM_API_KEY is set")
    return fixed_key(settings.litellm_api_key)


def _stored_outputs(settings: Settings, shim: Shim) -> AgentOutputStore | None:
    if not settings.agent_outputs_table:
        return None
    from oo.bootstrap import aws_clients
    from oo.outputs.store import AgentOutputStore

    return AgentOutputStore(aws_clients.table_for_requests(), settings.agent_outputs_table, shim.logger)


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


def _required(settings: Settings, name: str) -> str:
    value: str = getattr(settings, name)
    if not value:
        raise ConfigError(f"Missing setting: {name.upper()}")
    return value


def _composed(compose: Callable[[], Operation]) -> Operation | Callable[..., NoReturn]:
    try:
        return compose()
    except ConfigError as error:
        problem = copy(error)

    def refuse(*_: object) -> NoReturn:
        # A copy for each call: an exception keeps the traceback of every time it is raised, and with it those bodies.
        raise copy(problem)

    return refuse
