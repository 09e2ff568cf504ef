"""Bodies of the endpoints that call the language model."""

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
from oo.contract.kinds import REASONS_AGAINST_SNIPPETS, Kind, SnippetReason, SnippetState
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


class AgentOutputSnippet(Body):
    """One agent's snippet as the caller sends it or the table stores it."""

    agent_id: str = Field(max_length=256, description="The agent that computed it; `other` in prompts if unknown.")
    prompt_text: Annotated[Any, WithJsonSchema({"type": "string"})] = Field(
        default=None,
        description="Left out of the prompt if it is not a text, is blank, or has over 2,000 characters.",
    )
    computed_at: Instant | None = Field(default=None, description="More than 5 minutes ahead makes it malformed.")
    expires_at: Instant | None = Field(default=None, description="From then on the snippet is not used; null: unknown.")
    agent_version: str | None = Field(default=None, max_length=64, description="The version of the agent.")
    trace_id: str | None = Field(default=None, max_length=64, description="The trace of its computation.")


class StoredSnippet(AgentOutputSnippet):
    """A snippet as the table stores it: only the ids of its trace and span are optional."""

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

    content: Annotated[str | None, Field(max_length=4_000, description="The tip's text."), Readable] = None
    kind: Annotated[str | None, Field(max_length=64, description="The tip's `kind`."), Readable] = None
    task_id: Annotated[
        str | None,
        Field(max_length=256, description="The task that it was about."),
        BeforeValidator(_digits),
        Readable,
    ] = None
    created_at: Annotated[Instant | None, Field(description="When the user saw it."), Readable] = None


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


def _without_default(schema: dict[str, Any]) -> None:
    """Hide a default that means something else once a client writes it out."""
    del schema["default"]


class RecommendRequest(LenientBody):
    """The data from which a tip is made."""

    user_id: UserId
    agent_outputs: Annotated[list[GivenSnippet], Field(max_length=MAX_SNIPPETS), ROWS] | None = Field(
        default=None,
        description="The user's snippets. If absent or null, the stored ones are read. An empty list means none.",
    )
    tasks: Tasks = []
    hour_of_day: HourOfDay | None = None
    day_of_week: DayOfWeek | None = None
    science_destiny: ScienceDestiny = Field(default=50, json_schema_extra=_without_default)
    recent_tips: Annotated[
        list[Annotated[RecentTip, ROW]],
        Field(max_length=MAX_RECENT_TIPS, description="Tips that the user has seen, not to be repeated."),
        ROWS,
    ] = []
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None
    priority_scale: PriorityScale = "larger_is_higher"
    locale: Locale = None
    prompt_version: RecommendVersion = None


class Tip(Body):
    """One tip for one user."""

    id: str = Field(description="The model's own id of the tip, else one of the service; not unique.")
    content: str = Field(description="The tip in plain words: one or two sentences.")
    source: Literal["llm", "template"] = Field(
        default="llm",
        description="- `llm`: the model wrote it.\n- `template`: the service wrote it, as the model failed.",
    )
    kind: Kind = Kind.ADVICE
    rationale: str | None = Field(default=None, description="Why this tip now, for the user; null if there is none.")


ServeId = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{32}$",
        description="Unique id of the answer, made by the server. MLflow's trace is `tr-` and this. Feedback names it.",
    ),
]
ModelName = Annotated[str, Field(description="The model that answered, as the proxy names it.")]
PromptTokens = Annotated[int, Field(description="Tokens of the prompts of all calls; 0 if the proxy named none.")]
CompletionTokens = Annotated[int, Field(description="Tokens of all replies; 0 if the proxy named none.")]
TaskId = Annotated[
    str | None,
    Field(description="The caller's id of the open task that the tip is about; null if it is about none with an id."),
]


class ReceiptSnippet(Body):
    """The verdict on one snippet."""

    agent_id: str = Field(description="The agent, as the snippet names it.")
    agent_version: str | None = Field(description="The version of the agent; null if the snippet names none.")
    age_s: int | None = Field(description="Its age in seconds; null if it came without `computed_at`.")
    state: SnippetState
    used: bool = Field(description="Whether the snippet was in the prompt.")
    reason: SnippetReason | None = Field(description=REASONS_AGAINST_SNIPPETS)


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
    """How a tip was made: versions, snippets with their verdicts, attempts and cost."""

    serve_id: ServeId
    trace_id: str = Field(description="32 hex digits: the caller's if `traceparent` has one; in logs and `x-trace-id`.")
    prompt_version: str = Field(description="The prompt that the model got.")
    task_id: TaskId
    experiment: ReceiptExperiment | None = Field(description="Null if no experiment is running.")
    attempts: int = Field(description="Calls to the model: 0 to 3.")
    cost_usd: float | None = Field(description="Cost of all attempts in US dollars; null if unknown.")
    degraded_reason: str | None = Field(
        description="Null, or the code of the error because of which a template tip was served."
    )
    snippets: list[ReceiptSnippet] = Field(description="Every snippet, used or not, in the order of the request.")


class RecommendResponse(Body):
    """Answer of `POST /recommend`; tokens are summed over every attempt."""

    tip: Tip
    model: ModelName
    prompt_tokens: PromptTokens
    completion_tokens: CompletionTokens
    receipt: Receipt
    reading: OptionalReading


class GenerateContext(LenientBody):
    """The situation for which candidates are generated."""

    tasks: Tasks = []
    hour_of_day: HourOfDay | None = None
    day_of_week: DayOfWeek | None = None
    extra: Annotated[dict[str, Any], *FEW_KEYS] = Field(
        default={}, description="Further facts about the moment, by name: texts, numbers, booleans."
    )
    profile_features: Profile | None = None
    priority_scale: PriorityScale = "larger_is_higher"


class GenerateRequest(LenientBody):
    """Request for n candidates with a chosen prompt version."""

    user_id: UserId
    context: GenerateContext = Field(
        default=GenerateContext(), json_schema_extra={"default": {}}, description="The moment and its tasks."
    )
    n: int = Field(default=3, ge=1, le=MAX_CANDIDATES, description="The number of requested candidates.")
    prompt_version: PromptVersion = None
    profile_features: Profile | None = None
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None
    locale: Locale = None


class Candidate(Body):
    """One tip candidate."""

    id: str = Field(description="Unique within one answer. Feedback names it as `candidate_id`.")
    content: str = Field(description="The tip in plain words.")
    source: Literal["llm"] = Field(default="llm", description="- `llm`: the model wrote it.")
    kind: Kind = Kind.ADVICE
    rationale: str | None = Field(default=None, description="Why this tip; null if there is none.")
    task_id: TaskId


class GenerateResponse(Body):
    """Answer of `POST /generate`; tokens are summed over every attempt."""

    candidates: list[Candidate] = Field(description="At most `n`; fewer if the model wrote fewer usable ones.")
    serve_id: ServeId
    model: ModelName
    prompt_version: str = Field(description="The prompt that the model got.")
    prompt_tokens: PromptTokens
    completion_tokens: CompletionTokens
