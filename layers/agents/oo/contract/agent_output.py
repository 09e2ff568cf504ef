"""One agent's output, apart from the requests, which readers of stored outputs do not need."""

from typing import Any

from oo.contract.fields import Body, Timestamp


class AgentOutput(Body):
    """One agent's snippet: a sentence that is valid until `expires_at`, or an empty text."""

    user_id: str
    agent_id: str
    prompt_text: str
    signals_snapshot: dict[str, Any]
    computed_at: Timestamp
    expires_at: Timestamp
    agent_version: str
