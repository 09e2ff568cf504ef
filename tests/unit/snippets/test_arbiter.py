"""Notes that a reader could not follow together: the choice of the one to keep, for any agents."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations, permutations
from typing import Any

import pytest

from oo.contract.tips import AgentOutputSnippet
from oo.snapshot.clock import clock_at
from oo.snippets.arbiter import MOST_COMPARED, PILE_FROM
from oo.snippets.judge import judge
from oo.snippets.open_tasks import read_open_tasks
from oo.snippets.verdict import Verdict
from testing.for_each import for_each
from tools.prompts.morning import NOW, TASKS

OVERDUE = [{"id": f"o{n}", "title": f"Old letter {n}", "due_at": "2025-11-10"} for n in range(6)]
LOOSE = {"id": "loose", "title": "Learn Portuguese", "created_at": "2025-01-01"}
AT_AN_HOUR, ON_A_DAY, LATER = "Send the invoice", "Tidy notes", "Order tiles"

PILE = "[decide|3] Fact: 6 tasks are past their date, «Old letter 0» among them. Move: keep three, and move the rest."
ROOM = (
    "[plan|2] Fact: about 1 h is lined up for today with about 6 h of capacity left. "
    "Move: give part of the open time to one thing that matters, at a fixed hour."
)
LOAD = (
    "[defer|2] Fact: about 6.5 h is lined up for today with about 4 h of capacity left. "
    "Move: keep what matters most and give «Tidy notes» another day."
)
COUNT = "[plan|2] Fact: 3 tasks are due today, about 2 h by their estimates. Move: put them in order now."
OVER = "[defer|2] Fact: about 2 h is lined up for today and the working hours are over. Move: give «{}» another day."
AHEAD = "[advice|2] Fact: 8 are done today, ahead of the usual pace. Move: choosing what matters beats adding more."
QUICK = "[start|3] Fact: «{}» is marked 5 min and has waited 9 days. Move: do it before the next longer block."
GO = "[decide|3] Fact: «{}» has been open 43 days. Move: choose one: a 10-minute first step, a date, or let it go."
MOVED = "[decide|3] Fact: «{}» has been moved 4 times. Move: make it half its size, or let it go."
WEIGHTY = "[plan|2] Fact: «{}» is high priority with no date. Move: tie 25 min of it to a fixed cue."
PEAK = "[start|2] Fact: completions here cluster around 09:00, and that window runs until 10:30. Move: give it to «{}»."
KEEP = "[plan|2] Fact: the usual finishing window opens at 16:00. Move: keep «{}» for it; take something light now."
DUE = "[start|3] Fact: «{}» is due in about 6 h; nothing else is due today. Move: start with a 25-min block."
NONE_DUE = "[start|3] Fact: «{}» is due on Thursday; nothing is due today. Move: start with a 25-min block."
PAST = "[decide|3] Fact: «{}» is several days past its date. Move: finish it, renegotiate it, or give it a new date."
TRUST = "[advice|2] Fact: nearly all dated tasks here land on time. Move: trust the date on «{}», no buffer needed."
LATE = (
    "[plan|2] Fact: dated tasks here usually land about 2 days after their date. Move: aim to finish «{}» by Tuesday."
)
BREAK = "[rest|2] Fact: a busier week than usual, about 2.1 times the usual pace. Move: protect a break today."
LIGHTER = "[shrink|2] Fact: a lighter week than usual. Move: make «{}» half its size."
DEFER = "[defer|2] Fact: something else comes first. Move: give «{}» another day."
QUIET = "[rest|2] Fact: quiet hours run until 07:00. Move: at most 18 words, nothing to start now."


def about(title: str, *texts: str) -> list[str]:
    return [text.replace("{}", title) for text in texts]


def verdicts(
    texts: Sequence[str], tasks: Sequence[object], ages: Sequence[int] = (), limit: int | None = None
) -> list[Verdict]:
    """The verdicts of the texts, each sent by an agent of the caller."""
    snippets = [
        AgentOutputSnippet(
            agent_id="tip-receptivity" if text == QUIET else f"mine-{place}",
            prompt_text=text,
            computed_at=NOW - timedelta(hours=age),
        )
        for place, (text, age) in enumerate(zip(texts, [*ages, *[0] * len(texts)], strict=False))
    ]
    open_tasks = read_open_tasks(tasks, clock_at(NOW, NOW.tzinfo))
    return [snippet.verdict for snippet in judge(snippets, open_tasks, NOW, limit or len(texts))]


def losers(texts: Sequence[str], tasks: Sequence[object] = (*TASKS, LOOSE)) -> list[str]:
    """The texts that give way; the same ones in every order of arrival."""
    found = {
        frozenset(
            text for text, each in zip(order, verdicts(order, tasks), strict=True) if each is Verdict.CONTRADICTED
        )
        for order in permutations(texts)
    }
    assert len(found) == 1
    return sorted(next(iter(found)))


@pytest.mark.parametrize(
    ("texts", "gone"),
    [
        pytest.param([PILE, ROOM], ROOM, id="free time beside a pile"),
        pytest.param([PILE, *about("Old letter 1", PAST)], about("Old letter 1", PAST)[0], id="one overdue task"),
    ],
)
def test_a_pile_is_one_decision(texts: list[str], gone: str) -> None:
    """Five and more overdue tasks leave neither time to fill nor one of them to single out."""
    assert losers(texts, OVERDUE) == [gone]


CHORE = "Pay the water bill"
TABLE = {
    "free time and a pile": ([PILE, ROOM], OVERDUE, ROOM),
    "nothing due and a load": ([NONE_DUE.replace("{}", LATER), LOAD], TASKS, NONE_DUE.replace("{}", LATER)),
    "let go and important": (about("Book the check-up", GO, WEIGHTY), TASKS, GO.replace("{}", "Book the check-up")),
    "after hours and a block": (about(CHORE, OVER.replace("{}", LATER), QUICK), TASKS, QUICK.replace("{}", CHORE)),
    "choosing and a quick win": ([AHEAD, *about(CHORE, QUICK)], TASKS, QUICK.replace("{}", CHORE)),
    "keep it and do it now": (about(LATER, KEEP, PEAK), TASKS, KEEP.replace("{}", LATER)),
}
"""Pairs that a reader could not follow together: the notes, the tasks, and the note that gives way."""


@for_each("limit", [1, 2, 3])
@for_each("name", TABLE)
def test_a_pair_that_contradicts_reaches_no_prompt(name: str, limit: int) -> None:
    """The rule holds at every setting of the slider, and beside notes that do not concern it."""
    texts, tasks, gone = TABLE[name]
    beside = "[advice|1] Fact: it rains. Move: take an umbrella."
    for order in permutations([*texts, beside]):
        found = dict(zip(order, verdicts(order, tasks, limit=limit), strict=True))

        assert [text for text, verdict in found.items() if verdict is Verdict.CONTRADICTED] == [gone]


@pytest.mark.parametrize("overdue_n", [PILE_FROM - 1, PILE_FROM])
def test_no_time_is_free_over_five_overdue_tasks(overdue_n: int) -> None:
    """Also where no note speaks of the pile."""
    assert losers([ROOM], OVERDUE[:overdue_n]) == ([ROOM] if overdue_n == PILE_FROM else [])


def test_a_pile_names_a_task_that_matters() -> None:
    """It lets none of its own go: a note about the same task stays beside it."""
    assert losers([PILE, *about("Old letter 0", WEIGHTY)], OVERDUE) == []


@for_each("count", [LOAD, COUNT, OVER.replace("{}", LATER), ROOM])
def test_one_count_of_today_stays(count: str) -> None:
    """That which the tasks bear out, and without tasks the newer one."""
    (none_due,) = about(LATER, NONE_DUE)
    undated = [task for task in TASKS if task["id"] not in ("invoice", "notes")]

    assert none_due in losers([none_due, count])
    if count != LOAD:
        assert losers([none_due, count], [*undated, {"id": "x", "title": "Tidy notes"}]) == [count]
    gone = [verdicts([none_due, count], [], ages) for ages in ([2, 0], [0, 2])]
    assert [each.index(Verdict.CONTRADICTED) for each in gone] == [0, 1]


def test_nothing_else_leaves_room_for_the_one_that_is_named() -> None:
    """Two tasks are due today: that which is named, and one more."""
    (nothing_else,) = about(AT_AN_HOUR, DUE)
    alone = [task for task in TASKS if task["id"] != "notes"]

    assert losers([nothing_else, COUNT]) == [nothing_else]
    assert losers([nothing_else, COUNT], alone) == [COUNT]


@for_each("go", [GO, MOVED])
@for_each("holds", [WEIGHTY, PEAK, QUICK])
def test_what_has_a_date_or_a_known_priority_is_not_let_go(go: str, holds: str) -> None:
    """Of one task with neither of both, the decision stays."""
    for title in (AT_AN_HOUR, "Book the check-up", "Sort the garage"):
        assert losers(about(title, go, holds)) == about(title, go)
    assert losers(about("Learn Portuguese", go, holds)) == about("Learn Portuguese", holds)


def test_two_decisions_about_one_task_agree() -> None:
    """Both let it go."""
    assert losers(about("Learn Portuguese", GO, MOVED)) == []


@for_each("start", [DUE, PEAK, QUICK])
def test_after_the_working_hours_nothing_is_started(start: str) -> None:
    """The hours stay, whichever task they speak of."""
    (over,) = about(ON_A_DAY, OVER)
    texts = [over, *about("Write proposal", start.replace("; nothing else is due today", ""))]

    assert losers(texts) == [texts[1]]


def test_choosing_beats_adding() -> None:
    """Ahead of the usual pace, no quick win and no free time is offered."""
    for adding in (*about("Pay the water bill", QUICK), ROOM):
        assert losers([AHEAD, adding]) == [adding]


@for_each("now", [DUE, PAST, WEIGHTY, PEAK, QUICK])
def test_no_window_keeps_what_is_due_or_asked_for_now(now: str) -> None:
    """The date stays."""
    for title in (AT_AN_HOUR, LATER):
        texts = about(title, KEEP, now.replace("; nothing else is due today", ""))
        assert losers(texts) == [texts[0]]


@for_each("now", [DUE, PEAK, QUICK, WEIGHTY])
@for_each(("title", "stays"), [(AT_AN_HOUR, 1), (ON_A_DAY, 0), (LATER, 0), ("Write proposal", 0)])
def test_a_task_is_not_done_and_put_off(title: str, stays: int, now: str) -> None:
    """Doing it stays where it is due today at an hour, and putting it off stays otherwise."""
    texts = about(title, DEFER, now.replace("; nothing else is due today", ""))

    assert losers(texts) == [texts[1 - stays]]


def test_a_date_that_needs_a_move_is_not_trusted() -> None:
    """Nor is any date where dated tasks are often late: of these two the newer note stays."""
    texts = about(LATER, TRUST, NONE_DUE)
    assert losers(texts, TASKS) == [texts[0]]
    gone = [verdicts(about(LATER, TRUST, LATE), TASKS, ages) for ages in ([2, 0], [0, 2])]
    assert [each.index(Verdict.CONTRADICTED) for each in gone] == [0, 1]


def test_a_break_is_not_filled() -> None:
    """A busier week protects its break, and a week is not busier and lighter at once."""
    assert losers([BREAK, ROOM]) == [ROOM]
    assert len(losers_of_ages(BREAK, *about(LATER, LIGHTER))) == 1


def losers_of_ages(older: str, newer: str) -> list[str]:
    found = verdicts([older, newer], TASKS, [5, 0])
    return [text for text, each in zip((older, newer), found, strict=True) if each is Verdict.CONTRADICTED]


def test_quiet_hours_leave_no_note_that_asks_to_start_or_finish() -> None:
    """A note that plans or decides may stay."""
    starts = [*about(AT_AN_HOUR, PEAK), *about("Pay the water bill", QUICK)]

    assert losers([QUIET, *starts, *about("Learn Portuguese", GO)]) == sorted(starts)


@pytest.mark.parametrize(
    "texts",
    [
        about("Pay the water bill", QUICK) + about("Book the check-up", WEIGHTY),
        about(LATER, KEEP) + about(AT_AN_HOUR, PEAK),
        about(ON_A_DAY, DEFER) + about(LATER, PEAK),
        about("Learn Portuguese", GO) + about("Book the check-up", WEIGHTY),
        about(LATER, TRUST) + about("Write proposal", PEAK),
        [AHEAD, *about("Book the check-up", WEIGHTY)],
        [LOAD, *about("Book the check-up", WEIGHTY)],
    ],
    ids=["quick and important", "keep and do", "defer and do", "go and hold", "trust and do", "choose", "load"],
)
def test_notes_about_different_tasks_agree(texts: list[str]) -> None:
    """Two notes that both say "next" are kept, and ranking decides."""
    assert losers(texts) == []


def test_a_note_that_gives_way_makes_no_other_one_do_so() -> None:
    """A quick win that the working hours silence does not cost the decision about its task its place."""
    texts = [*about("Learn Portuguese", QUICK, GO), *about(ON_A_DAY, OVER), AHEAD]

    assert Verdict.CONTRADICTED not in [verdicts(texts, [*TASKS, LOOSE])[place] for place in (1, 2, 3)]


FREE = "[plan|2] Fact: about 6 h of capacity left today. Move: give part of it to one thing that matters."
UNDATED = [task for task in TASKS if task["id"] not in ("invoice", "notes")]


@pytest.mark.parametrize(
    ("texts", "ages", "gone"),
    [
        pytest.param([FREE, COUNT, NONE_DUE.replace("{}", LATER)], [0, 0, 0], [COUNT], id="a count that is none"),
        pytest.param([FREE, BREAK, LIGHTER.replace("{}", LATER)], [0, 5, 0], [BREAK], id="a week that is over"),
        pytest.param(
            [*about("Learn Portuguese", KEEP, QUICK), AHEAD],
            [0, 0, 0],
            about("Learn Portuguese", QUICK),
            id="a quick one",
        ),
    ],
)
def test_only_a_note_that_is_kept_silences(texts: list[str], ages: list[int], gone: list[str]) -> None:
    """Whichever rule is asked first, and in whichever order the notes come."""
    for order in permutations(zip(texts, ages, strict=True)):
        found = verdicts([text for text, _ in order], [*UNDATED, LOOSE], [age for _, age in order])
        lost = [text for (text, _), each in zip(order, found, strict=True) if each is Verdict.CONTRADICTED]

        assert lost == gone, order


def test_of_notes_that_give_way_in_a_circle_one_is_kept() -> None:
    """The quick win gives way to the end of the working hours, this to the decision, and this to the quick win."""
    texts = about(AT_AN_HOUR, QUICK, OVER, GO)
    for pair in combinations(texts, 2):
        assert len(losers([*pair])) == 1

    assert verdicts(texts, TASKS).count(Verdict.CONTRADICTED) == len(texts) - 1


def test_what_is_kept_agrees_and_is_all_that_does() -> None:
    """Each note that gives way contradicts one of those that are kept."""
    texts = [*about("Learn Portuguese", GO, WEIGHTY, KEEP, DEFER, TRUST), AHEAD, BREAK, ROOM, LOAD, COUNT]
    for chosen in combinations(texts, 3):
        found = dict(zip(chosen, verdicts(chosen, [*UNDATED, LOOSE]), strict=True))
        kept = [text for text, verdict in found.items() if verdict is not Verdict.CONTRADICTED]

        assert kept
        assert Verdict.CONTRADICTED not in verdicts(kept, [*UNDATED, LOOSE]), kept
        for lost in found.keys() - set(kept):
            assert Verdict.CONTRADICTED in verdicts([lost, *kept], [*UNDATED, LOOSE]), (lost, kept)


def test_many_notes_are_compared_in_bounded_time() -> None:
    """Notes beyond those that are compared are outranked."""
    texts = [f"[advice|1] Fact: thing {n} is so. Move: do it." for n in range(100)]
    found = verdicts(texts, TASKS)

    assert found.count(Verdict.OUTRANKED) == 100 - MOST_COMPARED


def test_without_a_clock_or_tasks_nothing_raises() -> None:
    """A caller may send notes alone."""
    texts: list[Any] = [PILE, ROOM, LOAD, *about("x", GO, WEIGHTY, DUE, KEEP, TRUST, LATE), QUIET]
    snippets = [AgentOutputSnippet(agent_id="a", prompt_text=text) for text in texts]

    assert len(judge(snippets, read_open_tasks([], None), NOW, 3)) == len(texts)
