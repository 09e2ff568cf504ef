"""Two versions of the registry beside each other."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from testing.for_each import for_each
from tools.contract.registry_changes import breaches
from tools.documents.registry_document import DOCUMENT, render

Document = dict[str, Any]
Change = Callable[[Document], Any]
BEFORE: Document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
BEFORE["agents"][0]["version"] = "1.2.3"
NAME = BEFORE["agents"][0]["agent_id"]


def preferences(manifest: Document) -> dict[str, Any]:
    found: dict[str, Any] = manifest["prefs_schema"]["properties"]
    return found


def preference(manifest: Document, **holding: object) -> Document:
    """The first preference with these fields."""
    found: Document = next(each for each in preferences(manifest).values() if holding.items() <= each.items())
    return found


def a_number(manifest: Document) -> Document:
    found: Document = next(each for each in preferences(manifest).values() if "minimum" in each)
    return found


SHAPE: dict[str, Change] = {
    "manifest_version changed from 1 to 2": lambda manifest: manifest.update(manifest_version=2),
    "title was removed, or its type changed": lambda manifest: manifest.pop("title"),
    "ui was removed, or its type changed": lambda manifest: manifest.update(ui=[]),
}
"""Break a page of forms whatever the version."""

PROMISES: dict[str, Change] = {
    "enabled was removed": lambda manifest: preferences(manifest).pop("enabled"),
    "enabled: boolean became string": lambda manifest: preferences(manifest)["enabled"].update(type="string"),
    "enabled: its default changed from True to False": lambda manifest: preferences(manifest)["enabled"].update(
        default=False
    ),
    "enabled: readOnly was enabled": lambda manifest: preferences(manifest)["enabled"].update(readOnly=True),
    "timezone: maxLength changed from 64 to 63": lambda manifest: preferences(manifest)["timezone"].update(
        maxLength=63
    ),
    "timezone: its allowed values changed": lambda manifest: preferences(manifest)["timezone"].update(enum=["UTC"]),
    "minimum changed": lambda manifest: a_number(manifest).update(minimum=a_number(manifest)["minimum"] + 1),
    "maximum changed": lambda manifest: a_number(manifest).update(maximum=a_number(manifest)["maximum"] - 1),
    "prefs.new became required": lambda manifest: manifest["prefs_schema"].update(required=["new"]),
    "signals.reason was removed": lambda manifest: manifest["signals_schema"].pop("reason"),
    "signals.reason: type or unit changed from string in enum": lambda manifest: manifest["signals_schema"][
        "reason"
    ].update(unit="id"),
    "signals.applicable became optional": lambda manifest: manifest["signals_schema"]["applicable"].update(
        nullable=True
    ),
    "reads calendar, to which users have not consented": lambda manifest: manifest["privacy"]["reads"].append(
        "calendar"
    ),
}
"""Break what one major version promises."""

HARMLESS: dict[str, Change] = {
    "another preference": lambda manifest: preferences(manifest).update(new={"type": "boolean", "default": True}),
    "a wider preference": lambda manifest: a_number(manifest).update(maximum=a_number(manifest)["maximum"] + 1),
    "another description": lambda manifest: preferences(manifest)["enabled"].update(description="new"),
    "another signal": lambda manifest: manifest["signals_schema"].update(new=manifest["signals_schema"]["reason"]),
    "another status": lambda manifest: manifest.update(status="off"),
    "less read": lambda manifest: manifest["privacy"].update(reads=[]),
    "another field": lambda manifest: manifest.update(new=1),
}


def found(change: Change, *, version: str = "1.3.0", changelog: str = "") -> str:
    now = copy.deepcopy(BEFORE)
    change(now["agents"][0])
    now["agents"][0]["version"] = version
    return "\n".join(breaches(BEFORE, now, changelog))


def test_the_document_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make build`"


@for_each("sentence", [*SHAPE, *PROMISES])
def test_what_breaks_a_page_or_what_users_stored_is_named(sentence: str) -> None:
    """A new minor version does not make up for it."""
    assert sentence in found((SHAPE | PROMISES)[sentence])


@for_each("name", HARMLESS)
def test_what_nobody_notices_is_no_breach(name: str) -> None:
    assert found(HARMLESS[name]) == ""


@for_each("sentence", PROMISES)
def test_a_new_major_version_may_promise_something_else(sentence: str) -> None:
    """Once the changelog names it, because stored outputs of the old one are ignored."""
    change = PROMISES[sentence]

    assert found(change, version="2.0.0", changelog=f"- `{NAME}` 2.0.0 does without it.") == ""
    assert "in CHANGELOG.md" in found(change, version="2.0.0", changelog=f"- `{NAME}` 1.3.0 does without it.")


@for_each("sentence", SHAPE)
def test_no_version_makes_up_for_another_shape(sentence: str) -> None:
    """The page reads every manifest in one way."""
    assert sentence in found(SHAPE[sentence], version="2.0.0", changelog=f"`{NAME}` 2.0.0")


@pytest.mark.parametrize("version", ["1.2.3", "1.2.2", "0.9.0"])
def test_a_change_without_a_newer_version_is_named(version: str) -> None:
    """A harmless one, too: one version is one manifest."""
    assert f"its version 1.2.3 became {version}" in found(HARMLESS["another description"], version=version)


def test_an_unchanged_manifest_needs_no_new_version() -> None:
    assert found(lambda _: None, version="1.2.3") == ""


def test_versions_are_numbers() -> None:
    """The tenth minor version comes after the ninth."""
    assert found(HARMLESS["another description"], version="1.10.0") == ""


def test_an_agent_may_come_and_none_may_go() -> None:
    """Preferences are stored of each."""
    now = copy.deepcopy(BEFORE)
    now["agents"].append({**now["agents"][0], "agent_id": "new"})
    assert list(breaches(BEFORE, now, "")) == []

    del now["agents"][0]
    assert list(breaches(BEFORE, now, "")) == [f"{NAME} was removed; to disable an agent, set its status to off"]
