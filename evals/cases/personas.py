"""The eight personas of the cases, with the habits that are planted in their users."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

from benchmarks._truth.world.habits import Habits, Rhythm, varied

_DELIVERY = "tip-receptivity"
_MORNING = Rhythm(around=((9.5, 1.4, 0.8),))


class Persona(NamedTuple):
    """A persona.

    `hours` are those at which its users request a tip. `writes` are the languages of its users' titles, in turn.
    """

    name: str
    habits: Habits
    hours: tuple[tuple[float, float], ...] = ((7.0, 10.0), (11.0, 14.0), (15.0, 18.5), (19.0, 23.5))
    writes: tuple[str, ...] = ("en", "en", "en", "de")


PERSONAS = (
    Persona("new user", Habits("new user", rate=2.0, backlog=3, backlog_a_week=3, recurring=0, rhythm=_MORNING)),
    Persona(
        "deadline-driven",
        Habits("deadline-driven", dated=0.95, due_hours=(17.0, 23.983, 12.0, None), never_done=0.08, accepts=0.5),
    ),
    Persona(
        "overloaded",
        Habits("overloaded", rate=4.5, dated=0.85, lateness_d=1.5, never_done=0.16, redates=0.3, backlog=10),
    ),
    Persona(
        "steady",
        Habits("steady", rate=4.0, rhythm=_MORNING, projects=0.3, lateness_d=-1.0, never_done=0.08, accepts=0.6),
    ),
    Persona(
        "returning after a gap",
        Habits("returning after a gap", rate=3.5, rhythm=_MORNING, away=((22, 37),), dated=0.5, never_done=0.1),
    ),
    Persona(
        "list hoarder", Habits("list hoarder", rate=1.5, dated=0.2, backlog=40, backlog_a_week=4, with_estimate=0.2)
    ),
    Persona(
        "night worker",
        Habits(
            "night worker",
            zone="Asia/Kathmandu",
            rhythm=Rhythm(around=((0.5, 1.3, 0.8),), first_h=16, last_h=28),
            works=(18, 24),
            lateness_d=0.5,
        ),
        hours=((14.0, 17.0), (18.0, 21.0), (21.5, 23.9), (0.2, 3.5)),
        writes=("en",),
    ),
    Persona(
        "non-Latin titles",
        Habits("non-Latin titles", rate=3.5, dated=0.6, never_done=0.1),
        writes=("zh", "ru", "ja", "ar", "hi", "el", "ko"),
    ),
)

_SETTINGS: tuple[Mapping[str, object], ...] = (
    {},
    {"quiet_start_h": 21, "quiet_end_h": 7},
    {},
    {"max_words": 18},
    {"tone": "playful"},
    {},
    {"max_words": 24, "tone": "warm"},
)
"""Preferences that users set for the delivery of tips, in turn."""


def users_of(persona: Persona, number: int, seed: int) -> list[Habits]:
    """A number of users of a persona; the same seed gives the same ones."""
    found = []
    for place in range(number):
        random = Random(f"{persona.name} {seed} {place}")  # noqa: S311  # plans cases, keeps no secrets
        other = varied(persona.habits, place + seed, random)
        settings = _SETTINGS[(place + seed) % len(_SETTINGS)]
        found.append(
            replace(
                other,
                zone=persona.habits.zone if persona.name == "night worker" else other.zone,
                first_day=random.randint(24, 30) if persona.name == "new user" else 0,
                writes=persona.writes[(place + seed) % len(persona.writes)],
                prefs={_DELIVERY: settings} if settings else {},
            )
        )
    return found
