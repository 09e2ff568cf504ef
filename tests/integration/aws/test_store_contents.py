from datetime import timedelta

import pytest

from oo.outputs.items import from_item
from oo.outputs.store import JSON_FIELDS, AgentOutputStore
from oo.telemetry.logs import make_logger
from testing.stored_outputs import NOW, stored_output
from tests.integration.aws.conftest import Table


@pytest.fixture
def store(table: Table) -> AgentOutputStore:
    return AgentOutputStore(table.client, table.name, make_logger())


def test_every_field_of_an_output_is_kept(store: AgentOutputStore, table: Table) -> None:
    """The table holds an output's fields under their own names, nested values exactly as they were."""
    signals = {"n": 3, "share": 1.0, "none": None, "flag": True, "empty": "", "list": [{"deep": "Łódź 🥖"}]}
    output = stored_output(signals_snapshot=signals)

    store.put(output, now=NOW)

    item = table.client.get_item(
        TableName=table.name, Key={"user_id": {"S": "user-7"}, "agent_id": {"S": "deadline-pressure"}}
    )["Item"]
    fields = from_item(item, json_fields=JSON_FIELDS)
    assert fields == output.model_dump()
    assert repr(fields["signals_snapshot"]) == repr(signals)


def test_a_user_reads_only_their_own_outputs(store: AgentOutputStore) -> None:
    """Another user's id, even inside one's own texts, leads nowhere."""
    store.put(stored_output(user_id="user-7", prompt_text="of user-8"), now=NOW)
    store.put(stored_output(user_id="user-8", prompt_text="theirs"), now=NOW)

    assert [snippet.prompt_text for snippet in store.read("user-7")] == ["of user-8"]


def test_a_user_without_outputs_reads_none(store: AgentOutputStore) -> None:
    """An unknown user is no error."""
    assert store.read("nobody") == []


def test_all_agents_outputs_are_read_across_pages(store: AgentOutputStore) -> None:
    """More than one page of a user's outputs is read to its end: a page ends at 1 MB."""
    for number in range(4):
        store.put(stored_output(agent_id=f"agent-{number}", prompt_text="x" * 300_000), now=NOW)

    assert [snippet.agent_id for snippet in store.read("user-7")] == ["agent-0", "agent-1", "agent-2", "agent-3"]


def test_an_empty_text_is_stored_like_any_other(store: AgentOutputStore) -> None:
    """An agent with nothing to say is known to have nothing to say."""
    store.put(stored_output(prompt_text=""), now=NOW)

    assert [snippet.prompt_text for snippet in store.read("user-7")] == [""]


def test_an_expired_output_is_read_with_its_expiry(store: AgentOutputStore) -> None:
    """DynamoDB deletes late; readers use the item's own expiry."""
    store.put(stored_output(expires_at=NOW - timedelta(hours=1)), now=NOW)

    assert [snippet.expires_at for snippet in store.read("user-7")] == [NOW - timedelta(hours=1)]


def test_forgetting_deletes_everything_of_one_user(store: AgentOutputStore, table: Table) -> None:
    """Outputs and marks of one user go, those of others stay."""
    store.put(stored_output(agent_id="a"), now=NOW)
    store.withdraw(user_id="user-7", agent_id="b", snapshot_version=5, now=NOW)
    store.put(stored_output(user_id="user-8"), now=NOW)

    assert store.forget("user-7") == 2
    assert [item["user_id"]["S"] for item in table.client.scan(TableName=table.name)["Items"]] == ["user-8"]
    assert store.forget("user-7") == 0


def test_a_withdrawal_is_deleted_a_month_later(store: AgentOutputStore, table: Table) -> None:
    """The mark outlives every copy of an older job."""
    store.withdraw(user_id="user-7", agent_id="a", snapshot_version=5, now=NOW)

    item = table.client.scan(TableName=table.name)["Items"][0]
    assert int(item["ttl"]["N"]) == int((NOW + timedelta(days=30)).timestamp())
