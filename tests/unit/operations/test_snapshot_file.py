import json
from pathlib import Path
from typing import Any

import pytest

from oo.agents.registry import all_manifests
from operations.aws_lookup import NotPossible
from operations.snapshot_file import SnapshotFile, SnapshotLine


def lines_of(path: Path) -> list[SnapshotLine]:
    with SnapshotFile(path) as file:
        return list(file.lines())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "users.jsonl"


def test_a_line_is_sent_as_it_stands(path: Path) -> None:
    """Unknown fields and numbers keep their spelling."""
    path.write_text('  {"user_id": "Łódź", "profile": {"energy_now": 1.0}, "mood": 1e2}\n')

    (line,) = lines_of(path)

    assert (line.number, line.body) == (1, '{"user_id": "Łódź", "profile": {"energy_now": 1.0}, "mood": 1e2}')


@pytest.mark.parametrize("text", ["\n", "   \r\n", "\ufeff\n"])
def test_a_blank_line_is_neither_sent_nor_wrong(path: Path, text: str) -> None:
    """Files end with them."""
    path.write_text(text)

    (line,) = lines_of(path)

    assert (line.body, line.problems) == ("", ())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff\xfe{}", "body"),
        (b"{}", "user_id"),
        (b'{"user_id": ""}', "user_id"),
        (b'{"user_id": "u", "tasks": "secret"}', "tasks"),
        (b'{"user_id": "u", "profile": {"secret": "inf"}}', "profile.(key)"),
        (b'{"user_id": "u", "now_iso": "tomorrow"}', "now_iso"),
        (b'{"user_id": "u", "snapshot_version": 1.5}', "snapshot_version"),
        (b'{"user_id": "u", "snapshot_version": 1790000000}', "snapshot_version"),
        (b'{"user_id": "u", "snapshot_version": 99999999999999}', "snapshot_version"),
        (b'{"user_id": "u", "now_iso": "2099-01-01T00:00:00Z"}', "now_iso"),
        (b'{"user_id": "u", "agent_ids": ["decision-fatigue"]}', "agent_ids"),
        (b'{"user_id": "u", "agent_ids": ["momentum", 5]}', "agent_ids.1"),
        (b'{"user_id": "u", "note": "' + b"x" * 1024 * 1024 + b'"}', "body"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_wrong_is_named_by_its_field(path: Path, text: bytes, field: str) -> None:
    """The value is not repeated, because it may be a user's text."""
    path.write_bytes(text)

    (line,) = lines_of(path)

    assert line.body == ""
    assert [problem.partition(": ")[0] for problem in line.problems] == [field]
    assert "secret" not in "".join(line.problems)


@pytest.mark.parametrize(
    "fields",
    [{"tasks": [{}, 5]}, {"tasks": None}, {"profile": {"energy_now": "high"}}, {"profile": None}, {"timezone": ""}],
)
def test_one_value_that_cannot_be_read_refuses_no_user(path: Path, fields: dict[str, object]) -> None:
    """The worker reads the rest of the line, and reports the value."""
    path.write_text(json.dumps({"user_id": "u", **fields}))

    (line,) = lines_of(path)

    assert (json.loads(line.body), line.problems) == ({"user_id": "u", **fields}, ())


@pytest.mark.parametrize(
    "fields",
    [
        {"tasks": None, "feedback_history": None, "task_completions": None, "profile": None, "agent_prefs": None},
        {"timezone": ""},
        {"timezone": "nowhere"},
        {"user_id": 42},
        {"tasks": [{}, 5], "profile": {"energy_now": "high"}},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_read_refuses_no_line(path: Path, fields: dict[str, Any]) -> None:
    """The worker reads it as leniently."""
    text = json.dumps({"user_id": "u", **fields})
    path.write_text(text)

    assert [(line.body, line.problems) for line in lines_of(path)] == [(text, ())]


def test_every_agent_that_exists_may_be_asked_for(path: Path) -> None:
    """The names are the registry's."""
    path.write_text(json.dumps({"user_id": "u", "agent_ids": [manifest.agent_id for manifest in all_manifests()]}))

    assert lines_of(path)[0].problems == ()


def test_reading_goes_on_behind_what_was_kept(path: Path) -> None:
    """Line numbers and sums go on, too."""
    path.write_text('{"user_id": "a"}\n{\n{"user_id": "c"}\n')
    with SnapshotFile(path) as file:
        lines = file.lines()
        file.keep([next(lines), next(lines)])

    with SnapshotFile(path) as file:
        assert (file.done.lines, file.done.sent, file.done.refused) == (2, 1, 1)
        assert [(line.number, line.body) for line in file.lines()] == [(3, '{"user_id": "c"}')]
        assert file.count() == 3


@pytest.mark.parametrize("changed", ['{"user_id": "b"}\n', '{"user_id": "a"', ""])
def test_another_file_under_the_same_name_is_not_gone_on_with(path: Path, changed: str) -> None:
    """Its first lines would be left out."""
    path.write_text('{"user_id": "a"}\n')
    with SnapshotFile(path) as file:
        file.keep(list(file.lines()))
    path.write_text(changed)

    with pytest.raises(NotPossible, match=r"is not the file of .*users\.jsonl\.done"):
        lines_of(path)


@pytest.mark.parametrize("note", ["", "{", "[]", '{"lines": 1}', '{"nothing": 1}'])
def test_a_note_that_cannot_be_understood_is_one_sentence(path: Path, note: Any) -> None:
    """It names the remedy."""
    path.write_text('{"user_id": "a"}\n')
    path.with_name("users.jsonl.done").write_text(note)

    with pytest.raises(NotPossible, match=r"delete (it|the latter) to send the whole file"):
        lines_of(path)


def test_a_file_that_is_not_there_is_one_sentence(path: Path) -> None:
    """It names the file."""
    with pytest.raises(NotPossible, match=r"users\.jsonl cannot be read: No such file"):
        lines_of(path)
