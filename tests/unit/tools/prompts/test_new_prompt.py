"""`make new-prompt` writes a version that passes as it is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oo.prompts.versions import RECOMMEND_VERSIONS
from testing.for_each import for_each
from tools.new_agent import Refused
from tools.prompts.new_prompt import ROOT, renamed, write_prompt
from tools.prompts.release_hashes import ENTRIES
from tools.prompts.version_list import FOLDER, REGISTER, with_version

NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*cache", ".venv*", ".aws-sam", ".git", ".hypothesis", "build")
CHOSEN = [
    "tests/unit/evals/test_planted_model.py::test_the_released_prompts_state_the_rules",
    "tests/unit/operations/test_prompts_publish.py",
    "tests/unit/prompts/test_versions.py",
    "tests/unit/prompts/test_released.py",
    "tests/unit/tools/contract",
    "tests/unit/tools/documents",
    "tests/unit/tools/prompts/test_dry_run.py",
    "tests/unit/tools/prompts/test_prompt_preview.py",
]
"""Every test that tells versions apart, and those of the generated documents."""


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
    """One of each endpoint, one of them with other words: found, documented, with an entry; linters pass."""
    written = [
        run(copy, "tools.prompts.new_prompt", "orchestrator-99", RECOMMEND_VERSIONS[-1]),
        run(copy, "tools.prompts.new_prompt", "v9-profile", "v3-profile"),
    ]
    reworded(copy, "orchestrator_99.py")
    documented = run(copy, "tools.build")
    ran = run(copy, "pytest", "-q", "-p", "no:cacheprovider", *CHOSEN)
    checked = run(copy, "ruff", "check", "--no-cache", str(FOLDER))
    formatted = run(copy, "ruff", "format", "--check", "--no-cache", str(FOLDER))

    assert [each.returncode for each in (*written, documented)] == [0, 0, 0], written
    assert f"make prompt-diff A={RECOMMEND_VERSIONS[-1]} B=orchestrator-99" in written[0].stdout
    assert ran.returncode == 0, ran.stdout
    assert (checked.returncode, formatted.returncode) == (0, 0), checked.stdout + formatted.stdout
    assert {"orchestrator-99", "v9-profile"} <= entries(copy).keys()
    assert "orchestrator-99" not in (ROOT / REGISTER).read_text(encoding="utf-8")


def test_a_release_is_final(copy: Path) -> None:
    """The words of before are kept; other words under the same name fail from then on."""
    run(copy, "tools.prompts.new_prompt", "orchestrator-99", RECOMMEND_VERSIONS[-1])
    reworded(copy, "orchestrator_99.py")
    run(copy, "tools.build")
    before = entries(copy)["orchestrator-99"]
    too_early = run(copy, "tools.release", "9.0.0")
    released = run(copy, "tools.prompts.release_prompt", "orchestrator-99")
    kept = run(copy, "pytest", "-q", "-p", "no:cacheprovider", CHOSEN[3])
    reworded(copy, "orchestrator_99.py")
    changed = run(copy, "pytest", "-q", "-p", "no:cacheprovider", CHOSEN[3])
    again = run(copy, "tools.prompts.release_prompt", "orchestrator-99")

    assert released.returncode == kept.returncode == 0, released.stderr + kept.stdout
    assert before != entries(copy)["orchestrator-99"]
    assert "make release-prompt NAME=orchestrator-99" in too_early.stdout, too_early
    assert changed.returncode == 1
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "is released already" in again.stderr


def reworded(root: Path, module: str) -> None:
    """Add a rule to the version."""
    file = root / FOLDER / module
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Rules:", "Rules:\n- Be kind.", 1), encoding="utf-8")


def entries(root: Path) -> dict[str, str]:
    """The release entries."""
    read: dict[str, str] = json.loads((root / ENTRIES).read_text(encoding="utf-8"))
    return read


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
    with pytest.raises(Refused, match=r"is no prompt version; there are orchestrator-1, .*v5-lean.*\.$"):
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
    with pytest.raises(Refused, match="has not the form"):
        with_version("VERSIONS = []\n", "VERSIONS", "v9")
    with pytest.raises(Refused, match="has not the form"):
        renamed("PROMPT = None\n", "v1-baseline", "v9")
