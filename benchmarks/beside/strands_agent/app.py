"""`POST /recommend` as a Strands agent with structured output, a new agent per request as its pages on Lambda show.

It puts the snippets into the prompt as they come: none is checked, ranked or left out. It has no fallback, no error
mapping for the proxy and no traces. It does not stream, as nothing would read the parts.
"""

import json
import os
import uuid
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from strands import Agent
from strands.models.openai import OpenAIModel


class Snippet(BaseModel):
    """One agent's snippet."""

    agent_id: str
    prompt_text: str


class RecommendRequest(BaseModel):
    """The data of the tip."""

    user_id: str = Field(min_length=1, max_length=256)
    agent_outputs: list[Snippet] = []
    tasks: list[dict[str, Any]] = []
    hour_of_day: int = Field(default=12, ge=0, le=23)
    day_of_week: int = Field(default=0, ge=0, le=6)
    science_destiny: int = Field(default=50, ge=0, le=100)


class Tip(BaseModel):
    """One tip for this moment."""

    content: str = Field(description="The tip, two sentences at most.")
    rationale: str | None = Field(default=None, description="The reason for it, one sentence.")


model = OpenAIModel(
    client_args={"base_url": os.environ["LITELLM_URL"], "api_key": os.environ["LITELLM_API_KEY"], "timeout": 25},
    model_id="tip-generator",
    params={"temperature": 0.7},
    stream=False,
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Ask the model for a tip."""
    try:
        request = RecommendRequest.model_validate_json(event["body"])
    except ValidationError as error:
        return _response(422, {"detail": error.errors(include_url=False, include_context=False, include_input=False)})
    evidence = "\n".join(snippet.prompt_text for snippet in request.agent_outputs)
    titles = "\n".join(str(task.get("title")) for task in request.tasks)
    # An agent keeps its conversation, so a request has one of its own. Without a handler it prints what it receives.
    agent = Agent(
        model=model,
        system_prompt="Write one tip for this person.",
        structured_output_model=Tip,
        callback_handler=None,
    )
    result = agent(f"{evidence}\n{titles}")
    usage = result.metrics.accumulated_usage
    tip = {"id": uuid.uuid4().hex, "source": "llm", "kind": "advice", **result.structured_output.model_dump()}
    return _response(
        200,
        {
            "tip": tip,
            "model": model.get_config()["model_id"],
            "prompt_tokens": usage["inputTokens"],
            "completion_tokens": usage["outputTokens"],
        },
    )


def _response(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
