"""docs/agents.md: each agent's sentence, data, preferences and inferences, generated from the manifests."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import cast

from local.deployment.environment import ROOT
from oo.agent_kit.agent import Agent
from oo.agent_kit.manifest import InferredParam, Manifest
from oo.agents.registry import all_agents
from tools.documents.agents_example import sentence

DOCUMENT = ROOT / "docs" / "agents.md"
HEAD = """# The agents

Written by `make build` from the agents' manifests, which `GET /agents/registry` serves in full. The example
sentences are the agents' outputs for one invented user on a Wednesday morning.

An agent writes one line about one user, or nothing:

> [kind|strength] Fact: a statement. Move: a proposed step. Care: a reservation.

The strength is 3 if the fact comes directly from the tasks. It is 2 if the fact depends on a setting or on enough
history, and 1 if the evidence is weaker. A line expires when its text would change, at the latest at the user's
midnight. Every agent has the preferences `enabled` (off switch) and `timezone` (the user's time zone).

An agent learns a preference only from enough evidence; otherwise the preference is absent. A value that the user sets
takes precedence. To forget a learned value, delete the stored value and send the history from that day on.

A sentence is wrong if it contradicts its user's true habits, or if a reader draws a wrong conclusion from it. The
shares were measured on 64 planted users over eight weeks (`make bench ONLY=truth`, seed 1). Of all agents' sentences
0.8 % are wrong; [truth.md](truth.md) has all figures.

| agent | basis of the statement | sentences | wrong |
| --- | --- | --- | --- |
| deadline-pressure | dates of open tasks | 5,105 | 0.3 % |
| lateness-buffer | first due dates against completion times, or tasks still open | 2,090 | 7.1 % |
| peak-hours | work sessions above an even spread over the user's active hours, each Monday | 2,826 | 1.6 % |
| momentum | comparison of weeks in relation to the variation of the user's days, each Monday | 491 | 7.3 % |
| quick-win | estimates and ages of open tasks | 5,117 | 0.0 % |
| important-first | priorities of open tasks | 5,222 | 0.0 % |
| stale-task | ages of open tasks and the number of their postponements | 5,235 | 0.0 % |
| workload-balance | tasks due today, and set or learned hours and capacity | 1,325 | 0.0 % |
| project-focus | finished tasks of a list, pairs of consecutive tasks in it | 1,075 | 0.0 % |
| tip-receptivity | reactions to tips, and reading times | 1,663 | 0.0 % |
| overdue-pile | overdue tasks | 1,868 | 0.0 % |
| weekly-review | tasks finished in seven days | 550 | 0.0 % |
"""

_COMMON = ("enabled", "timezone")
_TYPES = {"boolean": "yes or no", "integer": "whole number", "number": "number", "string": "text", "array": "list"}


def render() -> str:
    """The page as in the repository."""
    agents = all_agents()
    overview = _table(
        ("agent", "in short"),
        ((f"[{each.manifest.agent_id}](#{each.manifest.agent_id})", each.manifest.description) for each in agents),
    )
    return "".join([HEAD, "\n", overview, *map(_section, agents)])


def _section(agent: Agent) -> str:
    manifest = agent.manifest
    return "".join(
        [
            f"\n## {manifest.agent_id}\n\n**{manifest.title}.** {manifest.description}\n",
            _example(agent),
            *(f"- {text}\n" for text in _properties(manifest)),
            _part("Preferences", ("preference", "meaning", "values", "default"), _preferences(manifest)),
            _part("Learned preferences", ("preference", "meaning", "from", "half-life"), _learned(manifest)),
            "\n### Why\n\n" if manifest.evidence else "",
            *(f"- {each.claim} ({each.source})\n" for each in manifest.evidence),
        ]
    )


def _example(agent: Agent) -> str:
    said = sentence(agent)
    return f"\n> {said}\n\n" if said else "\n"


def _properties(manifest: Manifest) -> Iterator[str]:
    requires, ttl = manifest.requires, manifest.ttl
    fields = [f"tasks ({_codes(requires.tasks)})"] if requires.tasks else []
    fields += ["completions"] if requires.completions else []
    fields += ["feedback"] if requires.feedback else []
    fields += [f"profile ({_codes(requires.profile)})"] if requires.profile else []
    yield manifest.eligibility.reason
    yield f"Reads {'; '.join(fields)}."
    yield f"Writes lines of kind {', '.join(manifest.kinds)}."
    ends = ", ".join(each.replace("_", " ") for each in ttl.breaks)
    yield f"A line holds {ttl.max_s / 3600:g} h at most and ends earlier with {ends}."
    yield f"Recomputed on {_codes(manifest.invalidate_on)}."


def _preferences(manifest: Manifest) -> Iterator[tuple[str, ...]]:
    for key, schema in manifest.preferences.items():
        if key not in _COMMON:
            meaning = f"{schema['title']}. {schema['description']}"
            yield f"`{key}`", meaning, _values(schema), _default(schema)


def _values(schema: Mapping[str, object]) -> str:
    if "enum" in schema:
        return ", ".join(map(str, cast("list[object]", schema["enum"])))
    bounds = f" {schema['minimum']} to {schema['maximum']}" if "minimum" in schema else ""
    return _TYPES[cast("str", schema["type"])] + bounds


def _default(schema: Mapping[str, object]) -> str:
    default = schema.get("default", "unset")
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, list):
        return ", ".join(default) or "none"
    return str(default)


def _learned(manifest: Manifest) -> Iterator[tuple[str, ...]]:
    for param in manifest.inferred_params:
        half_life = f"{param.half_life_d:g} days" if param.half_life_d else "none"
        yield f"`{param.key}`", _described(param), f"{param.source}, {param.min_n} observations or more", half_life


def _described(param: InferredParam) -> str:
    return param.describe.replace("{value_local}", "…").replace("{value}", "…")


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _part(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    found = list(rows)
    return f"\n### {title}\n\n{_table(head, found)}" if found else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(map(_row, chain([head, ("---",) * len(head)], rows)))


def _row(cells: Iterable[str]) -> str:
    escaped = " | ".join(cell.replace("|", "\\|") for cell in cells)
    return f"| {escaped} |\n"
