"""Bodies of the endpoints that ask the language model."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from oo.contract.fields import (
    FEW_KEYS,
    Body,
    DayOfWeek,
    HourOfDay,
    Instant,
    NowIso,
    OptionalTimeZone,
    Profile,
    ScienceDestiny,
    Tasks,
    UserId,
)
from oo.contract.kinds import Kind
from oo.contract.limits import MAX_CANDIDATES, MAX_RECENT_TIPS, MAX_SNIPPETS


class SnippetState(StrEnum):
    """Whether a snippet may be used; only `fresh` and `unknown` ones reach the prompt."""

    FRESH = "fresh"
    EXPIRED = "expired"
    OTHER_VERSION = "other_version"
    MALFORMED = "malformed"
    GHOST = "ghost"
    UNKNOWN = "unknown"


SnippetReason = Literal[
    "expired",
    "other_version",
    "malformed",
    "ghost",
    "withheld",
    "unusual",
    "contradicted",
    "outranked",
    "over_budget",
    "repeated",
]
"""The reasons for which a snippet is not in the prompt."""


class AgentOutputSnippet(Body):
    """One agent's snippet as the caller or the store holds it."""

    agent_id: str = Field(max_length=256)
    prompt_text: Annotated[Any, WithJsonSchema({"type": "string"})] = Field(
        default=None,
        description="Left out of the prompt where it is no text, blank or over 2,000 characters.",
    )
    computed_at: Instant | None = None
    expires_at: Instant | None = None
    agent_version: str | None = Field(default=None, max_length=64)
    trace_id: str | None = Field(default=None, max_length=64)


class StoredSnippet(AgentOutputSnippet):
    """A snippet as the table holds it: of what a caller may leave out, everything is known but the trace."""

    prompt_text: str
    computed_at: Instant
    expires_at: Instant
    agent_version: str
    span_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")


class RecentTip(Body):
    """A tip the user has seen, not to be repeated."""

    content: str | None = Field(default=None, max_length=4_000)
    kind: str | None = Field(default=None, max_length=64)
    task_id: str | None = Field(default=None, max_length=256)
    created_at: Instant | None = None


class RecommendRequest(Body):
    """What the tip may stand on."""

    user_id: UserId
    agent_outputs: list[AgentOutputSnippet] = Field(
        default=[],
        max_length=MAX_SNIPPETS,
        description="Left out (not an empty list): the user's stored outputs are read.",
    )
    tasks: Tasks = []
    hour_of_day: HourOfDay = 12
    day_of_week: DayOfWeek = 0
    science_destiny: ScienceDestiny = 50
    recent_tips: list[RecentTip] = Field(default=[], max_length=MAX_RECENT_TIPS)
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None


class Tip(Body):
    """One tip for one person, now."""

    id: str
    content: str
    source: Literal["llm", "template"] = "llm"
    kind: Kind = Kind.ADVICE
    rationale: str | None = None


class ReceiptSnippet(Body):
    """What became of one snippet. `age_s` is null where the caller sent no time."""

    agent_id: str
    agent_version: str | None
    age_s: int | None
    state: SnippetState
    used: bool
    reason: SnippetReason | None = Field(description="Null where the snippet was used.")


class Receipt(Body):
    """What a tip stood on."""

    serve_id: str = Field(description="Unique, made by the server; feedback joins on it.")
    trace_id: str
    prompt_version: str
    attempts: int
    cost_usd: float | None = Field(description="Null when unknown.")
    degraded_reason: str | None = Field(description="The code of the error that the template tip replaced.")
    snippets: list[ReceiptSnippet]


class RecommendResponse(Body):
    """Answer of `POST /recommend`; tokens are summed over every attempt."""

    tip: Tip
    model: str
    prompt_tokens: int
    completion_tokens: int
    receipt: Receipt


class GenerateContext(Body):
    """The moment that candidates are generated for."""

    tasks: Tasks = []
    hour_of_day: HourOfDay = 12
    day_of_week: DayOfWeek = 0
    extra: Annotated[dict[str, Any], *FEW_KEYS] = {}
    profile_features: Profile | None = None


class GenerateRequest(Body):
    """Asks for n candidates with a chosen prompt version."""

    user_id: UserId
    context: GenerateContext = GenerateContext()
    n: int = Field(default=3, ge=1, le=MAX_CANDIDATES)
    prompt_version: str | None = Field(default=None, max_length=64, description="Null means the default.")
    profile_features: Profile | None = None
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None


class Candidate(Body):
    """One tip candidate."""

    id: str
    content: str
    source: Literal["llm"] = "llm"
    rationale: str | None = None


class GenerateResponse(Body):
    """Answer of `POST /generate`; tokens are summed over every attempt."""

    candidates: list[Candidate]
    model: str
    prompt_version: str
    prompt_tokens: int
    completion_tokens: int
