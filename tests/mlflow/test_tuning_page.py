"""docs/tuning.md, pasted: two prompts are served, their tips are dismissed, and the requests are asked again."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from evals.recording.local_cases import path_for
from local.deployment.environment import ROOT
from testing.free_port import free_port
from testing.shell_blocks import Terminals, shell_blocks

PAGE = ROOT / "docs" / "tuning.md"
NAME = "disliked"


def test_served_tips_are_collected_and_replayed_as_the_page_says(tmp_path: Path, server: str) -> None:
    """The experiment has too few users for a verdict, and each dismissed tip is a case."""
    ports = {name: str(free_port()) for name in ("PORT", "AWS_PORT", "MODEL_PORT")}
    settings = {"MLFLOW_PORT": str(urlsplit(server).port), "MLFLOW_EXPERIMENT_NAME": "oO/tuning-page"}
    run, ask, watch = shell_blocks(PAGE, "## Serve two prompts")
    (replay,) = shell_blocks(PAGE, "## Replay what was served")
    own_name = f"page-{ports['PORT']}"
    terminals = Terminals(tmp_path, ports | settings)

    with terminals.running(run), terminals.another() as terminal:
        terminal.paste_until('curl -s "http://127.0.0.1:$PORT/health"', "ok")
        accepted = terminal.paste(ask)
        report = terminal.paste_until(watch, "it needs 50 users per arm")
        replayed = terminal.paste_until(replay.replace(NAME, own_name), "verdict: ")
    path_for(own_name).unlink()

    assert accepted.count('"accepted": true') == 20
    assert "acceptance, by user                   0.0%              0.0%" in report
    assert re.search(r"(\d+) cases of \1 users", replayed)
    assert (tmp_path / "replay" / "report.html").exists()
