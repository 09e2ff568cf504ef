"""Forgetting a user: the table and the dead letters, and nobody else's."""

import json
from typing import Any

import pytest

from local.soak.workload import JOBS, SNAPSHOTS
from operations import forget
from operations.places import dead_letter_queue
from tests.integration.aws.house import AGENTS, House
from tests.integration.aws.snapshots import snapshot
from tests.integration.aws.test_redrive import put_dead, queue


@pytest.fixture
def named(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house under the names that the command looks for."""
    monkeypatch.setattr(forget, "_QUEUES", (house.queues[SNAPSHOTS].name, house.queues[JOBS].name))
    monkeypatch.setattr(forget, "_LONG_POLL_S", 0)
    return house


def test_nothing_of_the_user_is_left_and_everything_of_others(named: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows, withdrawals and dead letters go, and are counted."""
    named.send(SNAPSHOTS, snapshot("user-7"), snapshot("user-8"))
    named.drain()
    for user in ("user-7", "user-8"):
        put_dead(named, SNAPSHOTS, snapshot(user))
        put_dead(named, JOBS, {"user_id": user, "agent_id": "x"})
        put_dead(named, JOBS, json.dumps(snapshot(user))[:60])
    capsys.readouterr()

    forget.main(["user-7", "--table", named.table])

    said = capsys.readouterr()
    assert said.out == f"{len(AGENTS)} stored outputs and 3 dead letters of user-7 are gone.\n"
    assert {user for user, _ in named.rows()} == {"user-8"}
    left = named.dead(SNAPSHOTS) + named.dead(JOBS)
    assert (len(left), ["user-7" in letter.body for letter in left]) == (3, [False] * 3)


def test_a_user_who_is_not_known_is_no_error(named: House, capsys: pytest.CaptureFixture[str]) -> None:
    """There was nothing to delete."""
    forget.main(["nobody", "--table", named.table])

    assert capsys.readouterr().out == "0 stored outputs and 0 dead letters of nobody are gone.\n"


def test_messages_that_are_still_under_way_are_mentioned(named: House, capsys: pytest.CaptureFixture[str]) -> None:
    """They would store outputs anew."""
    named.send(SNAPSHOTS, snapshot())

    forget.main(["user-7", "--table", named.table])

    assert "1 messages are still being worked on" in capsys.readouterr().err


def test_a_table_that_is_not_there_is_one_sentence(named: House) -> None:
    """It says what would name another one."""
    with pytest.raises(SystemExit, match=r"The table nowhere is not here, .* STACK=…"):
        forget.main(["user-7", "--table", "nowhere"])


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
def test_a_letter_is_the_users_where_it_says_so(named: House, body: str, about: Any) -> None:
    """By its `user_id`; where it cannot be read, by the id between quotes."""
    put_dead(named, JOBS, body)
    letters = dead_letter_queue(named.sqs, queue(named, JOBS))

    assert forget.forget_dead_letters(named.sqs, letters, "user-7") == int(about)
