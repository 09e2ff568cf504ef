"""Feedback rows and the episodes they make."""

from datetime import UTC, datetime
from itertools import permutations
from random import Random
from typing import Any

import pytest

from oo.contract.vocabulary import FEEDBACK_WORDS, OUTCOMES
from oo.snapshot.feedback import Episode, FeedbackRow, read_action, read_episodes, read_feedback, worth
from oo.snapshot.report import ListReport
from oo.snapshot.words import word_key
from testing.agent_snapshots import HOUR, MINUTE, iso
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded

AT = datetime(2026, 6, 17, 8, 0, tzinfo=UTC)


def row(action: object, minutes: float = 0, dwell_ms: object = None, **others: Any) -> dict[str, object]:
    return {"action": action, "created_at": iso(AT + minutes * MINUTE), "dwell_ms": dwell_ms} | others


def reported(*rows: object) -> dict[str, int]:
    """The unread keys, unreadable fields and dropped rows by name."""
    report = ListReport("feedback")
    read_feedback(rows, UTC, AT + 24 * HOUR, report)
    return report.unread_keys() | report.counts("unreadable") | report.counts("dropped")


def episodes(*rows: object) -> list[Episode]:
    return read_episodes(read_feedback(rows, UTC, AT + 24 * HOUR), AT + 48 * HOUR)


def spellings(word: str) -> tuple[str, ...]:
    words = word.split()
    camel = words[0] + "".join(each.capitalize() for each in words[1:])
    return (word, word.upper(), word.title(), f" {word}\n", "_".join(words), "-".join(words), "".join(words), camel)


@for_each("outcome", FEEDBACK_WORDS)
def test_each_word_stands_for_its_outcome(outcome: str) -> None:
    """Every word of the table is read in any case, with any separator and in camelCase; so is the outcome's name."""
    for word in (outcome, *FEEDBACK_WORDS[outcome]):
        for spelling in spellings(word):
            assert read_action(spelling) == outcome, spelling


def test_each_word_stands_for_one_outcome() -> None:
    """No two outcomes share a word in any spelling."""
    keys = [word_key(word) for words in FEEDBACK_WORDS.values() for word in words]

    assert len(set(keys)) == len(keys)


@for_each(
    ("value", "outcome"),
    [
        ("👍🏽", "helpful"),
        ("👍\ufe0f", "helpful"),
        ("👎🏿", "not_helpful"),
        ("👍👍", None),
        ("❤️", None),
        ("explode", None),
        ("not done", None),
        ("dismissed.", None),
        ("shown" * 100, None),
        (3, None),
        (True, None),
        (["shown"], None),
        ({"type": "shown"}, None),
    ],
)
def test_the_list_of_words_is_closed(value: object, outcome: str | None) -> None:
    """An emoji counts in every skin tone; a word that is not listed, or no text, is ignored and reported."""
    given = row(value)

    assert read_action(value) == outcome
    assert len(read_feedback([given], UTC, AT)) == int(outcome is not None)
    assert reported(given) == ({} if outcome else {"feedback.action": 1})


@for_each("value", [None, "", "  ", [], {}])
def test_a_row_without_a_word_is_no_event(value: object) -> None:
    """Nothing is not a word that could not be read."""
    assert (read_feedback([row(value)], UTC, AT), reported(row(value), {})) == ([], {})


@for_each("key", ["created_at", "createdAt", "timestamp"])
def test_the_time_has_three_keys(key: str) -> None:
    """The first key that holds a readable time wins."""
    given: list[dict[str, object]] = [
        {"action": "shown", key: iso(AT)},
        {"action": "shown", "created_at": None, "createdAt": "2026-06-17", "timestamp": "soon", key: iso(AT)},
        {"action": "shown", "timestamp": iso(AT - HOUR), "createdAt": iso(AT - HOUR), "created_at": iso(AT)},
    ]

    for each in given:
        assert read_feedback([each], UTC, AT) == [FeedbackRow(AT, "shown")], each
        assert reported(each) == {}


@for_each(
    ("zone", "hours"),
    [({}, 0), ({"timezone": "Europe/Berlin"}, -2), ({"timeZone": "America/New_York"}, 4), ({"timezone": ""}, 0)],
)
def test_a_time_without_a_zone_is_in_that_of_its_row(zone: dict[str, Any], hours: int) -> None:
    """The row's own zone comes before the user's; a time with an offset needs neither."""
    for created_at, at in (("2026-06-17T08:00:00", AT + hours * HOUR), (iso(AT), AT)):
        given = row("shown", **zone) | {"created_at": created_at}

        assert (read_feedback([given], UTC, AT + 24 * HOUR), reported(given)) == ([FeedbackRow(at, "shown")], {})


@for_each(
    ("created_at", "counts"),
    [
        (None, {"feedback.no_time": 1}),
        ("", {"feedback.no_time": 1}),
        (0, {"feedback.no_time": 1}),
        ("2026-06-17", {"feedback.no_time": 1, "feedback.created_at": 1}),
        ("17.06.2026 08:00", {"feedback.no_time": 1, "feedback.created_at": 1}),
        ([2026, 6, 17], {"feedback.no_time": 1, "feedback.created_at": 1}),
        (iso(AT + 25 * HOUR), {"feedback.future": 1}),
    ],
)
def test_a_row_without_a_time_does_not_count(created_at: object, counts: dict[str, int]) -> None:
    """A bare date is no time, and an id does not stand in for one."""
    given = row("shown", tip_id="t1") | {"created_at": created_at}

    assert (read_feedback([given], UTC, AT + 24 * HOUR), reported(given)) == ([], counts)


def test_keys_that_no_field_uses_are_reported() -> None:
    """Keys of rows that do not count are included; a value that is not a row is dropped."""
    rows = [row("shown", kind="start", tipId="t"), row("meh", kind="plan", note="x"), "shown", None]

    assert reported(*rows) == {
        "kind": 2,
        "note": 1,
        "feedback.action": 1,
        "feedback.not_object": 2,
    }


def test_rows_are_read_in_order_and_once() -> None:
    """Readable rows are in order of time, exact duplicates once, without rows in the future."""
    rows = [row("done", 5), row("shown"), row("shown"), row(None), "x", row("shown", 60 * 25), {"action": "shown"}]

    assert read_feedback(rows, UTC, AT + 24 * HOUR) == [
        FeedbackRow(AT, "shown"),
        FeedbackRow(AT + 5 * MINUTE, "done"),
    ]


@for_each(
    ("dwell", "dwell_ms"),
    [(0, 0), (1500, 1500), (1500.5, 1500.5), ("1500", 1500), (" 1500.5 ", 1500.5), (None, None), ("", None)],
)
def test_dwell_is_a_number_or_decimal_text(dwell: object, dwell_ms: float | None) -> None:
    """A dwell time is a number of milliseconds from 0 on, also as text and under its key in camelCase."""
    for given in (row("opened", dwell_ms=dwell), row("opened", dwellMs=dwell)):
        assert episodes(given)[0].dwell_ms == dwell_ms
        assert reported(given) == {}


@for_each("dwell", [-1, "-1", "900 ms", "PT5S", "1,5", True, float("nan"), [900], {"ms": 900}])
def test_implausible_dwell_is_unknown(dwell: object) -> None:
    """Something else than a number costs the dwell time, not the event."""
    assert episodes(row("opened", dwell_ms=dwell))[0].dwell_ms is None
    assert reported(row("opened", dwell_ms=dwell)) == {"feedback.dwell_ms": 1}


@pytest.mark.parametrize(
    ("dwells", "is_read"),
    [
        ([5, 12, 30, 8], True),
        ([5, 12, 30, 8, 99.9], False),
        ([5, "12", 30, "8", "1.5", None], False),
        ([0] * 5, False),
        ([5, 12, 30, 8, 100], True),
    ],
)
def test_five_dwell_times_below_a_tenth_of_a_second_are_no_milliseconds(dwells: list[object], *, is_read: bool) -> None:
    """Seconds are not taken for milliseconds: the events count, without their dwell times."""
    rows = [row("opened", 60 * number, dwell) for number, dwell in enumerate(dwells)]
    known_n = sum(dwell is not None for dwell in dwells)

    assert [each.outcome for each in episodes(*rows)] == ["opened"] * len(rows)
    assert sum(each.dwell_ms is not None for each in episodes(*rows)) == (known_n if is_read else 0)
    assert reported(*rows) == ({} if is_read else {"feedback.dwell_ms": known_n})


def test_the_unit_does_not_depend_on_rows_sent_twice() -> None:
    """Three short dwell times sent twice are three."""
    rows = [row("opened", number, 50 + number, tip_id=f"t{number}") for number in range(3)]

    assert [each.dwell_ms for each in episodes(*rows, *rows)] == [50, 51, 52]


@for_each(
    ("actions", "outcome", "value", "weight"),
    [
        (["shown"], "shown", 0, 1),
        (["shown", "opened"], "opened", 1, 0.3),
        (["shown", "opened", "snoozed"], "snoozed", 0, 0.5),
        (["opened", "dismissed", "snoozed"], "dismissed", 0, 1),
        (["dismissed", "done"], "done", 1, 1),
        (["done", "helpful"], "helpful", 1, 1),
        (["helpful", "not_helpful"], "not_helpful", 0, 1),
    ],
)
def test_strongest_event_is_the_outcome(actions: list[str], outcome: str, value: float, weight: float) -> None:
    """An episode's outcome is its strongest event, in any order."""
    found = episodes(*(row(action, minute) for minute, action in enumerate(actions)))

    assert [(each.outcome, each.value, each.weight) for each in found] == [(outcome, value, weight)]


@for_each(
    ("dwell_ms", "words_n", "value"),
    [
        (2016, None, 0),
        (2017, None, 1),
        (None, None, 1),
        (2016, 20, 0),
        (2017, 20, 1),
        (1008, 10, 0),
        (1009, 10, 1),
        (4000, 40, 0),
        (4034, 40, 1),
        (None, 40, 1),
    ],
)
def test_a_glance_speaks_against_the_tip(dwell_ms: object, words_n: object, value: float) -> None:
    """Opening a tip for less than 40% of the time that its words take, else 20 words, counts against it."""
    assert episodes(row("opened", dwell_ms=dwell_ms, words_n=words_n))[0].value == value


@for_each("outcome", OUTCOMES)
def test_an_outcome_is_worth_what_its_episode_is(outcome: str) -> None:
    """The one function that the history and the report of an experiment share."""
    for dwell_ms, words_n in ((None, None), (2016, None), (2017, None), (2017, 40), (0, 1)):
        [episode] = episodes(row(outcome, dwell_ms=dwell_ms, words_n=words_n))

        assert worth(outcome, dwell_ms, words_n) == episode.value, (dwell_ms, words_n)


@for_each(
    ("actions", "outcome"),
    [
        (["shown", "opened", "done", "not_helpful"], "not_helpful"),
        (["not_helpful", "helpful"], "not_helpful"),
        (["helpful", "dismissed"], "helpful"),
        (["done", "dismissed"], "done"),
        (["done", "opened"], "done"),
        (["snoozed", "dismissed"], "dismissed"),
    ],
)
def test_what_was_sent_to_feedback_is_a_history(actions: list[str], outcome: str) -> None:
    """A backend keeps one list: the bodies of one `serve_id` are one episode, hours apart and in any order."""
    bodies = [
        row(action, 90 * number, user_id="u", serve_id="5" * 32, comment=None) for number, action in enumerate(actions)
    ]

    for order in permutations(bodies):
        assert [each.outcome for each in episodes(*order)] == [outcome]


@for_each(("age_h", "weight"), [(0, 0), (23.9, 0), (24, 1), (90, 1)])
def test_a_tip_that_was_only_shown_counts_from_the_next_day_on(age_h: float, weight: float) -> None:
    """Until it is a day old it may still be taken up; other outcomes count at once."""
    rows = read_feedback([row("shown")], UTC, AT + 24 * HOUR)
    [episode] = read_episodes(rows, AT + age_h * HOUR)

    assert (episode.value, episode.weight) == (0, weight)
    assert episode.counted_at(AT + 24 * HOUR).weight == 1
    assert [each.weight for each in read_episodes(read_feedback([row("done")], UTC, AT), AT)] == [1]


@for_each(
    ("words", "words_n"),
    [(1, 1), (200, 200), ("24", 24), (24.0, 24), (None, None), ("", None)],
)
def test_the_length_of_a_tip_is_a_number_of_words(words: object, words_n: int | None) -> None:
    """A whole number, also as decimal text and under its key in camelCase, on any row of the tip."""
    for key in ("words_n", "wordsN"):
        shown, opened = row("shown", tip_id="t") | {key: words}, row("opened", 1, 900, tip_id="t")

        assert [each.words_n for each in episodes(shown, opened)] == [words_n]
        assert reported(shown, opened) == {}


@for_each("words", [0, -1, 201, 10.5, "many", True, float("nan"), [20], {"n": 20}])
def test_an_implausible_length_is_unknown(words: object) -> None:
    """Something else than 1 to 200 words costs the length, not the event."""
    assert episodes(row("opened", words_n=words))[0].words_n is None
    assert reported(row("opened", words_n=words)) == {"feedback.words_n": 1}


@pytest.mark.parametrize(("minutes", "size"), [(30, 1), (30.1, 2)])
def test_a_long_gap_starts_an_episode(minutes: float, size: int) -> None:
    """Events more than 30 minutes apart belong to different tips."""
    assert len(episodes(row("opened"), row("done", minutes))) == size


def test_each_showing_starts_an_episode() -> None:
    """Every `shown` is a tip of its own."""
    found = episodes(row("shown"), row("dismissed", 1), row("shown", 2), row("done", 3))

    assert [each.outcome for each in found] == ["dismissed", "done"]


@for_each("key", ["serve_id", "tip_id", "candidate_id", "serveId", "tipId", "candidateId"])
def test_rows_of_one_id_are_one_tip(key: str) -> None:
    """Tips within minutes are distinguished by their ids, and one tip stays one after any time."""
    rows = [row("shown", 0, **{key: "a"}), row("shown", 1, **{key: "b"}), row("dismissed", 2, **{key: "b"})]
    late = row("done", 60 * 20, 900, **{key: "a"})

    assert [(each.at, each.outcome) for each in episodes(*rows, late)] == [
        (AT, "done"),
        (AT + MINUTE, "dismissed"),
    ]


def test_one_showing_delivered_three_times_is_one() -> None:
    """With an id at any times, without one at the same time."""
    with_id = [row("shown", minutes, tip_id="t") for minutes in (0, 1, 90)]

    assert len(episodes(*with_id)) == len(read_feedback(with_id, UTC, AT + 24 * HOUR)) == 1
    assert len(episodes(*[row("shown")] * 3)) == 1


def test_rows_with_and_without_ids_do_not_mix() -> None:
    """Rows without an id group among themselves, as if the others were not there."""
    rows = [row("shown"), row("shown", 1, tip_id="t"), row("opened", 2), row("dismissed", 3, tip_id="t")]

    assert [each.outcome for each in episodes(*rows)] == ["opened", "dismissed"]


@for_each(
    ("ids", "tips_n"),
    [
        (({"serve_id": "s", "tip_id": "t"}, {"serve_id": "s"}, {"tip_id": "t"}), 1),
        (({"serve_id": "s", "tip_id": "t1"}, {"serve_id": "s", "tip_id": "t2"}), 2),
        (({"serve_id": "s1", "tip_id": "t"}, {"serve_id": "s2", "tip_id": "t"}), 2),
        (({"serve_id": "s1", "tip_id": "t"}, {"serve_id": "s2", "tip_id": "t"}, {"tip_id": "t"}), 3),
        (({"serve_id": "s", "candidate_id": "t1"}, {"serve_id": "s", "candidate_id": "t2"}), 2),
        (({"serve_id": "s", "candidate_id": "t"}, {"serve_id": "s", "tip_id": "t"}, {"serve_id": "s"}), 1),
        (({"serve_id": 7}, {"serve_id": "7"}), 1),
        (({"tip_id": None, "tipId": "t"}, {"tip_id": "t", "tipId": "other"}), 1),
    ],
)
def test_a_tip_may_be_named_by_either_id(ids: tuple[dict[str, Any], ...], tips_n: int) -> None:
    """One id stands for both if it is unambiguous; candidates of one answer, and answers, are distinguished."""
    for order in permutations(ids):
        assert len(episodes(*(row("opened", **each) for each in order))) == tips_n


@for_each("value", [None, "", " ", 0, "0", [], {}])
def test_a_blank_id_is_none(value: object) -> None:
    """Rows whose ids say nothing group by time."""
    rows = [row("shown", tip_id=value, serve_id=value), row("done", 5, tip_id=value)]

    assert (len(episodes(*rows)), reported(*rows)) == (1, {})


@for_each("value", ["x" * 257, 1.5, True, ["t"]])
def test_an_unreadable_id_is_reported(value: object) -> None:
    """The event counts as one without an id."""
    rows = [row("shown", tip_id=value), row("done", 5, serve_id=value)]

    assert (len(episodes(*rows)), reported(*rows)) == (1, {"feedback.tip_id": 1, "feedback.serve_id": 1})


def test_neither_order_nor_repetition_nor_names_of_ids_matter() -> None:
    """On 300 random histories, shuffled rows, rows with ids sent twice, and other ids make the same episodes."""
    for seed in range(300):
        random = seeded(seed)
        rows = [random_row(random) for _ in range(random.randrange(1, 25))]
        twice = [*rows, *(each for each in rows if "serve_id" in each or "tip_id" in each)]
        renamed = [
            {key: f"{-int(str(value))}x" if key.endswith("_id") else value for key, value in each.items()}
            for each in rows
        ]
        expected = episodes(*rows)

        for other in (rows, twice, renamed):
            assert episodes(*random.sample(other, len(other))) == expected, seed


def random_row(random: Random) -> dict[str, object]:
    """An event of one of a few tips, in few minutes, so that times coincide."""
    words = [word for words in FEEDBACK_WORDS.values() for word in words]
    ids = {
        key: random.randrange(1, 5) for key in random.choice(((), ("serve_id",), ("tip_id",), ("serve_id", "tip_id")))
    }
    return row(random.choice(words), random.randrange(0, 200, 10), random.choice((None, 40, 80, "95", 2500)), **ids)
