"""The optional parameters of a call, without those that are disabled or that the model has rejected."""

from collections.abc import Mapping
from typing import Any, Literal

OPTIONAL = ("temperature", "response_format", "max_tokens", "user")

ResponseFormat = Literal["json_schema", "json_object", "off"]


class Parameters:
    """Remembers rejected parameters for the lifetime of the sandbox.

    A `temperature` of None sends none. `response_format` is the form in which a reply's JSON Schema is sent; not every
    provider accepts one.
    """

    def __init__(self, *, temperature: float | None = 0.7, response_format: ResponseFormat = "json_schema") -> None:
        self._temperature = temperature
        self._response_format = response_format
        self._refused: set[str] = set()

    @property
    def temperature(self) -> float | None:
        """The temperature of calls now."""
        return None if "temperature" in self._refused else self._temperature

    def refuse(self, name: str) -> None:
        """Omit the parameter from all later calls; `max_tokens` is replaced by its newer name."""
        self._refused.add(name)

    def of_call(self, *, max_tokens: int, user: str | None, schema: Mapping[str, Any] | None) -> dict[str, Any]:
        """The optional parameters that a call sends, by their names."""
        given = {
            "temperature": self._temperature,
            "max_tokens": max_tokens,
            "user": user or None,
            "response_format": self._format(schema),
        }
        sent = {name: value for name, value in given.items() if value is not None and name not in self._refused}
        if "max_tokens" in self._refused:
            # OpenAI's reasoning models refuse the old name.
            sent["max_completion_tokens"] = max_tokens
        return sent

    def _format(self, schema: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if schema is None or self._response_format == "off":
            return None
        return schema if self._response_format == "json_schema" else {"type": "json_object"}
