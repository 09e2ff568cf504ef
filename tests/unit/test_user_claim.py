import json
import re
from collections.abc import Callable

from oo.contract.tips import RecommendRequest
from tests.unit.runtime.test_http_gateway import Echo, call, post, recommending


def keeper(served: list[str]) -> Callable[[RecommendRequest], Echo]:
    """An operation that keeps whom it served."""

    def recommend(request: RecommendRequest) -> Echo:
        served.append(request.user_id)
        return Echo(user_id="u")

    return recommend


CLAIMS: list[tuple[str, object, int]] = [
    ("sub", {"sub": "alice"}, 403),
    ("sub", {"sub": "bob"}, 200),
    ("sub", {"sub": "BOB"}, 403),
    ("sub", {"sub": ""}, 403),
    ("sub", {"sub": None}, 403),
    ("sub", {"sub": ["bob"]}, 403),
    ("sub", {"scope": "x"}, 403),
    ("sub", "bob", 403),
    ("sub", None, 403),
    ("user", {"sub": "bob"}, 403),
    ("", {"sub": "alice"}, 200),
    ("", None, 200),
]


def test_a_users_token_asks_for_that_user_only() -> None:
    """With a claim named, a token of another user, or none at all, is a 403 before any work; it holds neither id."""
    for claim, claims, expected in CLAIMS:
        served: list[str] = []
        gateway = recommending(keeper(served), user_claim=claim)
        event = post({"user_id": "bob"})
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}

        status, body, _ = call(gateway, event)
        assert (status, len(served)) == (expected, int(expected == 200)), (claim, claims)
        assert status == 200 or body["code"] == "forbidden", (claim, claims)
        assert not {"alice", "bob"} & set(re.findall(r"\w+", json.dumps(body))), (claim, claims)


def test_without_an_authorizer_a_named_claim_is_missing() -> None:
    """A signed request has no token; an unusable body is reported first."""
    gateway = recommending(user_claim="sub")

    assert call(gateway, post({"user_id": "bob"}))[0] == 403
    assert (
        call(gateway, post({"user_id": "bob"}) | {"requestContext": post()["requestContext"] | {"authorizer": 7}})[0]
        == 403
    )
    assert call(gateway, post({}))[0] == 422
