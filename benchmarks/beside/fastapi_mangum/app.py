"""`POST /recommend` with common tools: FastAPI behind Mangum, MLflow imported at the top, a client per request.

Its traces go to MLFLOW_TRACKING_URI, like the service's.
"""

import json
import os
import uuid
from typing import Any

import httpx
import mlflow
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel, Field

app = FastAPI()


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
    """One tip."""

    id: str
    content: str
    rationale: str | None = None


class RecommendResponse(BaseModel):
    """A tip and the model that wrote it."""

    tip: Tip
    model: str


@app.post("/recommend")
def recommend(request: RecommendRequest) -> RecommendResponse:
    """Ask the model for a tip."""
    evidence = "\n".join(snippet.prompt_text for snippet in request.agent_outputs)
    titles = "\n".join(str(task.get("title")) for task in request.tasks)
    with mlflow.start_span("recommend") as span:
        span.set_inputs({"user_id": request.user_id})
        reply = httpx.post(
            f"{os.environ['LITELLM_URL']}/chat/completions",
            headers={"authorization": f"Bearer {os.environ['LITELLM_API_KEY']}"},
            json={
                "model": "tip-generator",
                "messages": [
                    {"role": "system", "content": "Answer with one tip as JSON: id, content, rationale."},
                    {"role": "user", "content": f"{evidence}\n{titles}"},
                ],
            },
            timeout=25,
        ).json()
        words = json.loads(reply["choices"][0]["message"]["content"])
        span.set_outputs(words)
    tip = Tip(id=words.get("id") or uuid.uuid4().hex, content=words["content"], rationale=words.get("rationale"))
    return RecommendResponse(tip=tip, model=reply["model"])


handler = Mangum(app, lifespan="off")
