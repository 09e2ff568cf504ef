"""Delivery of tips: the preferences learned from their readers, and the prompt's bounds at each setting and limit."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

from benchmarks._truth.figures import Figure
from benchmarks._truth.service import DELIVERY_AGENT, Served, TipService, agents_say, learn, view_of
from benchmarks._truth.world.kinds import KINDS
from benchmarks._truth.world.life import Life, live
from benchmarks._truth.world.scene import Reaction, Scene
from oo.agents.registry import get_agent

_MS_A_WORD = 60_000 / 238
_USUAL_LIMIT = 30
_TIPS_A_DAY = 3
_SETTINGS = range(101)
_TONES = ("plain", "warm", "playful")
_RANGES = re.compile(r"(\d+) to (\d+) words|at most (\d+) words|limit for a tip here is (\d+) words")
_TONE_WORDS = re.compile(r"\bin a (\w+) tone\b|\ba (\w+) tone is wanted\b")
_REST_KINDS = {"rest", "plan"}


def delivery_figures(seed: int, combinations: int) -> Iterator[Figure]:
    """All figures about delivery."""
    life = live("delivery", replace(KINDS[0], first_day=0), 12, seed)
    yield Figure("share accepted, learned at 30%: distance from .3", _distance_at_30(life, seed), 0.1, is_share=False)
    yield Figure("words lost by a reader of whole tips, weeks 2 to 12", _words_lost(life), 2, is_share=False)
    yield Figure("delivery combinations with a contradiction", _contradicting(life, seed, combinations), 0)
    prompts = [_prompt(life, setting) for setting in _SETTINGS]
    pairs = list(pairwise(prompts))
    changed = sum(_told(one) != _told(other) for one, other in pairs)
    beside = sum(_told(one, but="characters") != _told(other, but="characters") for one, other in pairs)
    yield Figure("steps of the slider that change the prompt", changed, 40, is_least=True, is_share=False)
    yield Figure("steps that change more than characters", beside, 20, is_least=True, is_share=False)
    stops = [_quantities(prompts[setting]) for setting in (0, 25, 50, 75, 100)]
    differing = [sum(one[key] != other[key] for key in one) for one, other in pairwise(stops)]
    yield Figure("quantities that differ between stops of the slider", min(differing), 3, is_least=True, is_share=False)
    longest = max(len(prompt.system) for prompt in prompts)
    yield Figure("characters of the longest system message", longest, 2400, is_share=False)


def _distance_at_30(life: Life, seed: int) -> float | None:
    random = Random(f"accepts {seed}")  # noqa: S311  # plans a measurement, keeps no secrets
    reactions = [
        _reaction(life, day, place, 20, "done" if random.random() < 0.3 else "shown")
        for day in range(28)
        for place in range(_TIPS_A_DAY)
    ]
    learned = _learned(Scene(life, life.moment(29, 9), tuple(reactions))).get("accept_p")
    return None if learned is None else abs(learned - 0.3)


def _words_lost(life: Life) -> float:
    """The decrease of the learned limit in ten weeks, if tips of at least three quarters of it are all read fully."""
    reactions: list[Reaction] = []
    limits = {}
    for day in range(12 * 7):
        learned = _learned(Scene(life, life.moment(day, 7), tuple(reactions)))
        limit = limits[day] = int(learned.get("max_words", _USUAL_LIMIT))
        words = [round(limit * share) for share in (0.75, 0.9, 1.0)]
        reactions += [_reaction(life, day, place, each, "done") for place, each in enumerate(words)]
    return max(0, limits[14] - limits[83])


def _reaction(life: Life, day: int, place: int, words: int, outcome: str) -> Reaction:
    at = life.moment(day, 9 + 4 * place)
    return Reaction(at, " ".join(["word"] * words), "start", None, outcome, words * _MS_A_WORD)


def _learned(scene: Scene) -> Mapping[str, Any]:
    return learn(scene, view_of(scene), get_agent(DELIVERY_AGENT).manifest)[0]


def _contradicting(life: Life, seed: int, combinations: int) -> float:
    """The share of prompts with two ranges of words, an empty one, two tones, or steps in quiet hours."""
    random = Random(f"combinations {seed}")  # noqa: S311  # plans a measurement, keeps no secrets
    faults = 0
    for _ in range(combinations):
        limit, tone = random.choice((None, *range(10, 61))), random.choice(_TONES)
        is_quiet, run = random.random() < 0.5, random.choice((0, 1, 2, 4))
        own: dict[str, object] = {"tone": tone, **({"max_words": limit} if limit else {})}
        if is_quiet:
            own |= {"quiet_start_h": 20, "quiet_end_h": 8}
        lived = replace(life, habits=replace(life.habits, prefs={DELIVERY_AGENT: own}))
        served = _prompt(lived, random.randrange(101), hour=22.5 if is_quiet else 11.0, turned_down=run)
        faults += bool(_faults(served, limit, tone, is_quiet=is_quiet, run=run))
    return faults / combinations


def _prompt(life: Life, setting: int, hour: float = 11.0, turned_down: int = 0) -> Served:
    now = life.moment(30, hour)
    reactions = tuple(
        Reaction(
            now - timedelta(hours=12 * (turned_down - place)),
            f"Open the list number {place}.",
            "start",
            None,
            "dismissed",
            4000,
        )
        for place in range(turned_down)
    )
    scene = Scene(life, now, reactions)
    return TipService().tip(scene, agents_say(scene), setting)


def _faults(served: Served, limit: int | None, tone: str, *, is_quiet: bool, run: int) -> list[str]:
    delivery, words = served.delivery, _ranges(served)
    low, high = words[0] if words else (0, 0)
    kinds = set(delivery.get("kinds", ()))
    notes = re.findall(r'"note":"\[(start|finish)\|', served.user)
    tones = {name for pair in _TONE_WORDS.findall(f"{served.system} {served.user}") for name in pair if name}
    found = {
        "two ranges": len(set(words)) > 1,
        "an empty range": not words or low > high,
        "over the user's limit": limit is not None and high > limit,
        "two tones": tone != _TONES[0] and (delivery.get("tone") != tone or not tones <= {tone}),
        "steps in quiet hours": is_quiet and (not kinds or not kinds <= _REST_KINDS or bool(notes)),
        "the kind that was turned down": run >= 2 and not is_quiet and "start" in kinds,
    }
    return [name for name, is_so in found.items() if is_so]


def _ranges(served: Served) -> list[tuple[int, int]]:
    """Every range of words in the messages."""
    told = [tuple(served.delivery["words"])] if "words" in served.delivery else []
    for low, high, *bounds in _RANGES.findall(f"{served.system} {served.user}"):
        told += [(int(low), int(high))] if low else [(0, int(bound)) for bound in bounds if bound]
    return told


def _quantities(served: Served) -> dict[str, object]:
    """The quantities in the prompt."""
    told = {key: served.delivery.get(key) for key in ("words", "characters", "figures")}
    return {**told, "tasks": sum("title" in line for line in served.data), "notes": len(served.notes)}


def _told(served: Served, but: str = "") -> Sequence[Any]:
    """All content of the prompt except the choice of tasks."""
    delivery: Mapping[str, Any] = {key: value for key, value in served.delivery.items() if key != but}
    tasks = sum("title" in line for line in served.data)
    return [delivery, served.system, tasks, [note.agent_id for note in served.notes]]
