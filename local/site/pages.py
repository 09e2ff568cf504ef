"""The pages of `make run`: `/`, `/docs` and `/openapi.json`. A deployed service does not have them."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from local.deployment.environment import ROOT

_HERE = Path(__file__).parent
_SWAGGER = "aws_lambda_powertools.event_handler.openapi.swagger_ui"
# The browser rejects any load of a page from another host. Swagger UI has images as data and inline styles.
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


class LocalPages:
    """Answers GET for the pages; `request_example` is the command that `/` shows."""

    def __init__(self, request_example: str) -> None:
        self._example = request_example
        swagger = files(_SWAGGER)
        self._files: dict[str, tuple[Traversable | Path, str]] = {
            "/": (_HERE / "index.html", "text/html"),
            "/docs": (_HERE / "docs.html", "text/html"),
            "/docs/start.js": (_HERE / "start.js", "text/javascript"),
            "/docs/swagger-ui-bundle.min.js": (swagger / "swagger-ui-bundle.min.js", "text/javascript"),
            "/docs/swagger-ui.min.css": (swagger / "swagger-ui.min.css", "text/css"),
            "/openapi.json": (ROOT / "docs" / "openapi.json", "application/json"),
        }

    def answer(self, request: Request) -> Response | None:
        """The requested page; None if the path or the verb is the service's own."""
        found = self._files.get(request.url.path) if request.method in ("GET", "HEAD") else None
        if found is None:
            return None
        file, kind = found
        content = file.read_bytes()
        if request.url.path == "/":
            content = content.replace(b"REQUEST", escape(self._example).encode())
        return Response(content, media_type=kind, headers={"content-security-policy": _POLICY})
