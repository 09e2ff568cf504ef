"""The user's settings for this machine, read and checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commands.program import UnusableValue
from local.deployment.environment import ROOT

DEFAULT_PORT = 3000
DEFAULT_AWS_PORT = 3001
DEFAULT_MODEL_PORT = 3002
_LARGEST_PORT = 65_535
_DIGITS = re.compile(r"[0-9]{1,5}")


class BadSetting(UnusableValue):
    """One sentence for the person who made the setting."""


@dataclass(frozen=True)
class LocalSettings:
    """The settings; `host` is the whole environment, and a port of 0 is a free one.

    Without `litellm_url` the stand-in model is used, on the first of `model_ports` that is free. With
    `container_bridge`, this machine's address in a bridge network, containers reach AWS and the model there.
    `json_on_terminal`: the functions' log lines go to standard error instead of a file. `for_a_person`: answers are
    indented, functions restart when their source changes, and the example user's snapshot is precomputed at the start.
    """

    host: Mapping[str, str]
    port: int
    aws_port: int
    model_ports: tuple[int, ...]
    litellm_url: str
    litellm_key: str
    container_bridge: str
    template: Path
    json_on_terminal: bool
    for_a_person: bool

    @classmethod
    def read(cls, host: Mapping[str, str], *, template: Path | None = None, for_a_person: bool = True) -> LocalSettings:
        """Read `host`. Raises BadSetting."""
        url = host.get("LITELLM_URL", "").strip().rstrip("/")
        key = host.get("LITELLM_API_KEY", "")
        if url and not key and not host.get("LITELLM_API_KEY_SECRET"):
            raise BadSetting(
                "LITELLM_URL is set but no key is: set LITELLM_API_KEY, or LITELLM_API_KEY_SECRET, as well."
            )
        logs = host.get("LOGS", "")
        if logs not in ("", "json"):
            raise BadSetting(f"LOGS is {logs!r}: set it to json for log lines on the terminal, or leave it out.")
        return cls(
            host=host,
            port=read_port(host, "PORT", DEFAULT_PORT),
            aws_port=read_port(host, "AWS_PORT", DEFAULT_AWS_PORT),
            # No caller needs the model's address, so a default port must not prevent a second start.
            model_ports=(read_port(host, "MODEL_PORT", 0),) if host.get("MODEL_PORT") else (DEFAULT_MODEL_PORT, 0),
            litellm_url=url,
            litellm_key=key,
            container_bridge=host.get("CONTAINER_BRIDGE", "").strip(),
            template=template or ROOT / "template.yaml",
            json_on_terminal=bool(logs),
            for_a_person=for_a_person,
        )


def read_port(host: Mapping[str, str], name: str, default: int) -> int:
    """The port that the variable `name` chooses, 0 for a free one. Raises BadSetting."""
    text = host.get(name) or str(default)
    if not _DIGITS.fullmatch(text) or int(text) > _LARGEST_PORT:
        raise BadSetting(f"{name} is {text!r}: it has to be a number from 0 to {_LARGEST_PORT}.")
    return int(text)
