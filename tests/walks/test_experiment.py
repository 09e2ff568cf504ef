"""An experiment on the whole service: users keep their arms after a restart, and the report reads the printed lines."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from local.system import LocalSystem
from operations.experiment.__main__ import main
from testing.part_of_template import part_of_template
from testing.waiting import until

SETTING = "tone-2:orchestrator-1=50,orchestrator-2=50"
KNOWN = {"user-1": "orchestrator-1", "user-2": "orchestrator-2", "user-3": "orchestrator-1"}
ACTIONS = {"orchestrator-1": "thumbs down", "orchestrator-2": "thumbs up"}
USERS = [f"user-{number}" for number in range(1, 131)]


def arms(template: Path, log: Path, users: Sequence[str]) -> dict[str, str]:
    """The arm of each user's receipt from a service that starts for it; its log lines are appended."""
    found = {}
    with LocalSystem(environment={"EXPERIMENT": SETTING}, template=template) as system:
        for user in users:
            answer = system.http.post("/recommend", json={"user_id": user, "agent_outputs": []})
            assert answer.status_code == 200, answer.text
            receipt = answer.json()["receipt"]
            found[user] = receipt["experiment"]["arm"]
            body = {"user_id": user, "serve_id": receipt["serve_id"], "action": ACTIONS[found[user]]}
            assert system.http.post("/feedback", json=body).status_code == 202
        until(lambda: system.log.read_text(errors="replace").count('"message":"feedback_received"') >= len(users))
        with log.open("a") as file:
            file.write(system.log.read_text(errors="replace"))
    return found


def test_users_keep_their_arms_and_the_report_counts_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The log of two runs holds some users twice; all users of one arm like their tips, and none of the other."""
    log = tmp_path / "service.log"
    template = part_of_template(tmp_path, functions=["RecommendFunction", "FeedbackFunction"])
    before, after = arms(template, log, USERS), arms(template, log, USERS[:8])
    main(["tone-2", "--from", str(log)], {})
    lines = capsys.readouterr().out.splitlines()
    served = [*before.values(), *after.values()]
    users, tips = ([of.count(arm) for arm in ACTIONS] for of in (served[: len(USERS)], served))

    assert before == before | after | KNOWN
    assert lines[2].split() == ["users", *map(str, users)]
    assert lines[4].split() == ["tips", *map(str, tips)]
    assert next(line.split()[-2:] for line in lines if line.startswith("acceptance")) == ["0.0%", "100.0%"]
    assert next(line.split()[-2:] for line in lines if line.startswith("not helpful")) == ["100.0%", "0.0%"]
    assert lines[-1] == "verdict: better"
