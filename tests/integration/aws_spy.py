"""An AWS on this machine that records the caller and the operation of each request."""

import io
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request

SERVICES = {"AmazonSQS": "sqs", "DynamoDB_20120810": "dynamodb", "secretsmanager": "secretsmanager"}
PERMISSIONS = {"sqs:SendMessageBatch": "sqs:SendMessage"}
"""Calls that IAM knows by another name."""


@dataclass
class AwsSpy:
    """`calls` holds the action, by IAM's name, and the resource's name of each call so far."""

    url: str = ""
    calls: set[tuple[str, str]] = field(default_factory=set)

    def note(self, request: Request) -> None:
        """Write one call down."""
        target, _, operation = request.headers["x-amz-target"].rpartition(".")
        action = f"{SERVICES[target]}:{operation}"
        document: dict[str, Any] = json.loads(request.get_data())
        named = next((document[key] for key in ("TableName", "SecretId", "QueueUrl") if key in document), "")
        self.calls.add((PERMISSIONS.get(action, action), str(named).rpartition("/")[2]))


@contextmanager
def aws_spy() -> Iterator[AwsSpy]:
    """Serve for the block's time."""
    spy, app, turn = AwsSpy(), DomainDispatcherApplication(create_backend_app), threading.Lock()

    def watched(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with turn:
            spy.note(Request({**environ, "wsgi.input": io.BytesIO(body)}))
            environ["wsgi.input"] = io.BytesIO(body)
            answer: Iterable[bytes] = app(environ, start_response)
            return answer

    server = make_server("127.0.0.1", 0, watched, threaded=True)
    spy.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield spy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
