"""Tips served by the service's code with a planted model, whose traces the exporter sends to MLflow."""

import io
from contextlib import redirect_stdout

import httpx

from evals.bench import NO_KEY
from evals.cases.case import Case
from evals.planted_model import PlantedModel
from evals.replies import CaseTransport, InProcess, Replies
from evals.version import LOGGER, METRICS
from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.contract.shown_ids import hashed
from oo.contract.tips import RecommendResponse
from oo.deadline import Deadline
from oo.llm.client import LiteLLMClient
from oo.llm.conversation import ModelConversation
from oo.llm.parameters import Parameters
from oo.llm.secret_key import fixed_key
from oo.prompts.versions import RECOMMEND_VERSIONS
from oo.request_context import RequestContext
from oo.telemetry.spans import Trace, recording
from oo.tips.experiment import TipExperiment
from oo.tips.recommend import Recommend
from oo.tips.recorded_request import RequestRecorder

PATIENCE_S = 60.0


def serve(
    case: Case,
    settings: TraceSettings,
    *,
    version: str | None = None,
    model: PlantedModel | None = None,
    has_model: bool = True,
    experiment: str = "",
) -> RecommendResponse:
    """Answer a case and export its trace, by the settings; without a model it is a template tip.

    `experiment` is the setting of the running one.
    """
    replies = Replies(InProcess("planted", model or PlantedModel()))
    transport: httpx.BaseTransport = CaseTransport(replies, case.id, 0)
    client = LiteLLMClient(
        base_url="https://in-process.invalid",
        key=fixed_key(NO_KEY),
        transport=transport if has_model else httpx.MockTransport(lambda _: httpx.Response(400)),
        parameters=Parameters(),
    )
    operation = Recommend(
        ask=ModelConversation(client, LOGGER, METRICS, sleep=lambda _: None),
        outputs=None,
        template_fallback=True,
        logger=LOGGER,
        metrics=METRICS,
        pseudonym=hashed,
        experiment=TipExperiment.read(experiment, RECOMMEND_VERSIONS) if experiment else None,
        recorder=RequestRecorder(lambda _: True) if settings.records_requests else None,
    )
    body = case.body.model_copy(update={"prompt_version": version})
    with recording(Trace.begin()) as trace, redirect_stdout(io.StringIO()):  # single metrics are printed
        answer = operation(body, RequestContext(case.now, Deadline.after(PATIENCE_S), trace))
    exporter = mlflow_exporter(settings, "tip-service", hashed)
    exporter.export(trace, Deadline.after(PATIENCE_S))
    exporter.close()
    return answer
