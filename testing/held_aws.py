"""AWS behind a relay: requests are forwarded at once, responses when the test releases them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from testing.raw_server import Connection, serving


@dataclass
class HeldAws:
    """Forwards requests to `endpoint`; responses follow after `delay_s`, and not before `released` is set.

    `answered` is set after the first response: the request is carried out.
    """

    endpoint: str
    delay_s: float = 0.0
    url: str = ""
    answered: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def serve(self, connection: Connection) -> None:
        """Play one connection."""
        while connection.request():
            first, *lines = connection.head.decode().split("\r\n")
            method, path, _ = first.split(" ")
            headers = dict(line.split(": ", 1) for line in lines)
            answer = httpx.request(method, self.endpoint + path, headers=headers, content=connection.body)
            self.answered.set()
            connection.wait(self.delay_s)
            self.released.wait(30)
            head = f"HTTP/1.1 {answer.status_code} Passed\r\ncontent-length: {len(answer.content)}\r\n\r\n"
            connection.send(head.encode() + answer.content)


@contextmanager
def held_aws(endpoint: str, *, released: bool, delay_s: float = 0.0) -> Iterator[HeldAws]:
    """The line for the block's time."""
    aws = HeldAws(endpoint, delay_s)
    if released:
        aws.released.set()
    with serving(aws.serve) as server:
        aws.url = server.url
        try:
            yield aws
        finally:
            aws.released.set()
