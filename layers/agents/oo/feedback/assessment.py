"""One piece of feedback as an MLflow assessment on the tip's trace."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from oo.contract.feedback import Action, FeedbackMessage

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters except line ends and tabs: PostgreSQL rejects NUL, and such a comment would be retried forever."""

DIGITS = 32
"""Of the hash in an id; MLflow takes ids of at most 50 characters."""

FAMILIES: dict[Action, tuple[str, float]] = {
    "shown": ("shown", 1.0),
    "opened": ("opened", 1.0),
    "snoozed": ("snoozed", 1.0),
    "dismissed": ("dismissed", 1.0),
    "done": ("done", 1.0),
    "helpful": ("helpful", 1.0),
    "not_helpful": ("helpful", 0.0),
}
"""By action the family, which is the assessment's name, and the value. Numbers, because MLflow draws their average."""


class Assessment(NamedTuple):
    """One per tip or candidate, user and family: contradictory actions share one id, and the newest counts."""

    id: str
    name: str
    value: float
    pseudonym: str
    comment: str
    serve_id: str
    created_at: datetime
    metadata: dict[str, str]

    def body(self) -> dict[str, Any]:
        """The assessment as JSON for MLflow's REST interface."""
        return {
            "assessment_id": self.id,
            "assessment_name": self.name,
            # MLflow accepts other spellings of the type, but then ignores the source.
            "source": {"source_type": "HUMAN", "source_id": self.pseudonym},
            "feedback": {"value": self.value},
            "metadata": self.metadata,
            **({"rationale": self.comment} if self.comment else {}),
        }

    def update(self) -> dict[str, Any]:
        """The body of an update. MLflow merges metadata, so values that are now unknown are sent as empty texts."""
        body = self.body()
        body["metadata"] = {"dwell_ms": "", **self.metadata}
        return {
            "assessment": {**body, "rationale": self.comment},
            "update_mask": "feedback,rationale,metadata",
        }


def assessment_of(message: FeedbackMessage, pseudonym: str) -> Assessment:
    """The assessment for a message; `pseudonym` is the user's."""
    name, value = FAMILIES[message.action]
    metadata = {
        "serve_id": message.serve_id,
        "action": message.action,
        "created_at": message.created_at.isoformat(),
        "dwell_ms": "" if message.dwell_ms is None else f"{message.dwell_ms:.15g}",
        "candidate_id": message.candidate_id or "",
    }
    return Assessment(
        id=_id(message, pseudonym, name),
        name=name,
        value=value,
        pseudonym=pseudonym,
        comment=_UNSTORABLE.sub("", message.comment or ""),
        serve_id=message.serve_id,
        created_at=message.created_at,
        metadata={key: text for key, text in metadata.items() if text},
    )


def _id(message: FeedbackMessage, pseudonym: str, family: str) -> str:
    """The id, equal for every repeat, so that MLflow's primary key prevents duplicates."""
    candidate = [message.candidate_id] if message.candidate_id else []
    parts = "|".join([message.serve_id, pseudonym, family, *candidate])
    return f"a-{sha256(parts.encode()).hexdigest()[:DIGITS]}"
