import json
from typing import Any

import pytest

from oo.errors import ConfigError, LLMBadOutput, LLMPromptLeak, UnknownPromptVersion
from oo.prompts.versions import VERSIONS, get_prompt
from oo.tips.generate import Generate
from testing.for_each import for_each
from tests.unit.tips.fixtures import HIDDEN, TIP, Scene, replied

CONTEXT = {"tasks": [{"id": "a", "title": f"Pay rent {HIDDEN}"}]}


def candidates(*contents: object) -> list[dict[str, Any]]:
    return [{"content": content, "rationale": "Because."} for content in contents]


@pytest.mark.parametrize("wrap", [lambda found: found, lambda found: {"candidates": found}])
def test_a_reply_becomes_candidates(wrap: Any) -> None:
    """A list, or an object that holds one; ids count from 0 where the model gave none."""
    scene = Scene(replied(wrap([{"content": "One."}, TIP])))

    response = scene.generate(context=CONTEXT)

    assert response.model_dump() == {
        "candidates": [
            {"id": "tip-0", "content": "One.", "source": "llm", "kind": "advice", "rationale": None, "task_id": None},
            TIP | {"source": "llm", "task_id": None},
        ],
        "serve_id": scene.trace.trace_id,
        "model": "tip-generator",
        "prompt_version": "v2-grounded",
        "prompt_tokens": 11,
        "completion_tokens": 7,
    }


def test_a_single_tip_is_one_candidate() -> None:
    """Bare, wrapped or in prose."""
    for reply in (TIP, {"tip": TIP}, f"Here it is: {json.dumps(TIP)}"):
        scene = Scene(replied(reply))

        assert [candidate.content for candidate in scene.generate().candidates] == [TIP["content"]], reply
        assert len(scene.requests) == 1, reply


def test_ids_of_one_answer_differ() -> None:
    """The first one keeps its own or its default id, a repeated one gets the next free number."""
    for own, ids in (
        (["tip-1", "tip-1", "tip-1"], ["tip-1", "tip-2", "tip-3"]),
        (["tip-1", None, None], ["tip-1", "tip-2", "tip-3"]),
        (["tip-1", "tip-1", "tip-2"], ["tip-1", "tip-3", "tip-2"]),
        (["a", "a", "b"], ["a", "tip-1", "b"]),
        ([None, None, None], ["tip-0", "tip-1", "tip-2"]),
    ):
        found = [{"content": f"Do {place}.", "id": each} for place, each in enumerate(own)]

        answered = Scene(replied(found)).generate(n=3)

        assert [candidate.id for candidate in answered.candidates] == ids, own


def test_more_than_was_asked_for_is_cut() -> None:
    """Fewer is fewer."""
    scene = Scene(replied(candidates("One.", "Two.", "Three.")))

    assert [candidate.content for candidate in scene.generate(n=2).candidates] == ["One.", "Two."]
    assert len(scene.generate(n=20).candidates) == 3


def test_what_is_not_usable_is_left_out_and_counted() -> None:
    """One good candidate is enough of an answer."""
    scene = Scene(replied(candidates(None, "One.", "See https://evil.test")))

    assert [candidate.content for candidate in scene.generate().candidates] == ["One."]
    assert scene.event("generate_served")["unusable"] == 2


@for_each("reply", [{"id": "a"}, [], ["a"], {"candidates": []}, candidates(""), "Call your mother."])
def test_a_reply_without_candidates_is_sent_back(reply: Any) -> None:
    """An object is one candidate or holds a list of them."""
    scene = Scene(replied(reply), replied(candidates("One.")))

    assert scene.generate().candidates[0].content == "One."
    assert len(scene.requests) == 2


def test_after_two_corrections_there_is_no_answer() -> None:
    """The reason is the first candidate's."""
    scene = Scene(replied(candidates("x" * 601)))

    with pytest.raises(LLMBadOutput, match="over 600 characters"):
        scene.generate()
    assert len(scene.requests) == 3


def test_candidates_made_of_the_rules_are_a_leak() -> None:
    """In every version."""
    with pytest.raises(LLMPromptLeak):
        Scene(replied(candidates(get_prompt("v2-grounded").system))).generate()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_can_be_asked_for(version: str) -> None:
    """The answer says which one it was."""
    scene = Scene(replied(candidates("One.")))

    assert scene.generate(prompt_version=version, context=CONTEXT).prompt_version == version
    assert scene.conversations[0][0]["content"] == get_prompt(version).system


def test_an_unknown_version_asks_nobody() -> None:
    """The caller's mistake costs no tokens."""
    scene = Scene(replied(candidates("One.")))

    with pytest.raises(UnknownPromptVersion, match="Unknown prompt_version: v9"):
        scene.generate(prompt_version="v9")
    assert scene.requests == []


def test_an_unknown_default_is_a_setting_to_mend() -> None:
    """It is found before the first request."""
    scene = Scene()

    with pytest.raises(ConfigError, match="DEFAULT_PROMPT_VERSION"):
        Generate(ask=scene.ask(), default_prompt_version="v9", logger=scene.logger, metrics=scene.metrics)


@for_each(("n", "max_tokens"), [(1, 400), (2, 400), (3, 450), (20, 3_000)])
def test_the_limit_of_tokens_grows_with_the_number(n: int, max_tokens: int) -> None:
    """A few need more than their share."""
    scene = Scene(replied(candidates("One.")))
    scene.generate(n=n)

    assert json.loads(scene.requests[0].content)["max_tokens"] == max_tokens


def test_the_trace_is_the_contracts() -> None:
    """Names, kinds and parents of the spans are those of the contract."""
    scene = Scene(replied(candidates("One.")))
    scene.generate(context=CONTEXT)

    names = {record.span_id: record.name for record in scene.trace.spans}
    assert [(record.name, record.kind.value, names.get(record.parent_id or "")) for record in scene.trace.spans] == [
        ("generate", "CHAIN", None),
        ("build_context", "TOOL", "generate"),
        ("llm_generate", "LLM", "generate"),
        ("attempt", "LLM", "llm_generate"),
    ]
    assert scene.spans("llm_generate")[0].outputs == {"content": ["One."], "rationale": ["Because."]}


def test_served_candidates_are_one_log_line_without_their_text() -> None:
    """Counts and the version."""
    scene = Scene(replied(candidates(HIDDEN)))
    scene.generate(context=CONTEXT, n=2)

    line = scene.event("generate_served")
    assert (line["asked_for"], line["candidates"], line["prompt_version"]) == (2, 1, "v2-grounded")
    assert HIDDEN not in scene.log.getvalue()
