"""The results of each eligibility rule for samples of facts, for implementations in other languages."""

import json
from collections.abc import Iterator, Mapping
from itertools import compress, islice, product
from pathlib import Path
from typing import cast

from oo.agent_kit.eligibility_facts import SHARED_FACTS
from oo.agent_kit.manifest import Manifest
from oo.agents.registry import all_manifests
from oo.precompute.eligibility import is_eligible, rule_data

DOCUMENT = Path(__file__).parents[2] / "docs/eligibility_vectors.json"
PER_ANSWER_N = 24

# Around the numbers that rules compare with.
_COUNTS = (0, 1, 2, 3, 7, 8, 11, 12, 13, 60)
_ABSENT = object()


def render() -> str:
    """The document: a list of rule, facts and the expected result, by agent, one per line."""
    lines = [json.dumps(vector, allow_nan=False) for manifest in all_manifests() for vector in _vectors(manifest)]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _vectors(manifest: Manifest) -> Iterator[dict[str, object]]:
    combinations = list(_combinations(manifest))
    answers = [is_eligible(manifest, facts) for facts in combinations]
    for expected in (False, True):
        for facts in _spread(list(compress(combinations, (answer is expected for answer in answers)))):
            yield {
                "agent_id": manifest.agent_id,
                "rule": manifest.eligibility.rule,
                "facts": rule_data(facts),
                "expected": expected,
            }


def _combinations(manifest: Manifest) -> Iterator[dict[str, object]]:
    """Values for the rule's own facts, alone and together with all others; without any fact first."""
    names = manifest.eligibility.facts
    others = {name: 99 for name in SHARED_FACTS if name not in names}
    for values in product(*(_values(manifest, name) for name in names)):
        own = {name: value for name, value in zip(names, values, strict=True) if value is not _ABSENT}
        yield own
        yield {**others, **own}


def _values(manifest: Manifest, fact: str) -> tuple[object, ...]:
    key = fact.removeprefix("prefs.")
    if key == fact:
        return (_ABSENT, *_COUNTS)
    return (_ABSENT, None, *_preference_values(manifest.preferences[key]))


def _preference_values(schema: Mapping[str, object]) -> tuple[object, ...]:
    if "enum" in schema:
        return tuple(cast("list[object]", schema["enum"]))
    if schema["type"] in ("integer", "number"):
        return tuple(dict.fromkeys((schema["minimum"], schema.get("default", schema["maximum"]), schema["maximum"])))
    return (True, False) if schema["type"] == "boolean" else ()


def _spread(combinations: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """At most that many of them, evenly spread, including the first."""
    # An odd step meets both kinds, alone and amid others.
    step = -(-len(combinations) // PER_ANSWER_N) | 1
    return islice(combinations, 0, None, step)
