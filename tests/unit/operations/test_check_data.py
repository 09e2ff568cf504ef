import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from operations import check_data
from testing.exported_rows.all_apps import MAPPED, OTHERS

ROOT = Path(__file__).parents[3]
GOOD = {"id": "1", "title": "Pay the rent", "due_at": "2026-03-12", "priority": 4}
NO_SOCKET = """
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(event)
sys.addaudithook(refuse)
from operations import check_data
check_data.main(sys.argv[1:])
"""


def user(*rows: object, **fields: object) -> dict[str, Any]:
    return {"user_id": "u", "timezone": "Europe/Berlin", "tasks": list(rows), **fields}


class Said:
    """The end of one run and its output."""

    def __init__(self, code: int, out: str, failures: str) -> None:
        self.code, self.out, self.failures = code, out, failures


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "users.jsonl"


@pytest.fixture
def check(path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Checks a file with these lines: bytes and text as they stand, anything else as JSON."""

    def run(*lines: object) -> Said:
        texts = [line if isinstance(line, bytes | str) else json.dumps(line) for line in lines]
        path.write_bytes(b"\n".join(text if isinstance(text, bytes) else text.encode() for text in texts))
        code, failures = 0, ""
        try:
            check_data.main([str(path)])
        except SystemExit as ended:
            code, failures = (1, ended.code) if isinstance(ended.code, str) else (int(ended.code or 0), "")
        return Said(code, capsys.readouterr().out, failures)

    return run


def mapping(out: str) -> list[str]:
    """The lines to write, of the first user."""
    block = out.split("\n\n", maxsplit=1)[0]
    return [line.split("  to write")[-1].strip() for line in block.splitlines() if " -> " in line]


def test_good_data_end_with_0(check: Any) -> None:
    """Titles, dates, priorities and done tasks are counted."""
    said = check(user(GOOD, {"id": "2", "title": "Call Ann", "status": "done", "completed_at": "2026-03-11"}))

    assert (said.code, said.failures) == (0, "")
    assert "line 1: 2 tasks\n  read         1 open, 1 done; 2 titles, 1 due date, 1 priority\n" in said.out
    assert "In total, 1 user: 2 tasks\n" in said.out
    assert said.out.count("not read     nothing") == 2


@pytest.mark.parametrize("line", ["[1]", '"text"', "5", "null", "{", '{"a": NaN}', b"\xff", "[" * 5000], ids=repr)
def test_a_line_that_is_no_object_is_named(check: Any, line: object) -> None:
    """The others are checked all the same."""
    said = check(user(GOOD), "", line, user(GOOD))

    assert said.code == 1
    assert "line 3: no JSON object (" in said.out
    assert said.failures == "Not a JSON object: line 3."
    assert "In total, 2 users: 2 tasks" in said.out


def test_a_user_whose_open_tasks_have_no_title_is_named(check: Any) -> None:
    """One title is enough; where nothing is open, none is needed."""
    untitled = {"id": "1", "description": "Pay", "due_at": "2026-03-12"}
    done = {"id": "1", "description": "Pay", "status": "done"}

    assert check(user(untitled)).failures.startswith("Open tasks without a readable title: line 1.")
    assert check(user(untitled, {"id": "2", "title": "Called", "status": "done"})).code == 1
    assert [check(user(*rows)).code for rows in ([], [done], [untitled, {**GOOD, "id": "2"}])] == [0, 0, 0]


def test_an_array_of_rows_is_one_user(check: Any) -> None:
    """On one line or on many, with a byte order mark or without one."""
    for text in (json.dumps([GOOD]), json.dumps([GOOD], indent=2), "\ufeff\n" + json.dumps([GOOD], indent=2) + "\n\n"):
        said = check(text)

        assert said.code == 0
        assert "the array of rows: 1 task\n" in said.out

    assert check(json.dumps([{"description": "Pay"}])).code == 1


def test_the_report_is_part_of_it(check: Any) -> None:
    """By the names of the answers' `reading`."""
    said = check(user({"id": "1", "title": "a", "due_at": "12.03.2026", "colour": "red"}, 5, timezone=None))

    assert "1 open task whose due date is unknown" in said.out
    assert "unreadable: tasks.due_at (1)" in said.out
    assert "left out: tasks.not_object (1)" in said.out
    assert "keys of tasks that no field uses: colour (1)" in said.out
    assert "1 of 1 user has `tasks.due_at` that cannot be read: write 2026-03-12" in said.out


@pytest.mark.parametrize("app", [*MAPPED, *OTHERS])
def test_a_known_app_is_named(check: Any, app: str) -> None:
    """By the keys of its rows as the app gives them; the same file gives the same output."""
    rows = MAPPED[app].rows if app in MAPPED else OTHERS[app]

    said = check(user(*rows))

    assert f"  looks like   {app}\n" in said.out
    assert said.out == check(user(*rows)).out
    assert said.code == (app in ("Taskwarrior", "org"))


def test_rows_of_no_known_app_are_named_as_none(check: Any) -> None:
    """Neither documented keys nor usual names of them identify an app."""
    documented = {**GOOD, "status": "open", "created_at": "2026-03-01", "project_id": "p", "tags": ["a"]}
    usual = {"id": 1, "title": "a", "dueDate": "2026-03-12", "createdAt": "2026-03-01", "isCompleted": False}

    for row in (documented, usual, {"name": "a", "completed": False}, {}):
        assert "looks like" not in check(user(row)).out


def test_the_mapping_names_a_key_and_its_field(check: Any) -> None:
    """One line a field, without the keys that are read as they are."""
    assert mapping(check(user(*MAPPED["Taskwarrior"].rows)).out) == [
        "description -> title",
        "uuid -> id: the number under id changes",
        "entry -> created_at",
        "end -> completed_at",
        "project -> project_id",
    ]
    assert mapping(check(user(*MAPPED["Todoist"].rows)).out) == []


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        ({"headline": "Pay"}, ["headline -> title"]),
        ({"title": "Pay", "when": "2026-03-12"}, ["when -> due_at: if it is the due date"]),
        ({"title": "Pay", "points": 3}, ["points -> estimate_minutes: in minutes"]),
        ({"title": "Pay", "flag": "red"}, ["flag -> priority: as low, medium, high or urgent"]),
        ({"Title": "Pay", "DUE-DATE": "2026-03-12"}, ["Title -> title", "DUE-DATE -> due_at"]),
        ({"title": "Pay", "due_at": "2026-03-12", "when": "x", "description": "y", "flag": False}, []),
    ],
    ids=str,
)
def test_keys_of_no_app_are_guessed_by_their_names(check: Any, row: dict[str, object], lines: list[str]) -> None:
    """Where the row has nothing under a key of the field."""
    assert mapping(check(user(row)).out) == lines


def test_a_key_of_any_name_may_hold_the_titles(check: Any) -> None:
    """The most frequent one with text; of several, the one with the most texts. Dates and addresses are no text."""
    other = {"list": "Home", "url": "https://example.test/a", "etag": "a-1", "made": "2026-03-12", "notes": "By mail"}
    rows = [{"naam": f"Betaal {what}", **other} for what in ("de huur", "het water", "Ann")]
    del rows[0]["notes"]

    assert mapping(check(user(*rows)).out) == ["naam -> title: if it is the title"]
    assert mapping(check(user({"list": 5, "made": "2026-03-12", "a key": "Pay it"})).out) == []


def test_the_scale_of_the_app_is_asked_for(check: Any) -> None:
    """Where rows hold numbers and the body does not name the scale; of other rows the question is put."""
    linear, caldav = MAPPED["Linear"].rows, MAPPED["CalDAV"].rows
    line = '"priority_scale": "smaller_is_higher"'

    assert all(line in check(user(*rows)).out for rows in (linear, caldav, OTHERS["Apple Reminders"]))
    assert line not in check(user(*linear, priority_scale="smaller_is_higher")).out
    assert line not in check(user(*MAPPED["Todoist"].rows)).out
    assert "is 4 the highest number?" in check(user({"title": "a", "priority": 1})).out
    assert "is 4 the highest number?" not in check(user({"title": "a", "priority": "high"})).out


def test_no_value_is_printed(check: Any) -> None:
    """Neither of rows nor of ids, and no key that is a sentence."""
    canary = "canary of a value"
    row: dict[str, object] = {
        "id": canary,
        "title": canary,
        "due_at": canary,
        "priority": canary,
        canary: 1,
        "x": canary,
    }
    fields: dict[str, object] = {canary: [row], "user_id": canary, "timezone": canary, "profile": {canary: canary}}

    said = check(user(row, row, **fields), f'{{"{canary}"', f'"{canary}"', {"tasks": canary}, user(now_iso=canary))

    assert canary not in said.out + said.failures
    assert canary not in check(f'[{{"{canary}": 1}}, {canary}]').failures


def test_a_line_that_precompute_leaves_out_is_said_to_be(check: Any) -> None:
    """Its rows are checked, with any other fault in the line."""
    said = check({"tasks": [GOOD]}, user(GOOD, now_iso="tomorrow"), user(*([GOOD] * 2001)), user(GOOD, x="y" * 2**20))

    assert said.code == 0
    assert [line.strip() for line in said.out.splitlines() if "refused" in line] == [
        "refused      user_id: Field required",
        "refused      now_iso: Input should be an ISO 8601 date and time from 2000-01-01 to "
        + said.out.split("2000-01-01 to ")[1].split("\n")[0],
        "refused      tasks: List should have at most 2000 items after validation, not 2001",
        "refused      over 1,048,576 bytes",
        "refused      4 lines that `make precompute` leaves out",
    ]


def test_null_lists_and_integer_ids_are_read(check: Any) -> None:
    """As `make precompute` sends them."""
    said = check({"user_id": 7, "tasks": None, "feedback_history": None, "timezone": ""})

    assert said.code == 0
    assert "refused" not in said.out
    assert "assumed: feedback_history=[], tasks=[], user_id=text" in said.out


def test_a_list_of_rows_under_another_key_is_found(check: Any) -> None:
    assert mapping(check({"user_id": "u", "items": [GOOD]}).out) == ["items -> tasks"]


def test_twenty_users_are_shown_and_all_are_counted(check: Any) -> None:
    said = check(*(user({"description": f"Pay {number}"}) for number in range(30)))

    assert "line 20: 1 task\n" in said.out
    assert "line 21:" not in said.out
    assert "In total, 30 users: 30 tasks\n" in said.out
    assert "30 of 30 users have tasks without a title: is it called `description`?" in said.out
    assert said.failures.startswith("Open tasks without a readable title: line 1, line 2,")
    assert " and 10 more. " in said.failures


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: write one JSON object per user and line, or one array of rows."),
        (b"\xef\xbb\xbf \n\r\n\t\n", "is empty"),
        ("[]".encode("utf-16"), "is UTF-16 text: save it as UTF-8."),
        (b'[\n{"title": "a"},\n{"title": }\n]', "begins like a JSON array, but is not one: look at line 3, column 11."),
        (b'[1, "text"]', "is a JSON array without rows: its elements are not objects."),
        (b'[{"title": "\xe9"}]', "begins like a JSON array, but is not one: Input should be UTF-8 text."),
        (b'{\n  "user_id": "u"\n}\n', "is one JSON object on several lines: write each user's object on one line."),
    ],
    ids=range(7),
)
def test_a_file_of_another_form_is_one_sentence(check: Any, content: bytes, sentence: str) -> None:
    """It names the remedy."""
    said = check(content)

    assert said.code == 1
    assert sentence in said.failures
    assert said.out == ""


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nowhere\.jsonl cannot be read: No such file or directory\."):
        check_data.main([str(tmp_path / "nowhere.jsonl")])
    with pytest.raises(SystemExit, match="cannot be read: Is a directory"):
        check_data.main([str(tmp_path)])


@pytest.mark.parametrize("arguments", [[], [""]])
def test_a_call_without_a_file_says_how(arguments: Iterable[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        check_data.main([*arguments])

    assert "FILE is missing: make check-data FILE=" in capsys.readouterr().err


def test_no_socket_is_opened(path: Path) -> None:
    """In a process without credentials."""
    path.write_text(json.dumps(user(GOOD)))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'layers/agents'}:{ROOT}"}

    done = subprocess.run(
        [sys.executable, "-c", NO_SOCKET, str(path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "1 title" in done.stdout
