"""A hook of the LiteLLM proxy: the reply's schema in the form that llama-cpp-python accepts.

OpenAI's `json_schema` gets a 500 there. `json_object` with the schema in the same object becomes a grammar, so that
every reply has the shape.
"""

from typing import Any

from litellm.integrations.custom_logger import CustomLogger


class ReplySchemaRewriter(CustomLogger):
    """Rewrites `response_format` in each request, before the proxy chooses the model."""

    async def async_pre_call_hook(
        self,
        user_api_key_dict: Any,  # noqa: ANN401, ARG002  # LiteLLM's signature
        cache: Any,  # noqa: ANN401, ARG002
        data: dict[str, Any],
        call_type: str,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The request with the schema moved, or unchanged."""
        asked = data.get("response_format")
        if isinstance(asked, dict) and asked.get("type") == "json_schema":
            data["response_format"] = {"type": "json_object", "schema": asked["json_schema"]["schema"]}
        return data


rewriter = ReplySchemaRewriter()
