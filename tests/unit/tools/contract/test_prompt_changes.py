"""Two versions of the released prompts beside each other."""

import copy
import json
from typing import Any

import pytest

from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS
from tools.contract.prompt_changes import breaches
from tools.documents.prompts_document import DOCUMENT, render

BEFORE: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))


def test_the_document_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make build`"


def test_every_version_is_in_the_document() -> None:
    assert list(BEFORE) == [*VERSIONS, *RECOMMEND_VERSIONS]


@pytest.mark.parametrize("version", BEFORE)
def test_a_released_prompt_neither_changes_nor_goes(version: str) -> None:
    """Not by one character, in none of its samples."""
    now = copy.deepcopy(BEFORE)
    list(now[version].values())[-1][0]["content"] += " "
    assert list(breaches(BEFORE, now)) == [f"{version} changed; put the new wording into a new version"]

    del now[version]
    assert list(breaches(BEFORE, now)) == [f"{version} was removed"]


def test_another_version_is_no_breach() -> None:
    assert list(breaches(BEFORE, BEFORE | {"v6": {}})) == []
