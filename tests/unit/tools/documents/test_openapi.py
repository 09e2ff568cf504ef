import json

from oo.contract.routes import ROUTES
from oo.contract.vocabulary import FEEDBACK_FIELDS, FEEDBACK_WORDS
from tools.documents.openapi import DOCUMENT, ENDPOINTS, render


def test_the_document_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(), "run `make build`"


def test_every_operation_says_what_it_answers() -> None:
    """The answer that callers want stands beside the errors."""
    operations = [one for path in json.loads(DOCUMENT.read_text())["paths"].values() for one in path.values()]

    assert all(one["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] for one in operations)


def test_every_route_has_its_endpoint() -> None:
    """A route of the contract is answered by one function's endpoint."""
    assert set(ROUTES) == {endpoint.route for endpoint in ENDPOINTS}
    assert len(ROUTES) == len(ENDPOINTS)


def test_the_words_and_keys_of_feedback_are_those_that_are_read() -> None:
    """The rows' description lists every word of an outcome, and no key that nothing reads."""
    bodies = json.loads(DOCUMENT.read_text())["components"]["schemas"]
    text = bodies["InferRequest"]["properties"]["feedback_history"]["description"]

    assert [word for words in FEEDBACK_WORDS.values() for word in words if word not in text] == []
    assert [key for field in FEEDBACK_FIELDS.values() for key in field.keys if f"`{key}`" not in text] == []
    assert [key for key in ("agent_id", "kind", "task_id") if key in text] == []
