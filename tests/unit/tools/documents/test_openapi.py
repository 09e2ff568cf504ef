import json

from oo.contract.routes import ROUTES
from oo.contract.vocabulary import (
    ABSENT_DATES,
    COMPLETION_FIELDS,
    DATE_SHAPES,
    ESTIMATE_UNITS,
    FEEDBACK_FIELDS,
    FEEDBACK_WORDS,
    PRIORITY_WORDS,
    PROFILE_RANGES,
    STATUS_WORDS,
    TASK_FIELDS,
    TASK_FLAGS,
    UNITLESS_ESTIMATES,
    UNREADABLE_DATES,
)
from tools.documents.openapi import DOCUMENT, ENDPOINTS, render


def test_the_document_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(), "run `make build`"


def test_every_operation_says_what_it_answers() -> None:
    """The answer that callers want stands beside the errors."""
    operations = [one for path in json.loads(DOCUMENT.read_text())["paths"].values() for one in path.values()]

    good = [one["responses"][min(one["responses"])] for one in operations]
    assert all(one["content"]["application/json"]["schema"]["$ref"] for one in good)


def test_every_route_has_its_endpoint() -> None:
    """A route of the contract is answered by one function's endpoint."""
    assert set(ROUTES) == {endpoint.route for endpoint in ENDPOINTS}
    assert len(ROUTES) == len(ENDPOINTS)


def test_the_keys_of_tasks_and_completions_are_those_that_are_read() -> None:
    """Their descriptions name each key, and none that only hints at a field."""
    fields = json.loads(DOCUMENT.read_text())["components"]["schemas"]["ComputeRequest"]["properties"]
    tasks, completions = (fields[name]["description"] for name in ("tasks", "task_completions"))
    flags = [field for name, field in TASK_FLAGS.items() if name != "type"]
    hints = {hint for field in TASK_FIELDS.values() for hint in field.hints}

    assert [key for field in (*TASK_FIELDS.values(), *flags) for key in field.keys if f"`{key}`" not in tasks] == []
    assert [key for field in COMPLETION_FIELDS.values() for key in field.keys if f"`{key}`" not in completions] == []
    assert [hint for hint in hints if f"`{hint}`" in tasks + completions] == []
    assert [name for name in PROFILE_RANGES if f"`{name}`" not in fields["profile"]["description"]] == []


def test_the_words_and_dates_are_said_once() -> None:
    """In the description of the document, with the units of estimates."""
    document = json.loads(DOCUMENT.read_text())
    text = document["info"]["description"]
    words = [word for table in (STATUS_WORDS, PRIORITY_WORDS) for words in table.values() for word in words]
    dates = [date for examples in (*DATE_SHAPES.values(), ABSENT_DATES, UNREADABLE_DATES) for date in examples]

    assert [word for word in words if word not in text] == []
    assert [code for code in (*dates, *ESTIMATE_UNITS, *UNITLESS_ESTIMATES) if f"`{code}`" not in text] == []
    assert DATE_SHAPES["RFC 2822"][0] not in json.dumps(document["components"])


def test_the_words_and_keys_of_feedback_are_those_that_are_read() -> None:
    """The rows' description lists every word of an outcome, and no key that nothing reads."""
    bodies = json.loads(DOCUMENT.read_text())["components"]["schemas"]
    text = bodies["InferRequest"]["properties"]["feedback_history"]["description"]

    assert [word for words in FEEDBACK_WORDS.values() for word in words if word not in text] == []
    assert [key for field in FEEDBACK_FIELDS.values() for key in field.keys if f"`{key}`" not in text] == []
    assert [key for key in ("agent_id", "kind", "task_id") if key in text] == []
