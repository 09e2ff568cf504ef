import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oo.contract.queues import Stale, Stored
from oo.contract.snapshot import latest_version
from oo.outputs.store import AgentOutputStore
from oo.telemetry.logs import make_logger
from testing.stored_outputs import NOW, MemoryStore, stored_output
from tests.integration.aws.conftest import Table

Read = Callable[[str], list[str]]
Kept = tuple[AgentOutputStore | MemoryStore, Read]


@pytest.fixture(params=["table", "memory"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """A store and a way to see a user's texts in it: the same facts hold for the table and for its stand-in."""
    if request.param == "memory":
        memory = MemoryStore()
        return memory, memory.texts
    table: Table = request.getfixturevalue("table")
    store = AgentOutputStore(table.client, table.name, make_logger())
    return store, lambda user_id: [snippet.prompt_text for snippet in store.read(user_id)]


def put(kept: Kept, version: int, user_id: str = "user-7") -> Stored | Stale:
    output = stored_output(user_id=user_id, snapshot_version=version, prompt_text=f"version {version}")
    return kept[0].put(output, now=NOW)


def withdraw(kept: Kept, version: int, user_id: str = "user-7") -> Stored | Stale:
    return kept[0].withdraw(user_id=user_id, agent_id="deadline-pressure", snapshot_version=version, now=NOW)


def test_only_newer_versions_replace_what_is_stored(kept: Kept) -> None:
    """Equal and older versions count as done and change nothing."""
    results = [put(kept, version) for version in (5, 7, 6, 7, 8)]

    assert results == [Stored(), Stored(), Stale(7), Stale(7), Stored()]
    assert kept[1]("user-7") == ["version 8"]


def test_an_older_job_does_not_bring_back_what_was_withdrawn(kept: Kept) -> None:
    """A withdrawal leaves a mark that only a newer snapshot replaces."""
    assert [put(kept, 5), withdraw(kept, 7), put(kept, 6), put(kept, 7)] == [Stored(), Stored(), Stale(7), Stale(7)]
    assert kept[1]("user-7") == []

    assert put(kept, 8) == Stored()
    assert kept[1]("user-7") == ["version 8"]


def test_an_older_withdrawal_changes_nothing(kept: Kept) -> None:
    """A withdrawal is ordered like any write."""
    assert [put(kept, 7), withdraw(kept, 7), withdraw(kept, 6)] == [Stored(), Stale(7), Stale(7)]
    assert kept[1]("user-7") == ["version 7"]


def test_nothing_stored_can_be_withdrawn(kept: Kept) -> None:
    """A withdrawal that overtakes its output holds it back."""
    assert [withdraw(kept, 5), put(kept, 4)] == [Stored(), Stale(5)]
    assert kept[1]("user-7") == []


@pytest.mark.parametrize("write", [put, withdraw], ids=["put", "withdraw"])
def test_a_version_more_than_a_day_ahead_orders_nothing(kept: Kept, write: Callable[[Kept, int], object]) -> None:
    """With any content of such a row, the next write replaces it; one of a day ahead still counts as newer."""
    latest = latest_version(NOW)
    for ahead in (99_999_999_999_999, latest + 1):
        write(kept, ahead)
        assert [put(kept, 5), put(kept, 6), withdraw(kept, 6)] == [Stored(), Stored(), Stale(6)]
        write(kept, ahead)
        assert [withdraw(kept, 5), put(kept, 5), put(kept, 7)] == [Stored(), Stale(5), Stored()]

    assert [write(kept, latest), put(kept, 8), withdraw(kept, 9)] == [Stored(), Stale(latest), Stale(latest)]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(versions=st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_any_order_with_duplicates_ends_at_the_newest(kept: Kept, versions: list[int]) -> None:
    """Deliveries may be repeated and reordered at will."""
    user_id = secrets.token_hex(8)

    for version in versions:
        put(kept, version, user_id)

    assert kept[1](user_id) == [f"version {max(versions)}"]


def test_two_workers_on_one_pair_at_once_leave_one_winner(table: Table) -> None:
    """Of many writers of one version exactly one stores."""
    store = AgentOutputStore(table.client, table.name, make_logger())
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: store.put(stored_output(), now=NOW), range(20)))

    assert sorted(results, key=str) == [Stale(5)] * 19 + [Stored()]
