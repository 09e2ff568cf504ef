"""The kinds of users for the measurement of truth."""

from random import Random

from benchmarks._truth.world.habits import Habits, Rhythm, varied

_EVENING = Rhythm(around=((20.7, 0.4, 0.8),))
_MORNING = Rhythm(around=((9.5, 1.4, 0.85),))
_AFTERNOON = Rhythm(around=((15.0, 1.4, 0.85),))

KINDS = (
    Habits(
        "student",
        rate=2.5,
        rhythm=Rhythm(around=((21.5, 1.5, 0.6),), first_h=10),
        dated=0.9,
        due_hours=(23.983,),
        lateness_d=-0.4,
        lateness_scale_d=0.4,
        accepts=0.3,
        reads_words=20,
    ),
    Habits("parent, ticks off in the evening", rate=4, rhythm=_EVENING, dated=0.5, lateness_d=0.3, recurring=6),
    Habits(
        "freelancer",
        rate=4,
        rhythm=Rhythm(first_h=10, last_h=21),
        works=(11, 20),
        projects=0.6,
        lateness_d=-1,
        with_estimate=0.9,
    ),
    Habits("never dates", rate=3, rhythm=_MORNING, dated=0.0, backlog_a_week=4),
    Habits(
        "all due today, rolled over",
        rate=4,
        dated=0.95,
        due_hours=(None,),
        lateness_d=1.2,
        lateness_scale_d=0.8,
        redates=0.95,
        redates_to_d=(0, 0),
    ),
    Habits("300 stale tasks", rate=1.5, dated=0.2, backlog=300, backlog_a_week=6, with_estimate=0.2),
    Habits("new user", first_day=35, rate=3, rhythm=_MORNING, backlog=3),
    Habits("dismisser", rate=3, rhythm=_AFTERNOON, accepts=0.05, ignores=0.2, reads_words=12),
    Habits(
        "changes habits",
        rate=4,
        rhythm=_MORNING,
        dated=0.8,
        lateness_d=2,
        lateness_scale_d=0.6,
        never_done=0.05,
        changes=((28, {"rhythm": Rhythm(around=((17.0, 1.4, 0.85),)), "lateness_d": -1.5}),),
    ),
    Habits("flat office day", rate=4, rhythm=Rhythm(first_h=9, last_h=18), rest_weekdays=frozenset({5, 6})),
    Habits("flat all day", rate=3, rhythm=Rhythm(first_h=7, last_h=23), works=(7, 16)),
    Habits(
        "re-dates the overdue", rate=3.5, rhythm=_AFTERNOON, dated=0.85, lateness_d=1.5, redates=0.9, with_estimate=0.8
    ),
    Habits("waits for others", rate=3, waits=0.35, dated=0.6, works=(8, 16)),
    Habits("recurring chores", rate=4, rhythm=_EVENING, recurring=14, dated=0.4, backlog=3),
    Habits("two weeks away", rate=4, rhythm=_MORNING, away=((25, 38),), lateness_d=0.5),
    Habits(
        "sets own preferences",
        rate=4,
        rhythm=_MORNING,
        works=(11, 20),
        accepts=0.5,
        prefs={
            "workload-balance": {"capacity_min": 300, "work_start_h": 11, "work_end_h": 20},
            "momentum": {"daily_goal": 4},
            "tip-receptivity": {"max_words": 16, "tone": "warm", "quiet_start_h": 21, "quiet_end_h": 8},
            "peak-hours": {"peak_hour_local": 9.5},
        },
    ),
    Habits(
        "night worker",
        rate=3,
        rhythm=Rhythm(around=((0.5, 1.3, 0.8),), first_h=16, last_h=28),
        works=(18, 24),
        lateness_d=1,
        accepts=0.25,
    ),
    Habits(
        "mostly late",
        rate=4,
        rhythm=_MORNING,
        dated=0.85,
        lateness_d=2.2,
        lateness_scale_d=1,
        backlog_a_week=4,
        reads_words=16,
    ),
    Habits(
        "early and on time",
        rate=4,
        rhythm=Rhythm(around=((7.5, 1.2, 0.85),), first_h=6, last_h=20),
        dated=0.8,
        lateness_d=-2.5,
        never_done=0.04,
        accepts=0.7,
    ),
    Habits("busy season", rate=3, rhythm=_AFTERNOON, changes=((28, {"rate": 6.5}), (49, {"rate": 3}))),
    Habits(
        "leaves the late ones open",
        rate=3.5,
        dated=0.85,
        lateness_d=-1.5,
        lateness_scale_d=0.5,
        never_done=0.37,
        works=(8, 17),
    ),
    Habits("two hours of the day", rate=4, rhythm=Rhythm(around=((9.5, 1, 0.45), (16.5, 1, 0.45)))),
    Habits("few tasks", rate=0.8, backlog=8, recurring=1, rhythm=Rhythm(around=((18.5, 2, 0.7),))),
    Habits("one list at a time", rate=5, rhythm=_MORNING, stays=0.85, dated=0.3, with_estimate=0.3),
    Habits(
        "rests at weekends", rate=5, rhythm=_AFTERNOON, rest_weekdays=frozenset({5, 6}), never_done=0.1, accepts=0.6
    ),
    Habits(
        "overloaded manager",
        rate=6,
        rhythm=Rhythm(first_h=8, last_h=20),
        works=(8, 19),
        dated=0.9,
        lateness_d=1,
        backlog_a_week=8,
        with_priority=1,
        with_estimate=0.1,
        reads_words=18,
    ),
    Habits("lists that grow", rate=4, rhythm=_AFTERNOON, projects=0.8, backlog_a_week=10, dated=0.3, lists=3),
    Habits("writes in other scripts", rate=3.5, rhythm=_EVENING, writes="zh", lateness_d=0.2),
    Habits(
        "travels",
        rate=4,
        rhythm=_MORNING,
        travels=(21, 41, "Asia/Tokyo"),
    ),
    Habits(
        "tells no zone",
        rate=3.5,
        rhythm=_MORNING,
        dated=0.7,
        tells_zone=False,
    ),
    Habits(
        "writes German",
        rate=3.5,
        rhythm=_MORNING,
        writes="de",
        projects=0.4,
        lateness_d=-0.8,
        prefs={"tip-receptivity": {"max_words": 22}},
    ),
)
"""In the order of a short run."""


def users(number: int, seed: int) -> list[Habits]:
    """A number of users, kind by kind; the same seed gives the same ones."""
    found = []
    for place in range(number):
        random = Random(f"user {seed} {place}")  # noqa: S311  # plans a measurement, keeps no secrets
        found.append(varied(KINDS[place % len(KINDS)], place, random))
    return found
