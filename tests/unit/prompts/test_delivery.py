"""The bounds of a tip, where the slider, the user's limits, quiet hours and recent answers meet."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from typing import Any, NamedTuple

import pytest

from oo.contract.kinds import Kind
from oo.contract.tips import AgentOutputSnippet
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.delivery import Delivery, delivery_of
from oo.prompts.recent import choose_recent
from oo.prompts.slider import read_slider
from oo.snippets.judge import judge
from oo.snippets.open_tasks import read_open_tasks
from testing.agent_snapshots import DAY, NOW, ask, iso, snapshot
from testing.for_each import for_each
from testing.seeds import seeds
from testing.tip_prompts import build
from tests.unit.prompts.reading import rows_with

LIMITS = (None, *range(10, 61))
TONES = (None, "warm", "playful")
RUNS = (0, 1, 2, 5)
SETTINGS = range(101)
TASKS = [{"id": f"t{n}", "title": f"Sort box {n}", "due_at": "2026-06-17T18:00:00+02:00"} for n in range(8)]
STARTS = "[start|3] Fact: «Sort box 0» is due in about 8 h. Move: start with a 25-min block."
DECIDES = "[decide|3] Fact: «Sort box 1» has been moved 4 times. Move: make it half its size, or let it go."
WINDOW = "[start|2] Fact: completions here cluster around 10:00, and that window runs until 11:30. Move: use it."


class Case(NamedTuple):
    """The bounds of a user's tips: the limit and the tone that are set, quiet hours, tips turned down in a row."""

    limit: int | None
    tone: str | None
    is_quiet: bool
    run_n: int
    last: Kind

    def note(self) -> dict[str, str]:
        """The note of the agent for delivery, as it says it."""
        quiet = {"quiet_start_h": 9, "quiet_end_h": 12} if self.is_quiet else {}
        turned_down = [{"action": "dismissed", "created_at": iso(NOW - (n + 1) * DAY)} for n in range(self.run_n)]
        prefs = {"max_words": self.limit, "tone": self.tone, **quiet}
        output = ask("tip-receptivity", snapshot(prefs=prefs, feedback=turned_down))
        return {"agent_id": "tip-receptivity", "prompt_text": output.prompt_text}

    @property
    def recent_tips(self) -> list[dict[str, str]]:
        """Tips that were said, of which the newest has the kind `last`."""
        return [
            {"content": "Older.", "kind": "decide", "created_at": iso(NOW - 2 * DAY)},
            {"content": "Newer.", "kind": self.last.value, "created_at": iso(NOW - DAY)},
        ]


def cases() -> Iterator[Case]:
    """All combinations, mixed so that the first ones have some of each; the kinds of last tips rotate."""
    combinations = list(product(LIMITS, TONES, (False, True), RUNS))
    for number in seeds(len(combinations)):
        # The stride has no factor in common with the number of combinations, so that it meets each of them once.
        yield Case(*combinations[number * 505 % len(combinations)], tuple(Kind)[number % len(Kind)])


def deliveries(case: Case) -> Iterable[tuple[int, Delivery]]:
    """The bounds at every setting of the slider."""
    tasks = read_open_tasks(TASKS, None)
    (judged,) = judge([AgentOutputSnippet.model_validate(case.note())], tasks, NOW, 3)
    recent, _ = choose_recent(case.recent_tips)
    note = judged if judged.is_used else None
    return ((setting, delivery_of(read_slider(setting), note, recent, "en")) for setting in SETTINGS)


@pytest.mark.all_seeds
def test_the_bounds_agree_at_every_setting() -> None:
    """One range within the user's limit, the tone that is set, and the kinds that quiet hours and recent tips leave."""
    for case in cases():
        for setting, delivery in deliveries(case):
            fewest, most = delivery.words
            band = read_slider(setting).band
            allowed = {Kind.REST, Kind.PLAN} if case.is_quiet else set(Kind)

            assert 1 <= fewest <= most <= min(case.limit or most, read_slider(setting).words[1]), (case, setting)
            assert delivery.tone == (case.tone or band.tone), (case, setting)
            assert set(delivery.kinds) == allowed - ({case.last} if case.run_n >= 2 else set()), (case, setting)
            assert delivery.kinds, (case, setting)


def test_without_a_wish_the_bounds_are_those_of_the_slider() -> None:
    """A limit that bounds nothing takes nothing away."""
    for limit in (None, 60):
        for setting, delivery in deliveries(Case(limit, None, is_quiet=False, run_n=0, last=Kind.START)):
            slider = read_slider(setting)

            assert (delivery.words, delivery.tone, delivery.kinds) == (slider.words, slider.band.tone, tuple(Kind))


def built(case: Case, setting: int) -> BuiltPrompt:
    notes = [{"agent_id": f"mine-{n}", "prompt_text": text} for n, text in enumerate((STARTS, DECIDES, WINDOW))]
    outputs = [*notes, case.note()]
    return build(agent_outputs=outputs, tasks=TASKS, now=NOW, recent_tips=case.recent_tips, science_destiny=setting)


@pytest.mark.all_seeds
def test_the_prompt_tells_them_on_one_line() -> None:
    """No other line gives a number of words, and the note about delivery is not among the data."""
    for number, case in enumerate(cases()):
        prompt = built(case, SETTINGS[number * 37 % len(SETTINGS)])
        lines = [line for line in prompt.user.splitlines() if '"words"' in line]

        assert [json.loads(line.removeprefix("Delivery: "))["words"] for line in lines] == [[*told(prompt).words]], case
        assert not re.search(r"\d+ (?:to \d+ )?words", f"{prompt.system} {prompt.user}"), case
        assert "tip-receptivity" not in prompt.user
        if case.tone:
            assert f"Sound {case.tone}." in prompt.system
        if case.is_quiet:
            notes = [row["note"] for row in rows_with(prompt.user, "note")]
            assert [note for note in notes if note.startswith(("[start", "[finish"))] == [], case


def told(prompt: BuiltPrompt) -> Delivery:
    assert prompt.delivery is not None
    return prompt.delivery


MORE_TASKS = [{"id": f"t{n}", "title": f"Sort box {n}", "due_at": "2026-06-17T18:00:00+02:00"} for n in range(12)]
QUANTITIES = ("fewest words", "most words", "characters", "figures", "tasks", "notes")


def quantities(setting: int) -> dict[str, Any]:
    """The quantities that a prompt tells by the slider, besides its voice."""
    outputs = [{"agent_id": f"mine-{n}", "prompt_text": text} for n, text in enumerate((STARTS, DECIDES, WINDOW))]
    prompt = build(agent_outputs=outputs, tasks=MORE_TASKS, now=NOW, science_destiny=setting)
    delivery = told(prompt)
    notes = rows_with(prompt.user, "note")
    values = (*delivery.words, delivery.characters, delivery.figures, len(prompt.refs), len(notes))
    return dict(zip(QUANTITIES, values, strict=True))


def test_the_slider_moves_what_is_told() -> None:
    """At least 40 of its 100 steps change something, and at least 20 of them something besides the characters."""
    told_at = [quantities(setting) for setting in SETTINGS]
    steps = [{name for name in QUANTITIES if one[name] != other[name]} for one, other in pairwise(told_at)]

    assert sum(bool(step) for step in steps) >= 40
    assert sum(bool(step - {"characters"}) for step in steps) >= 20


@for_each(("setting", "neighbour"), [(0, 25), (25, 50), (50, 75), (75, 100)])
def test_the_five_marks_differ_in_more_than_their_voice(setting: int, neighbour: int) -> None:
    one, other = quantities(setting), quantities(neighbour)

    assert len([name for name in QUANTITIES if one[name] != other[name]]) >= 3
