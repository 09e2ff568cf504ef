"""The request in a file: a body of `/recommend` or `/generate`, or an API Gateway event that has one."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from oo.contract import strict_json
from oo.contract.routes import GENERATE, RECOMMEND
from oo.contract.tips import GenerateRequest, RecommendRequest
from oo.errors import RequestError
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS

Request = RecommendRequest | GenerateRequest

_EVENTS = Path(__file__).parents[2] / "events"
_KINDS: Mapping[str, type[Request]] = {RECOMMEND.path: RecommendRequest, GENERATE.path: GenerateRequest}
_IN_EVENTS = frozenset({"rawPath", "requestContext", "body"})
_OF_GENERATE = frozenset({"context", "n", "profile_features"})
_OF_RECOMMEND = frozenset({"tasks", "agent_outputs", "recent_tips", "science_destiny"})
"""Fields of a body that the other endpoint's bodies have not."""


class Unusable(Exception):
    """One sentence for the user of the command."""


class Changes(NamedTuple):
    """The values that replace those of the request, as texts; an empty one leaves the request's own."""

    version: str = ""
    slider: str = ""
    locale: str = ""


NO_CHANGES = Changes()


def event_for(version: str | None) -> Path:
    """The example event of the endpoint that has the version; that of `/recommend` for None."""
    return _EVENTS / ("generate.json" if version in VERSIONS else "recommend.json")


def path_of(request: Request) -> str:
    """The path that a request is for."""
    return RECOMMEND.path if isinstance(request, RecommendRequest) else GENERATE.path


def versions_of(request: Request) -> tuple[str, ...]:
    """The prompt versions that such a request may name."""
    return RECOMMEND_VERSIONS if isinstance(request, RecommendRequest) else VERSIONS


def read_request(file: Path, changes: Changes = NO_CHANGES) -> Request:
    """The request in the file with the changes. Raises Unusable."""
    return request_of(file, *read_body(file, changes))


def read_body(file: Path, changes: Changes = NO_CHANGES) -> tuple[str, Mapping[str, Any]]:
    """The path and the body with the changes, not validated yet. Raises Unusable."""
    path, body = _read(file, changes.version)
    return path, {**body, **_changed(path, changes)}


def request_of(file: Path, path: str, body: Mapping[str, Any]) -> Request:
    """The body of the file as the service reads it. Raises Unusable."""
    try:
        return _KINDS[path].model_validate(body)
    except ValidationError as error:
        places = sorted(
            {".".join(map(str, ("body", *problem["loc"]))) for problem in error.errors(include_input=False)}
        )
        raise Unusable(f"The request in {file} would be a 422: {', '.join(places)}.") from None


def _changed(path: str, changes: Changes) -> dict[str, Any]:
    """The fields that replace those of the body."""
    fields: dict[str, Any] = {}
    if changes.version:
        fields["prompt_version"] = changes.version
    if changes.locale:
        fields["locale"] = changes.locale
    if changes.slider:
        if path != RECOMMEND.path:
            raise Unusable(f"{path} has no slider: leave SLIDER out, or name a request for {RECOMMEND.path}.")
        fields["science_destiny"] = _slider(changes.slider)
    return fields


def _slider(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= 100):
        raise Unusable(f"SLIDER is {text!r}: give a whole number from 0 (data-driven) to 100 (intuitive).")
    return int(text)


def _read(file: Path, version: str) -> tuple[str, Mapping[str, Any]]:
    """The path and the body. The endpoint of a plain body follows from its fields, else from the version."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        event = json.loads(text)
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise Unusable(f"{file} is not JSON.") from None
    if not isinstance(event, dict):
        raise Unusable(f"{file} holds no JSON object: name a body of a request, or an event with one.")
    if not _IN_EVENTS.isdisjoint(event):
        return _path_of_event(file, event), _body(file, _text_of_event(event))
    is_for_candidates = not _OF_GENERATE.isdisjoint(event) or (_OF_RECOMMEND.isdisjoint(event) and version in VERSIONS)
    return GENERATE.path if is_for_candidates else RECOMMEND.path, _body(file, text)


def _path_of_event(file: Path, event: Mapping[str, Any]) -> str:
    path = event.get("rawPath")
    if not isinstance(path, str) or path not in _KINDS:
        raise Unusable(f"{file} is no event for {RECOMMEND.path} or {GENERATE.path}: its rawPath says {path!r}.")
    return path


def _text_of_event(event: Mapping[str, Any]) -> str:
    """The text of an event's body; an empty text, which is not JSON, without a body."""
    text = event.get("body")
    if not isinstance(text, str):
        return ""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8") if event.get("isBase64Encoded") else text
    except ValueError:
        return ""


def _body(file: Path, text: str) -> Mapping[str, Any]:
    try:
        body = strict_json.parse(text)
    except RequestError:
        raise Unusable(f"The body in {file} is no JSON text that the service would take.") from None
    if not isinstance(body, dict):
        raise Unusable(f"The request in {file} would be a 422: body.")
    return body
