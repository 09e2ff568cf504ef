import ast
import json
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from oo.agents.registry import all_manifests
from oo.telemetry.instrumentation import Handler
from operations import check_data
from testing.entries import invoke, load_handler
from testing.exported_rows.all_apps import MAPPED
from testing.exported_rows.export import Export, Row
from testing.for_each import for_each
from testing.http_events import http_event
from tools.documents.app_mappings import MAPPINGS
from tools.documents.data_page import DOCUMENT, render

PAGE = DOCUMENT.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ALL_DAY = {"isAllDay": True, "timeZone": "Europe/Berlin"}
NAMES = {mapping.app: mapping.name for mapping in MAPPINGS}


@cache
def started(function: str) -> Handler:
    """The function; a tip is made without a model."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("POWERTOOLS_SERVICE_NAME", f"data-page-{function}-{secrets.token_hex(4)}")
        environment.setenv("LITELLM_URL", "http://127.0.0.1:9")
        environment.setenv("LITELLM_API_KEY", "sk-planted")
        environment.setenv("TIP_FALLBACK", "template")
        environment.setenv("LLM_BUDGET_S", "0.001")
        return load_handler(function)


def post(function: str, path: str, body: Mapping[str, object]) -> dict[str, Any]:
    answer = invoke(started(function), http_event("POST", path, body))
    assert answer["statusCode"] == 200, answer
    return dict(json.loads(answer["body"]))


def mapping(name: str) -> Callable[[Row], Row | None]:
    """The function of that name, out of the page."""
    defined: dict[str, Any] = {}
    (block,) = [block for block in BLOCKS if f"def {name}(" in block]
    exec(compile(block, name, "exec"), defined)  # noqa: S102  # as a producer pastes it
    return defined[name]  # type: ignore[no-any-return]  # what the page defines


def mapped(app: str, export: Export) -> dict[str, object]:
    """The body with the mapped rows of an app."""
    rows = [row for row in map(mapping(NAMES[app]), export.rows) if row is not None]
    return {"user_id": "u", "tasks": rows, "now_iso": export.now_iso, "timezone": export.timezone}


def test_the_page_in_the_repository_is_current() -> None:
    """`make docs` would change nothing."""
    assert render() == PAGE, "run `make docs`"


def test_every_link_leads_to_a_heading() -> None:
    """Of the page itself; no place of its text is left empty."""
    headings = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    targets = {heading.lower().replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= targets
    assert "<!--" not in PAGE


def test_each_mapping_is_one_short_function() -> None:
    """At most ten lines, the standard library only."""
    assert list(NAMES.values()) == [re.findall(r"^def (\w+)\(row\):$", block, re.MULTILINE)[0] for block in BLOCKS]
    for block in BLOCKS:
        tree = ast.parse(block)
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

        assert len(block.splitlines()) <= 10
        assert [type(node) for node in tree.body] == [ast.FunctionDef]
        assert modules <= sys.stdlib_module_names
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]


@pytest.mark.parametrize("app", MAPPED)
def test_the_mapped_rows_of_an_app_are_said(app: str) -> None:
    """By an agent; done, cancelled and deleted tasks are named by no agent and no tip."""
    export = MAPPED[app]
    body = mapped(app, export)

    answers = [post("compute", f"/agents/{manifest.agent_id}/compute", body) for manifest in all_manifests()]
    tip = post("recommend", "/recommend", {**body, "agent_outputs": []})

    said = [answer["prompt_text"] for answer in answers]
    assert [text for text in said if export.says in text] != [], said
    assert [title for title in export.never if title in " ".join([*said, json.dumps(tip)])] == []
    assert {json.dumps(answer["reading"]) for answer in [*answers, tip]} == {"null"}


@pytest.mark.parametrize("app", MAPPED)
def test_a_mapped_priority_is_a_word_or_the_same_number(app: str) -> None:
    """Numbers of another scale would be other numbers."""
    for row in MAPPED[app].rows:
        priority = (mapping(NAMES[app])(row) or {}).get("priority")

        assert priority is None or isinstance(priority, str) or priority == row["priority"]


@pytest.mark.parametrize("app", MAPPED)
def test_mapped_rows_need_no_other_mapping(app: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """`make check-data` reads everything of them."""
    path = tmp_path / "users.jsonl"
    path.write_text(json.dumps(mapped(app, MAPPED[app])))

    check_data.main([str(path)])

    said = capsys.readouterr().out
    assert said.count("not read     nothing") == 2
    assert " -> " not in said


@for_each(
    ("name", "row", "field", "value"),
    [
        ("todoist", {"due": {"date": "2026-03-12", "datetime": "2026-03-12T09:00:00Z"}}, "due_at", "T09"),
        ("todoist", {"due": None, "deadline": {"date": "2026-03-13"}}, "due_at", "2026-03-13"),
        ("ticktick", {**ALL_DAY, "dueDate": "2026-03-11T23:00:00.000+0000"}, "due_at", "2026-03-12"),
        ("ticktick", {**ALL_DAY, "dueDate": "2026-03-12T08:00:00+0000", "timeZone": None}, "due_at", "2026-03-12"),
        ("asana", {"custom_fields": [{"name": "Priority", "display_value": "High"}]}, "priority", "High"),
        ("caldav", {"priority": "9"}, "priority", "low"),
    ],
)
def test_a_value_of_another_form_is_mapped(name: str, row: Row, field: str, value: str) -> None:
    """Rows of older versions, all-day dates of other zones, fields of the user's own."""
    assert value in str((mapping(name)(row) or {})[field])


@for_each("name", NAMES.values())
def test_a_row_of_nulls_breaks_no_mapping(name: str) -> None:
    """Each key may be missing or null."""
    keys = {key for export in MAPPED.values() for row in export.rows for key in row}

    for row in ({}, dict.fromkeys(keys)):
        mapping(name)(row)
