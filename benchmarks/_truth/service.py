"""The service on a scene, by its own code below the handlers: agents first, then a template tip."""

import io
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger, Metrics

from benchmarks._truth.world.scene import Scene
from oo.agent_kit.eligibility_facts import eligibility_facts, shared_facts
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import UserView, view_at
from oo.agents.registry import all_agents, get_agent
from oo.contract.agent_output import AgentOutput
from oo.contract.shown_ids import hashed
from oo.contract.snapshot import Snapshot
from oo.contract.tips import RecommendRequest
from oo.deadline import Deadline
from oo.errors import LLMUnreachable
from oo.inference.run import run_inference
from oo.llm.question import Question, Spent
from oo.precompute.compute_job import merged
from oo.precompute.eligibility import is_eligible
from oo.precompute.job_body import job_body
from oo.precompute.projection import Projection
from oo.request_context import RequestContext
from oo.snapshot.user_rows import read_decided
from oo.telemetry.spans import Trace
from oo.tips.recommend import Recommend

DELIVERY_AGENT = "tip-receptivity"
_SHARED = ("completions", "sent_completions", "feedback", "profile")


class Said(NamedTuple):
    """One agent's output, and its learned values by then."""

    output: AgentOutput
    learned: Mapping[str, Any]


class Note(NamedTuple):
    """A note in a prompt, in the order of the prompt."""

    agent_id: str
    text: str


@dataclass(frozen=True)
class Served:
    """A tip and its prompt for a model."""

    content: str
    kind: str
    rationale: str
    task_id: str | None
    system: str
    user: str
    used: frozenset[str]
    reasons: Mapping[str, str | None]

    @property
    def data(self) -> list[dict[str, Any]]:
        """The lines of the data block."""
        return [json.loads(line) for line in self.user.split("\n") if line.startswith("{")]

    @property
    def notes(self) -> list[Note]:
        """The notes of the data block, without the one on delivery."""
        found = [Note(line["from"], line["note"]) for line in self.data if "note" in line]
        return [note for note in found if note.agent_id != DELIVERY_AGENT]

    @property
    def offered(self) -> frozenset[str]:
        """The titles on offer."""
        return frozenset(line["title"] for line in self.data if "title" in line)

    @property
    def delivery(self) -> dict[str, Any]:
        """The delivery line; empty if the prompt has none."""
        lines = (line for line in self.user.split("\n") if line.startswith("Delivery: "))
        return next((json.loads(line.removeprefix("Delivery: ")) for line in lines), {})


def agents_say(scene: Scene, agent_ids: Iterable[str] = ()) -> dict[str, Said]:
    """Outputs of the eligible agents, of all or of those named, as a worker of the compute queue computes them."""
    view = view_of(scene)
    chosen = [get_agent(agent_id) for agent_id in agent_ids] or all_agents()
    facts = shared_facts(view)
    found = {}
    for agent in chosen:
        learned, own = learn(scene, view, agent.manifest)
        settings = {f"prefs.{key}": value for key, value in own.preferences.values.items()}
        if is_eligible(agent.manifest, facts | settings):
            found[agent.manifest.agent_id] = Said(agent.compute(own), learned)
    return found


def view_of(scene: Scene) -> UserView:
    """The scene as the agents' view."""
    snapshot = Snapshot(
        user_id=scene.life.name,
        tasks=scene.task_rows(),
        feedback_history=scene.feedback_rows(),
        task_completions=scene.completion_rows(),
        now_iso=scene.now,
        timezone=_zone(scene),
    )
    return view_at(snapshot, scene.now)


def learn(scene: Scene, view: UserView, manifest: Manifest) -> tuple[Mapping[str, Any], UserView]:
    """The learned preferences of an agent, and its view with them and the user's settings, which take precedence."""
    learned = run_inference(manifest, view)
    own = view.for_agent(manifest, merged(learned, scene.life.habits.prefs.get(manifest.agent_id, {})))
    # The zone is the same, so rows that were read for one agent hold for all.
    vars(own).update({name: part for name, part in vars(view).items() if name in _SHARED})
    return learned, own


def queued_texts(scene: Scene) -> dict[str, str]:
    """The agents' texts as a worker of the compute queue writes them, from a job's parts of a snapshot."""
    view = view_of(scene)
    projection = Projection(view.snapshot, view.rows.decided)
    found = {}
    for agent in all_agents():
        held = json.loads(job_body(projection.fields(agent.manifest.requires)))
        decided = read_decided(held.pop("decided", {}))
        _, own = learn(scene, view_at(Snapshot(**held), scene.now, decided=decided), agent.manifest)
        if is_eligible(agent.manifest, eligibility_facts(own)):
            found[agent.manifest.agent_id] = agent.compute(own).prompt_text
    return found


def _zone(scene: Scene) -> str | None:
    return scene.life.habits.zone if scene.life.habits.tells_zone else None


class TipService:
    """Requests tips while the model is unavailable."""

    def __init__(self) -> None:
        logger = Logger(service="benchmarks.truth", level=logging.CRITICAL)
        self._prompt: Sequence[Mapping[str, str]] = ()
        self._recommend = Recommend(
            ask=self._unreachable,  # type: ignore[arg-type]  # stands in for the model
            outputs=None,
            template_fallback=True,
            logger=logger,
            metrics=_Unmeasured(namespace="benchmarks.truth"),
            pseudonym=hashed,
        )

    def tip(self, scene: Scene, said: Mapping[str, Said], science_destiny: int = 50, **others: object) -> Served:
        """The tip for a scene at a setting of the slider."""
        body = {
            "user_id": scene.life.name,
            "tasks": [row for row in scene.task_rows() if row["status"] != "done"],
            "agent_outputs": [_snippet(each.output) for each in said.values() if each.output.prompt_text],
            "recent_tips": scene.recent_tips(),
            "now_iso": scene.now.isoformat(),
            "timezone": _zone(scene),
            "science_destiny": science_destiny,
            **others,
        }
        request = RecommendRequest.model_validate(body)
        with redirect_stdout(io.StringIO()):  # single metrics are printed
            response = self._recommend(request, RequestContext(scene.now, Deadline.after(25), Trace.begin()))
        receipt = response.receipt
        return Served(
            content=response.tip.content,
            kind=response.tip.kind.value,
            rationale=response.tip.rationale or "",
            task_id=getattr(receipt, "task_id", None),
            system=self._prompt[0]["content"],
            user=self._prompt[1]["content"],
            used=frozenset(snippet.agent_id for snippet in receipt.snippets if snippet.used),
            reasons={snippet.agent_id: snippet.reason for snippet in receipt.snippets},
        )

    def _unreachable(self, question: Question[Any], *, context: RequestContext, spent: Spent) -> Any:  # noqa: ANN401, ARG002
        self._prompt = question.messages
        raise LLMUnreachable


class _Unmeasured(Metrics):
    """Counts nothing."""

    def add_metric(self, *args: Any, **named: Any) -> None:  # noqa: ANN401
        """Do nothing."""


def _snippet(output: AgentOutput) -> dict[str, object]:
    return {
        "agent_id": output.agent_id,
        "prompt_text": output.prompt_text,
        "computed_at": output.computed_at,
        "expires_at": output.expires_at,
        "agent_version": output.agent_version,
    }
