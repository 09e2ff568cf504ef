"""`make tip`: a tip of the code that serves, with all that was asked and answered."""

import json
from collections.abc import Iterator

import pytest

from local.deployment.environment import ROOT
from local.tip import main
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS
from testing.fake_llm import FakeModel, fails, fake_model, says
from testing.for_each import for_each
from tools.prompts.dry_run import dry_run
from tools.prompts.request_file import event_for, read_request

RECOMMEND = str(ROOT / "events/recommend.json")
TIP = {
    "content": "Your report to Mara waits: open «Send the quarterly report to Mara» for 20 minutes at 10:00.",
    "rationale": "Its date is tomorrow.",
    "kind": "start",
    "task_ref": "T1",
}


@pytest.fixture(scope="module")
def model() -> Iterator[FakeModel]:
    with fake_model() as server:
        yield server


def sections(said: str) -> dict[str, str]:
    """The parts of an output by their names."""
    parts = said.split("\n--- ")[1:]
    return {name: text.strip() for name, _, text in (part.partition("\n") for part in parts)}


def proxy(model: FakeModel) -> dict[str, str]:
    return {"LITELLM_URL": model.url, "LITELLM_API_KEY": "sk-test"}


@for_each("version", [*RECOMMEND_VERSIONS, *VERSIONS])
def test_the_stand_in_answers_every_version(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without settings: the prompt of `make prompt`, a reply, a tip that is checked, and a receipt."""
    main(["--version", version], {})
    said = sections(capsys.readouterr().out)
    run = dry_run(read_request(event_for(version)), version)

    assert (run.prompt.system, run.prompt.user) == (said["system"], said["user"])
    assert {"left out", "reply 1 of stand-in", "checks", "receipt"} <= said.keys()
    assert "Q1 schema: passed" in said["checks"]
    assert f'"prompt_version": "{version}"' in said["receipt"]
    assert "The stand-in answered" in said["receipt"]


def test_a_correction_stands_between_its_replies(model: FakeModel, capsys: pytest.CaptureFixture[str]) -> None:
    """The receipt counts both calls, and names the task of the tip."""
    model.plan("user-7", says("no JSON"), says(TIP))
    main(["--event", RECOMMEND], proxy(model))
    said = sections(capsys.readouterr().out)
    receipt = json.loads(said["receipt"])["receipt"]
    replies = [name for name in said if name.startswith(("reply", "correction"))]

    assert [f"reply 1 of {model.url}", "correction", f"reply 2 of {model.url}"] == replies
    assert (receipt["attempts"], receipt["task_id"]) == (2, "t-101")


def test_a_check_that_fails_says_why(model: FakeModel, capsys: pytest.CaptureFixture[str]) -> None:
    """The scorers of the bench judge the tip, here one that gives orders."""
    bossy = "You must do «Send the quarterly report to Mara» at 10:00 today, friend."
    model.plan("user-7", says(TIP | {"content": bossy}))
    main(["--event", RECOMMEND], proxy(model))

    assert "Q9 tone: failed, " in sections(capsys.readouterr().out)["checks"]


def test_without_a_tip_the_replies_are_shown_all_the_same(model: FakeModel, capsys: pytest.CaptureFixture[str]) -> None:
    """The last line is the error with its code, and the exit code is 1."""
    model.plan("user-7", says("no \x1b[2J JSON"))
    with pytest.raises(SystemExit) as ended:
        main(["--event", RECOMMEND], proxy(model))
    said = capsys.readouterr().out

    assert str(ended.value.code).endswith("(llm_bad_output).")
    assert said.count("no \N{REPLACEMENT CHARACTER}[2J JSON") == 3


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"LITELLM_URL": "http://127.0.0.1:9"}, "LITELLM_URL is set but no key is: set LITELLM_API_KEY as well."),
        (
            {"LITELLM_URL": "127.0.0.1:4000", "LITELLM_API_KEY": "k"},
            "LITELLM_URL has to begin with http:// or https://.",
        ),
        ({"LLM_BUDGET_S": "soon"}, "docs/configuration.md has the valid values."),
        ({"DEFAULT_RECOMMEND_VERSION": "v0"}, "/recommend has no prompt version v0; it has "),
    ],
)
def test_settings_that_cannot_work_are_one_sentence(environment: dict[str, str], sentence: str) -> None:
    """Nothing is printed before it."""
    with pytest.raises(SystemExit) as ended:
        main(["--event", RECOMMEND], environment)

    assert sentence in str(ended.value.code)


def test_an_error_of_the_proxy_is_named_by_its_code(model: FakeModel) -> None:
    """As the service would answer it."""
    model.plan("user-7", fails(401))
    with pytest.raises(SystemExit) as ended:
        main(["--event", RECOMMEND], proxy(model))

    assert str(ended.value.code).endswith("(llm_auth).")
