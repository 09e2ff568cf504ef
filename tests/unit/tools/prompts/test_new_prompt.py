"""`make new-prompt` writes a version that passes as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oo.prompts.versions import RECOMMEND_VERSIONS
from testing.for_each import for_each
from tools.new_agent import Refused
from tools.prompts.new_prompt import FOLDER, REGISTER, ROOT, listed, renamed, write_prompt

NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*cache", ".venv*", ".aws-sam", ".git", ".hypothesis", "build")
CHOSEN = ["tests/unit/prompts/test_versions.py", "tests/unit/prompts/test_released.py", "tests/unit/tools/contract"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository without what its commands make."""
    return Path(shutil.copytree(ROOT, tmp_path / "copy", ignore=NOT_COPIED))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the versions alone."""
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER)
    return tmp_path


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "layers/agents"), str(root)])}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_written_versions_leave_every_test_green(copy: Path) -> None:
    """One of each endpoint: found by its name, in the document, a draft that no release compares; linters pass."""
    written = [
        run(copy, "tools.prompts.new_prompt", "orchestrator-99", RECOMMEND_VERSIONS[-1]),
        run(copy, "tools.prompts.new_prompt", "v9-draft", "v3-profile"),
    ]
    ran = run(copy, "pytest", "-q", "-p", "no:cacheprovider", *CHOSEN)
    checked = run(copy, "ruff", "check", "--no-cache", str(FOLDER))
    formatted = run(copy, "ruff", "format", "--check", "--no-cache", str(FOLDER))
    shown = run(copy, "tools.prompts.prompt_diff", "--a", RECOMMEND_VERSIONS[-1], "--b", "orchestrator-99")

    assert [each.returncode for each in written] == [0, 0], written
    assert f"make prompt-diff A={RECOMMEND_VERSIONS[-1]} B=orchestrator-99" in written[0].stdout
    assert ran.returncode == 0, ran.stdout
    assert (checked.returncode, formatted.returncode) == (0, 0), checked.stdout + formatted.stdout
    assert "+ orchestrator-99: " in shown.stdout, shown.stderr
    assert "orchestrator-99" not in (ROOT / REGISTER).read_text(encoding="utf-8")


@for_each("name", ["", "Tip-3", "tip_3", "tip--3", "-tip", "3tip", "../x", 'x"', "x" * 41])
def test_other_names_are_refused(folder: Path, name: str) -> None:
    """A name that is not kebab-case is refused in one sentence, and nothing is written."""
    before = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    with pytest.raises(Refused, match="is not a kebab-case name"):
        write_prompt(name, "orchestrator-2", folder)

    assert {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")} == before


@for_each("name", ["orchestrator-1", "v5-lean", "prompt", "orchestrator"])
def test_taken_names_are_refused(folder: Path, name: str) -> None:
    """The name of a version of either endpoint, or of a module beside them, is taken."""
    with pytest.raises(Refused, match="is taken"):
        write_prompt(name, "orchestrator-2", folder)


@pytest.mark.parametrize("source", ["", "orchestrator-0", "prompt", "../prompt"])
def test_a_source_that_does_not_exist_is_refused(folder: Path, source: str) -> None:
    """The sentence lists the versions that there are."""
    with pytest.raises(Refused, match=r"is no prompt version; there are orchestrator-1, .*v5-lean\.$"):
        write_prompt("orchestrator-99", source, folder)


@for_each("arguments", [[], ["orchestrator-99"], ["Tip", "orchestrator-2"]])
def test_a_refusal_is_one_sentence_at_the_terminal(arguments: list[str]) -> None:
    """Also where a name is missing."""
    ran = run(ROOT, "tools.prompts.new_prompt", *arguments)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


def test_files_of_another_form_are_refused() -> None:
    """Neither the list nor a module is edited blindly."""
    with pytest.raises(Refused, match="has not the form"):
        listed("VERSIONS = []\n", "VERSIONS", "v9")
    with pytest.raises(Refused, match="has not the form"):
        renamed("PROMPT = None\n", "v1-baseline", "v9")
