"""Errors of requests that the caller has to change."""

from typing import Any

from oo.errors.base import ServiceError


def _shown(text: str) -> str:
    """At most 64 printable characters of a caller's text."""
    return "".join(character for character in text if character.isprintable())[:64]


class RequestError(ServiceError):
    """The caller has to change the request."""


class RequestInvalid(RequestError):
    """`errors` lists objects of `type`, `loc` (beginning with "body") and `msg`."""

    code = "invalid_request"

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(errors)} problem(s) in the request's body")
        self.errors = errors


class PayloadTooLarge(RequestError):
    code = "payload_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The request's body is over the limit of {limit_bytes} bytes")


class UnsupportedMediaType(RequestError):
    code = "unsupported_media_type"

    def __init__(self, encoding: str = "") -> None:
        type_wanted = "The request's content type has to be application/json"
        super().__init__(f"Content-Encoding is not supported: {_shown(encoding)}" if encoding else type_wanted)


class InvalidEvent(RequestError):
    code = "invalid_event"

    def __init__(self, event_kind: str) -> None:
        super().__init__("Expected an event of an HTTP API with payload format 2.0")
        self.event_kind = event_kind


class Forbidden(RequestError):
    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("The token belongs to another user than the one that the body names")


class RouteNotFound(RequestError):
    code = "not_found"

    def __init__(self) -> None:
        super().__init__("No such path")


class MethodNotAllowed(RequestError):
    """`allowed` lists the verbs of the path."""

    code = "method_not_allowed"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(f"The path allows {', '.join(allowed)}")
        self.allowed = allowed


class UnknownAgent(RequestError):
    code = "unknown_agent"
    agent_id = "other"  # in the log: the id that was asked for is a caller's text

    def __init__(self, agent_id: str) -> None:
        super().__init__(f"Unknown agent: '{_shown(agent_id)}'")


class UnknownPromptVersion(RequestError):
    code = "unknown_prompt_version"

    def __init__(self, version: str) -> None:
        super().__init__(f"Unknown prompt_version: {_shown(version)}")
