"""The bench asks through the code that serves, and nothing that it need not ask."""

import json
from pathlib import Path

import httpx
import pytest

from evals.bench import Bench, Judged
from evals.figures import CaseSet, Run, compared
from evals.replies import Endpoint, InProcess, Replies, find_model
from evals.run import read_set
from evals.unusable_input import UnusableInput
from evals.version import find_version
from oo.prompts.versions import get_orchestrator
from testing.for_each import for_each
from tests.unit.evals.counting_endpoint import TIP, URL, CountingEndpoint
from tests.unit.evals.situations import SITUATIONS

CASES = list(SITUATIONS.values())


def only(bench: Bench, version: str, case: str = "morning") -> Judged:
    ((_, _, answers),) = bench.run([find_version(version)], [SITUATIONS[case]])
    assert answers
    return answers[0]


def test_a_released_version_is_asked_as_the_service_asks_it() -> None:
    """The endpoint gets the messages of that version, the limits of the service and the key."""
    endpoint = CountingEndpoint()
    judged = only(endpoint.bench(key="sk-mine"), "orchestrator-1")
    (body,) = endpoint.bodies

    assert body["messages"] == judged.messages
    assert body["messages"][0]["content"].startswith("You write one tip for one person")
    assert body["max_tokens"] == 400
    assert endpoint.keys == {"Bearer sk-mine"}
    assert (judged.reply, judged.tip and judged.tip.task_id) == (json.dumps(TIP), "t1")


def test_a_version_of_generate_is_asked_for_one_candidate() -> None:
    """The first candidate is the tip."""
    endpoint = CountingEndpoint(lambda _: json.dumps({"candidates": [TIP]}))
    judged = only(endpoint.bench(), "v2-grounded")

    assert "Write 1 candidates" in endpoint.bodies[0]["messages"][1]["content"]
    assert judged.tip
    assert (judged.tip.content, judged.tip.task_id) == (TIP["content"], "t1")


def test_the_template_asks_nothing() -> None:
    """It is the tip of the service without a model."""
    endpoint = CountingEndpoint()
    judged = only(endpoint.bench(), "template")

    assert (endpoint.bodies, judged.reply) == ([], None)
    assert judged.tip
    assert judged.tip.source == "template"


def test_a_reply_is_corrected_as_it_is_while_serving() -> None:
    """A first reply that is no tip costs a second question, and the tip comes from that one."""
    endpoint = CountingEndpoint(lambda messages: "no" if len(messages) == 2 else json.dumps(TIP))
    judged = only(endpoint.bench(), "orchestrator-2")

    assert [len(body["messages"]) for body in endpoint.bodies] == [2, 4]
    assert judged.reply == json.dumps(TIP)


def test_without_a_usable_reply_the_schema_fails() -> None:
    """No other scorer judges a missing tip."""
    judged = only(CountingEndpoint(lambda _: "no").bench(), "orchestrator-2")

    assert judged.tip is None
    assert {name for name, verdict in judged.verdicts.items() if verdict.passed is not None} == {"Q1"}
    assert not judged.passes_gates


def test_an_endpoint_that_refuses_ends_the_run() -> None:
    """The sentence names the case and the error."""
    refusing = Endpoint(URL, httpx.MockTransport(lambda _: httpx.Response(401, json={})))

    with pytest.raises(UnusableInput, match=r"no answer to the case morning \(llm_\w+\)"):
        Bench(Replies(refusing)).run([find_version("orchestrator-2")], CASES)


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    """Every reply is cached by messages, model and repeat, including corrections; another version needs new calls."""
    endpoint = CountingEndpoint(lambda messages: "no" if len(messages) == 2 else json.dumps(TIP))
    versions = [find_version("orchestrator-1"), find_version("orchestrator-2")]
    first = endpoint.bench(tmp_path).run(versions, CASES, 2)
    asked = len(endpoint.bodies)
    second = endpoint.bench(tmp_path).run(versions, CASES, 2)

    assert asked >= 2 * 2 * len(CASES) * 2
    assert len(endpoint.bodies) == asked
    assert second == first
    endpoint.bench(tmp_path).run([find_version("v2-grounded")], CASES[:1])
    assert len(endpoint.bodies) > asked


def test_a_run_that_was_interrupted_keeps_its_replies(tmp_path: Path) -> None:
    """A run over more versions does not ask again for answers that it has."""
    endpoint = CountingEndpoint()
    endpoint.bench(tmp_path).run([find_version("orchestrator-2")], CASES[:1])
    endpoint.bodies.clear()
    bench = endpoint.bench(tmp_path)
    bench.run([find_version("orchestrator-2"), find_version("template")], CASES[:1])

    assert endpoint.bodies == []
    assert (bench.replies.asked, bench.replies.kept) == (0, 1)


def test_an_error_is_not_kept(tmp_path: Path) -> None:
    """A 200 that is no completion is asked again in the next run."""
    broken = Replies(Endpoint(URL, httpx.MockTransport(lambda _: httpx.Response(200, json={"error": "x"}))), tmp_path)
    request = httpx.Request("POST", URL, json={"messages": [{"role": "user", "content": "hello"}]})
    for _ in range(2):
        broken.answer(request, "case", 0)

    assert (broken.asked, broken.kept) == (2, 0)


def test_equal_prompts_ask_nothing(tmp_path: Path) -> None:
    """A draft of the default version's own words differs by 0 in every pair, and nothing is shown."""
    draft = tmp_path / "draft.txt"
    draft.write_text(get_orchestrator(None).system)
    endpoint = CountingEndpoint()
    rows = endpoint.bench().run([find_version("orchestrator-2"), find_version(str(draft))], CASES)
    effect = compared(Run([CaseSet("core", "")], "planted", ["a", "b"], rows)).effect

    assert endpoint.bodies == []
    assert (effect.difference, effect.p, effect.pairs, effect.users) == (0, 1, len(CASES), len(CASES))


def test_a_draft_has_the_default_versions_placeholders(tmp_path: Path) -> None:
    """They are filled for the slider; other braces stay as they are."""
    draft = tmp_path / "draft.txt"
    draft.write_text('{voice} Say {"content": "{fewest}"} to {name}. {unknown}')
    told = only(CountingEndpoint().bench(), str(draft)).messages
    usual = only(CountingEndpoint().bench(), "orchestrator-2").messages

    voice = "Sound like a friendly colleague who gives the reason in words."

    assert told[0]["content"] == f'{voice} Say {{"content": "{{fewest}}"}} to {{name}}. {{unknown}}'
    assert told[1] == usual[1]


@for_each("name", ["", "orchestrator-9", "no/such/draft.txt", "nonsense"])
def test_an_unknown_version_is_one_sentence(name: str) -> None:
    """It says which names there are, or why the draft cannot be read."""
    with pytest.raises(UnusableInput, match=r"^[^\n]*\.$"):
        find_version(name)


def test_a_draft_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    """Empty files, folders and other bytes than UTF-8 are no drafts."""
    empty, folder, binary = tmp_path / "empty.txt", tmp_path / "folder.txt", tmp_path / "binary.txt"
    empty.write_text("\n")
    folder.mkdir()
    binary.write_bytes(b"\xff\xfe")

    for path in (empty, folder, binary):
        with pytest.raises(UnusableInput, match=r"^The draft [^\n]*\.$"):
            find_version(str(path))


def test_cases_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    """The reason is in words for a folder, for other bytes than UTF-8, and for a line of another form."""
    folder, binary, other = tmp_path / "folder", tmp_path / "binary.jsonl", tmp_path / "other.jsonl"
    folder.mkdir()
    binary.write_bytes(b"\xff\xfe")
    other.write_text("{}")
    reasons = {folder: "Is a directory", binary: "it is no UTF-8 text", other: "a line is no case: {}"}

    for path, reason in reasons.items():
        with pytest.raises(UnusableInput, match=f"^The cases in {path} cannot be read: {reason}\\.$"):
            read_set(str(path))


def test_a_model_is_named_or_a_url() -> None:
    """Anything else is one sentence, as is a URL over which the key would travel in the clear."""
    assert isinstance(find_model("planted", {}), InProcess)
    assert isinstance(find_model("stand-in", {}), InProcess)
    with pytest.raises(UnusableInput, match="no model"):
        find_model("gpt", {})
    with pytest.raises(UnusableInput, match="https"):
        Bench(Replies(find_model("http://proxy.example", {})))
