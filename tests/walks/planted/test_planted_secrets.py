"""Planted keys, titles and other texts go through everything, and show nowhere but where they belong."""

import json

import pytest

from testing.canaries import SECRETS, Canary, shown_in
from tests.walks.planted.conftest import REPLAYED, Seen
from tests.walks.planted.provoke import error_codes

EXPORTS = (("otlp", "redacted"), *REPLAYED)


def test_every_error_was_provoked(seen: Seen) -> None:
    """A new code in the tree fails here until a provocation of it is added."""
    assert {code for code, _ in seen.errors} == error_codes()


@pytest.mark.parametrize("code", sorted(error_codes()))
def test_an_error_repeats_nothing(seen: Seen, code: str) -> None:
    """Neither its answer, whose headers count, too, nor its line in the log."""
    assert seen.told_of(code)
    assert [text for text in seen.told_of(code) if shown_in(text)] == []


def test_what_is_meant_to_work_worked(seen: Seen) -> None:
    """Every endpoint answered, both workers stored, and every message that had to fail is a dead letter."""
    assert sorted(answer.status_code for answer in seen.good) == [200] * 7 + [202]
    assert Canary.USER in seen.items
    assert len(json.loads(seen.letters)) == 14


def test_the_log_holds_nothing_planted(seen: Seen) -> None:
    """No line of any function's, at any level, and no metric, which are lines of the log."""
    assert '"level":"DEBUG"' in seen.log or '"CloudWatchMetrics"' in seen.log
    assert [line[:500] for line in seen.log.splitlines() if shown_in(line)] == []


def test_the_key_is_sent_to_the_proxy_and_nowhere_else(seen: Seen) -> None:
    """No answer, row, message or trace contains it, even if another part repeats it; calls to the model have it."""
    texts = [*(f"{answer.text} {answer.headers}" for answer in seen.answers), seen.items, seen.letters]

    assert [text[:500] for text in texts if Canary.KEY in text] == []
    assert {asked.headers["authorization"] for asked in seen.model.calls("llm_auth")} == {f"Bearer {Canary.KEY}"}
    assert not any(Canary.KEY in json.dumps(asked.body) for asked in seen.model.calls("llm_bad_output"))


@pytest.mark.parametrize("export", EXPORTS)
def test_every_trace_was_exported(seen: Seen, export: tuple[str, str]) -> None:
    """So the search for secrets covers all exports."""

    def as_sent(trace_id: str) -> bytes:
        return bytes.fromhex(trace_id) if export[0] == "otlp" else f"tr-{trace_id}".encode()

    missing = [trace.spans[0].name for trace in seen.traces if as_sent(trace.trace_id) not in seen.exported[export]]

    assert len(seen.traces) > 50
    assert len(missing) <= seen.dropped < 10


@pytest.mark.parametrize("export", [export for export in EXPORTS if export[1] == "redacted"])
def test_redacted_traces_hold_nothing_planted(seen: Seen, export: tuple[str, str]) -> None:
    """By either protocol: neither names, nor inputs, outputs, attributes and tags, nor previews of them."""
    assert shown_in(seen.exported[export]) == set()


@pytest.mark.parametrize("export", [export for export in EXPORTS if export[1] == "full"])
def test_full_traces_hold_what_users_and_the_model_wrote_and_no_secret(seen: Seen, export: tuple[str, str]) -> None:
    """The traces are the same, so redaction is the reason that the others have no texts."""
    shown = shown_in(seen.exported[export])

    assert shown & SECRETS == set()
    assert shown >= {Canary.USER, Canary.TITLE, Canary.SNIPPET, Canary.REPLY}


def test_xray_holds_nothing_planted(seen: Seen) -> None:
    """Every trace has its document there, unless it was counted as lost."""
    missing = [trace for trace in seen.traces if trace.correlation_id.encode() not in seen.xray]

    assert len(missing) <= seen.dropped < 10
    assert shown_in(seen.xray) == set()


def test_what_is_stored_holds_no_secret(seen: Seen) -> None:
    """A title stands in the sentence of its user's agent, and nowhere else."""
    assert shown_in(seen.items) & SECRETS == set()
    assert Canary.TITLE in seen.items


def test_nobody_reads_what_is_stored_of_another_user(seen: Seen) -> None:
    """User A names user B in every text, and the model obeys: B's rows are not read for A."""
    (to_a,) = [answer for answer in seen.answers if b'"user_id": "user-a"' in answer.request.content]
    queries = [
        json.loads(body) for function, _, body in seen.calls if function == "RecommendFunction" and "user-" in body
    ]

    asked_for = [query["ExpressionAttributeValues"][":user_id"]["S"] for query in queries]
    assert sorted(asked_for) == ["user-a", "user-b"]
    assert Canary.OTHER_USER not in to_a.text
    assert Canary.OTHER_USER not in json.dumps([asked.body for asked in seen.model.calls("user-a")])


def test_who_asks_for_it_finds_what_is_stored_of_oneself(seen: Seen) -> None:
    """The other user's canary is there to be found."""
    assert Canary.OTHER_USER in json.dumps([asked.body for asked in seen.model.calls("user-b")])
