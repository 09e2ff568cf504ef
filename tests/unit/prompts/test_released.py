"""A released prompt does not change: the text sent under its name is the measured one.

`make new-prompt` writes a version's entry into `released_prompts.json`, and `make release-prompt` makes it final.
"""

import json

import pytest

from local.deployment.environment import ROOT
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION, DEFAULT_VERSION, RECOMMEND_VERSIONS, UNRELEASED, VERSIONS
from tools.prompts.release_hashes import ENTRIES, hashes

RELEASED = json.loads((ROOT / ENTRIES).read_text(encoding="utf-8"))


def test_every_version_has_its_entry() -> None:
    """One that is not released yet, too; and no entry is of a version that is gone."""
    assert {*VERSIONS, *RECOMMEND_VERSIONS} == RELEASED.keys()


def test_released_prompts_are_as_they_were_released() -> None:
    """Their messages are the same to the letter; only the words of an unreleased version may change."""
    kept = {version: entry for version, entry in RELEASED.items() if version not in UNRELEASED}

    assert {version: entry for version, entry in hashes().items() if version not in UNRELEASED} == kept


@pytest.mark.parametrize("version", [DEFAULT_VERSION, DEFAULT_RECOMMEND_VERSION])
def test_a_default_is_released(version: str) -> None:
    """Requests that name no version get a version that stays as it is."""
    assert version not in UNRELEASED, f"run make release-prompt NAME={version}"
