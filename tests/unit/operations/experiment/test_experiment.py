"""`make experiment`: a verdict on the last line, or one sentence about why there is none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from operations.experiment.__main__ import main
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded
from tests.unit.operations.experiment.fixtures import ARMS, NAME, feedback, planted, served, text

CONTROL, OTHER = ARMS
SETTING = {"EXPERIMENT": f"{NAME}:{OTHER}=50,{CONTROL}=50"}

Run = Callable[..., list[str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command on log lines, and returns its output, line by line."""

    def run(lines: str, *options: str, **environment: str) -> list[str]:
        file = tmp_path / "service.log"
        file.write_text(lines)
        main([NAME, "--from", str(file), *options], environment)
        return capsys.readouterr().out.splitlines()

    return run


def column(lines: list[str], label: str) -> list[str]:
    """The cells of the row that begins so."""
    [row] = [line[24:] for line in lines if line.startswith(label)]
    return [row[start : start + 18].strip() for start in range(0, len(row), 18)]


def two_arms(first: tuple[int, ...], second: tuple[int, ...], users: int = 200) -> str:
    return text([*planted(CONTROL, users, first), *planted(OTHER, users, second)])


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [((2, 3), (4, 5), "better"), ((4, 5), (2, 3), "worse"), ((2, 3), (2, 3), "not shown")],
)
def test_the_last_line_is_the_verdict(run: Run, first: tuple[int, ...], second: tuple[int, ...], verdict: str) -> None:
    """200 users an arm, whose users accept 2 or 3 against 4 or 5 of 10 tips."""
    lines = run(two_arms(first, second))

    assert lines[-1] == f"verdict: {verdict}"
    assert column(lines, "users") == ["200", "200"]
    assert column(lines, "tips") == ["2,000", "2,000"]


def test_the_report_has_the_figures_of_each_arm(run: Run) -> None:
    """Acceptance is the mean over users, the difference is in points, and guardrails stand beside them."""
    rest: dict[str, Any] = {"attempts": 2, "cost_usd": None, "latency_ms": 300, "degraded_reason": "llm_timeout"}
    lines = run(
        text([*planted(CONTROL, 100, (2, 3)), *planted(OTHER, 100, (4, 5), **rest), feedback("x", "not_helpful")])
        + text(feedback(f"{OTHER}-{place}-0", "not_helpful", f"{OTHER}-{place}") for place in range(100))
    )

    assert {label: column(lines, label) for label in ("acceptance", "difference", "degraded", "not helpful")} == {
        "acceptance": ["25.0%", "35.0%"],
        "difference": ["", "+10.0"],
        "degraded": ["0.0%", "100.0%"],
        "not helpful": ["0.0%", "10.0%"],
    }
    assert {label: column(lines, label) for label in ("attempts", "cost", "latency p50", "latency p95", "weight")} == {
        "attempts": ["1.00", "2.00"],
        "cost": ["$0.00400", "-"],
        "latency p50": ["1,200 ms", "300 ms"],
        "latency p95": ["1,200 ms", "300 ms"],
        "weight": ["50%", "50%"],
    }


def test_a_difference_that_is_not_shown_says_how_many_users_would_show_it(run: Run) -> None:
    lines = run(two_arms((0, 6), (0, 7), users=60))

    assert lines[-3].startswith("About ")
    assert lines[-3].endswith(f" more users an arm would show this effect of {OTHER} (80% power).")
    assert lines[-1] == "verdict: not shown"


@pytest.mark.parametrize(
    ("actions", "accepted"),
    [
        ((), False),
        (("shown",), False),
        (("opened",), True),
        (("opened", "snoozed"), False),
        (("done", "dismissed"), True),
        (("dismissed", "done"), True),
        (("helpful", "dismissed"), True),
        (("helpful", "not_helpful"), False),
        (("done", "not_helpful"), False),
        (("done", "done", "done"), True),
        (("meh",), False),
    ],
)
def test_a_tip_is_accepted_by_its_strongest_outcome(run: Run, actions: tuple[str, ...], *, accepted: bool) -> None:
    """Neither the order of events nor that of lines matters; without feedback it is not accepted."""
    tips = [served(f"{arm}-{place}", f"{arm}-{place}", arm) for arm in ARMS for place in range(50)]
    events = [feedback(f"{OTHER}-{place}", action, f"{OTHER}-{place}") for place in range(50) for action in actions]

    for lines in ([*tips, *events], [*events, *tips]):
        assert column(run(text(lines)), "acceptance") == ["0.0%", "100.0%" if accepted else "0.0%"]


@pytest.mark.parametrize(
    ("dwell_ms", "accepted"), [(2016, "0.0%"), (2017, "100.0%"), (None, "100.0%"), ("x", "100.0%")]
)
def test_a_glance_at_a_tip_does_not_accept_it(run: Run, dwell_ms: object, accepted: str) -> None:
    """Less than 40% of the time that a tip of 20 words takes."""
    tips = [served(f"{arm}-{place}", f"{arm}-{place}", arm) for arm in ARMS for place in range(50)]
    events = [feedback(f"{OTHER}-{place}", "opened", f"{OTHER}-{place}", dwell_ms) for place in range(50)]

    assert column(run(text([*tips, *events])), "acceptance") == ["0.0%", accepted]


def test_the_unit_is_the_user(run: Run) -> None:
    """A user with 90 tips counts as much as one with one."""
    lines = [served(f"{arm}-{place}", f"{arm}-{place}", arm) for arm in ARMS for place in range(49)]
    for number in range(90):
        lines += [served(f"many-{number}", "many", OTHER), feedback(f"many-{number}", "done", "many")]
    lines += [served("few", "few", CONTROL), feedback("few", "done", "few")]

    assert column(run(text(lines)), "acceptance") == ["2.0%", "2.0%"]


def test_lines_that_do_not_count(run: Run) -> None:
    """Repeated lines, other experiments, users outside of the arms, feedback of another user, and other text."""
    counted = two_arms((2, 3), (4, 5), users=50)
    others = text(
        [
            served("n-1", "n", None),
            served("o-1", "o", "slider-1", experiment="other"),
            served("p-1", "p", None, experiment=None),
            served("", "q", OTHER),
            feedback(f"{CONTROL}-0-9", "done", "somebody else"),
            feedback("unknown", "done"),
            {"message": "recommend_served"},
            {"message": ["recommend_served"]},
            {"message": "agent_computed", "note": "recommend_served"},
        ]
    )
    broken = 'recommend_served\n{"message": "recommend_served", \n\n{}\n[]\n\x00\n{"message": "recommend_served"'

    assert run(counted + others + counted + broken) == run(counted)


PREFIXES: dict[str, Callable[[dict[str, Any]], str]] = {
    "make run": lambda line: f"RecommendFunction | {json.dumps(line)}",
    "aws logs tail": lambda line: f"2026-03-12T09:00:00.123Z 2026/03/12/[$LATEST]abc {json.dumps(line)}",
    "aws logs --output json": lambda line: f'            "message": {json.dumps(json.dumps(line))},',
    "an event a line": lambda line: json.dumps({"timestamp": 1, "message": json.dumps(line) + "\n"}),
    "Logs Insights": lambda line: json.dumps({"@timestamp": "x", "@message": json.dumps(line)}),
    "Logs Insights, CSV": lambda line: '2026-03-12 09:00:00.123,"' + json.dumps(line).replace('"', '""') + '"',
    "make run, CSV": lambda line: '1,"RecommendFunction | ' + json.dumps(line).replace('"', '""') + '",x',
    "windows": lambda line: f"{json.dumps(line)}\r",
}


@pytest.mark.parametrize("program", PREFIXES)
def test_lines_are_read_as_programs_write_them(run: Run, program: str) -> None:
    lines = [*planted(CONTROL, 50, (2, 3)), *planted(OTHER, 50, (4, 5))]

    assert run("\n".join(map(PREFIXES[program], lines))) == run(text(lines))


def test_the_order_of_lines_does_not_matter(run: Run) -> None:
    """Logs of two functions may be joined in any way."""
    lines = [*planted(CONTROL, 60, (2, 3)), *planted(OTHER, 60, (4, 5))]
    expected = run(text(lines))

    for seed in range(5):
        assert run(text(seeded(seed).sample(lines, len(lines)))) == expected


def test_a_ratio_that_is_no_chance_is_broken(run: Run) -> None:
    """The difference does not matter: p is below .001, and no other figure is printed."""
    lines = run(text([*planted(CONTROL, 300, (2, 3), 1), *planted(OTHER, 200, (9,), 1)]))

    assert lines[-1] == "verdict: broken"
    assert [line for line in lines if "acceptance" in line or "interval" in line] == []
    assert "Ratio of users against the weights: p = 7.7e-06" in lines


def test_broken_comes_before_too_few_users(run: Run) -> None:
    """All 30 users in one of two arms."""
    assert run(text(planted(CONTROL, 30, (1,))))[-1] == "verdict: broken"


@pytest.mark.parametrize("changed", ["weight", "arm", "weights of two arms"])
def test_a_setting_that_changed_under_its_name_is_broken(run: Run, changed: str) -> None:
    """A user's arm is the same for ever, and so are the weights."""
    other = {
        "weight": served("late", f"{OTHER}-7", OTHER, propensity=0.9),
        "arm": served("late", f"{CONTROL}-7", OTHER),
        "weights of two arms": served("late", "new", "orchestrator-3", propensity=0.3),
    }[changed]
    lines = run(two_arms((2, 3), (4, 5)) + text([other]))

    assert lines[-1] == "verdict: broken"
    assert "under the same name" in "\n".join(lines)


def test_without_weights_the_ratio_is_not_tested(run: Run) -> None:
    """Lines of another program may lack them; the report says so."""
    lines = run(text([*planted(CONTROL, 300, (2, 3), propensity=None), *planted(OTHER, 200, (9,), propensity="x")]))

    assert lines[-1] == "verdict: better"
    assert "The ratio of users was not tested: the tips do not have one weight per arm." in lines


@pytest.mark.parametrize(
    ("options", "environment", "control", "verdict"),
    [
        ((), {}, CONTROL, "better"),
        ((), SETTING, OTHER, "worse"),
        ((), {"EXPERIMENT": f"another:{OTHER}=50,{CONTROL}=50"}, CONTROL, "better"),
        (("--control", OTHER), {}, OTHER, "worse"),
        (("--control", CONTROL), SETTING, CONTROL, "better"),
    ],
)
def test_the_control_is_named_or_the_settings_first(
    run: Run, options: tuple[str, ...], environment: dict[str, str], control: str, verdict: str
) -> None:
    """Else it is the first by name; the report says which."""
    lines = run(two_arms((2, 3), (4, 5)), *options, **environment)

    assert lines[0].split()[0] == control
    assert lines[1].split() == ["(control)"]
    assert lines[-1] == f"verdict: {verdict}"


def test_the_control_is_the_one_that_the_tips_tell(run: Run) -> None:
    """The first arm of the setting at the time of serving, with any name and any setting of the terminal."""
    lines = text([*planted(CONTROL, 60, (2, 3), control=OTHER), *planted(OTHER, 60, (8, 9), control=OTHER)])

    for environment in ({}, {"EXPERIMENT": f"{NAME}:{CONTROL}=50,{OTHER}=50"}):
        assert run(lines, **environment)[-1] == "verdict: worse"
    assert run(lines, "--control", CONTROL)[-1] == "verdict: better"


def test_users_in_an_arm_of_weight_0_are_no_chance(run: Run) -> None:
    lines = [*planted(CONTROL, 60, (2, 3), propensity=1.0), *planted(OTHER, 60, (4, 5), propensity=0.0)]

    assert run(text(lines))[-1] == "verdict: broken"


def test_arms_are_in_the_order_of_their_numbers(run: Run) -> None:
    """slider-25 is the control, although its text comes after slider-100."""
    arms = ("slider-100", "slider-25", "slider-50")
    lines = run(text(line for arm in arms for line in planted(arm, 60, (3, 4), propensity=1 / 3)))

    assert lines[0].split() == ["slider-25", "slider-50", "slider-100"]


def test_two_arms_beside_the_control_share_the_error_rate(run: Run) -> None:
    """Each is compared at 2.5%; one that is better decides, although another one is worse."""
    arms = [("slider-1", (4, 5)), ("slider-2", (6, 7)), ("slider-3", (2, 3))]
    lines = run(text(line for arm, tips in arms for line in planted(arm, 200, tips, propensity=1 / 3)))

    assert column(lines, "97.5% interval")[1:] != ["", ""]
    assert column(lines, "finding")[:3] == ["", "better", "worse"]
    assert lines[-1] == "verdict: better"


def sentence(run: Run, capsys: pytest.CaptureFixture[str], lines: str, *options: str, **environment: str) -> str:
    """The sentence with which the command ends without a verdict."""
    with pytest.raises(SystemExit) as ended:
        run(lines, *options, **environment)
    printed = capsys.readouterr().out
    assert "verdict:" not in printed
    assert "would show" not in printed
    return str(ended.value)


def test_too_few_users_are_no_verdict(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """One arm with 49 users."""
    lines = text([*planted(CONTROL, 60, (1,)), *planted(OTHER, 49, (9,))])

    assert sentence(run, capsys, lines) == (
        "tone-2 has no verdict yet: it needs 50 users per arm, and orchestrator-1 has 60, orchestrator-2 has 49."
    )


def test_one_arm_is_no_comparison(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """As where the weights are 100 and 0."""
    lines = text(planted(CONTROL, 60, (1,), propensity=1.0))

    assert "only orchestrator-1 has users" in sentence(run, capsys, lines)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "service.log has no tip of an arm of the experiment tone-2."),
        ("hello\n\n", "service.log has no tip of an arm of the experiment tone-2."),
        (text([served("s", "u", None)]), "service.log has no tip of an arm of the experiment tone-2."),
        (text([served("s", experiment="a"), served("t", experiment="b")]), "tone-2. It has tips of a, b."),
        (text([served("s", None)]), "service.log has tips of tone-2, but none with a user"),
    ],
)
def test_nothing_to_compare_is_one_sentence(
    run: Run, capsys: pytest.CaptureFixture[str], lines: str, said: str
) -> None:
    assert said in sentence(run, capsys, lines)


def test_tips_without_a_user_are_told(run: Run) -> None:
    """Their pseudonym could not be made."""
    lines = run(two_arms((2, 3), (4, 5)) + text([served("s", None), served("s", None), served("t", None)]))

    assert "Left out: 2 tips without a user, because the pseudonym could not be computed." in lines


@for_each(
    ("options", "said"),
    [
        (["--from", "nowhere.log"], "nowhere.log cannot be read: No such file or directory."),
        (["--file", "nowhere.log"], "nowhere.log cannot be read: No such file or directory."),
        (["--from", "file", "--file", "nowhere.log"], "nowhere.log cannot be read: No such file or directory."),
        (["--from", "/"], "/ cannot be read: Is a directory."),
        (["--from", "file"], "Name the file of log lines: FROM=run.log."),
        ([], "MLFLOW_TRACKING_URI is not set: set it, or name a file of log lines: FROM=run.log."),
        (
            ["--from", "mlflow"],
            "MLFLOW_TRACKING_URI is not set: set it, or name a file of log lines: FROM=run.log.",
        ),
    ],
)
def test_a_source_that_is_not_there_is_one_sentence(options: list[str], said: str) -> None:
    with pytest.raises(SystemExit, match=f"^{said}$"):
        main([NAME, *options], {})


@pytest.mark.parametrize("name", ["Tone", "tone'; drop", "x" * 33, "töne"])
def test_a_name_that_no_setting_can_have_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([name], {})

    assert "it has to be 1 to 32 of a-z, 0-9 and -" in capsys.readouterr().err


def test_an_unknown_control_is_one_sentence(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    said = sentence(run, capsys, two_arms((1,), (2,)), "--control", "orchestrator-9")

    assert said == "tone-2 has no arm orchestrator-9: it has orchestrator-1, orchestrator-2."
