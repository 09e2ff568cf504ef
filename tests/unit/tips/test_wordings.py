"""Every wording of every statement, in every language."""

import re
from itertools import product

from oo.prompts.delivery import DEFAULT_DELIVERY
from oo.snippets.statements import STATEMENTS, statement_of
from oo.tips.bounds import LONGEST, figures_n, words_n
from oo.tips.template_drafts import REASONS
from oo.tips.wordings import LANGUAGES, cues_at, filled, in_language, sentences_of, statement_told, step_minutes
from testing.for_each import for_each
from tests.unit.tips.whole_sentences import faults_of

PARTS = {
    "n": "14",
    "goal": "16",
    "when": "on Thursday",
    "hour": "16:00",
    "until": "17:30",
    "days": "12 days",
    "priority": "high",
    "what": "week",
    "minutes": "5 min",
}
TITLES = ("Draft the agenda", "TÜV", "v1.2: ship it!", "x" * 80)
WORDINGS = [
    (language, topic, wording)
    for language, tables in LANGUAGES.items()
    for topic, wordings in tables["statements"].items()
    for wording in wordings
]
LOOSE = [
    (language, name, wording)
    for language, tables in LANGUAGES.items()
    for name in (
        "task",
        "dated",
        "past",
        "short",
        "step",
        "quiet",
        "quiet_short",
        "quiet_step",
        "bare",
        "bare_short",
        "quiet_bare",
    )
    for wording in tables[name]
]


def told(language: str, wording: str, title: str, cue: str = "", **other: str) -> str:
    """The wording with all its parts."""
    parts = {name: in_language(name, part, language) for name, part in (PARTS | other).items()}
    sentences = sentences_of(language)
    words = {"short": parts["minutes"], "minutes": step_minutes(None, sentences), "x": f"«{title}»"}
    text = filled(wording, parts | words | {"cue": cue or sentences.later[0]})
    assert text is not None
    return text


def cues(language: str) -> list[str]:
    return sorted({cue for hour in [*range(24), None] for cue in cues_at(sentences_of(language), hour)})


@for_each("told_in", [*WORDINGS, *LOOSE])
def test_every_wording_is_whole_sentences(told_in: tuple[str, str, str]) -> None:
    """With every cue: a beginning, a verb, an end, its noun before its pronoun, two sentences and 240 characters."""
    language, _, wording = told_in
    for title, cue in product(TITLES, cues(language)):
        text = told(language, wording, title, cue)
        assert faults_of(text) == []
        assert len(text) <= LONGEST
        assert "{" not in text


@for_each("told_in", WORDINGS)
def test_every_wording_is_known_again(told_in: tuple[str, str, str]) -> None:
    """A tip in these words has that statement, for any title, cue and parts."""
    language, topic, wording = told_in
    for title, cue in product(TITLES, cues(language)):
        assert statement_told(told(language, wording, title, cue)) == topic
    assert statement_told(told(language, wording, "a", n="at least 9", days="several days")) == topic


@for_each("statement", [(each, topic) for each in LANGUAGES for topic in LANGUAGES[each]["statements"]])
def test_every_statement_has_three_wordings(statement: tuple[str, str]) -> None:
    """One of them has no figure, and one fits into few words."""
    language, topic = statement
    texts = [told(language, wording, "x") for wording in LANGUAGES[language]["statements"][topic]]

    assert len(texts) >= 3
    assert len({" ".join(text.split()[:4]) for text in texts}) == len(texts)
    assert min(map(figures_n, texts)) == 0
    assert max(map(words_n, texts)) <= DEFAULT_DELIVERY.words[1]


def test_languages_have_the_same_statements_in_the_same_order() -> None:
    """A statement without wordings is said in the note's own words."""
    known = [statement.topic for statement in STATEMENTS]

    assert len({tuple(tables["statements"]) for tables in LANGUAGES.values()}) == 1
    assert set(LANGUAGES["en"]["statements"]) <= set(known)
    assert all(
        set(tables["statements"]) <= set(tables["reasons"]) for tables in LANGUAGES.values() if tables["reasons"]
    )


def test_every_reason_is_a_whole_sentence() -> None:
    """It names its task, where it names one, and has at least five words."""
    for language, tables in LANGUAGES.items():
        for name, reason in (tables["reasons"] or REASONS).items():
            when = "past its date" if name == "past" else "today"
            assert faults_of(told(language, reason, "Draft the agenda")) == []
            assert words_n(told(language, reason, "TÜV", when=when)) >= 5


@for_each("text", [wording for _, _, wording in (*WORDINGS, *LOOSE)])
def test_no_wording_orders_or_blames(text: str) -> None:
    """It offers."""
    banned = r"\b(must|should|have to|has to|need to|lazy|failed|guilty|falling behind|streak|destined|you will)\b"

    assert not re.search(banned, text, re.IGNORECASE)
    assert not re.search(r"\b(musst|sollst|solltest|versagt|schuld)\b", text, re.IGNORECASE)


@for_each("text", ["Open the draft and write one line.", "", "«is due»", "Pay rent."])
def test_other_words_are_no_statement(text: str) -> None:
    """A model's own words are compared word by word."""
    assert statement_told(text) is None


@for_each(
    ("fact", "kind", "name"),
    [
        ("«» is due in about 5 h; 2 other tasks are due today, 3 others are past their date.", "start", "due_now"),
        ("«» is due within the hour; nothing else is due today.", "start", "due_now"),
        ("«» is due today by 23:59 and has been moved 4 times.", "decide", "due_now"),
        ("«» is due tomorrow; nothing is due today.", "start", "due_soon"),
        ("«» is due on Friday; 1 other task is due today.", "start", "due_later"),
        ("«» is due in 9 days; nothing is due today.", "start", "due_later"),
        ("«» was due today at 14:00; 2 others are past their date.", "decide", "past_time"),
        ("«» is 2 days past its date; at least 3 other tasks are due today.", "decide", "overdue"),
        ("«» is several days past its date.", "decide", "overdue"),
        ("«» is past its date and has been moved 3 times.", "decide", "moved"),
        ("14 tasks are past their date, «» among them.", "decide", "pile"),
        ("at least 14 tasks are past their date, «» among them.", "decide", "pile"),
        ("dated tasks here usually land about 2 days after their date (counted from 18).", "plan", "often_late"),
        ("about 4 in 10 dated tasks here land after their first date.", "plan", "often_late"),
        ("nearly all dated tasks here land on time.", "advice", "on_time"),
        ("completions here cluster around 12:30, and that window runs until 14:00.", "start", "peak_now"),
        ("the usual finishing window opens at 16:00.", "plan", "peak_later"),
        ("the usual finishing window opens at 09:00 tomorrow.", "plan", "peak_tomorrow"),
        ("4 of today's 5 are done.", "finish", "goal"),
        ("7 are done today, ahead of the usual pace.", "advice", "ahead"),
        ("a new week starts today.", "start", "fresh_start"),
        ("a busier week than usual, about 2.1 times the usual pace.", "rest", "busier"),
        ("a lighter week than usual.", "shrink", "lighter"),
        ("«» is marked 5 min and has waited 9 days.", "start", "quick"),
        ("«» has been open 43 days.", "decide", "open_long"),
        ("«» has been moved 4 times.", "decide", "moved"),
        ("«» waits for somebody else; it has been open 12 days.", "decide", "waits"),
        ("«» was last done 9 days ago.", "plan", "recurring"),
        ("«» is high priority with no date; 7 of the 9 tasks done were low priority.", "plan", "priority"),
        ("«» is urgent priority and due on Friday.", "plan", "priority_dated"),
        ("«» is urgent priority with a date further on.", "plan", "priority_dated"),
        ("about 6.5 h is lined up for today with about 4 h of capacity left.", "defer", "load"),
        ("about 1 h is lined up for today with about 4 h of capacity left.", "plan", "room"),
        ("about 2 h is lined up for today and the working hours are over.", "defer", "hours_over"),
        ("5 tasks are due today, about 3.5 h by their estimates, 3 are past their date.", "plan", "due_today"),
        ("at least 5 tasks are due today.", "plan", "due_today"),
        ("7 of 9 in the list with «» are done.", "finish", "near_end"),
        ("work here tends to stay in one list.", "start", "one_list"),
        ("the list with «» has 4 open tasks and none done in the last 14 days.", "plan", "quiet_list"),
        ("18 tasks were done in the last 7 days, 5 of them high priority.", "plan", "review"),
        ("the weather turns.", "advice", "other"),
    ],
)
def test_every_phrase_is_known(fact: str, kind: str, name: str) -> None:
    """The phrases that agents keep to, with the text around them."""
    assert statement_of(fact, kind).statement.name == name


def test_parts_are_told_in_the_language_of_the_tip() -> None:
    """Agents' phrases are English."""
    assert in_language("when", "in about 1 h", "de") == "in etwa einer Stunde"
    assert in_language("when", "on Friday", "de") == "am Freitag"
    assert in_language("when", "in 12 days", "de") == "in 12 Tagen"
    assert in_language("days", "1 day", "de") == "einem Tag"
    assert in_language("n", "at least 5", "de") == "mindestens 5"
    assert [in_language("when", "on Friday", language) for language in ("en", "fr")] == ["on Friday"] * 2
