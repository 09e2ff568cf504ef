"""Feedback on a served tip, as a caller reports it and as `FeedbackQueue` carries it."""

from typing import Annotated, Any, Literal

from oo.contract.fields import Body, Instant, Readable, UserId
from oo.contract.leniency import LenientBody
from oo.contract.limits import MAX_COMMENT_CHARACTERS
from oo.contract.vocabulary import FEEDBACK_WORDS
from oo.validation.models import BeforeValidator, Field, WithJsonSchema

Action = Literal["shown", "opened", "snoozed", "dismissed", "done", "helpful", "not_helpful"]
"""The action of a user on a tip."""

_LONGEST_DATE = 10
"""Characters of `2026-03-12`; every text with a time in it is longer."""

ServeId = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{32}$",
        description="The `serve_id` of a tip's receipt, or of an answer of `/generate`.",
        examples=["bff8def915684475846643a4708a1c39"],
    ),
]

CandidateId = Annotated[
    str | None,
    Field(
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="The candidate of an answer of `/generate` that the feedback is about.",
    ),
]

Comment = Annotated[str | None, Field(max_length=MAX_COMMENT_CHARACTERS, description="The user's own words.")]

_ACTIONS = """- `shown`: the user saw the tip.
- `opened`: the user looked at it more closely.
- `snoozed`: the user postponed it.
- `dismissed`: the user removed it.
- `done`: the user did it.
- `helpful`: the user liked it.
- `not_helpful`: the user disliked it."""


def _no_date(value: object) -> object:
    """The value, None for a bare date, which gives no order of events."""
    return None if isinstance(value, str) and len(value.strip()) <= _LONGEST_DATE else value


def _aliases() -> str:
    return "; ".join(f"{action}: {', '.join(words[1:])}" for action, words in FEEDBACK_WORDS.items())


class FeedbackRequest(LenientBody):
    """The action of a user on a served tip."""

    user_id: UserId
    serve_id: ServeId
    action: Annotated[Any, WithJsonSchema({"type": "string"})] = Field(
        description=(
            f"{_ACTIONS}\n\nThese words are read as well; case, blanks, `-` and `_` do not matter: {_aliases()}."
        ),
        examples=["helpful"],
    )
    dwell_ms: Annotated[Any, WithJsonSchema({"type": "number"})] = Field(
        default=None, description="Time for which the tip was visible, in milliseconds; an unreadable value is unknown."
    )
    comment: Annotated[Comment, Readable] = None
    created_at: Annotated[Instant | None, Readable, BeforeValidator(_no_date)] = Field(
        default=None,
        description=(
            "Time of the action, ISO 8601; without a zone it is UTC. If it is absent, unreadable, or over 5 minutes "
            "ahead of the service's clock, the time of receipt is used. Of contradictory actions the last counts."
        ),
    )
    candidate_id: CandidateId = None


class FeedbackResponse(Body):
    """Answer of `POST /feedback`: the feedback is queued. Sending it again has no effect."""

    accepted: Literal[True] = Field(default=True, description="- `true`: it is in the queue.")


class FeedbackMessage(Body):
    """Body of a message on `FeedbackQueue`: feedback with its resolved action and time."""

    user_id: UserId
    serve_id: ServeId
    action: Action = Field(description=_ACTIONS)
    dwell_ms: float | None = Field(default=None, description="How long the user looked at the tip, in milliseconds.")
    comment: Comment = None
    created_at: Instant = Field(description="When it happened.")
    candidate_id: CandidateId = None
    trace_id: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{32}$", description="The request's trace, 32 hexadecimal digits."
    )
