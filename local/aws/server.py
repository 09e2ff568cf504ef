"""Moto's SQS and DynamoDB over HTTP: `python -m local.aws.server DESCRIPTOR`, a listening socket's.

Moto stores everything in plain lists without locks: a message sent while another one is deleted can get lost, and two
readers can receive the same one. So requests run one at a time. A long poll, which must not block the others, is
repeated until it has a message.
"""

from __future__ import annotations

import io
import json
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any

from moto import backends
from moto.core.utils import camelcase_to_underscores
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.sqs import models
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from local.lambda_emulation.listener import LOOPBACK

# Messages become visible again without a request that could trigger a poll.
_ASK_AGAIN_S = 0.5
# Any other request, such as a write to a table, adds no message.
_MAY_END_A_POLL = ("SendMessage", "SendMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch")

Environment = dict[str, Any]


class OneAtATime:
    """A WSGI application that lets one request at a time into another one."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401  # moto's application has no public type
        self._app = app
        self._turn = threading.Condition()

    def __call__(self, environ: Environment, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  # WSGI
        """Answer one request."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        if action == "ReceiveMessage":
            response = self._poll(environ, body)
        else:
            with self._turn:
                response = self._run(environ, body)
                if action in _MAY_END_A_POLL:
                    self._turn.notify_all()
        return response(environ, start_response)

    def _poll(self, environ: Environment, body: bytes) -> Response:
        request = json.loads(body)
        end = time.monotonic() + float(request.get("WaitTimeSeconds", 0))
        body = json.dumps({**request, "WaitTimeSeconds": 0}).encode()
        with self._turn:
            while True:
                response = self._run(environ, body)
                left = end - time.monotonic()
                if left <= 0 or b"Messages" in response.get_data():
                    return response
                self._turn.wait(min(left, _ASK_AGAIN_S))

    def _run(self, environ: Environment, body: bytes) -> Response:
        asked = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return Response.from_app(self._app, asked, buffered=True)


class _RequestHandler(MotoRequestHandler):
    # A small response must not wait for the acknowledgement of its own headers.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # the base class' name
        """Log nothing: the functions' own log lines name their requests."""


def count_no_more_than_asked_for() -> None:
    """Skip moto's work whose cost per message grows with the length of the queue.

    moto 5.2 counts a queue's messages a dozen times for each one that is received, and creates two datetimes for each
    message that it counts. With 600 waiting, a receive of ten took a third of a second; now it takes a millisecond.
    """

    def is_kept(backend: Any, queue_name: str, message: Any) -> bool:  # noqa: ANN401  # moto's attributes have no types
        period = backend.get_queue(queue_name).message_retention_period
        return bool(time.time() < period + message.sent_timestamp / 1000)

    faster = {"unix_time": time.time, "unix_time_millis": lambda: time.time() * 1000}
    for name, function in faster.items():
        setattr(models, name, function)
    models.SQSBackend.is_message_valid_based_on_retention_period = is_kept  # type: ignore[assignment,method-assign]


def remember_names() -> None:
    """Skip moto's work that is the same for each request.

    moto 5.2 lists the folder of its services to find one of them, and spells out the names of a queue's attributes.
    """
    services = frozenset(backends.list_of_moto_modules())
    setattr(backends, "list_of_moto_modules", lambda: services)  # noqa: B010  # a type checker knows the function
    setattr(models, "camelcase_to_underscores", cache(camelcase_to_underscores))  # noqa: B010  # as above


def main() -> None:
    """Serve until killed."""
    count_no_more_than_asked_for()
    remember_names()
    app = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server(LOOPBACK, 0, app, threaded=True, request_handler=_RequestHandler, fd=int(sys.argv[1]))
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
