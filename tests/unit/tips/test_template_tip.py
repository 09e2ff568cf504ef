"""The tip without a model: whole, true, within its bounds, and never the same."""

from typing import Any

import pytest

from oo.contract.kinds import Kind
from oo.prompts.delivery import DEFAULT_DELIVERY, Delivery
from oo.snippets.grammar import QUOTED
from oo.tips.bounds import LONGEST, figures_n, form_of, reads_like, runs_of, words_n
from oo.tips.template_drafts import Setting, ShownTask, note_text
from oo.tips.template_tip import template_tips
from oo.tips.tip_text import TipText
from oo.untrusted_text.cleaning import fold
from testing.for_each import for_each
from testing.seeds import seeds
from tests.unit.tips.fixtures import Scene, failed
from tests.unit.tips.whole_sentences import faults_of

TASK = ShownTask("T1", "Pay rent", "tomorrow")
LINE = "[start|3] Fact: «Pay rent» is due tomorrow. Move: give it 25 minutes."
FREE = "[advice|1] Mornings suit you."
MORNING = {"now_iso": "2026-07-14T09:10:00+02:00", "timezone": "Europe/Berlin"}
TASKS = [
    {"id": "a", "title": "Draft the agenda", "due_at": "2026-07-11"},
    {"id": "b", "title": "Pay rent", "due_at": "2026-07-14T18:00:00+02:00", "estimate_minutes": 5},
    {"id": "c", "title": "Überweisung an die Hausverwaltung für den Stellplatz im Hof Nummer sieben vorbereiten"},
    {"id": "d", "title": "3.5 mm cable, type B", "created_at": "2026-05-01"},
]
NOTES = [
    "[decide|3] Fact: «Draft the agenda» is several days past its date. Move: finish it, or give it a new date.",
    "[start|3] Fact: «Pay rent» is due in about 9 h; nothing else is due today. Move: start with it now: it is short.",
    "[decide|3] Fact: «3.5 mm cable, type B» has been open 74 days. Move: choose a first step, a date, or let it go.",
    "[rest|2] Fact: a busier week than usual, about 2.1 times the usual pace. Move: protect a break today.",
    "[start|2] Fact: completions here cluster around 09:00, and that window runs until 10:30. Move: give it to a task.",
]
QUIET = "[rest|2] Fact: quiet hours run until 07:00. Move: at most 18 words, nothing to start now."
TURNED_DOWN = "[advice|2] Fact: the last 6 tips with a verdict were turned down. Move: at most 10 words, another kind."


def delivered(text: str) -> dict[str, str]:
    return {"agent_id": "tip-receptivity", "prompt_text": text}


def sent(*texts: str) -> list[dict[str, str]]:
    return [{"agent_id": f"mine-{place}", "prompt_text": text} for place, text in enumerate(texts)]


def tip_of(**body: Any) -> Any:
    """The template's tip in an answer of `/recommend`."""
    return Scene(failed(503)).recommend(template_fallback=True, **{**MORNING, "tasks": TASKS, **body}).tip


def several(number: int, **body: Any) -> list[Any]:
    """As many answers, each with the earlier ones as recent tips, the newest first."""
    tips: list[Any] = []
    for _ in range(number):
        recent = [{"content": tip.content, "kind": tip.kind.value} for tip in reversed(tips)]
        tips.append(tip_of(**body, recent_tips=recent))
    return tips


def best(tasks: list[ShownTask], notes: list[str], delivery: Delivery = DEFAULT_DELIVERY, **more: Any) -> TipText:
    """The first choice."""
    return next(template_tips(tasks, [note_text(note) for note in notes], Setting(delivery, **more)))


def test_the_leading_note_is_the_tip() -> None:
    """Its statement in words of the service's own, its fact as the reason, its task and its kind."""
    tip = best([ShownTask("T1", "Other", None), TASK._replace(ref="T2")], [LINE], hour=9)

    assert "«Pay rent»" in tip.content
    assert "tomorrow" in tip.content
    assert (tip.rationale, tip.kind, tip.task_ref) == ("«Pay rent» is due tomorrow.", Kind.START, "T2")


def test_how_to_deliver_a_tip_is_no_tip() -> None:
    """That line speaks of bounds."""
    line = delivered("[advice|2] Fact: short tips are opened. Move: be short.")

    assert "opened" not in tip_of(agent_outputs=[line]).content


def test_without_a_note_the_first_task_is_the_tip() -> None:
    """With its date as the prompt said it; of an unknown date nothing is said."""
    assert "tomorrow" in best([TASK], []).content
    assert "past its date" in best([TASK._replace(due="past its date")], []).content
    for due in (None, "unknown"):
        tip = best([TASK._replace(due=due)], [])
        assert "«Pay rent»" in tip.content
        assert "due" not in tip.content
        assert "unknown" not in tip.content


def test_the_step_is_no_longer_than_the_estimate() -> None:
    """In whichever wording."""
    notes = [note_text(LINE)]
    tips = template_tips([TASK._replace(estimate_min=5)], notes, Setting(DEFAULT_DELIVERY))

    assert not [tip for tip in tips if "ten minutes of" in tip.content or "put ten minutes" in tip.content.lower()]


def test_a_callers_own_statement_keeps_its_words() -> None:
    """As whole sentences; where it names no task, with a step on one."""
    about = "[start|2] Fact: the parcel for «Pay rent» came. Move: open it at the kitchen table."
    general = "[advice|2] Fact: mornings suit you. Move: begin early."

    assert best([TASK], [about]).content == "The parcel for «Pay rent» came. Open it at the kitchen table."
    assert best([TASK], [general]).content.startswith("Mornings suit you. ")
    assert "«Pay rent»" in best([TASK], [general]).content
    assert best([], [general]).content == "Mornings suit you. Begin early."


def test_a_note_without_grammar_is_said_where_there_is_no_task() -> None:
    """It was written for a model, but it is better than nothing."""
    assert "«Pay rent»" in best([TASK], [FREE]).content
    assert best([], [FREE]).content == "Mornings suit you."


def test_without_anything_it_is_general() -> None:
    """It says so where the list holds nothing open, and gives no reason where it may."""
    nothing, something = best([], [], has_no_open_task=True), best([], [])

    assert (nothing.kind, nothing.task_ref) == (Kind.ADVICE, "")
    assert "no open task" in (nothing.rationale or "")
    assert something.rationale == ""


def test_a_statement_about_a_named_task_is_not_told_of_another() -> None:
    """A note that names none keeps no task for a window, and puts none off."""
    for line in (
        "[plan|2] Fact: the usual finishing window opens at 16:00. Move: keep one task that matters for it.",
        "[defer|2] Fact: about 6.5 h is lined up for today. Move: agree on another day for the rest.",
    ):
        tips = list(template_tips([TASK], [note_text(line)], Setting(DEFAULT_DELIVERY, hour=9)))
        assert not [tip for tip in tips if "keep «" in tip.content or "«Pay rent» another day" in tip.content]


@pytest.mark.all_seeds
@for_each("locale", ["en", "de", "fr"])
@for_each("setting", [0, 25, 50, 75, 100])
def test_every_tip_is_whole_sentences_about_a_task(setting: int, locale: str) -> None:
    """Also the last ones of a long row."""
    for tip in several(len(seeds(20, few=5)), science_destiny=setting, locale=locale, agent_outputs=sent(*NOTES)):
        assert faults_of(tip.content) == []
        assert len(tip.content) <= LONGEST
        assert QUOTED.search(tip.content), tip.content
        assert tip.rationale


@for_each("locale", ["en", "de"])
@for_each("notes", [[], NOTES[:1], NOTES[3:4], NOTES])
@for_each("tasks", [[], TASKS[1:2], TASKS])
def test_no_text_comes_again(tasks: list[Any], notes: list[str], locale: str) -> None:
    """Ten requests, each with the earlier answers: ten texts, and five of at least three forms."""
    kept = [note for note in notes if tasks == TASKS or "«" not in note]
    tips = several(10, tasks=tasks, agent_outputs=sent(*kept), locale=locale)
    texts = [tip.content for tip in tips]

    assert len({fold(text) for text in texts}) == 10
    assert len({form_of(text) for text in texts[:5]}) >= 3


def test_recent_tips_of_a_model_are_not_repeated_either() -> None:
    """The source and the case of a recent text do not matter."""
    first = tip_of(agent_outputs=sent(*NOTES))

    for content in (first.content, f"  {first.content.upper()} "):
        assert fold(tip_of(agent_outputs=sent(*NOTES), recent_tips=[{"content": content}]).content) != fold(
            first.content
        )


@for_each("locale", ["en", "de"])
@for_each("now_iso", ["2026-07-14T23:20:00+02:00", "2026-07-15T03:00:00+02:00"])
def test_quiet_hours_ask_for_nothing_now(now_iso: str, locale: str) -> None:
    """Kind rest or plan, tomorrow's step, the task by its title."""
    outputs = [delivered(QUIET), *sent(*NOTES)]
    for tip in several(8, now_iso=now_iso, agent_outputs=outputs, locale=locale):
        assert tip.kind in (Kind.REST, Kind.PLAN)
        assert QUOTED.search(tip.content)
        assert "tomorrow" in tip.content or "morgen" in tip.content
        assert not [word for word in ("finish", "start", "begin", "Öffne", "Beginn") if word in tip.content]
        assert words_n(tip.content) <= 18
        assert faults_of(tip.content) == []


@for_each("locale", ["en", "de"])
@for_each("setting", [0, 50, 100])
def test_ten_words_are_ten_words(setting: int, locale: str) -> None:
    """After tips that were turned down: short, of another kind, and still about a task."""
    recent = [{"content": "Open the draft.", "kind": "start"}]
    outputs = [delivered(TURNED_DOWN), *sent(*NOTES)]
    tip = tip_of(agent_outputs=outputs, recent_tips=recent, science_destiny=setting, locale=locale)

    assert words_n(tip.content) <= 10
    assert tip.kind is not Kind.START
    assert QUOTED.search(tip.content)
    assert faults_of(tip.content) == []


@pytest.mark.all_seeds
@for_each("limit", [10 + more for more in seeds(51, few=6)])
def test_no_tip_is_longer_than_the_users_limit(limit: int) -> None:
    """Nor is any of the next ones. `make test` tries the tightest limits, `make test-statistics` all to 60 words."""
    line = delivered(f"[advice|2] Fact: the limit for a tip here is {limit} words. Move: at most {limit} words.")

    for tip in several(4, agent_outputs=[line, *sent(*NOTES)]):
        assert words_n(tip.content) <= limit
        assert faults_of(tip.content) == []


def test_a_busier_week_is_a_sentence_with_a_verb() -> None:
    """The fact of that note has none."""
    tip = tip_of(agent_outputs=sent(NOTES[3]))

    assert tip.kind is Kind.REST
    assert faults_of(tip.content) == []
    assert "week" in tip.content


@for_each("hour", range(24))
def test_what_is_due_today_is_not_left_to_tomorrow(hour: int) -> None:
    """At any hour the step comes before the date."""
    for due in ("within the hour", "in about 2 h", "today by 23:59", "today"):
        line = f"[start|3] Fact: «Pay rent» is due {due}. Move: start with a 25-min block."
        for notes in ([line], []):
            tip = best([TASK._replace(due=due)], notes, hour=hour)
            assert "tomorrow" not in tip.content
            assert due in f"{tip.content} {tip.rationale}"


@for_each("language", ["fr", "pl", "ja"])
def test_without_words_for_a_language_english_stands_around_the_title(language: str) -> None:
    """The title is the user's own."""
    delivery = DEFAULT_DELIVERY._replace(language=language)

    assert best([TASK], [LINE], delivery).content == best([TASK], [LINE]).content


def test_the_tip_names_tasks_as_the_prompt_shows_them() -> None:
    """The slider's cut, the order of notes and the words of a due date are those of the prompt."""
    scene = Scene(failed(503))
    tip = scene.recommend(
        template_fallback=True,
        science_destiny=100,
        now_iso="2026-07-14T09:00:00Z",
        timezone="UTC",
        tasks=[{"id": "a", "title": "Pay rent", "due_at": "2026-07-15"}],
        agent_outputs=[{"agent_id": "mine", "prompt_text": "I want to end it all."}],
    ).tip

    assert "«Pay rent»" in tip.content
    assert "end it all" not in f"{tip.content} {tip.rationale}"
    assert '"due":"tomorrow"' in scene.conversations[0][1]["content"]


def test_there_is_always_a_tip() -> None:
    """With notes, titles and bounds of any kind."""
    for tasks in ([], [{"id": "x", "title": "w " * 100}], [{"id": "x", "title": "https://evil.test " * 9}]):
        for line in ("word " * 300, "see evil.test/login", "«", NOTES[3]):
            for words in (1, 3, 10):
                limit = delivered(f"[advice|2] Fact: quiet hours run until 07:00. Move: at most {words} words.")
                assert tip_of(tasks=tasks, agent_outputs=[limit, *sent(line)]).content


def test_the_same_request_gives_the_same_tip() -> None:
    """And another user may get another wording."""
    body: dict[str, Any] = {"agent_outputs": sent(*NOTES)}

    assert tip_of(**body) == tip_of(**body)
    assert len({tip_of(**body, user_id=f"user-{number}").content for number in range(8)}) > 1


def test_no_tip_reads_like_a_recent_one() -> None:
    """It shares less than .4 of the runs of three words, whichever task the recent one was about."""
    tips = several(10, agent_outputs=sent(*NOTES))

    for place, tip in enumerate(tips):
        assert not reads_like(runs_of(tip.content), [runs_of(other.content) for other in tips[:place]]), tip.content


def test_texts_that_share_much_read_alike() -> None:
    """From .4 of the runs of either on; a text without runs is like none."""
    said = [runs_of("«Pay rent»: set ten minutes aside before lunch and take its first small step.")]

    assert reads_like(runs_of("«Call Ana»: set ten minutes aside before dinner and take its first small step."), said)
    assert not reads_like(runs_of("Open «Pay rent» before lunch and do only the first two minutes of it."), said)
    assert not reads_like(runs_of("So."), [runs_of("So.")])


@for_each("hour", [8, 10, 12, 15, 18, 21])
def test_a_limit_of_words_is_made_use_of(hour: int) -> None:
    """A step in few words is no shorter than the delivery asks for."""
    delivery = DEFAULT_DELIVERY._replace(words=(12, 18))
    said = [
        tip.content for tip in template_tips([TASK], [], Setting(delivery, hour=hour)) if words_n(tip.content) >= 12
    ]

    assert len(said) >= 5
    assert words_n(best([TASK], [], delivery, hour=hour, said=said[:4]).content) >= 12


@for_each("note", [*NOTES[:3], NOTES[4]])
def test_a_figure_that_is_asked_for_is_told(note: str) -> None:
    """In front of the step, once with the task's title: the reason has one, where the wordings have none."""
    delivery = DEFAULT_DELIVERY._replace(figures=(1, 2))
    task = ShownTask("T1", note_text(note).title or "Pay rent", None)
    told = [tip.content for tip in template_tips([task], [note_text(note)], Setting(delivery, hour=9))][:3]
    can_tell = figures_n(note_text(note).fact) > 0

    assert [1 <= figures_n(text) <= 2 for text in told] == [can_tell] * 3
    assert all(text.count("«") == 1 for text in told)


def test_a_reason_without_a_verb_is_no_sentence_of_a_tip() -> None:
    """A figure is asked for, but this one stands in half a sentence."""
    delivery = DEFAULT_DELIVERY._replace(figures=(1, 2))
    tips = [tip.content for tip in template_tips([TASK], [note_text(NOTES[3])], Setting(delivery, hour=9))]

    assert not [text for text in tips if text.startswith("A busier week than usual, about")]
