"""One agent's job for one user: infer, compute, store."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from oo.agent_kit.agent import Agent
from oo.agent_kit.eligibility_facts import eligibility_facts
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import UserView, view_at
from oo.agent_runs import AgentRuns
from oo.contract.queues import ComputeJob, Outcome, Outdated, Stale, Stored, StoredOutput
from oo.errors import OtherAgentVersion, UnknownMessageAgent
from oo.frozen import frozen
from oo.precompute.batch_memory import BatchMemory
from oo.precompute.eligibility import is_eligible
from oo.request_context import RequestContext
from oo.snapshot.user_rows import read_decided
from oo.telemetry.spans import Trace

KEPT_AFTER_EXPIRY = timedelta(days=1)


class Outputs(Protocol):
    """Stores outputs; the newest snapshot wins."""

    def put(self, output: StoredOutput, *, now: datetime) -> Stored | Stale:
        """Store an output unless a newer one is stored."""

    def withdraw(self, *, user_id: str, agent_id: str, snapshot_version: int, now: datetime) -> Stored | Stale:
        """Withdraw an output unless a newer one is stored."""


def longest_life(manifests: Iterable[Manifest]) -> timedelta:
    """The maximum lifetime of an output of these agents.

    DynamoDB deletes a row a day after it expires. An older snapshot would then find no newer row.
    """
    return timedelta(seconds=max(manifest.ttl.max_s for manifest in manifests))


@frozen
class JobRunner:
    """Runs single jobs whose snapshots are younger than `longest_life`.

    `find` returns an agent by its id or raises KeyError. `traced` starts a trace with the id that correlates it with
    others. `memory` holds parts of the batch's earlier jobs.
    """

    find: Callable[[str], Agent]
    outputs: Outputs
    runs: AgentRuns
    traced: Callable[[str | None], AbstractContextManager[Trace]]
    longest_life: timedelta
    memory: BatchMemory = field(default_factory=BatchMemory)

    def run(self, job: ComputeJob, context: RequestContext) -> Outcome:
        """Update one agent's stored output to the job's snapshot.

        Raises UnknownMessageAgent, OtherAgentVersion, AgentFailed, and the store's errors.
        """
        agent = self._agent_of(job)
        age = (job.now_iso or context.now) - datetime.fromtimestamp(job.snapshot_version / 1000, UTC)
        if age > self.longest_life:
            return Outdated(int(age.total_seconds()))
        if job.withdraw:
            return self._withdraw(job, context)
        elsewhere = job.decided_elsewhere
        view = view_at(
            job,
            context.now,
            context.default_zone,
            decided=read_decided(job.decided),
            decided_elsewhere=None if elsewhere is None else read_decided(elsewhere),
            shared=self.memory.of(job.user_id).parts,
        )
        # An inference has a trace of its own, as in `POST /agents/{agent_id}/infer`.
        with self.traced(context.trace.correlation_id) as trace:
            trace.user_id = job.user_id
            learned = self.runs.learn(agent, view)
        own_view = view.for_agent(agent.manifest, merged(learned, job.agent_prefs))
        manifest = agent.manifest
        if not is_eligible(manifest, eligibility_facts(own_view, manifest.eligibility.facts)):
            return self._withdraw(job, context)
        return self._compute(agent, own_view, learned, job, context)

    def _agent_of(self, job: ComputeJob) -> Agent:
        try:
            agent = self.find(job.agent_id)
        except KeyError:
            raise UnknownMessageAgent("The job names an agent that does not exist") from None
        if _major(job.agent_version) != _major(agent.manifest.version):
            raise OtherAgentVersion("The job was cut for another major version of its agent")
        return agent

    def _compute(
        self, agent: Agent, view: UserView, learned: dict[str, Any], job: ComputeJob, context: RequestContext
    ) -> Stored | Stale:
        output, span = self.runs.run(agent, view)
        stored = StoredOutput(
            **dict(output),
            inferred_prefs=learned,
            snapshot_version=job.snapshot_version,
            trace_id=context.trace.trace_id,
            span_id=span.span_id,
            ttl=int((output.expires_at + KEPT_AFTER_EXPIRY).timestamp()),
        )
        return self.outputs.put(stored, now=context.now)

    def _withdraw(self, job: ComputeJob, context: RequestContext) -> Stored | Stale:
        return self.outputs.withdraw(
            user_id=job.user_id, agent_id=job.agent_id, snapshot_version=job.snapshot_version, now=context.now
        )


def merged(learned: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Preferences with the user's own over the inferred ones; null is unset. `_sources` names the source of each."""
    settings = {key: value for key, value in own.items() if value is not None}
    sources = dict.fromkeys(learned, "inferred") | dict.fromkeys(settings, "user")
    return {**learned, **settings, "_sources": sources}


def _major(version: str) -> str:
    return version.partition(".")[0]
