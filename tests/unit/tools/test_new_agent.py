"""`make new-agent` writes an agent that passes as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands.program import UnusableValue
from testing.for_each import for_each
from tools.new_agent import REGISTRY, ROOT, STATEMENTS, registered, stated, write_agent

FOLDERS = ("layers/agents/oo/agents", "layers/agents/oo/snippets", "tests/unit/agents")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the folders that the program writes into."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "layers/agents"), str(ROOT)])}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@for_each("name", ["", "Deep-Work", "deep_work", "deep--work", "-deep", "1deep", "../x", "x" * 41])
def test_other_names_are_refused(copy: Path, name: str) -> None:
    """A name that is not kebab-case is refused in one sentence, and nothing is written."""
    before = (copy / REGISTRY).read_text(encoding="utf-8")
    with pytest.raises(UnusableValue, match="is not a kebab-case name"):
        write_agent(name, copy)

    assert (copy / REGISTRY).read_text(encoding="utf-8") == before


@for_each("name", ["quick-win", "registry", "conformance"])
def test_taken_names_are_refused(copy: Path, name: str) -> None:
    """The name of an agent, of a module beside it or of its test is taken."""
    with pytest.raises(UnusableValue, match="is taken"):
        write_agent(name, copy)


@for_each("name", ["class", "import", "print", "type"])
def test_words_of_python_are_refused(copy: Path, name: str) -> None:
    """A module of such a name could not be imported, or would fail the linter; nothing is written."""
    before = (copy / REGISTRY).read_text(encoding="utf-8")
    with pytest.raises(UnusableValue, match="is a word of Python: choose another name"):
        write_agent(name, copy)

    assert (copy / REGISTRY).read_text(encoding="utf-8") == before


def test_one_name_is_needed() -> None:
    """Without a name the program says how it is called."""
    ran = run("tools.new_agent")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "make new-agent NAME=" in ran.stderr


def test_refusal_is_one_sentence_at_the_terminal() -> None:
    """A refused name ends the program with its sentence."""
    ran = run("tools.new_agent", "Quick")

    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "'Quick' is not a kebab-case name" in ran.stderr


def test_unknown_registry_is_refused() -> None:
    """A registry of another form is not edited."""
    with pytest.raises(UnusableValue, match="has not the form"):
        registered("AGENTS = []\n", "deep_work")


def test_unknown_statements_are_refused() -> None:
    """A list of statements of another form is not edited."""
    with pytest.raises(UnusableValue, match="has not the form"):
        stated("STATEMENTS = []\n", "deep-work")


def test_an_agent_is_written_into_a_copy(copy: Path) -> None:
    """Registry and statements have the form that the program edits."""
    written = write_agent("deep-work", copy)

    assert [path.name for path in written] == ["deep_work.py", "test_deep_work.py", "registry.py", "statements.py"]
    assert '_statement("deep_work", ' in (copy / STATEMENTS).read_text(encoding="utf-8")
    assert "    deep_work.AGENT,\n)\n_BY_ID" in (copy / REGISTRY).read_text(encoding="utf-8")
