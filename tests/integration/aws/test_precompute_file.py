"""A file of snapshots on its way to the queue."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.soak.workload import SNAPSHOTS
from operations import precompute
from tests.integration.aws.in_process_precompute import AGENTS, House
from tests.integration.aws.snapshots import snapshot


def write(path: Path, *lines: object) -> Path:
    """A file of these lines, text as it stands and anything else as JSON."""
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def send(house: House, file: Path) -> None:
    precompute.main([str(file), "--queue", house.queues[SNAPSHOTS].name])


def test_every_line_becomes_stored_outputs(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More lines than a call carries, in any script."""
    users = [snapshot(f"Łódź-{number}", open_tasks=number % 3) for number in range(12)]
    file = write(tmp_path / "users.jsonl", *users)

    send(house, file)

    assert "12 snapshots went to" in capsys.readouterr().out
    house.drain()
    assert {user for user, _ in house.rows()} == {user["user_id"] for user in users}
    assert len(house.rows()) == 12 * len(AGENTS)


def test_what_was_sent_is_not_sent_again(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The note beside the file says how far it went; lines that are added are sent."""
    file = write(tmp_path / "users.jsonl", snapshot("a"), snapshot("b"))
    send(house, file)
    assert json.loads((tmp_path / "users.jsonl.done").read_text())["lines"] == 2

    send(house, file)
    assert "Nothing is left to send" in capsys.readouterr().out
    with file.open("a") as more:
        more.write(json.dumps(snapshot("c")))
    send(house, file)

    # A standard queue promises no order.
    users = sorted(json.loads(message["Body"])["user_id"] for message in house.receive(SNAPSHOTS))
    assert users == ["a", "b", "c"]


def test_a_bad_line_is_named_and_left_out(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are sent, and the command says that it did not do everything."""
    file = write(tmp_path / "users.jsonl", snapshot("a"), {"user_id": True}, "", "{", snapshot("b"))

    with pytest.raises(SystemExit, match="2 lines were left out"):
        send(house, file)

    said = capsys.readouterr()
    assert f"{file} line 2: user_id: Input should be a valid string" in said.err
    assert f"{file} line 4: body: Input should be valid JSON" in said.err
    assert "2 snapshots went to" in said.out
    assert len(house.receive(SNAPSHOTS)) == 2


def test_a_partial_failure_is_sent_again(house: House, tmp_path: Path) -> None:
    """SQS took the call and refused one of its entries: everything arrives, once."""
    refused = iter([True])

    def keep(params: dict[str, Any], context: dict[str, Any], **_: object) -> dict[str, Any]:
        context["refused"] = params["Entries"][1:] if next(refused, False) else []
        return {**params, "Entries": [entry for entry in params["Entries"] if entry not in context["refused"]]}

    def say(parsed: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        parsed["Failed"] = [{"Id": entry["Id"], "SenderFault": False, "Code": "x"} for entry in context["refused"]]

    house.on("provide-client-params.sqs.SendMessageBatch", keep)
    house.on("after-call.sqs.SendMessageBatch", say)
    file = write(tmp_path / "users.jsonl", *(snapshot(f"user-{number}") for number in range(9)))

    send(house, file)

    users = [json.loads(message["Body"])["user_id"] for message in house.receive(SNAPSHOTS)]
    assert sorted(users) == [f"user-{number}" for number in range(9)]


def test_a_queue_that_takes_nothing_leaves_the_file_where_it_was(house: House, tmp_path: Path) -> None:
    """The same command goes on at the first line that may not have arrived."""
    file = write(tmp_path / "users.jsonl", snapshot())
    house.refuse("sqs.SendMessageBatch", 100, status=503, code="ServiceUnavailable")

    with pytest.raises(SystemExit, match="continue at line 1"):
        send(house, file)

    assert not (tmp_path / "users.jsonl.done").exists()


def test_a_queue_that_is_not_there_is_one_sentence(house: House, tmp_path: Path) -> None:
    """It names the setting that chooses another one."""
    file = write(tmp_path / "users.jsonl", snapshot())

    with pytest.raises(SystemExit, match=r"Queue nowhere was not found\. .* STACK=…"):
        precompute.main([str(file), "--queue", "nowhere"])
