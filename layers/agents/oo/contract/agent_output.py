"""One agent's output, apart from the requests, which readers of stored outputs do not need."""

from typing import Any

from oo.contract.fields import Body, Timestamp
from oo.validation.models import Field


class AgentOutput(Body):
    """One agent's snippet: a sentence that is valid until `expires_at`, or an empty text."""

    user_id: str = Field(description="The user of the request.")
    agent_id: str = Field(description="The agent of the path.")
    prompt_text: str = Field(description="`[kind|strength] Fact: … Move: … Care: …`; empty: nothing to say now.")
    signals_snapshot: dict[str, Any] = Field(
        description="The values on which it is based, by name, as in `signals_schema` of the agent's manifest."
    )
    computed_at: Timestamp = Field(description="The moment for which it was computed.")
    expires_at: Timestamp = Field(description="From then on it must not be used.")
    agent_version: str = Field(description="The version of the agent.")
