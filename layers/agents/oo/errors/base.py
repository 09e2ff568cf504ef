"""The base of all errors, and those of agents and settings."""

import re
from typing import Any, ClassVar

_SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")


class ServiceError(Exception):
    """Base of all errors raised on purpose; `code` is machine-readable and stable."""

    code: ClassVar[str] = "internal_error"


class AgentFailed(ServiceError):
    """An agent raised an exception; the message contains its type, never its text."""

    code = "agent_failed"

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"Agent compute failed: {type(cause).__name__}")


class ConfigError(ServiceError):
    """A setting or a secret is missing or unusable; the message contains its name, never its value.

    `setting` is the part of the message with the names; `store_error` is AWS' error code if a secret could not be read.
    """

    code = "config_error"

    def __init__(self, message: str, *, store_error: str | None = None) -> None:
        super().__init__(message)
        self.setting = ", ".join(_SETTING.findall(message))
        self.store_error = store_error


def config_facts(error: BaseException) -> dict[str, Any]:
    """The fields of a log line about an error that an operator can fix; empty for other errors."""
    facts = {name: getattr(error, name, None) for name in ("setting", "store_error")}
    return {name: fact for name, fact in facts.items() if fact}
