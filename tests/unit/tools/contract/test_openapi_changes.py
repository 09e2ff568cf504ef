"""Two versions of the contract beside each other."""

import copy
import json
from collections.abc import Callable
from typing import Any

from local.deployment.environment import ROOT
from testing.for_each import for_each
from tools.contract.openapi_changes import breaches

Document = dict[str, Any]
Change = Callable[[Document], Any]
BEFORE: Document = json.loads((ROOT / "docs/openapi.json").read_text())


def operation(document: Document) -> Document:
    found: Document = document["paths"]["/recommend"]["post"]
    return found


def schema(document: Document, which: str) -> Document:
    part = operation(document)
    message = part["requestBody"] if which == "request" else part["responses"]["200"]
    name = message["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    found: Document = document["components"]["schemas"][name]
    return found


def hour(document: Document) -> Document:
    """The hour of a request, apart from that it may be null."""
    found: Document = schema(document, "request")["properties"]["hour_of_day"]["anyOf"][0]
    return found


BREAKING: dict[str, Change] = {
    "was removed": lambda document: document["paths"].pop("/recommend"),
    "no longer answers 503": lambda document: operation(document)["responses"].pop("503"),
    "tip was removed": lambda document: schema(document, "answer")["properties"].pop("tip"),
    "model became optional": lambda document: schema(document, "answer")["required"].remove("model"),
    "tasks became required": lambda document: schema(document, "request")["required"].append("tasks"),
    "maximum changed from 23 to 22": lambda document: hour(document).update(maximum=22),
    "minimum changed from 0 to 1": lambda document: hour(document).update(minimum=1),
    "default changed from 'larger_is_higher' to 'x'": lambda document: schema(document, "request")["properties"][
        "priority_scale"
    ].update(default="x"),
    "pattern changed from none to ^u": lambda document: schema(document, "request")["properties"]["user_id"].update(
        pattern="^u"
    ),
    "readOnly was enabled": lambda document: schema(document, "request")["properties"]["user_id"].update(readOnly=True),
    "additional fields became forbidden": lambda document: schema(document, "request").update(
        additionalProperties=False
    ),
    "became string": lambda document: (
        schema(document, "answer")["properties"].update(model_x=0)
        or schema(document, "answer")["properties"]["prompt_tokens"].update(type="string")
    ),
}
HARMLESS: dict[str, Change] = {
    "nothing": lambda _: None,
    "another route": lambda document: document["paths"].update({"/new": {}}),
    "another field of an answer": lambda document: schema(document, "answer")["properties"].update(new={}),
    "another field of a request": lambda document: schema(document, "request")["properties"].update(new={}),
    "a wider range": lambda document: hour(document).update(maximum=24),
    "a field that may be null": lambda document: schema(document, "request")["properties"].update(
        user_id={"anyOf": [schema(document, "request")["properties"]["user_id"], {"type": "null"}]}
    ),
    "another description": lambda document: operation(document).update(description="new"),
}


@for_each("sentence", BREAKING)
def test_what_breaks_a_caller_is_named(sentence: str) -> None:
    now = copy.deepcopy(BEFORE)
    BREAKING[sentence](now)

    assert sentence in "\n".join(breaches(BEFORE, now))


@for_each("name", HARMLESS)
def test_what_no_caller_notices_is_no_breach(name: str) -> None:
    now = copy.deepcopy(BEFORE)
    HARMLESS[name](now)

    assert list(breaches(BEFORE, now)) == []
