"""All endpoints in this process, as their callers see them, with model, table and queue in memory."""

import io
import json
import secrets
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import httpx

from oo.agent_runs import AgentRuns
from oo.bootstrap import compute, feedback, generate, health, infer, recommend, registry
from oo.bootstrap.settings import Config
from oo.contract.routes import HEALTH, REGISTRY, Route
from oo.contract.shown_ids import hashed
from oo.contract.tips import AgentOutputSnippet
from oo.feedback.receiver import FeedbackReceiver
from oo.llm.client import LiteLLMClient
from oo.llm.conversation import ModelConversation
from oo.runtime.http_gateway import HttpGateway, Operation
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from oo.tips.experiment import TipExperiment
from oo.tips.generate import Generate
from oo.tips.recommend import OutputReader, Recommend
from testing.entries import invoke
from testing.http_events import http_event
from tools.documents.endpoint_examples import REPLIES, model_answer

MODULES: Mapping[Route, ModuleType] = {
    module.ENDPOINT.route: module for module in (compute, feedback, generate, health, infer, recommend, registry)
}


class NoOutputs:
    def read(self, _: str) -> Sequence[AgentOutputSnippet]:
        return []


class ServedEndpoints:
    """The model gives the replies of the examples. `settings` are the variables of the functions that have no model."""

    def __init__(
        self,
        *,
        outputs: OutputReader | None = None,
        experiment: TipExperiment | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.prompts: list[Any] = []
        self.feedback: list[dict[str, Any]] = []
        self._outputs = outputs or NoOutputs()
        self._experiment = experiment
        self._config = Config.read(settings or {})
        logger = make_logger(io.StringIO(), secrets.token_hex(4))
        self._shim = Shim(logger, make_metrics(), AfterResponse(ExportWorker([], logger), logger))

    def send(self, body: str) -> None:
        """Take a message for the queue of feedback."""
        self.feedback.append(json.loads(body))

    def ask(self, route: Route, path: str, raw_body: str | None = None, **headers: str) -> dict[str, Any]:
        """The answer as API Gateway gets it."""
        event = http_event(route.method, path, raw_body=raw_body, headers=headers)
        del event["requestContext"]["timeEpoch"]  # the gateway's clock is not that of the example
        return invoke(self._gateway(route).handler, event)

    def _gateway(self, route: Route) -> HttpGateway:
        module, zone = MODULES[route], self._config.default_zone
        if route in (HEALTH, REGISTRY):
            composed: HttpGateway = module.compose(self._config, self._shim)
            return composed
        return HttpGateway(self._shim, module.ENDPOINT, self._operation(route), llm_budget_s=25, default_zone=zone)

    def _operation(self, route: Route) -> Operation:
        logger, metrics = self._shim.logger, self._shim.metrics
        runs = AgentRuns(logger, metrics)
        operations: dict[str, Operation] = {
            "compute": runs.compute,
            "infer": runs.infer,
            "feedback": FeedbackReceiver(self, logger, hashed, keeps_comments=True).receive,
            "generate": Generate(
                ask=self._model(route), default_prompt_version="v2-grounded", logger=logger, metrics=metrics
            ),
            "recommend": Recommend(
                ask=self._model(route),
                outputs=self._outputs,
                template_fallback=False,
                logger=logger,
                metrics=metrics,
                pseudonym=hashed,
                experiment=self._experiment,
            ),
        }
        return operations[route.name]

    def _model(self, route: Route) -> ModelConversation:
        def answer(request: httpx.Request) -> httpx.Response:
            self.prompts.append(json.loads(request.content)["messages"])
            return model_answer(REPLIES.get(route, {}))

        client = LiteLLMClient(
            base_url="https://proxy.test", key=lambda **_: "sk-1", transport=httpx.MockTransport(answer)
        )
        return ModelConversation(client, self._shim.logger, self._shim.metrics, sleep=lambda _: None)
