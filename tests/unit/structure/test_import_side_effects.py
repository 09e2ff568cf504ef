import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {"PYTHONPATH": str(ROOT / "layers/agents"), "PYTHONDONTWRITEBYTECODE": "1"}


def run(*arguments: str) -> Any:
    """The output of a fresh interpreter with an empty environment."""
    program = [sys.executable, *arguments]
    done = subprocess.run(program, cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout.splitlines()[-1])


def test_importing_the_package_opens_nothing() -> None:
    """No module connects, writes or makes a client, and none needs a variable; only certificates have a thread."""
    assert run("tests/unit/structure/import_everything.py") == {"opened": [], "threads": 1, "clients": 0}
