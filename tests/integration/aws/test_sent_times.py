"""Times that a sender chooses: none of them blocks a user's outputs, and none brings an old output back."""

import time
from typing import Any

import pytest

from local.soak.workload import JOBS, SNAPSHOTS
from oo.contract.shown_ids import hashed
from oo.outputs.items import to_item
from testing.sqs_events import SENT_MS
from tests.integration.aws.in_process_precompute import AGENTS, House, counted
from tests.integration.aws.snapshots import snapshot

FAR_FUTURE = 99_999_999_999_999
HOUR_MS = 3_600_000
AGENT = "quick-win"


def now_ms() -> int:
    """The machine's clock, which workers go by."""
    return int(time.time() * 1000)


def of_now(age_ms: int, **changes: Any) -> dict[str, Any]:
    """A snapshot of so long ago that leaves the moment to the worker's clock."""
    return snapshot(version=now_ms() - age_ms, now_iso=None, agent_ids=[AGENT], **changes)


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    """The keys of every line of one event."""
    return [vars(record) for record in caplog.records if record.getMessage() == event]


def job_of(body: dict[str, Any]) -> dict[str, Any]:
    """The job of a snapshot for one agent."""
    kept = {name: value for name, value in body.items() if name != "agent_ids"}
    return kept | {"agent_id": AGENT, "agent_version": "1.0.0"}


def plant(house: House, version: int, user_id: str = "user-7") -> None:
    """A row of `quick-win` under that version."""
    row = {"user_id": user_id, "agent_id": AGENT, "snapshot_version": version, "withdrawn": True}
    house.dynamodb.put_item(TableName=house.table, Item=to_item(row))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"snapshot_version": FAR_FUTURE}, ("snapshot_version", "946684800000", "2000-01-01", "now + 1 day")),
        ({"snapshot_version": 1_790_000_000}, ("snapshot_version", "946684800000", "2000-01-01", "now + 1 day")),
        ({"snapshot_version": FAR_FUTURE, "now_iso": "2099-01-01T00:00:00Z"}, ("snapshot_version", "now_iso")),
        ({"now_iso": "2099-01-01T00:00:00Z"}, ("now_iso", "now + 1 day")),
    ],
    ids=str,
)
def test_a_time_out_of_range_fails_alone_and_is_named(
    house: House, caplog: pytest.LogCaptureFixture, changes: dict[str, Any], named: tuple[str, ...]
) -> None:
    """Snapshots and jobs alike; a snapshot beside them is stored, and nothing of theirs is."""
    fine = snapshot(agent_ids=[AGENT])
    house.send(SNAPSHOTS, fine)
    house.send(SNAPSHOTS, fine | changes, poison=True)
    house.send(JOBS, job_of(fine) | changes, poison=True)

    house.drain()

    assert {row["snapshot_version"] for row in house.rows().values()} == {SENT_MS}
    assert [letter.deliveries for queue in (SNAPSHOTS, JOBS) for letter in house.dead(queue)] == [5, 5]
    failures = lines(caplog, "record_failed")
    assert {line["error_code"] for line in failures} == {"invalid_message"}
    assert all(part in line["reason"] for line in failures for part in named)


@pytest.mark.parametrize("age_ms", [-HOUR_MS, 0, HOUR_MS])
def test_a_snapshot_of_about_now_is_stored(house: House, age_ms: int) -> None:
    """An hour ahead is a clock, an hour ago is a queue."""
    house.send(SNAPSHOTS, of_now(age_ms))

    house.drain()

    assert [row["prompt_text"][:1] for row in house.rows().values()] == ["["]


@pytest.mark.parametrize("open_tasks", [2, 0])
def test_a_row_from_the_far_future_blocks_nothing(house: House, open_tasks: int) -> None:
    """An output replaces it, and so does a withdrawal."""
    plant(house, FAR_FUTURE)
    sent = of_now(0, open_tasks=open_tasks)
    house.send(SNAPSHOTS, sent)

    house.drain()

    ((_, row),) = house.rows().items()
    assert row["snapshot_version"] == sent["snapshot_version"]
    assert bool(row.get("withdrawn")) == (open_tasks == 0)


def test_a_row_of_less_than_a_day_ahead_still_counts_as_newer(house: House) -> None:
    """A producer's clock may be ahead; its first snapshot must not replace its last one."""
    ahead = now_ms() + 23 * HOUR_MS
    plant(house, ahead)
    house.send(SNAPSHOTS, of_now(0))

    house.drain()

    assert [row["snapshot_version"] for row in house.rows().values()] == [ahead]


@pytest.mark.parametrize("open_tasks", [2, 0])
def test_a_snapshot_of_13_days_ago_stores_nothing(
    house: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], open_tasks: int
) -> None:
    """A redriven dead letter whose newer row has been deleted meanwhile: it is done, named and counted."""
    house.send(SNAPSHOTS, of_now(13 * 24 * HOUR_MS, open_tasks=open_tasks))

    house.drain()

    assert (house.rows(), house.dead(SNAPSHOTS), house.dead(JOBS)) == ({}, [], [])
    (line,) = lines(caplog, "record_outdated")
    assert (line["agent_id"], line["user"]) == (AGENT, hashed("user-7"))
    assert 13 * 86_400 <= line["age_s"] < 13 * 86_400 + 600
    assert counted(capsys.readouterr().out, "RecordsOutdated") == 1


def test_a_snapshot_of_13_days_ago_leaves_the_row_that_is_there(house: House) -> None:
    """At any version of that row, the older one and the one from the future included."""
    for version in (now_ms() - 20 * 24 * HOUR_MS, now_ms(), FAR_FUTURE):
        plant(house, version)
        house.send(SNAPSHOTS, of_now(13 * 24 * HOUR_MS))

        house.drain()

        assert [row["snapshot_version"] for row in house.rows().values()] == [version]


@pytest.mark.parametrize("key", ["", "k1"])
def test_a_stale_job_names_agent_versions_and_user(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """The facts that explain why an output does not change; the user's pseudonym, never the id."""
    monkeypatch.setenv("PSEUDONYM_KEY", key)
    newer, older = snapshot(version=SENT_MS + 5), snapshot(version=SENT_MS + 2)
    house.send(SNAPSHOTS, newer)
    house.drain()
    house.send(SNAPSHOTS, older)

    house.drain()

    stale = lines(caplog, "record_stale")
    assert {line["agent_id"] for line in stale} == set(AGENTS)
    assert {(line["stored_version"], line["offered_version"], line["user"]) for line in stale} == {
        (SENT_MS + 5, SENT_MS + 2, hashed("user-7", key))
    }
    assert "user-7" not in str(stale)
