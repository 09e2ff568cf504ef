"""The generated documents beside those of the last release, in a repository of the test's own."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.deployment.environment import ROOT
from tools.contract.accepted_changes import FILE
from tools.contract.contract_changes import CHANGELOG, compare_with
from tools.contract.released import DOCUMENTS, RELEASED

BREAKING: dict[str, Callable[[Any], Any]] = {
    "docs/openapi.json": lambda document: document["paths"].pop("/recommend"),
    "docs/registry.json": lambda document: document["agents"].pop(),
    "docs/prompts.json": lambda document: document.pop("v2-grounded"),
    "docs/messages.json": lambda document: document["properties"].pop("PrecomputeQueue"),
}
PROJECT = '[project]\nversion = "1.0.0"\n'


def git(folder: Path, *arguments: str) -> None:
    settings = ("user.name=t", "user.email=t@t", "commit.gpgsign=false", "tag.gpgsign=false")
    options = [part for setting in settings for part in ("-c", setting)]
    subprocess.run(["git", *options, *arguments], cwd=folder, check=True)  # noqa: S607  # any git on the path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One with every document as 1.0.0 has it, committed, without a tag and without accepted changes."""
    for folder in (RELEASED, Path(FILE).parent):
        (tmp_path / folder).mkdir(parents=True)
    for path in (*DOCUMENTS, CHANGELOG):
        shutil.copy(ROOT / path, tmp_path / path)
    for path in DOCUMENTS:
        shutil.copy(ROOT / path, tmp_path / RELEASED)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / FILE).write_text("")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "First")
    return tmp_path


def change(repository: Path, path: str) -> None:
    document = json.loads((repository / path).read_text(encoding="utf-8"))
    BREAKING[path](document)
    (repository / path).write_text(json.dumps(document), encoding="utf-8")


def accept(repository: Path, *changes: str, version: str = "next") -> None:
    """List the changes as accepted, above those that are listed."""
    listed = f'[["{version}"]]\ntitle = "t"\nreason = "r"\ncallers = "c"\nchanges = {json.dumps(list(changes))}\n'
    (repository / FILE).write_text(listed + (repository / FILE).read_text())


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("tag", ["v1.0.0", ""])
def test_a_breach_of_any_document_fails(
    repository: Path, path: str, tag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against the last tag, and against the released documents where there is none."""
    if tag:
        git(repository, "tag", tag)
    change(repository, path)

    assert compare_with(root=repository) == 1
    said = capsys.readouterr().out
    assert f"{path}: 1 breaking change since {tag or '1.0.0'}." in said
    assert said.count(f"no breaking changes since {tag or '1.0.0'}.") == len(DOCUMENTS) - 1
    assert f"BREAKS CALLERS: {path}: " in said


def test_an_accepted_change_breaks_nothing(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is counted, and the page about upgrading gives its reason."""
    change(repository, "docs/prompts.json")
    accept(repository, "docs/prompts.json: v2-grounded was removed")

    assert compare_with(root=repository) == 0
    said = capsys.readouterr().out
    assert "docs/prompts.json: 1 breaking change since 1.0.0." in said
    assert "Each of these changes is accepted" in said


def test_an_accepted_change_that_is_not_there_fails(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The list stays true: a change that was reverted, or released, is not one of the next release."""
    accept(repository, "docs/prompts.json: v2-grounded was removed")

    assert compare_with(root=repository) == 1
    assert "NOT FOUND: docs/prompts.json: v2-grounded was removed" in capsys.readouterr().out


def test_what_an_earlier_release_accepted_is_no_excuse(repository: Path) -> None:
    """Against a tag that is named, the accepted changes of all later versions count."""
    git(repository, "tag", "v1.0.0")
    change(repository, "docs/prompts.json")
    accept(repository, "docs/prompts.json: v2-grounded was removed", version="1.1.0")

    assert compare_with(root=repository) == 1
    assert compare_with("v1.0.0", root=repository) == 0


def test_what_was_released_broken_is_the_new_beginning(repository: Path) -> None:
    """The last tag counts, and an older one where it is named."""
    git(repository, "tag", "v1.0.0")
    for path in DOCUMENTS:
        change(repository, path)
    (repository / "pyproject.toml").write_text(PROJECT.replace("1.0.0", "2.0.0"))
    git(repository, "commit", "--quiet", "--all", "--message", "Break")
    git(repository, "tag", "v2.0.0")

    assert compare_with(root=repository) == 0
    assert compare_with("v1.0.0", root=repository) == 1


def test_a_version_without_a_tag_is_newer_than_the_last_tag(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between `make release` and its tag, the released documents count."""
    git(repository, "tag", "v0.9.0")

    assert compare_with(root=repository) == 0
    assert capsys.readouterr().out.count("no breaking changes since 1.0.0.") == len(DOCUMENTS)


@pytest.mark.parametrize("tag", ["v1.0.0", ""])
def test_a_document_that_is_newer_than_the_release_is_told(
    repository: Path, tag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "rm", "--quiet", "docs/prompts.json", f"{RELEASED}/prompts.json")
    git(repository, "commit", "--quiet", "--message", "Before there was one")
    if tag:
        git(repository, "tag", tag)
    shutil.copy(ROOT / "docs/prompts.json", repository / "docs/prompts.json")

    assert compare_with(root=repository) == 0
    assert f"docs/prompts.json: not compared, {tag or '1.0.0'} has none." in capsys.readouterr().out


def test_a_tag_that_does_not_exist_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was compared, so it is no success."""
    assert compare_with("no-such-tag", root=repository) == 1
    assert "not compared" in capsys.readouterr().out


def test_the_changes_since_the_last_release_are_accepted(tmp_path: Path) -> None:
    """The documents of the repository beside those that it keeps of the last version."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for path in ("pyproject.toml", CHANGELOG, FILE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)

    assert compare_with(root=tmp_path) == 0
