import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from commands.program import Program
from local.deployment.environment import LAYER, ROOT
from oo.contract.tips import GenerateRequest, RecommendRequest
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS
from testing.for_each import for_each
from tools.prompts import prompt_diff, prompt_preview
from tools.prompts.dry_run import dry_run
from tools.prompts.prompt_diff import both, compared
from tools.prompts.prompt_preview import rendered, sections, sizes
from tools.prompts.request_file import Unusable, read_request

RECOMMEND, GENERATE = ROOT / "events/recommend.json", ROOT / "events/generate.json"
HOSTILE = "Pay\x1b[2J\x9b31m\u202e\r\n+{+rent+}\x07\x00"
NO_GIT = "prompt-diff needs git: install it, then run the command again.\n"


def printed(program: Program, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The output of a program in this process."""
    program(arguments, {})
    return capsys.readouterr().out


def letters(text: str) -> str:
    """A difference by words keeps no white space of the words that it marks."""
    return "".join(text.split())


def test_the_preview_holds_the_messages_their_sizes_and_what_is_missing() -> None:
    """Nothing of the messages is wrapped or cut."""
    run = dry_run(read_request(RECOMMEND))
    text = rendered(run)

    assert f"--- system\n{run.prompt.system}\n\n--- user\n{run.prompt.user}\n\n--- left out\n" in text
    assert f"{len(run.prompt.system) + len(run.prompt.user):,} characters" in text
    assert "24,000 characters at most" in text
    assert "snippet 2 of stale-task: expired, its time has passed" in text


@pytest.mark.parametrize(
    ("event", "versions"),
    [(GENERATE, ("v2-grounded", "v5-lean")), (RECOMMEND, ("orchestrator-1", "orchestrator-2"))],
    ids=["candidates", "tip"],
)
def test_each_version_can_be_read_back(event: Path, versions: tuple[str, str]) -> None:
    """Every word of both is there, messages and omissions, marked where the other does not have it."""
    one, other = both(event, *versions)
    head, _, difference = compared(one, other, colored=False).partition("\n\n")
    first = re.sub(r"\{\+.*?\+\}", "", difference).replace("[-", "").replace("-]", "")
    second = re.sub(r"\[-.*?-\]", "", difference).replace("{+", "").replace("+}", "")

    assert head == f"- {versions[0]}: {sizes(one)}\n+ {versions[1]}: {sizes(other)}"
    assert letters(first) == letters(sections(one))
    assert letters(second) == letters(sections(other))


def test_equal_versions_are_said_to_be_equal() -> None:
    """A version beside itself has nothing to show."""
    run = dry_run(read_request(GENERATE), "v5-lean")

    assert compared(run, run, colored=False).endswith("\n\nNo word differs.")


def test_a_terminal_gets_colors_in_place_of_marks() -> None:
    """Red is the first version, green the second."""
    text = compared(*both(GENERATE, "v2-grounded", "v5-lean"), colored=True)

    assert "\x1b[31m" in text
    assert "\x1b[32m" in text
    assert "{+" not in text


@for_each("other", [*RECOMMEND_VERSIONS, *VERSIONS])
def test_a_title_cannot_disturb_the_terminal(other: str) -> None:
    """Nothing but git's own colors reaches it, of texts that a prompt holds and of those that were left out."""
    tasks = [{"id": HOSTILE, "title": HOSTILE}, {"id": f"b{HOSTILE}", "title": f"I want to die {HOSTILE}"}]
    tips = [{"content": HOSTILE}]
    snippets = [
        {"agent_id": HOSTILE, "prompt_text": HOSTILE},
        {"agent_id": "b", "prompt_text": f"«{HOSTILE}» {HOSTILE}"},
    ]
    request = (
        GenerateRequest.model_validate({"user_id": HOSTILE, "context": {"tasks": tasks, "recent_tips": tips}})
        if other in VERSIONS
        else RecommendRequest.model_validate(
            {"user_id": HOSTILE, "tasks": tasks, "recent_tips": tips, "agent_outputs": snippets}
        )
    )
    first = VERSIONS[0] if other in VERSIONS else RECOMMEND_VERSIONS[0]
    text = compared(dry_run(request, first), dry_run(request, other), colored=True)
    shown = re.sub(r"\x1b\[\d*m", "", text).replace("\n", "")

    assert not re.findall(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert not [line for line in text.split("\n") if line.startswith("+{+rent")]


@pytest.mark.parametrize(
    ("event", "one", "other", "sentence"),
    [
        (GENERATE, "", "v5-lean", f"Name two versions, such as A=v1-baseline B={VERSIONS[-1]}; /generate has v1"),
        (GENERATE, "v2-grounded", "v9", "/generate has no prompt version v9; it has v1-baseline"),
        (RECOMMEND, "v2-grounded", "v5-lean", "/recommend has no prompt version v2-grounded; it has orchestrator-1"),
        (Path("none.json"), "v2-grounded", "v5-lean", "none.json cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(event: Path, one: str, other: str, sentence: str) -> None:
    """It names the alternatives."""
    with pytest.raises(Unusable, match=sentence):
        both(event, one, other)


@for_each("program", [prompt_preview.main, prompt_diff.main])
def test_the_commands_fail_with_the_sentence_alone(program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    """Python prints the sentence, and ends with code 1."""
    with pytest.raises(SystemExit) as ended:
        program(["--event", "none.json"], {})

    assert (ended.value.code, capsys.readouterr().out) == ("none.json cannot be read: No such file or directory.", "")


@for_each(("one", "other"), [("orchestrator-1", "orchestrator-2"), ("v2-grounded", "v5-lean")])
def test_the_commands_need_no_event(one: str, other: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The versions tell of which endpoint the example is."""
    preview = printed(prompt_preview.main, capsys, "--version", one)
    diff = printed(prompt_diff.main, capsys, "--a", one, "--b", other)

    assert preview.startswith(f"{one} for /")
    assert diff.startswith(f"- {one}: ")
    assert diff.split("\n")[1].startswith(f"+ {other}: ")
    assert "\x1b" not in diff


def test_without_git_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 1, no traceback."""
    paths = {"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(LAYER), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "tools.prompts.prompt_diff", "--a", "v2-grounded", "--b", "v5-lean"],
        env=paths,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout, done.stderr) == (1, "", NO_GIT)


def test_settings_of_git_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another program for differences, colors or other words of its own would be read from the person's settings."""
    settings = tmp_path / ".gitconfig"
    settings.write_text('[diff]\n external = false\n wordRegex = "."\n noprefix = true\n[color]\n ui = always\n')
    plain = printed(prompt_diff.main, capsys, "--a", "v2-grounded", "--b", "v5-lean")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))

    assert printed(prompt_diff.main, capsys, "--a", "v2-grounded", "--b", "v5-lean") == plain
