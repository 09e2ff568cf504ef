"""The generated documents beside those of a tag, in a repository of the test's own."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.deployment.environment import ROOT
from tools.contract.contract_changes import CHANGELOG, compare_with, comparisons

DOCUMENTS = tuple(comparisons(ROOT))
BREAKING: dict[str, Callable[[Any], Any]] = {
    "docs/openapi.json": lambda document: document["paths"].pop("/recommend"),
    "docs/registry.json": lambda document: document["agents"].pop(),
    "docs/prompts.json": lambda document: document.pop("v2-grounded"),
}


def git(folder: Path, *arguments: str) -> None:
    settings = ("user.name=t", "user.email=t@t", "commit.gpgsign=false", "tag.gpgsign=false")
    options = [part for setting in settings for part in ("-c", setting)]
    subprocess.run(["git", *options, *arguments], cwd=folder, check=True)  # noqa: S607  # any git on the path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One with every document committed, and no tag."""
    (tmp_path / "docs").mkdir()
    for path in (*DOCUMENTS, CHANGELOG):
        shutil.copy(ROOT / path, tmp_path / path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "First")
    return tmp_path


def change(repository: Path, path: str) -> None:
    document = json.loads((repository / path).read_text(encoding="utf-8"))
    BREAKING[path](document)
    (repository / path).write_text(json.dumps(document), encoding="utf-8")


def test_without_a_tag_nothing_is_compared_and_that_is_said(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After any change: no caller depends on it yet."""
    for path in DOCUMENTS:
        change(repository, path)

    assert compare_with(root=repository) == 0
    assert "NOT COMPARED, because there is no tag yet" in capsys.readouterr().out


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_breach_of_any_document_fails(repository: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Against the last tag: of the others, nothing is said to break."""
    git(repository, "tag", "v1.0.0")
    change(repository, path)

    assert compare_with(root=repository) == 1
    said = capsys.readouterr().out
    assert f"{path}: 1 breaking change since v1.0.0." in said
    assert said.count("no breaking changes since v1.0.0.") == len(DOCUMENTS) - 1


def test_what_was_released_broken_is_the_new_beginning(repository: Path) -> None:
    """The last tag counts, and an older one where it is named."""
    git(repository, "tag", "v1.0.0")
    for path in DOCUMENTS:
        change(repository, path)
    git(repository, "commit", "--quiet", "--all", "--message", "Break")
    git(repository, "tag", "v2.0.0")

    assert compare_with(root=repository) == 0
    assert compare_with("v1.0.0", root=repository) == 1


def test_a_document_that_is_newer_than_the_tag_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(repository, "rm", "--quiet", "docs/prompts.json")
    git(repository, "commit", "--quiet", "--message", "Before there was one")
    git(repository, "tag", "v0.9.0")
    shutil.copy(ROOT / "docs/prompts.json", repository / "docs/prompts.json")

    assert compare_with(root=repository) == 0
    assert "docs/prompts.json: not compared, v0.9.0 has none." in capsys.readouterr().out


def test_a_tag_that_does_not_exist_is_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was compared, so it is no success."""
    assert compare_with("no-such-tag", root=repository) == 1
    assert "not compared" in capsys.readouterr().out
