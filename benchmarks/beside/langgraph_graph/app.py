"""`POST /recommend` as a LangGraph graph of two nodes, which asks by langchain-openai for structured output.

It puts the snippets into the prompt as they come: none is checked, ranked or left out. It has no fallback, no error
mapping for the proxy and no traces.
"""

import json
import os
import uuid
from typing import Any, TypedDict

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field, ValidationError


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


class State(TypedDict, total=False):
    """The request, and what the nodes add to it."""

    request: RecommendRequest
    messages: list[BaseMessage]
    reply: AIMessage
    tip: Tip


model = ChatOpenAI(
    base_url=os.environ["LITELLM_URL"],
    api_key=os.environ["LITELLM_API_KEY"],
    model="tip-generator",
    temperature=0.7,
    timeout=25,
).with_structured_output(Tip, include_raw=True)


def build_prompt(state: State) -> State:
    """Write the messages."""
    evidence = "\n".join(snippet.prompt_text for snippet in state["request"].agent_outputs)
    titles = "\n".join(str(task.get("title")) for task in state["request"].tasks)
    return {"messages": [SystemMessage("Write one tip for this person."), HumanMessage(f"{evidence}\n{titles}")]}


def write_tip(state: State) -> State:
    """Ask the model for a tip."""
    result = model.invoke(state["messages"])
    if result["parsing_error"]:
        raise result["parsing_error"]
    return {"reply": result["raw"], "tip": result["parsed"]}


builder = StateGraph(State)
builder.add_node(build_prompt)
builder.add_node(write_tip)
builder.add_edge(START, "build_prompt")
builder.add_edge("build_prompt", "write_tip")
builder.add_edge("write_tip", END)
graph = builder.compile()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Run the graph for one request."""
    try:
        request = RecommendRequest.model_validate_json(event["body"])
    except ValidationError as error:
        return _response(422, {"detail": error.errors(include_url=False, include_context=False, include_input=False)})
    state = graph.invoke({"request": request})
    reply = state["reply"]
    tip = {"id": uuid.uuid4().hex, "source": "llm", "kind": "advice", **state["tip"].model_dump()}
    return _response(
        200,
        {
            "tip": tip,
            "model": reply.response_metadata["model_name"],
            "prompt_tokens": reply.usage_metadata["input_tokens"],
            "completion_tokens": reply.usage_metadata["output_tokens"],
        },
    )


def _response(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
