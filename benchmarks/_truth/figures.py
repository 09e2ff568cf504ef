"""The figures of a run: measured and required."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from math import inf
from typing import NamedTuple, TypeVar

from benchmarks._truth.forms import form_of
from benchmarks._truth.judges.sentence import Level
from benchmarks._truth.service import DELIVERY_AGENT
from benchmarks._truth.weeks import NEUTRAL, Moment, Prompted, Told

_MOST_FALSE, _MOST_WRONG, _MOST_UNREADABLE = 0.08, 0.10, 0.03
_PACE_FALSE, _PACE_WRONG = 0.12, 0.14
_LEAST_MORNINGS = 0.05
_LEAST_MOMENTS = 0.03
_WEEK_D = 7
_TIP_FAULTS = {
    "over the user's limit of words": 0.0,
    "over 240 characters": 0.0,
    "over two sentences": 0.0,
    "not a whole sentence": 0.0,
    "something to start in quiet hours": 0.0,
    "about a task that is not open": 0.0,
    "proposes work on a waiting task": 0.005,
    "names no task though some are open": 0.05,
}
_Each = TypeVar("_Each")


class Figure(NamedTuple):
    """One figure; `asked` is the required maximum, or with `is_least` the minimum. None: not measured."""

    name: str
    value: float | None
    asked: float
    is_least: bool = False
    is_share: bool = True

    @property
    def holds(self) -> bool:
        """Whether it is within the requirement."""
        return self.badness <= 1

    @property
    def badness(self) -> float:
        """The ratio to the requirement; above 1 the figure fails."""
        if self.value is None:
            return 0.0
        one, other = (self.asked, self.value) if self.is_least else (self.value, self.asked)
        if one <= other:
            return one / other if other else 0.0
        return one / other if other else inf


def figures(moments: Sequence[Moment]) -> Iterator[Figure]:
    """The figures of the planted weeks."""
    told = [each for moment in moments for each in moment.told]
    yield Figure("all agents: false", _share(told, _is_false), 0.03)
    yield Figure("all agents: false or misleading", _share(told, _is_wrong), 0.06)
    by_agent = defaultdict[str, list[Told]](list)
    for each in told:
        by_agent[each.agent_id].append(each)
    for agent_id, own in by_agent.items():
        is_momentum = agent_id == "momentum"
        yield Figure(f"{agent_id}: false", _share(own, _is_false), _PACE_FALSE if is_momentum else _MOST_FALSE)
        yield Figure(
            f"{agent_id}: false or misleading", _share(own, _is_wrong), _PACE_WRONG if is_momentum else _MOST_WRONG
        )
        yield Figure(
            f"{agent_id}: unreadable",
            _share(own, lambda each: each.verdict.level is Level.UNREADABLE),
            _MOST_UNREADABLE,
        )
    yield Figure(
        "sentences that propose work on a waiting task", _share(told, lambda each: each.acts_on_waiting), 0.005
    )
    yield _reasons_n("sentences with the age of a recurring task", told, "age of a recurring")
    yield _reasons_n("tasks reserved for a window though due or overdue", told, "reserved for the window")
    differing = sum(len(moment.queue_differs) for moment in moments)
    yield Figure("texts that differ where a job brings the snapshot's part", differing, 0, is_share=False)
    yield from _runs(moments)
    yield from _reach(moments)
    yield from _tips(moments)
    yield from _prompts(moments)
    yield from _speech(moments)


def _runs(moments: Sequence[Moment]) -> Iterator[Figure]:
    """The longest run of consecutive days with the same wording, by agent."""
    longest = defaultdict[str, int](int)
    for _, own in groupby(_mornings(moments), key=lambda moment: moment.user):
        runs: dict[str, tuple[str, int, int]] = {}
        for moment in own:
            for each in moment.told:
                text, day, length = runs.get(each.agent_id, ("", 0, 0))
                length = length + 1 if text == each.text and day == moment.day - 1 else 1
                runs[each.agent_id] = (each.text, moment.day, length)
                longest[each.agent_id] = max(longest[each.agent_id], length)
    for agent_id, length in longest.items():
        if agent_id != DELIVERY_AGENT:
            yield Figure(f"{agent_id}: consecutive days with the same words", length, 7, is_share=False)


def reach(moments: Sequence[Moment], setting: int) -> dict[str, float]:
    """The share of an agent's mornings with a statement on which its note is in the prompt at a setting."""
    prompts = _morning_prompts(moments, setting)
    found = {}
    for agent_id in _speakers(moments):
        own = [prompt for moment, prompt in prompts if agent_id in moment.speakers]
        if len(own) >= _LEAST_MORNINGS * len(prompts):
            found[agent_id] = sum(agent_id in prompt.agents for prompt in own) / len(own)
    return found


def leads(moments: Sequence[Moment], setting: int) -> dict[str, float]:
    """The share of mornings on which an agent's note leads the prompt at a setting."""
    first = [prompt.agents[0] for _, prompt in _morning_prompts(moments, setting) if prompt.agents]
    return {agent_id: first.count(agent_id) / len(first) for agent_id in dict.fromkeys(first)}


def _reach(moments: Sequence[Moment]) -> Iterator[Figure]:
    for agent_id, share in reach(moments, NEUTRAL).items():
        if agent_id != DELIVERY_AGENT:
            yield Figure(f"{agent_id}: reaches the prompt at 50", share, 0.10, is_least=True)
    leading = leads(moments, NEUTRAL)
    yield Figure("mornings led by one agent", max(leading.values(), default=0), 0.60)
    often = sum(share >= 0.01 for share in leading.values())
    yield Figure("agents that lead on 1% of mornings", often, 6, is_least=True, is_share=False)


def _tips(moments: Sequence[Moment]) -> Iterator[Figure]:
    """Repeats, forms and lengths of the template tips."""
    repeats, same_form, followed = 0, 0, 0
    forms = [form_of(moment.tip) for moment in moments]
    for _, group in groupby(moments, key=lambda moment: moment.user):
        own = list(group)
        for place, moment in enumerate(own):
            recent = [each for each in own[:place] if moment.day - each.day <= _WEEK_D]
            repeats += any(each.tip == moment.tip for each in recent)
            before = [each for each in recent if each.is_morning and each.day == moment.day - 1]
            if moment.is_morning and before:
                followed += 1
                same_form += form_of(before[0].tip) == form_of(moment.tip)
    yield Figure("tips repeated word for word within 7 days", repeats / len(moments), 0.10)
    yield Figure("tips of the most frequent form", max(map(forms.count, set(forms))) / len(forms), 0.30)
    yield Figure("tips of the form of yesterday", same_form / max(followed, 1), 0.25)
    for name, most in _TIP_FAULTS.items():
        yield Figure(f"tips: {name}", sum(name in moment.tip_faults for moment in moments) / len(moments), most)


def _prompts(moments: Sequence[Moment]) -> Iterator[Figure]:
    prompts = [prompt for moment in moments for prompt in moment.prompts]
    yield Figure("prompts with contradicting notes", _share(prompts, lambda each: bool(each.contradictions)), 0)
    yield Figure(
        "prompts with a note about a task not on offer", _share(prompts, lambda each: bool(each.not_offered)), 0
    )


def _speech(moments: Sequence[Moment]) -> Iterator[Figure]:
    """The least shares of moments with statements, because an agent that is always silent would never be wrong."""
    clear = [moment for moment in moments if moment.has_clear_hour]
    late = [moment for moment in moments if moment.is_mostly_late]
    yield Figure(
        "moments of users with a clear hour: peak-hours speaks", _spoken(clear, "peak-hours"), 0.70, is_least=True
    )
    yield Figure(
        "moments of users who are mostly late: lateness-buffer speaks",
        _spoken(late, "lateness-buffer"),
        0.60,
        is_least=True,
    )
    yield Figure(
        "moments with three agents or more", _share(moments, lambda each: len(each.speakers) > 2), 0.80, is_least=True
    )
    often = sum((_spoken(moments, agent_id) or 0) >= _LEAST_MOMENTS for agent_id in _speakers(moments))
    yield Figure("agents that speak in 3% of moments", often, 9, is_least=True, is_share=False)


def _spoken(moments: Sequence[Moment], agent_id: str) -> float | None:
    return _share(moments, lambda moment: agent_id in moment.speakers)


def _speakers(moments: Sequence[Moment]) -> dict[str, None]:
    return dict.fromkeys(each.agent_id for moment in moments for each in moment.told)


def _mornings(moments: Iterable[Moment]) -> list[Moment]:
    return [moment for moment in moments if moment.is_morning]


def _morning_prompts(moments: Sequence[Moment], setting: int) -> list[tuple[Moment, Prompted]]:
    return [(moment, prompt) for moment in _mornings(moments) for prompt in moment.prompts if prompt.setting == setting]


def _share(every: Sequence[_Each], holds: Callable[[_Each], bool]) -> float | None:
    return sum(map(holds, every)) / len(every) if every else None


def _is_false(each: Told) -> bool:
    return each.verdict.level is Level.FALSE


def _is_wrong(each: Told) -> bool:
    return each.verdict.level in (Level.FALSE, Level.MISLEADING)


def _reasons_n(name: str, told: Sequence[Told], reason: str) -> Figure:
    number = sum(any(reason in each for each in one.verdict.reasons) for one in told)
    return Figure(name, number, 0, is_share=False)
