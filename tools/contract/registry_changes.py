"""Changes between two versions of docs/registry.json that break users of the agents' manifests.

These users are a page that renders forms from them, stored preferences, and readers of an output's signals. A narrower
preference, or a removed signal, is allowed under a new major version of the agent: stored outputs of the old one are
ignored then. As users lose them, CHANGELOG.md has to name agent and version.
"""

from collections.abc import Iterator
from typing import Any

from tools.contract.schema_changes import Comparison

Document = dict[str, Any]


def breaches(before: Document, now: Document, changelog: str) -> Iterator[str]:
    """A sentence for each change that can break them."""
    current = {manifest["agent_id"]: manifest for manifest in now["agents"]}
    for old in before["agents"]:
        new = current.get(old["agent_id"])
        if new is None:
            yield f"{old['agent_id']} was removed; to disable an agent, set its status to off"
        else:
            yield from _of_agent(old, new, changelog)


def _of_agent(old: Document, new: Document, changelog: str) -> Iterator[str]:
    name, version = old["agent_id"], new["version"]
    yield from _of_shape(name, old, new)
    if old != new and _numbers(version) <= _numbers(old["version"]):
        yield f"{name} changed, and its version {old['version']} became {version}"
    if _numbers(version)[0] <= _numbers(old["version"])[0]:
        yield from _of_promises(name, old, new)
    elif f"`{name}` {version}" not in changelog:
        yield f"{name} ignores all stored outputs of {old['version']}; name `{name}` {version} in CHANGELOG.md"


def _of_shape(name: str, old: Document, new: Document) -> Iterator[str]:
    """Changes of the manifest that affect the form, in any version of the agent."""
    if old["manifest_version"] != new["manifest_version"]:
        yield f"{name}: manifest_version changed from {old['manifest_version']} to {new['manifest_version']}"
    for field, value in old.items():
        if type(new.get(field)) is not type(value):
            yield f"{name}.{field} was removed, or its type changed"


def _of_promises(name: str, old: Document, new: Document) -> Iterator[str]:
    """Changes within one major version of an agent."""
    comparison = Comparison(old, new, is_request=True)
    yield from comparison.of(f"{name}.prefs", old["prefs_schema"], new["prefs_schema"])
    for signal, told in old["signals_schema"].items():
        current = new["signals_schema"].get(signal)
        if current is None:
            yield f"{name}.signals.{signal} was removed"
        elif (told["type"], told["unit"]) != (current["type"], current["unit"]):
            yield f"{name}.signals.{signal}: type or unit changed from {told['type']} in {told['unit']}"
        elif current["nullable"] and not told["nullable"]:
            yield f"{name}.signals.{signal} became optional"
    for part in sorted(set(new["privacy"]["reads"]) - set(old["privacy"]["reads"])):
        yield f"{name} reads {part}, to which users have not consented"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
