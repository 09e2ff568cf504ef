"""Forgetting a user: the rows and dead letters of that user only."""

import json
import re
from typing import Any

import pytest

from local.soak.workload import JOBS, SNAPSHOTS
from oo.contract.shown_ids import hashed
from operations import forget
from operations.aws_lookup import dead_letter_queue
from testing.free_port import free_port
from tests.integration.aws.in_process_precompute import AGENTS, House
from tests.integration.aws.snapshots import snapshot
from tests.integration.aws.test_redrive import put_dead, queue
from tests.unit.operations.test_traces import TraceServer, trace_server


def forget_user(house: House, user: str, table: str = "") -> int | str | None:
    """Its exit status: nothing for 0, and a text for 1."""
    try:
        forget.main(
            [user, "--table", table or house.table],
            queues=[house.queues[SNAPSHOTS].name, house.queues[JOBS].name],
            long_poll_s=0,
        )
    except SystemExit as ended:
        return ended.code
    return 0


def test_nothing_of_the_user_is_left_and_everything_of_others(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows, withdrawals and dead letters go, and are counted."""
    house.send(SNAPSHOTS, snapshot("user-7"), snapshot("user-8"))
    house.drain()
    for user in ("user-7", "user-8"):
        put_dead(house, SNAPSHOTS, snapshot(user))
        put_dead(house, JOBS, {"user_id": user, "agent_id": "x"})
        put_dead(house, JOBS, json.dumps(snapshot(user))[:60])
    capsys.readouterr()

    assert forget_user(house, "user-7") == 0
    assert f"{len(AGENTS)} stored outputs and 3 dead letters of user-7 are deleted.\n" in capsys.readouterr().out
    assert {user for user, _ in house.rows()} == {"user-8"}
    left = house.dead(SNAPSHOTS) + house.dead(JOBS)
    assert (len(left), ["user-7" in letter.body for letter in left]) == (3, [False] * 3)


def test_a_user_who_is_not_known_is_no_error(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """There was nothing to delete; the rest is named, the pseudonym for the proxy's spend log among it."""
    assert forget_user(house, "nobody") == 0

    said = capsys.readouterr().out
    assert "0 stored outputs and 0 dead letters of nobody are deleted." in said
    wanted = ("No traces were looked for", "queues", "35 days", "LogRetentionDays", "spend log", hashed("nobody"))
    assert [text for text in wanted if text not in said] == []


def test_the_users_traces_go_with_the_rest(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under the current key and without one; another user's trace stays."""
    server = TraceServer({"tr-1": hashed("alice", "k1"), "tr-2": hashed("alice"), "tr-3": hashed("bob")})
    monkeypatch.setenv("PSEUDONYM_KEY", "k1")
    with trace_server(server):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
        assert forget_user(house, "alice") == 0

    assert server.traces == {"tr-3": hashed("bob")}
    assert (
        "2 traces, 0 stored outputs, 0 dead letters and 2 assessments of alice are deleted." in capsys.readouterr().out
    )


def test_messages_that_wait_are_counted_and_end_with_3(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """They would store outputs again."""
    house.send(SNAPSHOTS, *[snapshot()] * 3)

    assert forget_user(house, "user-7") == 3
    said = capsys.readouterr().err
    assert "3 messages are still in the queues" in said
    assert "run the command again when the queues are empty" in said


def test_a_dead_letter_in_another_hand_ends_with_3(house: House) -> None:
    """Its owner cannot be read."""
    put_dead(house, JOBS, {"user_id": "user-7", "agent_id": "x"})
    dead = dead_letter_queue(house.sqs, queue(house, JOBS))
    house.sqs.receive_message(QueueUrl=dead.url, VisibilityTimeout=60)

    assert forget_user(house, "user-7") == 3


def test_one_place_that_fails_keeps_no_other_from_being_tried(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 1, and each sentence names the remedy."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{free_port()}")
    put_dead(house, JOBS, {"user_id": "user-7", "agent_id": "x"})

    said = str(forget_user(house, "user-7", table="nowhere"))
    assert re.search(r"Table nowhere was not found, .* STACK=…", said)
    assert re.search(r"MLflow does not answer \(refused\), .* run the command again", said)
    assert "1 dead letters of user-7 are deleted." in capsys.readouterr().out


@pytest.mark.parametrize("variable", ["PSEUDONYM_KEY", "MLFLOW_TRACKING_URI"])
def test_a_setting_that_is_unusable_is_a_place_that_fails(
    house: House, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Without it, traces cannot be found."""
    monkeypatch.setenv(variable, {"PSEUDONYM_KEY": " ", "MLFLOW_TRACKING_URI": "http://me:pw@127.0.0.1"}[variable])

    said = str(forget_user(house, "user-7"))
    assert (variable in said, "pw@" in said) == (True, False)


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ('{"user_id": "user-7"}', True),
        ('{"user_id": "user-77"}', False),
        ('{"user_id": "user-8", "tasks": [{"title": "user-7"}]}', False),
        ('{"user_id": "user-7", ', True),
        ('{"user_id": "user-77", ', False),
        ("[]", False),
    ],
)
def test_a_letter_is_the_users_where_it_says_so(house: House, body: str, about: Any) -> None:
    """By its `user_id`; where it cannot be read, by the id between quotes."""
    put_dead(house, JOBS, body)
    letters = dead_letter_queue(house.sqs, queue(house, JOBS))

    assert forget.forget_dead_letters(house.sqs, letters, "user-7", long_poll_s=0) == int(about)
