import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.deployment.environment import LAYER, ROOT
from oo.contract.tips import GenerateRequest
from oo.prompts.versions import VERSIONS
from testing.for_each import for_each
from tools.prompts.dry_run import Unusable, dry_run, read_event
from tools.prompts.prompt_diff import WIDTH, both, side_by_side
from tools.prompts.prompt_preview import rendered

RECOMMEND, GENERATE = ROOT / "events/recommend.json", ROOT / "events/generate.json"
WIDE = "漢字とタスク" * 40


def compared(title: str, one: str, other: str) -> list[str]:
    request = GenerateRequest.model_validate({"user_id": "u", "context": {"tasks": [{"id": "a", "title": title}]}})
    return list(side_by_side(dry_run(request, one), dry_run(request, other)))


def ran(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"tools.prompts.{program}", *arguments],
        env={"PYTHONPATH": os.pathsep.join([str(LAYER), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def columns(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def test_the_preview_holds_the_messages_their_sizes_and_what_is_missing() -> None:
    """Nothing of the messages is wrapped or cut."""
    run = dry_run(read_event(RECOMMEND))
    text = rendered(run)

    assert f"--- system\n{run.prompt.system}\n\n--- user\n{run.prompt.user}\n\n--- left out\n" in text
    assert f"{len(run.prompt.system) + len(run.prompt.user):,} characters" in text
    assert "24,000 characters at most" in text
    assert "snippet 2 of stale-task: expired, its time has passed" in text


@for_each("other", VERSIONS)
@for_each("title", ["Pay rent", WIDE, "no-space-anywhere" * 20, "e\u0301" * 100])
def test_two_versions_fit_a_terminal(title: str, other: str) -> None:
    """No line is wider than 160 columns, whatever the titles are written in."""
    assert max(map(columns, compared(title, "v2-grounded", other))) <= WIDTH


@pytest.mark.parametrize(
    ("event", "versions"),
    [(GENERATE, ("v2-grounded", "v5-lean")), (RECOMMEND, ("orchestrator-1", "orchestrator-2"))],
    ids=["candidates", "tip"],
)
def test_each_side_can_be_read_back(event: Path, versions: tuple[str, str]) -> None:
    """Every word of both system messages is there, in its own column."""
    one, other = both(event, *versions)
    lines = list(side_by_side(one, other))
    middle = (WIDTH - 3) // 2

    for prompt, cut in ((one.prompt, slice(0, middle)), (other.prompt, slice(middle + 3, None))):
        told = " ".join(" ".join(line[cut].strip() for line in lines).split())
        assert " ".join(prompt.system.split()) in told


def test_marks_say_what_differs() -> None:
    """A version beside itself has nothing but equal lines."""
    middle = (WIDTH - 3) // 2 + 1

    def marks(one: str, other: str) -> set[str]:
        return {line[middle] for line in compared("Pay rent", one, other)[1:] if not line.startswith("---")}

    assert marks("v2-grounded", "v2-grounded") == {"="}
    assert {"|", "<", "="} <= marks("v2-grounded", "v5-lean")
    assert {"|", ">", "="} <= marks("v5-lean", "v2-grounded")


@pytest.mark.parametrize(
    ("event", "one", "other", "sentence"),
    [
        (GENERATE, "", "v5-lean", "Name two versions, such as A=v1-baseline B=v5-lean; /generate has v1-baseline"),
        (GENERATE, "v2-grounded", "v9", "/generate has no prompt version v9; it has v1-baseline"),
        (RECOMMEND, "v2-grounded", "v5-lean", "/recommend has no prompt version v2-grounded; it has orchestrator-1"),
        (Path("none.json"), "v2-grounded", "v5-lean", "none.json cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(event: Path, one: str, other: str, sentence: str) -> None:
    """It says what there is instead."""
    with pytest.raises(Unusable, match=sentence):
        both(event, one, other)


@pytest.mark.parametrize("arguments", [["prompt_preview", "none.json"], ["prompt_diff", "none.json", "a", "b"]])
def test_the_commands_fail_with_the_sentence_alone(arguments: list[str]) -> None:
    """Exit code 1, no traceback."""
    done = ran(*arguments)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "none.json cannot be read: No such file or directory.\n"


@pytest.mark.parametrize(("one", "other"), [("orchestrator-1", "orchestrator-2"), ("v2-grounded", "v5-lean")])
def test_the_commands_need_no_event(one: str, other: str) -> None:
    """The versions tell of which endpoint the example is."""
    preview, diff = ran("prompt_preview", "--version", one, "--", ""), ran("prompt_diff", "--", "", one, other)

    assert preview.stdout.startswith(f"{one} for /"), preview.stderr
    assert f"{one}: " in diff.stdout.split("\n")[0], diff.stderr
    assert f"{other}: " in diff.stdout.split("\n")[0]
