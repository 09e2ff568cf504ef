"""`make new-agent` writes an agent that passes as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.new_agent import AGENTS, REGISTRY, ROOT, TESTS, Refused, registered, versioned, write_agent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what a new agent touches and is tested by."""
    for part in ("layers/agents/oo/agents", "layers/agents/oo/precompute", "tests/unit/agents"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "layers/agents/oo/__init__.py", tmp_path / "layers/agents/oo/__init__.py")
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy / "layers/agents"), str(copy)])}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def test_written_agent_passes_as_it_is(copy: Path) -> None:
    """The written agent is registered, passes the conformance suite and its own test, and the linters."""
    write_agent("deep-work", copy)
    tests = [str(TESTS / f"test_{name}.py") for name in ("conformance", "manifests", "deep_work")]
    chosen = "deep or anatomy or unique or registry or versions"
    ran = run(copy, "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, *tests)
    checked = run(copy, "ruff", "check", "--no-cache", str(AGENTS), str(TESTS))
    formatted = run(copy, "ruff", "format", "--check", "--no-cache", str(AGENTS), str(TESTS))

    assert ran.returncode == 0, ran.stdout
    assert "deep_work" not in (ROOT / REGISTRY).read_text(encoding="utf-8")
    assert (checked.returncode, formatted.returncode) == (0, 0), checked.stdout + formatted.stdout


@pytest.mark.parametrize("name", ["", "Deep-Work", "deep_work", "deep--work", "-deep", "1deep", "../x", "x" * 41])
def test_other_names_are_refused(copy: Path, name: str) -> None:
    """A name that is not kebab-case is refused in one sentence, and nothing is written."""
    before = (copy / REGISTRY).read_text(encoding="utf-8")
    with pytest.raises(Refused, match="is not a kebab-case name"):
        write_agent(name, copy)

    assert (copy / REGISTRY).read_text(encoding="utf-8") == before


@pytest.mark.parametrize("name", ["quick-win", "clock", "conformance"])
def test_taken_names_are_refused(copy: Path, name: str) -> None:
    """The name of an agent, of a module beside it or of its test is taken."""
    with pytest.raises(Refused, match="is taken"):
        write_agent(name, copy)


def test_one_name_is_needed() -> None:
    """Without a name the program says how it is called."""
    ran = run(ROOT, "local.new_agent")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "make new-agent NAME=" in ran.stderr


def test_refusal_is_one_sentence_at_the_terminal() -> None:
    """A refused name ends the program with its sentence."""
    ran = run(ROOT, "local.new_agent", "Quick")

    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "'Quick' is not a kebab-case name" in ran.stderr


def test_unknown_registry_is_refused() -> None:
    """A registry of another form is not edited."""
    with pytest.raises(Refused, match="has not the form"):
        registered("AGENTS = []\n", "deep_work")


def test_unknown_versions_are_refused() -> None:
    """A table of another form is not edited."""
    with pytest.raises(Refused, match="has not the form"):
        versioned("VERSIONS = {}\n", "deep-work")
