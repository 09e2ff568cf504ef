"""docs/experiments.md, pasted: an experiment is started, a tip gets feedback, and the report is read."""

from pathlib import Path

from local.deployment.environment import ROOT
from testing.free_port import free_port
from testing.shell_blocks import Terminals, shell_blocks

PAGE = ROOT / "docs" / "experiments.md"


def test_an_experiment_is_started_and_watched_as_the_page_says(tmp_path: Path) -> None:
    """One user, who did the tip's step, is not enough for a verdict."""
    ports = {name: str(free_port()) for name in ("PORT", "AWS_PORT", "MODEL_PORT")}
    (run,) = shell_blocks(PAGE, "## Start one")
    (send,) = shell_blocks(PAGE, "## Collect feedback")
    (watch,) = shell_blocks(PAGE, "## Watch it")
    terminals = Terminals(tmp_path, ports)

    with terminals.running(run), terminals.another() as terminal:
        terminal.paste_until(send, '"accepted": true')
        said = terminal.paste_until(watch, "has no verdict: only orchestrator-1 has users")

    assert "acceptance, by user                 100.0%" in said
