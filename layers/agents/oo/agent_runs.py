"""Run one agent for one user, with one span and one log event per run."""

import time
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from oo.agent_kit.agent import Agent
from oo.agent_kit.user_view import UserView, view_at
from oo.agents.registry import get_agent
from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest, ComputeResponse, InferRequest, InferResponse
from oo.contract.leniency import Reading
from oo.errors import AgentFailed, UnknownAgent
from oo.frozen import frozen
from oo.inference.run import run_inference
from oo.request_context import RequestContext
from oo.telemetry.reading_log import report_reading
from oo.telemetry.spans import Span, SpanKind, span


@frozen
class AgentRuns:
    """Computes and infers; raises UnknownAgent and AgentFailed only."""

    logger: Logger
    metrics: Metrics

    def compute(self, request: ComputeRequest, context: RequestContext, agent_id: str) -> ComputeResponse:
        """One agent's snippet for the body of a request; nothing is stored."""
        view = view_at(request, context.now, context.default_zone)
        agent = find_agent(agent_id)
        context.trace.user_id = request.user_id
        own_view = view.for_agent(agent.manifest, request.agent_prefs)
        output, _ = self.run(agent, own_view)
        return ComputeResponse(**dict(output), reading=self._reported(own_view))

    def infer(self, request: InferRequest, context: RequestContext, agent_id: str) -> InferResponse:
        """Infer an agent's preferences from the body of a request."""
        agent = find_agent(agent_id)
        context.trace.user_id = request.user_id
        view = view_at(request, context.now, context.default_zone)
        learned = self.learn(agent, view)
        return InferResponse(
            user_id=request.user_id, agent_id=agent_id, inferred_prefs=learned, reading=self._reported(view)
        )

    def _reported(self, view: UserView) -> Reading | None:
        """The report of the unreadable values, which goes to the log and the metrics as well."""
        reading = view.reading
        report_reading(reading, self.logger, self.metrics)
        return None if reading is None else Reading(reading)

    def run(self, agent: Agent, view: UserView) -> tuple[AgentOutput, Span]:
        """Compute with the agent's own view; returns the span of the run as well."""
        agent_id, snapshot = agent.manifest.agent_id, view.snapshot
        with span(
            f"compute:{agent_id}",
            SpanKind.AGENT,
            user_id=snapshot.user_id,
            agent_id=agent_id,
            task_count=len(snapshot.tasks),
            feedback_count=len(snapshot.feedback_history),
        ) as record:
            try:
                output = agent.compute(view)
            except Exception as error:
                self.logger.error("agent_compute_failed", agent_id=agent_id, error_type=type(error).__name__)  # noqa: TRY400  # an exception's text may quote a user's task
                raise AgentFailed(error) from error
            record.outputs.update(prompt_text=output.prompt_text, signals_snapshot=output.signals_snapshot)
            record.attributes.update(agent_version=output.agent_version, expires_at=output.expires_at.isoformat())
        self.logger.info(
            "agent_computed",
            agent_id=agent_id,
            agent_version=output.agent_version,
            task_count=len(snapshot.tasks),
            characters=len(output.prompt_text),
        )
        return output, record

    def learn(self, agent: Agent, view: UserView) -> dict[str, Any]:
        """The preferences that the history supports, by name."""
        manifest, history = agent.manifest, view.snapshot
        started = time.perf_counter()
        with span(
            f"infer:{manifest.agent_id}",
            SpanKind.CHAIN,
            user_id=history.user_id,
            agent_id=manifest.agent_id,
            history_len=len(history.feedback_history),
            completion_count=len(history.task_completions),
        ) as record:
            learned = run_inference(manifest, view)
            record.outputs["inferred_prefs"] = learned
            latency_ms = round((time.perf_counter() - started) * 1000, 3)
            record.attributes.update(latency_ms=latency_ms, n_params=len(learned))
        self.logger.info(
            "inference_run",
            agent_id=manifest.agent_id,
            history_len=len(history.feedback_history),
            n_params=len(learned),
        )
        return learned


def find_agent(agent_id: str) -> Agent:
    """The registered agent; raises UnknownAgent."""
    try:
        return get_agent(agent_id)
    except KeyError:
        raise UnknownAgent(agent_id) from None
