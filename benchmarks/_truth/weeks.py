"""A user's weeks with the service: mornings and some later hours, each with sentences, tip and the user's response."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import NamedTuple

from benchmarks._truth.judges.contradictions import contradictions
from benchmarks._truth.judges.planted import NOTICED_D, lateness_on
from benchmarks._truth.judges.sentence import Sentence
from benchmarks._truth.judges.tips import tip_faults
from benchmarks._truth.judges.verdict import Verdict, acts_on_waiting, verdict
from benchmarks._truth.service import DELIVERY_AGENT, Said, Served, TipService, agents_say, queued_texts
from benchmarks._truth.world.habits import Habits
from benchmarks._truth.world.life import Life
from benchmarks._truth.world.scene import Reaction, Scene
from oo.snippets.grammar import QUOTED

NEUTRAL = 50
OTHER_BANDS = (0, 25, 75, 100)
_OTHER_BANDS_EVERY_D = 4
_MOSTLY = 0.5
_QUEUED = ((23, 1), (48, 0))
"""The moments that also pass the queue: the day, and the position in it."""
_SNOOZED = 0.1
_HELPFUL = 0.3
_MS_A_WORD = 60_000 / 238


class Told(NamedTuple):
    """One agent's sentence and the verdict on it."""

    agent_id: str
    text: str
    verdict: Verdict
    acts_on_waiting: bool


class Prompted(NamedTuple):
    """One prompt at a setting of the slider: agents by place, contradictions, and titles in notes but not on offer."""

    setting: int
    agents: tuple[str, ...]
    contradictions: frozenset[str]
    not_offered: tuple[str, ...]


@dataclass(frozen=True)
class Moment:
    """All measurements of one moment."""

    kind: str
    user: str
    at: datetime
    day: int
    is_morning: bool
    told: Sequence[Told]
    prompts: Sequence[Prompted]
    tip: str
    tip_kind: str
    tip_faults: tuple[str, ...]
    contradictions: frozenset[str]
    has_clear_hour: bool
    is_mostly_late: bool
    learned: Mapping[str, object]
    queue_differs: frozenset[str] = frozenset()
    """The agents whose text differs if a job contains their part of the snapshot."""

    @property
    def speakers(self) -> frozenset[str]:
        """The agents with a statement."""
        return frozenset(each.agent_id for each in self.told)


def moments(life: Life, seed: int) -> Iterator[Moment]:
    """Every moment of a life, in order."""
    random = Random(f"{life.name} answers {seed}")  # noqa: S311  # plans a measurement, keeps no secrets
    service, reactions = TipService(), list[Reaction]()
    for day in range(life.habits.first_day, life.days):
        hours = [random.uniform(6.5, 10.5), *([random.uniform(12, 22.5)] if day % 2 else [])]
        for place, hour in enumerate(hours):
            scene = Scene(life, life.moment(day, hour), tuple(reactions))
            said = agents_say(scene)
            tip = service.tip(scene, said)
            prompts = [_prompted(NEUTRAL, tip, scene)]
            if place == 0 and day % _OTHER_BANDS_EVERY_D == 0:
                prompts += [_prompted(each, service.tip(scene, said, each), scene) for each in OTHER_BANDS]
            moment = _moment(scene, said, tip, prompts, is_morning=place == 0)
            yield replace(moment, queue_differs=_differs(scene, said)) if (day, place) in _QUEUED else moment
            reactions.append(_reaction(random, scene, tip))


def _moment(
    scene: Scene, said: Mapping[str, Said], tip: Served, prompts: Sequence[Prompted], *, is_morning: bool
) -> Moment:
    texts = {agent_id: each.output.prompt_text for agent_id, each in said.items() if each.output.prompt_text}
    sentences = [Sentence(scene, agent_id, text) for agent_id, text in texts.items()]
    delivery = said.get(DELIVERY_AGENT)
    learned = delivery.learned if delivery else {}
    limit = scene.setting(DELIVERY_AGENT, "max_words") or learned.get("max_words")
    return Moment(
        kind=scene.life.habits.kind,
        user=scene.life.name,
        at=scene.now,
        day=scene.day,
        is_morning=is_morning,
        told=[Told(each.agent_id, each.text, verdict(each), acts_on_waiting(each)) for each in sentences],
        prompts=prompts,
        tip=tip.content,
        tip_kind=tip.kind,
        tip_faults=tuple(tip_faults(scene, tip.content, tip.kind, limit)),
        contradictions=frozenset(contradictions(texts.values())),
        has_clear_hour=_is_steady(scene) and _has_clear_hour(scene),
        is_mostly_late=_is_steady(scene) and _is_mostly_late(scene),
        learned=learned,
    )


def _differs(scene: Scene, said: Mapping[str, Said]) -> frozenset[str]:
    texts = {agent_id: each.output.prompt_text for agent_id, each in said.items()}
    queued = queued_texts(scene)
    return frozenset(
        agent_id for agent_id in texts.keys() | queued.keys() if texts.get(agent_id) != queued.get(agent_id)
    )


def _is_steady(scene: Scene) -> bool:
    """Whether the current habits have lasted long enough to be noticed."""
    since = max((first for first, _ in scene.life.habits.changes if first <= scene.day), default=-NOTICED_D)
    return scene.day - since >= NOTICED_D


def _has_clear_hour(scene: Scene) -> bool:
    """Whether there is a clear hour; in an unknown zone there is none."""
    return scene.habits.tells_zone and scene.habits.rhythm.clear_h is not None


def _is_mostly_late(scene: Scene) -> bool:
    found = lateness_on(scene.life, scene.day)
    return found is not None and min(found.shares) > _MOSTLY


def _prompted(setting: int, served: Served, scene: Scene) -> Prompted:
    notes = served.notes
    opened = {task.title for task in scene.open}
    titles = {title for note in notes for title in QUOTED.findall(note.text) if title in opened}
    return Prompted(
        setting,
        tuple(note.agent_id for note in notes),
        frozenset(contradictions(note.text for note in notes)),
        tuple(sorted(titles - served.offered)),
    )


def _reaction(random: Random, scene: Scene, tip: Served) -> Reaction:
    habits, words = scene.habits, len(tip.content.split())
    outcome = _outcome(random, habits)
    is_whole = habits.reads_words is None or outcome in ("done", "helpful") or words <= habits.reads_words
    read = words if is_whole else habits.reads_words or words
    dwell_ms = read * _MS_A_WORD * random.uniform(0.9, 1.15)
    return Reaction(scene.now, tip.content, tip.kind, tip.task_id, outcome, dwell_ms)


def _outcome(random: Random, habits: Habits) -> str:
    if random.random() < habits.accepts:
        return "helpful" if random.random() < _HELPFUL else "done"
    if random.random() < habits.ignores:
        return "shown"
    return "snoozed" if random.random() < _SNOOZED else "dismissed"
