"""One job per agent for one user's snapshot: eligible agents compute, the outputs of others are withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from aws_lambda_powertools import Logger, Metrics

from oo.agent_kit.eligibility_facts import facts_by_agent, views_by_agent
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import UserView, view_at
from oo.contract.queues import PrecomputeMessage
from oo.errors import UnknownMessageAgent
from oo.frozen import frozen
from oo.precompute.eligibility import is_eligible
from oo.precompute.job_body import job_body, written
from oo.precompute.projection import Projection
from oo.request_context import RequestContext
from oo.telemetry.reading_log import report_reading
from oo.telemetry.spans import SpanKind, span


class Jobs(Protocol):
    """Sends the bodies of jobs."""

    def send(self, bodies: Sequence[str]) -> None:
        """Send all of them; raises JobsUnsent."""


@frozen
class FanOut:
    """Turns snapshots into jobs for the agents of `manifests`."""

    manifests: Sequence[Manifest]
    jobs: Jobs
    logger: Logger
    metrics: Metrics

    def run(self, message: PrecomputeMessage, context: RequestContext) -> None:
        """Send one user's jobs; repeating it is harmless.

        Raises UnknownMessageAgent, SnapshotTooLarge and JobsUnsent.
        """
        with span(
            "precompute",
            SpanKind.CHAIN,
            user_id=message.user_id,
            agent_ids=message.agent_ids,
            task_count=len(message.tasks),
            feedback_count=len(message.feedback_history),
            completion_count=len(message.task_completions),
        ) as record:
            view = view_at(message, context.now, context.default_zone)
            asked_for = self._asked_for(message.agent_ids)
            views = views_by_agent(asked_for, view, message.agent_prefs)
            bodies, withdraw_count = _bodies(message, asked_for, view, views, context.trace.correlation_id)
            compute_count = len(bodies) - withdraw_count
            with span("enqueue", SpanKind.TOOL, job_count=len(bodies)) as enqueue:
                self.jobs.send(bodies)
                enqueue.outputs["sent_bytes"] = sum(len(body.encode()) for body in bodies)
            record.outputs.update(compute_count=compute_count, withdraw_count=withdraw_count)
        self.logger.info(
            "precompute_fanned_out",
            task_count=len(message.tasks),
            compute_count=compute_count,
            withdraw_count=withdraw_count,
        )
        report_reading(view.reading_of(views.values()), self.logger, self.metrics)

    def _asked_for(self, agent_ids: Sequence[str] | None) -> Sequence[Manifest]:
        if agent_ids is None:
            return self.manifests
        if set(agent_ids) - {manifest.agent_id for manifest in self.manifests}:
            raise UnknownMessageAgent("The message names an agent that does not exist")
        return [manifest for manifest in self.manifests if manifest.agent_id in agent_ids]


def _bodies(
    message: PrecomputeMessage,
    asked_for: Sequence[Manifest],
    view: UserView,
    views: Mapping[str, UserView],
    trace_id: str,
) -> tuple[list[str], int]:
    """A job's body for each requested agent, in the order of the registry, and the number of withdrawals.

    `views` are the agents' own.
    """
    facts = facts_by_agent(views)
    projection = Projection(message, view.rows.decided)
    about = written(snapshot_version=message.snapshot_version, trace_id=trace_id)
    withdrawal = written(user_id=message.user_id, now_iso=message.now_iso, withdraw=True) | about
    bodies, withdraw_count = [], 0
    for manifest in asked_for:
        if is_eligible(manifest, facts[manifest.agent_id]):
            fields = projection.fields(manifest.requires) | about
            fields |= _elsewhere(view, views[manifest.agent_id])
            fields |= written(agent_prefs=message.agent_prefs.get(manifest.agent_id, {}))
        else:
            fields = withdrawal
            withdraw_count += 1
        bodies.append(job_body(fields | written(agent_id=manifest.agent_id, agent_version=manifest.version)))
    return bodies, withdraw_count


def _elsewhere(view: UserView, own_view: UserView) -> dict[str, str]:
    """The decisions for a job, which infers in the snapshot's time zone and computes in that of the preferences."""
    return {} if own_view.zone == view.zone else written(decided_elsewhere=own_view.rows.decided.to_json())
