"""An experiment on the whole service: users keep their arms after a restart, and the report reads what was printed."""

from pathlib import Path

import pytest

from local.system import LocalSystem
from operations.experiment.__main__ import main
from testing.part_of_template import part_of_template
from testing.waiting import until

SETTING = "tone-2:orchestrator-1=50,orchestrator-2=50"
KNOWN = {"user-1": "orchestrator-1", "user-2": "orchestrator-2", "user-3": "orchestrator-1"}
USERS = [f"user-{number}" for number in range(1, 131)]


def arms(template: Path, log: Path) -> dict[str, str]:
    """The arm of each user's receipt from a service that starts for it; its log lines are appended."""
    found = {}
    with LocalSystem(environment={"EXPERIMENT": SETTING}, template=template) as system:
        for user in USERS:
            answer = system.http.post("/recommend", json={"user_id": user, "agent_outputs": []})
            assert answer.status_code == 200, answer.text
            found[user] = answer.json()["receipt"]["experiment"]["arm"]
        until(lambda: system.log.read_text(errors="replace").count('"message":"recommend_served"') >= len(USERS))
        with log.open("a") as file:
            file.write(system.log.read_text(errors="replace"))
    return found


def test_users_keep_their_arms_and_the_report_counts_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The log of two runs holds each user twice; feedback on none, so that no arm is better."""
    template, log = part_of_template(tmp_path, functions=["RecommendFunction"]), tmp_path / "service.log"
    before, after = arms(template, log), arms(template, log)
    main(["tone-2", "--from", str(log)], {})
    lines = capsys.readouterr().out.splitlines()
    numbers = [list(before.values()).count(arm) for arm in ("orchestrator-1", "orchestrator-2")]

    assert before == after == before | KNOWN
    assert lines[2].split() == ["users", *map(str, numbers)]
    assert lines[4].split() == ["tips", *(str(2 * number) for number in numbers)]
    assert lines[-1] == "verdict: not shown"
