"""Secrets Manager as a function meets it: with any text, with a refusal, or silent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from testing.raw_server import STOP_S, Connection, serving

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:litellm-AbCdEf"


@dataclass
class SecretsManager:
    """Answers with `secrets`, by the id; `hangs` makes it silent, `code` makes it refuse. `asked` counts the ids."""

    secrets: dict[str, str]
    url: str = ""
    hangs: bool = False
    code: str = ""
    asked: dict[str, int] = field(default_factory=dict)

    def serve(self, connection: Connection) -> None:
        """Play one connection."""
        if not connection.request():
            return
        identifier = json.loads(connection.body)["SecretId"]
        self.asked[identifier] = self.asked.get(identifier, 0) + 1
        if self.hangs:
            connection.wait(STOP_S)
        elif self.code:
            self._send(connection, "400 Bad Request", {"__type": self.code, "message": f"{ARN} may not be read"})
        else:
            self._send(connection, "200 OK", {"SecretString": self.secrets[identifier]})

    def _send(self, connection: Connection, status: str, fields: dict[str, Any]) -> None:
        body = json.dumps(fields).encode()
        head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
        connection.send(head.encode() + body)


@contextmanager
def secrets_manager(**secrets: str) -> Iterator[SecretsManager]:
    """A store for the block's time."""
    store = SecretsManager(secrets)
    with serving(store.serve) as server:
        store.url = server.url
        yield store
