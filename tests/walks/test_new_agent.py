"""`make new-agent` writes an agent that passes as it is."""

from pathlib import Path

from tests.walks.repository_copy import run
from tools.new_agent import AGENTS, REGISTRY, ROOT, STATEMENTS, TESTS


def test_written_agent_leaves_every_test_green(copy: Path) -> None:
    """The new agent is registered, its statement known, its page written: tests of it and of them, and linters pass."""
    written = run(copy, "tools.new_agent", "deep-work")
    tests = ["tests/unit/agents", "tests/unit/structure", "tests/unit/tools/documents", "tests/unit/snippets"]
    chosen = "deep or anatomy or unique or registry or registered or version or document or page or rank or vectors"
    ran = run(copy, "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, *tests)
    checked = run(copy, "ruff", "check", "--no-cache", str(AGENTS), str(TESTS), str(STATEMENTS))
    formatted = run(copy, "ruff", "format", "--check", "--no-cache", "layers/agents/oo", str(TESTS))

    assert written.returncode == 0, written.stderr
    assert ran.returncode == 0, ran.stdout
    assert (checked.returncode, formatted.returncode) == (0, 0), checked.stdout + formatted.stdout
    assert "deep_work" not in (ROOT / REGISTRY).read_text(encoding="utf-8")
