"""The figures of the truth benchmark, the forms of tips, and contradictions between notes."""

from math import inf

import pytest

from benchmarks._truth.figures import Figure
from benchmarks._truth.forms import form_of
from benchmarks._truth.judges.contradictions import contradictions
from testing.for_each import for_each

DUE = "[start|3] Fact: «A» is due in about 2 h; nothing else is due today. Move: start with a 25-min block."
PILE = "[decide|3] Fact: 7 tasks are past their date, «B» among them. Move: keep three for this week."
ROOM = "[plan|2] Fact: 1 task is due today. Move: give part of the open time to one thing that matters."
OVER = "[defer|2] Fact: the working hours are over. Move: give «A» another day."
OLD = "[decide|3] Fact: «C» has been open 40 days. Move: a date, or let it go."
WEIGHTY = "[plan|2] Fact: «C» is high priority with no date. Move: 25 min at 15:00."
KEEP = "[plan|2] Fact: the usual finishing window opens at 20:00. Move: keep «A» for it."
CHOOSE = "[advice|2] Fact: 6 are done today. Move: choosing what matters beats adding more."
QUICK = "[start|3] Fact: «D» is marked 5 min. Move: do it before the next longer block."


@for_each(
    ("one", "other"),
    [(ROOM, PILE), (DUE, ROOM), (OLD, WEIGHTY), (OVER, DUE), (CHOOSE, QUICK), (KEEP, DUE)],
)
def test_notes_that_contradict_each_other(one: str, other: str) -> None:
    """In either order, and among others."""
    assert contradictions([one, other])
    assert contradictions([other, PILE.replace("7", "2"), one])


@for_each(("one", "other"), [(OLD, DUE), (QUICK, WEIGHTY), (PILE, OLD), (KEEP, QUICK), (WEIGHTY, DUE)])
def test_notes_that_go_together(one: str, other: str) -> None:
    """Two tasks may both be next, and a quick win does not deny a weighty task."""
    assert not contradictions([one, other])


def test_a_form_is_what_is_left_of_a_tip_without_what_it_is_about() -> None:
    """Titles, figures and words for times are none of the form."""
    one = form_of("«A» is 3 days past its date; 1 task is due today. Finish it at 10:30.")

    assert one == form_of("«B, later» is 1 day past its date; 12 tasks are due today. Finish it at 9:00.")
    assert one != form_of("«A» is 3 days past its date; 1 task is due today. Start it at 10:30.")


@for_each(
    ("value", "asked", "is_least", "badness"),
    [
        (0.2, 0.1, False, 2),
        (0.05, 0.1, False, 0.5),
        (5, 10, True, 2),
        (0, 0, False, 0),
        (1, 0, False, inf),
        (None, 1, True, 0),
    ],
)
def test_badness_orders_figures(value: float | None, asked: float, badness: float, *, is_least: bool) -> None:
    """How many times as bad as asked for; up to 1 a figure holds."""
    figure = Figure("one", value, asked, is_least)

    assert figure.badness == pytest.approx(badness)
    assert figure.holds == (badness <= 1)
