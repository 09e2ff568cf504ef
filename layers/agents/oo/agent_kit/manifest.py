"""The published description of an agent: required data, eligibility, preferences and learned parameters."""

import json
from collections.abc import Mapping
from dataclasses import asdict, field
from typing import Literal, cast

from oo.frozen import frozen
from oo.snippets.grammar import MAX_CHARS

MANIFEST_VERSION = 1
MIN_SECONDS = 60
DEFAULT_INVALIDATE_ON = ("task_created", "task_updated", "task_completed", "prefs_changed")
DAILY_BREAK = "midnight"

SignalType = Literal["boolean", "integer", "number", "string"]


@frozen
class Requires:
    """The parts of a snapshot that the agent or its inference reads; the rest may be trimmed away."""

    tasks: tuple[str, ...] = ()
    feedback: bool = False
    completions: bool = False
    profile: tuple[str, ...] = ()


@frozen
class Eligibility:
    """A JsonLogic rule over the named facts, and its requirement in plain words."""

    rule: Mapping[str, object]
    facts: tuple[str, ...]
    reason: str


@frozen
class InferredParam:
    """A preference that is learned from history if the evidence passes the gate (`min_n`, `min_n_eff`).

    `estimator` names a function of the closed registry in `oo.inference.estimators`; `round` is a step.
    """

    key: str
    source: Literal["completions", "feedback"]
    estimator: str
    args: Mapping[str, object]
    prior: float | None
    half_life_d: float | None
    min_n: int
    min_n_eff: float
    clamp: tuple[float, float] | None
    round: float | None
    describe: str


@frozen
class Signal:
    """One value of the snapshot; `unit` is the suffix rule's unit in words."""

    type: SignalType
    unit: str
    description: str
    nullable: bool = True


@frozen
class Output:
    """Limits of the text."""

    max_chars: int = MAX_CHARS
    quotes_titles: bool = True


@frozen
class Ttl:
    """The maximum and minimum validity of an output in seconds, and the events that end it."""

    max_s: int
    min_s: int = MIN_SECONDS
    breaks: tuple[str, ...] = (DAILY_BREAK,)


@frozen
class Privacy:
    """The data that the consent text has to name."""

    reads: tuple[str, ...]
    text_contains_titles: bool = True


@frozen
class Citation:
    """One finding behind the agent, and its publication."""

    claim: str
    source: str


@frozen
class Manifest:
    """One agent's manifest. `version` is semantic: another major means stored outputs no longer apply."""

    agent_id: str
    title: str
    description: str
    kinds: tuple[str, ...]
    requires: Requires
    eligibility: Eligibility
    prefs_schema: Mapping[str, object]
    ui: Mapping[str, object]
    signals_schema: Mapping[str, Signal]
    ttl: Ttl
    privacy: Privacy
    evidence: tuple[Citation, ...]
    inferred_params: tuple[InferredParam, ...] = ()
    invalidate_on: tuple[str, ...] = DEFAULT_INVALIDATE_ON
    output: Output = field(default_factory=Output)
    status: Literal["stable", "beta", "off"] = "stable"
    version: str = "1.0.0"
    manifest_version: int = MANIFEST_VERSION

    @property
    def preferences(self) -> Mapping[str, Mapping[str, object]]:
        """The properties of `prefs_schema`, by key."""
        return cast("Mapping[str, Mapping[str, object]]", self.prefs_schema["properties"])

    def to_dict(self) -> dict[str, object]:
        """A JSON-safe copy: only objects, arrays, strings, finite numbers, booleans and null."""
        return cast("dict[str, object]", json.loads(json.dumps(asdict(self), allow_nan=False)))


def snapshot_signals(reasons: tuple[str, ...], **signals: Signal) -> dict[str, Signal]:
    """A signals schema: the two signals that every agent has, then its own."""
    return {
        "applicable": Signal("boolean", "flag", "Whether the agent has something to say.", nullable=False),
        "reason": Signal("string", "enum", f"Why it is silent: {', '.join(reasons)}."),
        **signals,
    }
