"""One user's snapshot as jobs: agents that may have something to say compute, what the others said is withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aws_lambda_powertools import Logger, Metrics

from oo.agent_kit.eligibility_facts import facts_by_agent, views_by_agent
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import UserView, view_at
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.errors import SnapshotTooLarge, UnknownMessageAgent
from oo.precompute.eligibility import is_eligible
from oo.precompute.job_queue import LARGEST_BYTES, message_text
from oo.precompute.projection import project
from oo.request_context import RequestContext
from oo.telemetry.reading_log import report_reading
from oo.telemetry.spans import SpanKind, span


class Jobs(Protocol):
    """Takes jobs' bodies."""

    def send(self, bodies: Sequence[str]) -> None:
        """Send all of them; raises JobsUnsent."""


@dataclass(frozen=True, slots=True)
class FanOut:
    """Turns snapshots into jobs for the agents of `manifests`."""

    manifests: Sequence[Manifest]
    jobs: Jobs
    logger: Logger
    metrics: Metrics

    def run(self, message: PrecomputeMessage, context: RequestContext) -> None:
        """Send one user's jobs; running it again is harmless.

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
            jobs = _jobs(message, asked_for, view, views, context.trace.correlation_id)
            bodies = [_body(job) for job in jobs]
            withdraw_count = sum(job.withdraw for job in jobs)
            with span("enqueue", SpanKind.TOOL, job_count=len(jobs)) as enqueue:
                self.jobs.send(bodies)
                enqueue.outputs["sent_bytes"] = sum(len(body.encode()) for body in bodies)
            record.outputs.update(compute_count=len(jobs) - withdraw_count, withdraw_count=withdraw_count)
        self.logger.info(
            "precompute_fanned_out",
            task_count=len(message.tasks),
            compute_count=len(jobs) - withdraw_count,
            withdraw_count=withdraw_count,
        )
        report_reading(view.reading_of(views.values()), self.logger, self.metrics)

    def _asked_for(self, agent_ids: Sequence[str] | None) -> Sequence[Manifest]:
        if agent_ids is None:
            return self.manifests
        if set(agent_ids) - {manifest.agent_id for manifest in self.manifests}:
            raise UnknownMessageAgent("The message names an agent that does not exist")
        return [manifest for manifest in self.manifests if manifest.agent_id in agent_ids]


def _jobs(
    message: PrecomputeMessage,
    asked_for: Sequence[Manifest],
    view: UserView,
    views: Mapping[str, UserView],
    trace_id: str,
) -> list[ComputeJob]:
    """A job for each agent asked for, in the order of the registry; `views` are the agents' own."""
    facts = facts_by_agent(views)
    return [
        _compute(message, manifest, view, views[manifest.agent_id], trace_id)
        if is_eligible(manifest, facts[manifest.agent_id])
        else _withdraw(message, manifest, trace_id)
        for manifest in asked_for
    ]


def _compute(
    message: PrecomputeMessage, manifest: Manifest, view: UserView, own_view: UserView, trace_id: str
) -> ComputeJob:
    """The job, which learns in the zone of the snapshot and computes in that of the agent's preferences.

    Its parts were validated when the message was read, and are again when the job is.
    """
    elsewhere = None if own_view.zone == view.zone else own_view.rows.decided.to_json()
    return ComputeJob.model_construct(
        **project(message, manifest.requires, view.rows.decided),
        decided_elsewhere=elsewhere,
        agent_id=manifest.agent_id,
        agent_version=manifest.version,
        agent_prefs=message.agent_prefs.get(manifest.agent_id, {}),
        snapshot_version=message.snapshot_version,
        trace_id=trace_id,
    )


def _withdraw(message: PrecomputeMessage, manifest: Manifest, trace_id: str) -> ComputeJob:
    return ComputeJob(
        user_id=message.user_id,
        agent_id=manifest.agent_id,
        agent_version=manifest.version,
        now_iso=message.now_iso,
        snapshot_version=message.snapshot_version,
        withdraw=True,
        trace_id=trace_id,
    )


def _body(job: ComputeJob) -> str:
    body = message_text(job.model_dump_json(exclude_defaults=True))
    if len(body.encode()) > LARGEST_BYTES:
        raise SnapshotTooLarge("One agent's job does not fit into one message")
    return body
