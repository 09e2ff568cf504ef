"""Bodies of the endpoints that call the language model."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from oo.contract.fields import (
    FEW_KEYS,
    ROW,
    ROWS,
    Body,
    DayOfWeek,
    HourOfDay,
    Instant,
    NowIso,
    OptionalTimeZone,
    PriorityScale,
    Profile,
    Readable,
    ScienceDestiny,
    Tasks,
    UserId,
)
from oo.contract.kinds import Kind
from oo.contract.leniency import LenientBody, OptionalReading, is_given
from oo.contract.limits import MAX_CANDIDATES, MAX_RECENT_TIPS, MAX_SNIPPETS
from oo.validation.models import (
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)


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
    """One agent's snippet as the caller sends it or the table stores it."""

    agent_id: str = Field(max_length=256)
    prompt_text: Annotated[Any, WithJsonSchema({"type": "string"})] = Field(
        default=None,
        description="Left out of the prompt if it is not a text, is blank, or has over 2,000 characters.",
    )
    computed_at: Instant | None = None
    expires_at: Instant | None = None
    agent_version: str | None = Field(default=None, max_length=64)
    trace_id: str | None = Field(default=None, max_length=64)


class StoredSnippet(AgentOutputSnippet):
    """A snippet as the table stores it: only the trace is optional."""

    prompt_text: str
    computed_at: Instant
    expires_at: Instant
    agent_version: str
    span_id: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")


def _read_snippet(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401  # a snippet, or None
    """The snippet, None for a row that is not an object.

    A snippet with an unreadable field loses its text as well, which makes it malformed: without its times, an
    expired snippet would be used.
    """
    try:
        return read(value) if isinstance(value, dict | Body) else None
    except ValidationError as error:
        problems = error.errors(include_url=False)
        parts = {problem["loc"][0] for problem in problems if problem["type"] != "string_too_long"}
        if not isinstance(value, dict) or not parts or "agent_id" in parts:
            raise
        kept = {key: part for key, part in value.items() if key not in parts}
        return read(kept | {"prompt_text": None} if any(is_given(value[key]) for key in parts) else kept)


GivenSnippet = Annotated[AgentOutputSnippet, WrapValidator(_read_snippet)]


def _digits(value: object) -> object:
    """A whole number as its digits, the same as ids of tasks."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class RecentTip(Body):
    """A tip the user has seen, not to be repeated."""

    content: Annotated[str | None, Field(max_length=4_000), Readable] = None
    kind: Annotated[str | None, Field(max_length=64), Readable] = None
    task_id: Annotated[str | None, Field(max_length=256), BeforeValidator(_digits), Readable] = None
    created_at: Annotated[Instant | None, Readable] = None


Locale = Annotated[
    str | None,
    Field(
        max_length=64,
        description="BCP 47 tag of the language of tips; titles stay as they are. Null: the language of the titles.",
        examples=["de"],
    ),
]


PromptVersion = Annotated[str | None, Field(description="Null means the default; an unknown one is a 422.")]

RecommendVersion = Annotated[
    str | None,
    Field(description="Null means the running experiment's arm, else the default; an unknown one is a 422."),
]


class RecommendRequest(LenientBody):
    """The data that a tip is based on."""

    user_id: UserId
    agent_outputs: Annotated[list[GivenSnippet], Field(max_length=MAX_SNIPPETS), ROWS] | None = Field(
        default=None,
        description="If absent or null, the user's stored outputs are read. An empty list means no snippets.",
    )
    tasks: Tasks = []
    hour_of_day: HourOfDay | None = None
    day_of_week: DayOfWeek | None = None
    science_destiny: ScienceDestiny = 50
    recent_tips: Annotated[list[Annotated[RecentTip, ROW]], Field(max_length=MAX_RECENT_TIPS), ROWS] = []
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None
    priority_scale: PriorityScale = "larger_is_higher"
    locale: Locale = None
    prompt_version: RecommendVersion = None


class Tip(Body):
    """One tip for one user."""

    id: str
    content: str
    source: Literal["llm", "template"] = "llm"
    kind: Kind = Kind.ADVICE
    rationale: str | None = None


ServeId = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{32}$",
        description="Unique id of the answer, made by the server. MLflow's trace is `tr-` and this. Feedback names it.",
    ),
]
TaskId = Annotated[
    str | None,
    Field(description="The caller's id of the open task that the tip is about; null if it is about none with an id."),
]


class ReceiptSnippet(Body):
    """The verdict on one snippet. `age_s` is its age in seconds, null where the caller sent no time."""

    agent_id: str
    agent_version: str | None
    age_s: int | None
    state: SnippetState
    used: bool
    reason: SnippetReason | None = Field(description="Null if the snippet was used.")


ReceiptExperiment = Annotated[
    dict[str, str | None],
    WithJsonSchema(
        {
            "type": "object",
            "title": "ReceiptExperiment",
            "description": "The running experiment and the user's arm.",
            "properties": {
                "name": {"type": "string"},
                "arm": {
                    "anyOf": [{"type": "string"}, {"type": "null"}],
                    "description": "Null if the request named its own `prompt_version` or `science_destiny`.",
                },
            },
            "required": ["name", "arm"],
        }
    ),
]
"""`name` and `arm`. Not a pydantic model, because building one takes 0.3 ms of each cold start."""


class Receipt(Body):
    """The data on which a tip is based."""

    serve_id: ServeId
    trace_id: str
    prompt_version: str
    task_id: TaskId
    experiment: ReceiptExperiment | None = Field(description="Null if no experiment is running.")
    attempts: int
    cost_usd: float | None = Field(description="Cost of all attempts in US dollars; null if unknown.")
    degraded_reason: str | None = Field(
        description="Null, or the code of the error because of which a template tip was served."
    )
    snippets: list[ReceiptSnippet]


class RecommendResponse(Body):
    """Answer of `POST /recommend`; tokens are summed over every attempt."""

    tip: Tip
    model: str
    prompt_tokens: int
    completion_tokens: int
    receipt: Receipt
    reading: OptionalReading


class GenerateContext(LenientBody):
    """The situation for which candidates are generated."""

    tasks: Tasks = []
    hour_of_day: HourOfDay | None = None
    day_of_week: DayOfWeek | None = None
    extra: Annotated[dict[str, Any], *FEW_KEYS] = {}
    profile_features: Profile | None = None
    priority_scale: PriorityScale = "larger_is_higher"


class GenerateRequest(LenientBody):
    """Request for n candidates with a chosen prompt version."""

    user_id: UserId
    context: GenerateContext = GenerateContext()
    n: int = Field(default=3, ge=1, le=MAX_CANDIDATES)
    prompt_version: PromptVersion = None
    profile_features: Profile | None = None
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None
    locale: Locale = None


class Candidate(Body):
    """One tip candidate."""

    id: str
    content: str
    source: Literal["llm"] = "llm"
    kind: Kind = Kind.ADVICE
    rationale: str | None = None
    task_id: TaskId


class GenerateResponse(Body):
    """Answer of `POST /generate`; tokens are summed over every attempt."""

    candidates: list[Candidate]
    serve_id: ServeId
    model: str
    prompt_version: str
    prompt_tokens: int
    completion_tokens: int
