import json
from collections.abc import Iterator
from typing import Any

from openapi_spec_validator import validate

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
from testing.documented import OPENAPI
from tools.contract.released import version
from tools.documents.openapi import DOCUMENT, ENDPOINTS, ROOT, render

SCHEMAS = "#/components/schemas/"


def operations() -> list[dict[str, Any]]:
    return [one for path in OPENAPI["paths"].values() for one in path.values()]


def test_the_document_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(), "run `make build`"


def test_every_operation_says_what_it_answers() -> None:
    """The answer that callers want stands beside the errors."""
    good = [one["responses"][min(one["responses"])] for one in operations()]

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


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document, from the outside in."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(inner)


def test_the_document_is_valid() -> None:
    """By the specification's own schema."""
    validate(OPENAPI)


def test_the_version_is_that_of_the_last_release() -> None:
    assert version(ROOT) == OPENAPI["info"]["version"]


def test_every_operation_says_who_may_call_it() -> None:
    """By a signature or by a token, whichever the stack asks for."""
    assert OPENAPI["security"] == [{"sigv4": []}, {"jwt": []}]
    assert set(OPENAPI["components"]["securitySchemes"]) == {"sigv4", "jwt"}


def test_every_operation_has_a_group_and_words() -> None:
    groups = {tag["name"]: tag["description"] for tag in OPENAPI["tags"]}

    assert set(groups) == {tag for one in operations() for tag in one["tags"]}
    assert [one["operationId"] for one in operations() if not (one["summary"] and one["description"])] == []


def test_every_field_has_a_sentence() -> None:
    """Its own, or that of the schema that it refers to."""
    bare = [
        f"{name}.{field}"
        for name, schema in OPENAPI["components"]["schemas"].items()
        for field, described in schema.get("properties", {}).items()
        if "description" not in described and "$ref" not in described
    ]

    assert bare == []


def test_every_word_of_a_list_has_a_sentence() -> None:
    """In the description beside the list: a line that begins with the word."""
    for schema in parts(OPENAPI["components"]["schemas"]):
        choices = [schema, *schema.get("anyOf", [])] if "description" in schema else []
        for word in [word for each in choices for word in each.get("enum", [each["const"]] if "const" in each else [])]:
            assert f"- `{json.dumps(word).strip(chr(34))}`: " in schema["description"], word


def test_every_list_of_words_has_a_description() -> None:
    described = [
        each
        for schema in parts(OPENAPI["components"]["schemas"])
        if "description" in schema
        for each in (schema, *schema.get("anyOf", []))
    ]
    listed = [each for each in parts(OPENAPI["components"]["schemas"]) if "enum" in each or "const" in each]

    assert [each for each in listed if each not in described] == []


def test_no_default_means_anything_else_than_the_field_left_out() -> None:
    """Those of requests that are left, each of which the service fills in itself."""
    defaults = {
        (name, field, json.dumps(described["default"]))
        for name, schema in OPENAPI["components"]["schemas"].items()
        for field, described in schema.get("properties", {}).items()
        if "default" in described
    }

    assert {field: value for _, field, value in defaults} == {
        "agent_prefs": "{}",
        "context": "{}",
        "extra": "{}",
        "feedback_history": "[]",
        "n": "3",
        "priority_scale": '"larger_is_higher"',
        "profile": "{}",
        "recent_tips": "[]",
        "task_completions": "[]",
        "tasks": "[]",
    }


def test_every_answer_of_the_service_has_its_headers() -> None:
    """`x-trace-id` wherever a function answers, `Retry-After` where a time may be known."""
    recommend = OPENAPI["paths"]["/recommend"]["post"]["responses"]
    for answer in [answer for one in operations() for answer in one["responses"].values()]:
        is_of_gateway = answer["content"]["application/json"]["schema"] == {"$ref": f"{SCHEMAS}GatewayMessage"}

        assert ("x-trace-id" in answer.get("headers", {})) != is_of_gateway

    assert {status for status, answer in recommend.items() if "Retry-After" in answer.get("headers", {})} == {
        "502",
        "503",
    }


def test_every_operation_has_the_answers_of_api_gateway() -> None:
    """Without a code: no function wrote them."""
    for one in operations():
        for status in ("401", "403", "429", "500", "503"):
            assert "GatewayMessage" in json.dumps(one["responses"][status])


def test_a_status_stands_only_where_it_occurs() -> None:
    """No agent can be unknown to an endpoint that takes none."""
    statuses = {path: set(one["responses"]) for path, each in OPENAPI["paths"].items() for one in each.values()}

    assert {path for path, listed in statuses.items() if "404" in listed} == {
        "/agents/{agent_id}/compute",
        "/agents/{agent_id}/infer",
    }
    assert {path for path, listed in statuses.items() if "502" in listed} == {"/recommend", "/generate"}
    assert {path for path, listed in statuses.items() if "422" not in listed} == {"/health", "/agents/registry"}
