"""The demo tells its story to the end."""

import os
import subprocess
import sys

from local.deployment.environment import LAYER, ROOT
from local.model import MODEL


def _demo(**environment: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{LAYER}:{ROOT}"}
    return subprocess.run(
        [sys.executable, "-m", "local.demo"],
        cwd=ROOT,
        env={**variables, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_demo_goes_from_a_snapshot_to_a_tip() -> None:
    """Agents' snippets, the tip, its reason, the model and the user's answer are shown, and nothing went wrong."""
    told = _demo()

    assert (told.returncode, told.stderr) == (0, "")
    assert "- deadline-pressure: [" in told.stdout
    assert f"Model: {MODEL}" in told.stdout
    assert "Why: " in told.stdout
    assert "5. The user likes it: POST /feedback" in told.stdout


def test_a_demo_that_cannot_start_says_why() -> None:
    """One sentence and exit code 1."""
    told = _demo(LITELLM_URL="http://127.0.0.1:9")

    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "LITELLM_API_KEY" in told.stderr
