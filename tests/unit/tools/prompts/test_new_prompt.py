"""`make new-prompt` writes a version that passes as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands.program import UnusableValue
from testing.for_each import for_each
from tools.prompts.new_prompt import ROOT, renamed, write_prompt
from tools.prompts.version_list import FOLDER, REGISTER, with_release, with_version


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


@for_each("name", ["", "Tip-3", "tip_3", "tip--3", "-tip", "3tip", "../x", 'x"', "x" * 41])
def test_other_names_are_refused(folder: Path, name: str) -> None:
    """A name that is not kebab-case is refused in one sentence, and nothing is written."""
    before = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    with pytest.raises(UnusableValue, match="is not a kebab-case name"):
        write_prompt(name, "orchestrator-2", folder)

    assert {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")} == before


@for_each("name", ["orchestrator-1", "v5-lean", "prompt", "orchestrator"])
def test_taken_names_are_refused(folder: Path, name: str) -> None:
    """The name of a version of either endpoint, or of a module beside them, is taken."""
    with pytest.raises(UnusableValue, match="is taken"):
        write_prompt(name, "orchestrator-2", folder)


@for_each("name", ["class", "type", "template", "slider-25"])
def test_names_with_another_meaning_are_refused(folder: Path, name: str) -> None:
    """Words of Python, the template tips of evaluations, and the slider's arms of experiments are no versions."""
    with pytest.raises(UnusableValue, match="choose another name, such as 'orchestrator-3'"):
        write_prompt(name, "orchestrator-2", folder)


@pytest.mark.parametrize("others", [0, 1, 2])
def test_the_list_is_as_the_formatter_writes_it(folder: Path, others: int) -> None:
    """With any number of unreleased versions, so that `make check` passes, and `make fix` changes nothing."""
    for number in range(others + 1):
        write_prompt(f"orchestrator-{90 + number}", "orchestrator-2", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    formatted = run(folder, "ruff", "format", "--check", "--no-cache", str(REGISTER))

    assert formatted.returncode == 0, formatted.stdout


def test_the_list_is_read_on_one_line_or_on_several() -> None:
    """A version is added to each form, and released from it."""
    for source in ('UNRELEASED: tuple[str, ...] = ("a",)\n', 'UNRELEASED: tuple[str, ...] = (\n    "a",\n)\n'):
        both = with_version(f'V = ("z",)\n{source}', "V", "b")

        assert both.endswith('= (\n    "a",\n    "b",\n)\n')
        assert with_release(with_release(both, "a"), "b").endswith("UNRELEASED: tuple[str, ...] = ()\n")


@pytest.mark.parametrize("source", ["", "orchestrator-0", "prompt", "../prompt"])
def test_a_source_that_does_not_exist_is_refused(folder: Path, source: str) -> None:
    """The sentence lists the versions that there are."""
    with pytest.raises(UnusableValue, match=r"is no prompt version; there are orchestrator-1, .*v5-lean.*\.$"):
        write_prompt("orchestrator-99", source, folder)


@for_each(
    "arguments",
    [
        ["new_prompt"],
        ["new_prompt", "orchestrator-99"],
        ["new_prompt", "Tip", "orchestrator-2"],
        ["release_prompt"],
        ["release_prompt", "orchestrator-1"],
        ["release_prompt", "orchestrator-0"],
    ],
)
def test_a_refusal_is_one_sentence_at_the_terminal(arguments: list[str]) -> None:
    """Also where a name is missing."""
    program, *names = arguments
    ran = run(ROOT, f"tools.prompts.{program}", *names)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


def test_files_of_another_form_are_refused() -> None:
    """Neither the list nor a module is edited blindly."""
    with pytest.raises(UnusableValue, match="has not the form"):
        with_version("VERSIONS = []\n", "VERSIONS", "v9")
    with pytest.raises(UnusableValue, match="has not the form"):
        renamed("PROMPT = None\n", "v1-baseline", "v9")
