"""docs/operations.md, pasted: a dead letter is brought back on this machine."""

import json
from pathlib import Path

from local.deployment.environment import ROOT
from testing.free_port import free_port
from testing.shell_blocks import Terminals, shell_blocks

PAGE = ROOT / "docs" / "operations.md"
MOVED = "1 of ComputeDeadLetterQueue went back to ComputeQueue."


def test_a_dead_letter_comes_back_as_the_page_says(tmp_path: Path) -> None:
    """Each block of the section has the described effect."""
    ports = {name: str(free_port()) for name in ("PORT", "AWS_PORT", "MODEL_PORT", "MLFLOW_PORT")}
    _, run = shell_blocks(PAGE, "## Rehearse on this machine")
    lose, look, mend, ask = shell_blocks(PAGE, "### Bring a dead letter back")
    terminals = Terminals(tmp_path, ports)

    with terminals.running(run), terminals.another() as terminal:
        terminal.paste_until(ask, '"tip"')
        assert "1 snapshots went to PrecomputeQueue" in terminal.paste(lose)
        assert '"error_code":"ddb_config"' in terminal.paste_until(look, '"receive_count":5')
        if MOVED not in terminal.paste(mend):
            terminal.paste_until(mend.splitlines()[-1], MOVED)
        answer = terminal.paste_until(ask, '"quick-win"')

    (snippet,) = json.loads(answer)["receipt"]["snippets"]
    assert (snippet["state"], snippet["used"]) == ("fresh", True)
