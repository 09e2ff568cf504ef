"""`make new-prompt` writes a version that passes as it is, and `make release-prompt` makes it final."""

import json
from pathlib import Path

from oo.prompts.versions import RECOMMEND_VERSIONS
from tests.walks.repository_copy import run
from tools.prompts.new_prompt import ROOT
from tools.prompts.release_hashes import ENTRIES
from tools.prompts.version_list import FOLDER, REGISTER

CHOSEN = [
    "tests/unit/evals/test_planted_model.py::test_the_released_prompts_state_the_rules",
    "tests/unit/operations/test_prompts_publish.py",
    "tests/unit/structure/test_template_values.py",
    "tests/unit/prompts/test_versions.py",
    "tests/unit/prompts/test_released.py",
    "tests/unit/tools/contract",
    "tests/unit/tools/documents",
    "tests/unit/tools/prompts/test_dry_run.py",
    "tests/unit/tools/prompts/test_prompt_preview.py",
]
"""Every test that tells versions apart, and those of the generated documents."""


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
    kept = run(copy, "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/prompts/test_released.py")
    reworded(copy, "orchestrator_99.py")
    changed = run(copy, "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/prompts/test_released.py")
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
