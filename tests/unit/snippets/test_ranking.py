"""The order of snippets by value and novelty, and the slider's cut."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from oo.contract.tips import AgentOutputSnippet
from oo.snapshot.clock import clock_at
from oo.snippets.judge import MOST_NAMED, judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.snippets.ranking import NOBODY, RankedFor, rank
from oo.snippets.said import SaidTip
from oo.snippets.verdict import JudgedSnippet, Verdict
from testing.for_each import for_each
from tools.prompts.morning import NOW, SNIPPETS, TASKS

OPEN = read_open_tasks(TASKS, clock_at(NOW, NOW.tzinfo))
NO_TASKS = read_open_tasks([], clock_at(NOW, NOW.tzinfo))

DUE = "«Send the invoice» is due in about 6 h"
TILES = "«Order tiles» is due on Thursday"
PEAK = "completions here cluster around 09:00, and that window runs until 10:30"
LATE = "dated tasks here usually land about 2 days after their date"
OLD = "«Sort the garage» has been open 43 days"
QUICK = "«Pay the water bill» is marked 5 min and has waited 9 days"


def snippet(fact: str, kind: str = "start", strength: int = 2, agent_id: str = "a") -> dict[str, str]:
    """One agent's line."""
    return {"agent_id": agent_id, "prompt_text": f"[{kind}|{strength}] Fact: {fact}. Move: take a step."}


def judged(
    outputs: Sequence[Mapping[str, str]], tasks: OpenTasks, limit: int, reader: RankedFor = NOBODY
) -> tuple[JudgedSnippet, ...]:
    """The snippets with their verdicts."""
    return judge([AgentOutputSnippet.model_validate(output) for output in outputs], tasks, NOW, limit, reader)


def chosen(facts: Sequence[str], limit: int = 3, reader: RankedFor = NOBODY) -> list[str]:
    """The facts of the notes that were chosen, in order."""
    outputs = [snippet(fact) for fact in facts]
    return [note.fact.removesuffix(".") for note in rank(judged(outputs, OPEN, limit, reader)).lines]


def on_day(day: int, user_id: str = "u") -> RankedFor:
    """A user some days later."""
    return RankedFor(user_id, clock_at(NOW + timedelta(days=day), NOW.tzinfo))


def said(content: str, *, age: timedelta, says: str | None = None, kind: str = "rest") -> RankedFor:
    """A user to whom one tip was said."""
    tip = SaidTip(content, kind, None, says, NOW - age)
    return RankedFor("u", clock_at(NOW, NOW.tzinfo), (tip,))


def test_a_date_within_hours_leads_whatever_the_strength_of_others() -> None:
    """Strength is one input and not the order."""
    outputs = [snippet(OLD, strength=3), snippet(DUE, strength=1)]

    assert rank(judged(outputs, OPEN, 2)).lines[0].fact == DUE + "."


def test_of_one_statement_the_stronger_note_leads() -> None:
    """As far as value goes, it counts."""
    outputs = [snippet(OLD, strength=1), snippet(OLD, strength=3)]

    assert rank(judged(outputs, OPEN, 2)).lines[0].strength == 3


def test_order_of_arrival_does_not_matter() -> None:
    """The same lines in another order are ranked the same."""
    here, back = (rank(judged(outputs, OPEN, 3)).lines for outputs in (SNIPPETS, SNIPPETS[::-1]))

    assert [note.text for note in here] == [note.text for note in back]


def test_each_family_comes_once_before_one_comes_again() -> None:
    """A dated, a learned and a chosen or aged note before a second dated one."""
    for facts in ([DUE, TILES, PEAK, OLD], [OLD, PEAK, TILES, DUE]):
        first = chosen(facts, limit=3)
        assert TILES not in first
        assert set(first) == {DUE, PEAK, OLD}


def test_a_statement_of_a_callers_own_comes_after_known_ones() -> None:
    """Of a note in other words nothing is known but its strength."""
    assert chosen(["the weather turns tomorrow", OLD, PEAK], limit=3)[-1] == "the weather turns tomorrow"


@for_each("limit", [1, 2, 3])
def test_slider_cuts_evidence(limit: int) -> None:
    """No more lines than the slider allows are left, the others are named as outranked."""
    verdicts = [each.verdict for each in judged([snippet(f) for f in (DUE, PEAK, OLD, LATE)], OPEN, limit)]

    assert verdicts.count(Verdict.UNKNOWN) == limit
    assert verdicts.count(Verdict.OUTRANKED) == 4 - limit


def test_delivery_is_kept_beside_the_cut() -> None:
    """The line about delivery takes no place of the evidence, and there is one of it."""
    delivery = snippet("few tips are read", kind="advice", strength=1, agent_id="tip-receptivity")
    snippets = judged([snippet(PEAK), delivery, delivery], NO_TASKS, 1)

    assert [each.verdict for each in snippets] == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.REPEATED]
    assert rank(snippets).delivery == snippets[1]


def test_snippet_outside_the_grammar_is_weak_advice() -> None:
    """A caller's own line is kept with strength 1 and kind advice."""
    (line,) = judged([{"agent_id": "a", "prompt_text": "Try\nthis."}], OPEN, 3)

    assert (line.text, line.kind, line.strength) == ("[advice|1] Try this.", "advice", 1)


def test_notes_name_no_more_tasks_than_can_be_on_offer() -> None:
    """A note that names one too many is outranked, and the next one that fits stays."""
    two = "«Write proposal» and «Book the check-up» wait"
    snippets = judged([snippet(f) for f in (DUE, "«Tidy notes» waits", OLD, two, PEAK)], OPEN, 5)
    named = {task.id for note in snippets if note.is_used for task in note.tasks}

    assert len(named) <= MOST_NAMED
    assert [note.verdict for note in snippets if note.fact.startswith(two)] == [Verdict.OUTRANKED]
    assert next(note for note in snippets if note.says == "peak_now").is_used


def test_what_was_just_said_gives_way() -> None:
    """The same task and kind, the same statement, or the same words, within a day."""
    for told in (
        said("Put ten minutes into «Send the invoice».", age=timedelta(hours=20), kind="start"),
        said("The invoice.", age=timedelta(hours=1), says="due"),
    ):
        assert chosen([DUE, OLD], 1, told) == [OLD]


def test_what_was_said_a_week_ago_is_as_good_as_new() -> None:
    """Novelty recovers within about a week."""
    for age in (timedelta(days=7), timedelta(days=30)):
        told = said("Put ten minutes into «Send the invoice».", age=age, says="due", kind="start")
        assert chosen([DUE, OLD], 1, told) == chosen([DUE, OLD], 1, on_day(0)) == [DUE]


def test_novelty_grows_from_day_to_day() -> None:
    """The longer ago, the less a tip weighs on the note that repeats it."""
    ranks = [
        judged([snippet(DUE)], OPEN, 1, said("x", age=timedelta(days=day), says="due"))[0].rank for day in range(9)
    ]

    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 8


@for_each("user_id", ["u", "another", "7"])
def test_notes_of_like_value_take_turns_by_local_day(user_id: str) -> None:
    """Without any recent tips, a user meets each of them within a fortnight."""
    leaders = [chosen([OLD, QUICK, LATE], 1, on_day(day, user_id))[0] for day in range(14)]

    assert min(leaders.count(fact) for fact in (OLD, QUICK, LATE)) >= 2


def test_turns_do_not_move_within_a_day() -> None:
    """The same day and user give the same order, at any hour."""
    morning, evening = (RankedFor("u", clock_at(NOW.replace(hour=hour), NOW.tzinfo)) for hour in (6, 22))

    assert chosen([OLD, QUICK, LATE], 3, morning) == chosen([OLD, QUICK, LATE], 3, evening)
