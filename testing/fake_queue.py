"""A fake SQS queue for senders, over its JSON protocol."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.deployment.environment import aws_variables
from testing.raw_server import Connection, response, serving


@dataclass
class FakeQueue:
    """Accepts single messages and stores their bodies; a `status` other than 200 is the response to every call."""

    endpoint: str = ""
    status: int = 200
    bodies: list[str] = field(default_factory=list)

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a sender."""
        url = f"{self.endpoint}/123456789012/Queue"
        return {**aws_variables(self.endpoint), "FEEDBACK_QUEUE_URL": url, "FEEDBACK_DEAD_LETTER_QUEUE_URL": url}

    def serve(self, connection: Connection) -> None:
        """Play one connection."""
        while connection.request():
            connection.send(self._answer(connection))

    def _answer(self, connection: Connection) -> bytes:
        if self.status != 200:
            return response(b'{"__type": "com.amazonaws.sqs#AccessDenied"}', f"{self.status} Refused")
        body = json.loads(connection.body)["MessageBody"]
        self.bodies.append(body)
        digest = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
        return response(json.dumps({"MessageId": str(len(self.bodies)), "MD5OfMessageBody": digest}).encode())


@contextmanager
def fake_queue() -> Iterator[FakeQueue]:
    """A queue for the block's time."""
    queue = FakeQueue()
    with serving(queue.serve) as listening:
        queue.endpoint = listening.url
        yield queue
