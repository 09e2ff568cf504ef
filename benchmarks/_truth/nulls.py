"""Users with one habit or none, for whom only that habit's agent runs, over 12 weeks."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import log
from statistics import median
from typing import NamedTuple

from benchmarks._truth.figures import Figure
from benchmarks._truth.service import Said, agents_say
from benchmarks._truth.world.habits import ZONES, Habits, Rhythm
from benchmarks._truth.world.life import Life, live
from benchmarks._truth.world.scene import Scene

WEEKS = 12
_WEEK_D = 7
_CHANGE_D = 8 * _WEEK_D
_IMPROVES_D = 6 * _WEEK_D
_PLAIN = Habits("one habit", dated=0.0, recurring=0, waits=0.0, backlog=2, backlog_a_week=0.5, moves_ahead=0.0)
_DATED = replace(_PLAIN, dated=1.0, due_hours=(), rate=1.5, never_done=0.0, redates=0.0, backlog=3)
_OFFICE = Rhythm(first_h=9, last_h=18)

WINDOWLESS = {
    "even over 16 h": Rhythm(first_h=7, last_h=23, in_sittings=0),
    "even 8-20 h": Rhythm(first_h=8, last_h=20, in_sittings=0),
    "even 9-18 h": Rhythm(first_h=9, last_h=18, in_sittings=0),
    "9-18 h in sittings": Rhythm(first_h=9, last_h=18, in_sittings=0.5),
}
STEADY = {"k = 3": (4.0, 3.0), "k = 2": (2.0, 2.0), "k = 1": (4.0, 1.0)}
_LATE_70 = replace(_DATED, lateness_d=1.5 * log(0.5 / 0.3), lateness_scale_d=1.5, redates=0.9)
_LEFT_OPEN = replace(_DATED, lateness_d=-2.0, lateness_scale_d=0.5, never_done=0.37)
_LATE_25 = replace(_DATED, lateness_d=-log(2.0), lateness_scale_d=1.0)
_IMPROVES = replace(_DATED, lateness_d=2.0, lateness_scale_d=0.5, changes=((_IMPROVES_D, {"lateness_d": -1.5}),))

_LATE = r"land (?:about .+ )?after their"
_ON_TIME = r"land on time"
_PACE = r"a (?:busier|lighter) week"


class Asked(NamedTuple):
    """One agent's answer on one day."""

    day: int
    text: str
    learned: Mapping[str, object]


_Asks = Sequence[Asked]
_Case = tuple[str, Habits, str, Sequence[int]]


def cases(seeds: int) -> Iterator[tuple[str, Habits, str, Sequence[int], int]]:
    """Every user of the measurement: the group, the habits, the agent, the days, the number."""
    every: list[_Case] = [
        *(
            (f"window {name}", replace(_PLAIN, rate=3.0, rhythm=rhythm), "peak-hours", _days(8, 3))
            for name, rhythm in WINDOWLESS.items()
        ),
        *(
            (f"steady {name}", replace(_PLAIN, rate=rate, overdispersion=k), "momentum", _mornings(35))
            for name, (rate, k) in STEADY.items()
        ),
        *(
            (
                f"pace {name}",
                replace(_PLAIN, rate=4.0, changes=((_CHANGE_D, {"rate": 4.0 * times}),)),
                "momentum",
                _mornings(_CHANGE_D),
            )
            for name, times in (("x2", 2.0), ("x0.4", 0.4))
        ),
        ("re-dates", _LATE_70, "lateness-buffer", _days(14, 4)),
        ("left open", _LEFT_OPEN, "lateness-buffer", _days(14, 4)),
        ("late 25%", _LATE_25, "lateness-buffer", _days(14, 4)),
        ("improves", _IMPROVES, "lateness-buffer", [*_days(28, 4), *range(_IMPROVES_D, _IMPROVES_D + 42)]),
    ]
    for name, habits, agent_id, days in every:
        for number in range(seeds):
            yield name, replace(habits, zone=ZONES[number % len(ZONES)]), agent_id, days, number


def ask(case: tuple[str, Habits, str, Sequence[int], int], seed: int) -> tuple[str, list[Asked]]:
    """The answers of one user's agent on the days of its case."""
    name, habits, agent_id, days, number = case
    life = live(f"{name} {number}", habits, WEEKS, seed)
    return name, [_asked(life, agent_id, day) for day in days]


def _asked(life: Life, agent_id: str, day: int) -> Asked:
    said: Said | None = agents_say(Scene(life, life.moment(day, 9.2)), [agent_id]).get(agent_id)
    return Asked(day, said.output.prompt_text if said else "", said.learned if said else {})


def _days(first: int, step: int) -> list[int]:
    return list(range(first, WEEKS * _WEEK_D, step))


def _mornings(first: int) -> list[int]:
    """Mondays, Tuesdays and Thursdays."""
    return [day for day in range(first, WEEKS * _WEEK_D) if day % _WEEK_D in (0, 1, 3)]


def null_figures(answers: Mapping[str, Sequence[_Asks]]) -> Iterator[Figure]:
    """The figures of the users with one habit or none; `answers` hold those of each user by group."""
    for name in WINDOWLESS:
        yield Figure(f"no window, {name}: one reported in 12 weeks", _told(answers[f"window {name}"], r"."), 0.10)
    steady = [one for name in STEADY for one in answers[f"steady {name}"]]
    yield Figure("steady pace (k = 3, 2, 1): a change reported in 7 weeks", _told(steady, _PACE), 0.12)
    for name in STEADY:
        yield Figure(f"no day of rest, {name}: inferred in weeks 8-12", _share(answers[f"steady {name}"], _rests), 0.10)
    yield from (
        Figure(
            f"pace {name}: reported within 3 weeks",
            _told(answers[f"pace {name}"], words, _CHANGE_D + 22),
            least,
            is_least=True,
        )
        for name, words, least in (("x2", "a busier week", 0.60), ("x0.4", "a lighter week", 0.40))
    )
    yield Figure("late with 70%, re-dates 90%: reported “on time”", _told(answers["re-dates"], _ON_TIME), 0)
    yield Figure("late with 70%, re-dates 90%: reported late", _told(answers["re-dates"], _LATE), 0.85, is_least=True)
    yield Figure("late 37% all left open: reported “on time”", _told(answers["left open"], _ON_TIME), 0.05)
    yield Figure("late with 25%: either reported in 12 weeks", _told(answers["late 25%"], f"{_LATE}|{_ON_TIME}"), 0.25)
    noticed = [days for one in answers["improves"] if (days := _noticed_d(one)) is not None]
    yield Figure("improved habit: days until the old verdict ends, median", median(noticed or [99]), 21, is_share=False)


def _told(users: Sequence[_Asks], words: str, before: int = WEEKS * _WEEK_D) -> float:
    return _share(users, lambda asks: any(each.day < before and re.search(words, each.text) for each in asks))


def _share(users: Sequence[_Asks], holds: Callable[[_Asks], bool]) -> float:
    return sum(map(holds, users)) / len(users)


def _rests(asks: _Asks) -> bool:
    return any(each.day >= 8 * _WEEK_D and each.learned.get("rest_days") for each in asks)


def _noticed_d(asks: _Asks) -> int | None:
    """Days from the improvement to the last late verdict; None without one before it."""
    late = [each.day for each in asks if re.search(_LATE, each.text)]
    if not any(day < _IMPROVES_D for day in late):
        return None
    return max(0, max(late) + 1 - _IMPROVES_D)
