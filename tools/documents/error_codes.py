"""The codes of the tree of `oo.errors`, each with its status, and the endpoints that answer with it."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from oo import errors
from oo.contract import routes
from oo.errors import ServiceError
from oo.runtime.http_gateway import STATUS, Endpoint
from tools.documents.error_texts import TEXTS

_WITH_BODY = (
    errors.Forbidden,
    errors.PayloadTooLarge,
    errors.UnsupportedMediaType,
    errors.RequestInvalid,
)
_OF_AGENTS = (errors.RouteNotFound, errors.UnknownAgent, errors.ConfigError)
_OF_MODEL = (errors.UnknownPromptVersion, errors.LLMError, errors.ConfigError)

RAISED: Mapping[routes.Route, tuple[type[ServiceError], ...]] = {
    routes.HEALTH: (errors.ConfigError,),
    routes.REGISTRY: (),
    routes.COMPUTE: (*_OF_AGENTS, errors.AgentFailed),
    routes.INFER: _OF_AGENTS,
    routes.RECOMMEND: _OF_MODEL,
    routes.GENERATE: _OF_MODEL,
    routes.FEEDBACK: (errors.FeedbackUnavailable, errors.ConfigError),
}
"""The branches of the tree that an endpoint raises itself, in addition to those of every endpoint."""


def status_of(error: type[ServiceError]) -> HTTPStatus:
    """The status of the nearest ancestor that the gateway's table lists."""
    return next((STATUS[kind] for kind in error.__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def answered(endpoint: Endpoint) -> dict[HTTPStatus, list[str]]:
    """The codes that the endpoint answers with, by status, both in order."""
    raised = (errors.InvalidEvent, *(_WITH_BODY if endpoint.request_type else ()), *RAISED[endpoint.route])
    found = {(status_of(kind), kind.code) for branch in raised for kind in _tree(branch) if "code" in vars(kind)}
    found.add((HTTPStatus.INTERNAL_SERVER_ERROR, ServiceError.code))
    order = list(TEXTS)
    statuses = sorted({status for status, _ in found})
    return {each: sorted((code for status, code in found if status == each), key=order.index) for each in statuses}


def http_codes() -> dict[str, HTTPStatus]:
    """The status of every code that an HTTP answer may hold, in the order of the texts."""
    everywhere = {error.code: status_of(error) for error in (errors.RouteNotFound, errors.MethodNotAllowed)}
    everywhere |= {
        ServiceError.code: HTTPStatus.INTERNAL_SERVER_ERROR,
        errors.InvalidEvent.code: HTTPStatus.BAD_REQUEST,
    }
    kinds = [*_WITH_BODY, *(branch for branches in RAISED.values() for branch in branches)]
    found = everywhere | {
        kind.code: status_of(kind) for branch in kinds for kind in _tree(branch) if "code" in vars(kind)
    }
    return {code: found[code] for code in sorted(found, key=list(TEXTS).index)}


def model_codes() -> list[str]:
    """The codes of the failures of a model, in the order of the texts."""
    codes = {kind.code for kind in _tree(errors.LLMError) if "code" in vars(kind)}
    return [code for code in TEXTS if code in codes]


def record_codes() -> set[str]:
    """The codes of failures of a queue's record."""
    of_requests = {*_tree(errors.RequestError), *_tree(errors.LLMError)}
    return {kind.code for kind in _tree(ServiceError) if kind not in of_requests}


def _tree(branch: type[ServiceError]) -> Iterator[type[ServiceError]]:
    yield branch
    for kind in branch.__subclasses__():
        yield from _tree(kind)
