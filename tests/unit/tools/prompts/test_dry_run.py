import json
from base64 import b64encode
from pathlib import Path
from typing import Any, get_args

import pytest

from local.deployment.environment import ROOT
from oo.contract.kinds import SnippetReason
from oo.contract.tips import GenerateRequest, RecommendRequest
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS
from oo.snippets.omissions import Reason
from testing.for_each import for_each
from tests.unit.tips.fixtures import TIP, Scene, replied
from tools.prompts.dry_run import (
    EXPLANATIONS,
    DryRun,
    LeftOut,
    dry_run,
    estimated_tokens,
)
from tools.prompts.request_file import Changes, Unusable, event_for, path_of, read_request

EVENTS = ROOT / "events"


def body_of(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.loads((EVENTS / f"{name}.json").read_text())["body"])
    return body


def run_of(**body: Any) -> DryRun:
    return dry_run(RecommendRequest.model_validate({"user_id": "u", "agent_outputs": []} | body))


@pytest.mark.parametrize("version", [None, *RECOMMEND_VERSIONS])
def test_a_dry_run_is_what_the_model_is_told(version: str | None) -> None:
    """To the letter, in every version of the one tip."""
    scene = Scene(replied(TIP))
    scene.recommend(**body_of("recommend") | {"prompt_version": version})

    assert dry_run(read_request(EVENTS / "recommend.json"), version).prompt.messages == scene.conversations[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_dry_run_is_what_the_model_is_told_of_candidates(version: str) -> None:
    """The version that is asked for goes over the event's own."""
    scene = Scene(replied([TIP]))
    scene.generate(**body_of("generate") | {"prompt_version": version})

    assert dry_run(read_request(EVENTS / "generate.json"), version).prompt.messages == scene.conversations[0]


def test_what_is_left_out_is_named_with_its_reason() -> None:
    """Snippets by their place in the body, also where others before them did not even reach the prompt's builder."""
    run = run_of(
        now_iso="2026-07-14T09:00:00Z",
        science_destiny=100,
        tasks=[{"id": "a", "title": "Pay rent"}, {"id": 7, "title": " "}],
        agent_outputs=[
            {"agent_id": "old", "prompt_text": "It rains.", "expires_at": "2026-07-14T09:00:00Z"},
            {"agent_id": "first", "prompt_text": "[start|3] Fact: «Pay rent» is due today. Move: pay it."},
            {"agent_id": "second", "prompt_text": "Evenings do not."},
        ],
        recent_tips=[{"content": " "}],
    )

    assert [(one.what, one.code) for one in run.left_out] == [
        ("snippet 0 of old", "expired"),
        ("snippet 2 of second", "outranked"),
        ("task 7 «»", "untitled"),
        ("recent tip 0", "malformed"),
    ]


def test_stored_outputs_are_said_not_to_be_read() -> None:
    """A request without `agent_outputs` is answered from the table, which a dry run does not have."""
    run = dry_run(RecommendRequest(user_id="u"))

    assert run.left_out == [
        LeftOut("stored outputs", "unread", "a dry run reads no table: put agent_outputs into the body")
    ]


def test_a_title_cannot_disturb_the_terminal() -> None:
    """Titles that were left out are shown as clean as the others."""
    run = run_of(tasks=[{"id": "a", "title": "I want to die \x1b[2J\u202e"}])

    assert run.left_out[0].what == "task a «I want to die [2J»"


def test_every_reason_has_its_words() -> None:
    """Snippets' verdicts and the reasons against tasks and recent tips share one table."""
    assert set(EXPLANATIONS) == {*map(str, Reason), *get_args(SnippetReason)}


@for_each(("text", "tokens"), [("", 0), ("abcd", 1), ("abcde", 2), ("ääää", 2), ("日本", 2)])
def test_tokens_are_estimated_by_bytes(text: str, tokens: int) -> None:
    """Scripts that take more bytes a character take more tokens, too."""
    assert estimated_tokens(text) == tokens


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "{file} cannot be read: No such file or directory."),
        ("{", "{file} is not JSON."),
        ("[]", "{file} holds no JSON object: name a body of a request, or an event with one."),
        ('{"body": "{}"}', "{file} is no event for /recommend or /generate: its rawPath says None."),
        ("{}", "The request in {file} would be a 422: body.user_id."),
        ('{"user_id": "u", "n": 99}', "The request in {file} would be a 422: body.n."),
        ('{"user_id": NaN}', "The body in {file} is no JSON text that the service would take."),
        ('{"rawPath": "/recommend", "body": "é", "isBase64Encoded": true}', "The body in {file} is no JSON text"),
        ('{"rawPath": "/health"}', "{file} is no event for /recommend or /generate: its rawPath says '/health'."),
        ('{"rawPath": ["/recommend"]}', "{file} is no event for"),
        ('{"rawPath": "/recommend"}', "The body in {file} is no JSON text that the service would take."),
        ('{"rawPath": "/recommend", "body": 7}', "The body in {file} is no JSON text that the service would take."),
        ('{"rawPath": "/recommend", "body": "{}"}', "The request in {file} would be a 422: body.user_id."),
        ('{"rawPath": "/generate", "body": "[]"}', "The request in {file} would be a 422: body."),
    ],
)
def test_a_file_without_such_a_request_is_one_sentence(content: str | None, sentence: str, tmp_path: Path) -> None:
    """It names the file and its fault."""
    file = tmp_path / "event.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(Unusable) as caught:
        read_request(file)
    assert str(caught.value).startswith(sentence.format(file=file))


@pytest.mark.parametrize(
    ("body", "version", "path"),
    [
        ({}, "", "/recommend"),
        ({"tasks": []}, "v5-lean", "/recommend"),
        ({}, "v5-lean", "/generate"),
        ({"context": {}}, "", "/generate"),
        ({"n": 1}, "orchestrator-1", "/generate"),
    ],
)
def test_a_plain_body_is_read_for_the_endpoint_that_its_fields_tell(
    body: dict[str, Any], version: str, path: str, tmp_path: Path
) -> None:
    """A body that fits both is for the endpoint of the version, else for `/recommend`."""
    file = tmp_path / "body.json"
    file.write_text(json.dumps({"user_id": "u"} | body))

    assert path_of(read_request(file, Changes(version))) == path


def test_an_encoded_body_of_an_event_is_read(tmp_path: Path) -> None:
    """As the gateway writes a body that it takes for binary."""
    event = json.loads((EVENTS / "recommend.json").read_text())
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event | {"body": b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}))

    assert read_request(file) == read_request(EVENTS / "recommend.json")


def test_changes_replace_the_values_of_the_request() -> None:
    """Version, slider and language, each alone or together."""
    request = read_request(EVENTS / "recommend.json", Changes("orchestrator-1", "80", "de"))
    user = dry_run(request).prompt.user

    assert isinstance(request, RecommendRequest)
    assert (request.prompt_version, request.science_destiny, request.locale) == ("orchestrator-1", 80, "de")
    assert "in German" in user


@for_each("slider", ["-1", "101", "4.5", "many", "٣", " 5"])
def test_a_slider_outside_of_its_range_is_one_sentence(slider: str) -> None:
    """Whole numbers from 0 to 100 are its settings."""
    with pytest.raises(Unusable, match=r"^SLIDER is .*: give a whole number from 0"):
        read_request(EVENTS / "recommend.json", Changes(slider=slider))


def test_candidates_have_no_slider() -> None:
    """The sentence says so, and does not leave it out in silence."""
    with pytest.raises(Unusable, match=r"^/generate has no slider: leave SLIDER out"):
        read_request(EVENTS / "generate.json", Changes(slider="5"))


def test_an_unknown_version_is_one_sentence() -> None:
    """It lists those of the endpoint: the versions of the other one are unknown to it."""
    with pytest.raises(Unusable, match=r"^/generate has no prompt version v9; it has v1-baseline, .*v5-lean.*\.$"):
        dry_run(GenerateRequest(user_id="u"), "v9")
    with pytest.raises(Unusable, match=r"^/recommend has no prompt version v5-lean; it has orchestrator-1, .*\.$"):
        dry_run(RecommendRequest(user_id="u"), "v5-lean")
    with pytest.raises(Unusable, match=r"^/recommend has no prompt version nonsense;"):
        dry_run(RecommendRequest(user_id="u", prompt_version="nonsense"))


def test_a_version_finds_the_example_of_its_endpoint() -> None:
    """Without a version it is the one tip's."""
    assert {event_for(version).name for version in VERSIONS} == {"generate.json"}
    assert {event_for(version).name for version in (*RECOMMEND_VERSIONS, None, "")} == {"recommend.json"}
