"""Messages that come twice or in any order: the table ends at the newest snapshot."""

import random
from typing import Any

import pytest

from local.soak.workload import JOBS, SNAPSHOTS
from testing.sqs_events import SENT_MS
from tests.integration.aws.in_process_precompute import AGENTS, House, counted
from tests.integration.aws.snapshots import snapshot


def texts(house: House) -> dict[str, Any]:
    """The stored texts by agent, without the traces that stored it."""
    return {
        agent: {name: value for name, value in row.items() if name not in ("trace_id", "span_id")}
        for (_, agent), row in house.rows().items()
    }


def test_every_message_delivered_twice_is_every_message_delivered_once(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second delivery is counted as superseded, job by job, and changes nothing."""
    house.send(SNAPSHOTS, snapshot())
    house.drain()
    once = house.rows()
    capsys.readouterr()

    house.send(SNAPSHOTS, snapshot())
    house.drain()

    assert house.rows() == once
    assert counted(capsys.readouterr().out, "RecordsStale") == len(AGENTS)
    assert house.judge(snapshot()).jobs == {"stored": len(AGENTS), "repeated": len(AGENTS)}


def test_two_changes_within_a_second_delivered_the_wrong_way_round(house: House) -> None:
    """The user finished a task 400 ms after adding it; the older state arrives last, and the newer one stays."""
    added, finished = snapshot(version=SENT_MS + 500), snapshot(version=SENT_MS + 900, open_tasks=1)
    house.send(SNAPSHOTS, finished)
    house.drain()
    newest = texts(house)

    house.send(SNAPSHOTS, added)
    house.drain()

    assert texts(house) == newest
    assert {row["snapshot_version"] for row in newest.values()} == {SENT_MS + 900}
    assert house.judge(finished).breaches == []


def test_a_newer_snapshot_that_overtakes_on_the_way_to_the_table_wins(house: House) -> None:
    """Both fan-outs are through before the first job is done, and the newer jobs are done first."""
    older, newer = snapshot(version=SENT_MS + 1, open_tasks=0), snapshot(version=SENT_MS + 2)
    house.send(SNAPSHOTS, newer)
    house.deliver(SNAPSHOTS)
    house.send(SNAPSHOTS, older)
    house.deliver(SNAPSHOTS)

    house.drain()

    verdict = house.judge(newer)
    assert (verdict.breaches, verdict.jobs) == ([], {"stored": len(AGENTS), "superseded": len(AGENTS)})


def test_any_order_with_repetitions_ends_at_the_newest(house: House) -> None:
    """Four states of each of two users, some of them sent twice, in an order that chance made."""
    chance = random.Random(1)  # noqa: S311  # repeatable chance, not secrets
    states = [
        snapshot(f"user-{user}", version=SENT_MS + change, open_tasks=change % 3)
        for user in range(2)
        for change in range(4)
    ]
    messages = [*states, *chance.sample(states, 3)]
    chance.shuffle(messages)
    house.send(SNAPSHOTS, *messages)

    house.drain()

    assert house.judge(*(state for state in states if state["snapshot_version"] == SENT_MS + 3)).breaches == []
    assert house.dead(JOBS) == []
