"""docs/operations.md, pasted: from an answer to its trace, in the log and on a real MLflow server."""

from pathlib import Path

from local.deployment.environment import ROOT
from testing.free_port import free_port
from testing.shell_blocks import Terminals, shell_blocks

PAGE = ROOT / "docs" / "operations.md"


def test_a_trace_is_found_as_the_page_says(tmp_path: Path) -> None:
    """By the receipt of the answer, and by the trace id that the caller sent."""
    ports = {name: str(free_port()) for name in ("PORT", "AWS_PORT", "MODEL_PORT", "MLFLOW_PORT")}
    serve_mlflow, run = shell_blocks(PAGE, "## Rehearse on this machine")
    ask, open_trace, call, search = shell_blocks(PAGE, "### Find the trace of an answer")
    terminals = Terminals(tmp_path, ports | {"MLFLOW_FOLDER": str(tmp_path / "mlflow")})

    with terminals.running(serve_mlflow), terminals.running(run), terminals.another() as terminal:
        terminal.paste_until('curl -s "http://127.0.0.1:$MLFLOW_PORT/health"', "OK")
        said = terminal.paste_until(ask, '"message":"recommend_served"')
        opened = terminal.paste_until(open_trace, '"recommend"')
        terminal.paste(call)
        found = terminal.paste_until(search, "tr-")

    assert '"tip"' in said
    assert '"llm_orchestrator"' in opened
    assert "user-7" not in found
