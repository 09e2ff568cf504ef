"""`make release` in a copy of the repository."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.deployment.environment import ROOT
from tools.contract import accepted_changes
from tools.contract.accepted_changes import NEXT
from tools.contract.released import DOCUMENTS, RELEASED, version

NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*cache", ".venv*", ".aws-sam", ".git", ".hypothesis", "build")
REFUSED = ("0.1.0", "0.1.1", "0.2", "v0.2.0", "0.2.0;echo hi", "00.2.0")
TRY_EACH = """
import sys
from tools.release import main
for wanted in sys.argv[1:]:
    try:
        main([wanted], {})
    except SystemExit as end:
        print(f"ended with {end.code}: {wanted}")
"""
PAGES = ("CHANGELOG.md", "pyproject.toml", "docs/upgrading.md", "docs/openapi.json", accepted_changes.FILE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository without generated folders."""
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("release") / "copy", ignore=NOT_COPIED))


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy / "layers/agents"), str(copy)])}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def texts(copy: Path) -> dict[str, str]:
    return {path: (copy / path).read_text(encoding="utf-8") for path in PAGES}


def test_other_versions_are_refused(copy: Path) -> None:
    """One sentence, and no file is written: no version, none after the last, or one too small for breaking changes."""
    before = texts(copy)
    done = run(copy, "-c", TRY_EACH, *REFUSED)

    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()[1::2]] == ["ended with 1"] * len(REFUSED)
    assert len(done.stdout.splitlines()) == 2 * len(REFUSED)
    assert texts(copy) == before


def test_a_release_renews_the_documents_and_says_what_callers_have_to_do(copy: Path) -> None:
    """Afterwards nothing has changed since the last release, and another one needs a changelog."""
    changes = accepted_changes.read(copy)[NEXT]
    done = run(copy, "-m", "tools.release", "0.2.0")
    today = datetime.now(UTC).date()

    assert done.returncode == 0, done.stdout + done.stderr
    assert version(copy) == "0.2.0"
    assert [change.title for change in changes if f"- {change.title}: " not in done.stdout] == []
    assert NEXT not in accepted_changes.read(copy)
    assert accepted_changes.read(copy)["0.2.0"] == changes
    assert "## Unreleased\n\n## 0.2.0 (2" in (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## 0.2.0 ({today}" in done.stdout + (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "\n## 0.2.0\n" in (copy / "docs/upgrading.md").read_text(encoding="utf-8")
    for path in DOCUMENTS:
        assert (copy / path).read_text() == (copy / RELEASED / Path(path).name).read_text()
    assert json.loads((copy / "docs/openapi.json").read_text(encoding="utf-8"))["info"]["version"] == "0.2.0"

    compared = run(copy, "-m", "tools.contract.contract_changes")

    assert compared.returncode == 0, compared.stdout
    assert compared.stdout.count("no breaking changes since 0.2.0.") == len(DOCUMENTS)

    again = run(copy, "-m", "tools.release", "0.3.0")

    assert (again.returncode, "nothing under Unreleased" in again.stdout) == (1, True)
