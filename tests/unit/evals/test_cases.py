"""The sets of cases are those of the published figures, and contain invented users only."""

import json
import subprocess
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from evals.cases.adversarial import build_adversarial
from evals.cases.case import FOLDER, Case, case_line, read_cases, repeated
from evals.cases.personas import PERSONAS
from evals.recording import local_cases
from evals.recording.served_case import PERSONA
from local.deployment.environment import ROOT
from oo.telemetry.traceparent import is_trace_id
from testing.canaries import shown_in
from testing.for_each import for_each
from tests.unit.evals.case_sets import cases_of

SETS = ("core", "held-out", "adversarial")
HASHES = {
    "adversarial.jsonl": "a5304a799f456f6723fd2184a29749c463df5df41935027a525cacb443e1edb0",
    "core.jsonl": "cac188e3c2dca499d59fc375795d1ac3452d6671058482218824b62f93cc2e10",
    "held_out.jsonl": "ff68b41efa02545844e3b2defa8390405453da5090d09c8086df2eefafc3e110",
}
"""Other cases are other figures: whoever changes a set names the new one here."""


@for_each("name", HASHES)
def test_a_file_is_the_one_that_was_committed(name: str) -> None:
    """Byte for byte."""
    assert sha256((FOLDER / name).read_bytes()).hexdigest() == HASHES[name]


def test_no_user_is_in_two_sets() -> None:
    """Nor is an id in a set twice."""
    users = [{case.user for case in cases_of(name)} for name in SETS]
    ids = [case.id for name in SETS for case in cases_of(name)]

    assert [len(each) for each in users] == [104, 104, 300]
    assert len(set().union(*users)) == 508
    assert len(set(ids)) == len(ids) == 416 + 416 + 300


@pytest.mark.parametrize("name", ["core", "held-out"])
def test_a_set_has_thirteen_users_of_each_persona(name: str) -> None:
    """With four moments each, by clocks of many zones and at all five bands of the slider."""
    cases = cases_of(name)

    assert Counter(case.persona for case in cases) == {persona.name: 52 for persona in PERSONAS}
    assert set(Counter(case.user for case in cases).values()) == {4}
    assert len({case.request["timezone"] for case in cases}) >= 10
    assert min(Counter(case.request["science_destiny"] // 21 for case in cases).values()) >= 40
    assert all(case.local and case.nameable and case.request["agent_outputs"] for case in cases)


def test_the_adversarial_set_is_built_from_its_titles() -> None:
    """Eight groups of invented requests, which the program builds again exactly as in the file."""
    cases = cases_of("adversarial")
    groups = Counter(case.persona for case in cases)

    assert groups == {
        "injected titles": 80,
        "long titles": 24,
        "done since precompute": 44,
        "no tasks": 24,
        "all null": 24,
        "crisis words": 40,
        "markup": 32,
        "other scripts": 32,
    }
    assert [case.request["tasks"] for case in build_adversarial()] == [
        json.loads(line)["request"]["tasks"]
        for line in (FOLDER / "adversarial.jsonl").read_text("utf-8").split("\n")[:-1]
    ]


@for_each("name", SETS)
def test_every_request_is_read(name: str) -> None:
    """By the contract, at its own moment; a withheld title is none that may be named."""
    for case in cases_of(name):
        assert case.body.user_id == case.user
        assert not set(case.about.get("withheld", ())) & set(case.nameable)


@pytest.mark.parametrize("path", [path.name for path in sorted(FOLDER.glob("*.jsonl"))])
def test_nobody_real_is_in_a_file(path: str) -> None:
    """No planted secret stands in it, and every user has the name of a builder."""
    text = (FOLDER / path).read_text("utf-8")
    invented = ("adversarial-", *(persona.name.replace(" ", "-").lower() for persona in PERSONAS))

    assert shown_in(text) == set()
    assert all(json.loads(line)["user"].startswith(invented) for line in text.split("\n")[:-1])


def test_no_served_request_is_in_a_committed_file() -> None:
    """Those of `make cases` are in evals/local, which git ignores: neither it nor one of its cases is committed."""
    ours = {case.id for name in SETS for case in cases_of(name)}
    served = {case.id for path in local_cases.FOLDER.glob("*.jsonl") for case in read_cases(str(path))}
    git = ["git", "-C", str(ROOT)]

    assert ours & served == set()
    assert [case.id for name in SETS for case in cases_of(name) if case.persona == PERSONA] == []
    assert [each for each in ours if is_trace_id(each)] == []
    assert subprocess.run([*git, "ls-files", "evals/local"], capture_output=True, check=True).stdout == b""
    subprocess.run([*git, "check-ignore", "-q", "evals/local/any.jsonl"], check=True)


def test_a_recipe_is_read_as_the_text_that_it_makes(tmp_path: Path) -> None:
    """Wherever it stands in a request."""
    case = Case("a", "u", "p", {"user_id": "u", "tasks": [{"title": repeated("ab", 3)}]}, {})
    (tmp_path / "own.jsonl").write_text(f"{case_line(case)}\n\n", encoding="utf-8")

    assert [each.request["tasks"] for each in read_cases(str(tmp_path / "own.jsonl"))] == [[{"title": "ababab"}]]


@pytest.mark.parametrize("line", ["{}", "[]", "no JSON", '{"id":"a","request":{}}', '{"request":{},"other":1}'])
def test_a_line_that_is_no_case_is_named(tmp_path: Path, line: str) -> None:
    """With a ValueError; a file that is not there is an OSError."""
    (tmp_path / "own.jsonl").write_text(line, encoding="utf-8")

    with pytest.raises(ValueError, match="no case"):
        read_cases(str(tmp_path / "own.jsonl"))
    with pytest.raises(OSError, match="unknown"):
        read_cases("unknown")


def test_titles_that_are_closed_are_known() -> None:
    """They are done and cancelled rows, titles of snippets without an open task, and those listed in the case."""
    tasks = [
        {"id": "1", "title": "Open one", "status": "open"},
        {"id": "2", "title": "Done one", "status": "done"},
        {"id": "3", "title": "Cancelled one", "status": "cancelled"},
    ]
    snippets = [{"agent_id": "a", "prompt_text": "[start|3] Fact: «Gone one» is due. Move: begin with «Open one»."}]
    case = Case("a", "u", "p", {"user_id": "u", "tasks": tasks, "agent_outputs": snippets}, {"done": ["Old one"]})

    assert case.closed_titles == {"Done one", "Cancelled one", "Gone one", "Old one"}
    assert set(case.nameable) == {"Open one"}
