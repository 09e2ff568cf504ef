"""`make contribution`: an agent earns its place where tips are shown to lose without it."""

import json
import math
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evals import contribution
from evals.agent_losses import Contribution, contributions, losses, rows_without
from evals.bench import Bench, Judged, Row
from evals.cases.case import Case, case_line
from evals.contribution_page import told_contribution
from evals.interval_chart import Estimate, interval_chart
from evals.planted_model import PlantedModel
from evals.replies import InProcess, Replies
from evals.version import RecommendVersion, WithoutAgent
from oo.agents.registry import all_manifests
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.versions import get_orchestrator
from testing.for_each import for_each
from testing.seeds import ALL_SEEDS, SLACK, seeds
from tests.unit.evals.case_sets import cases_of
from tests.unit.evals.counting_endpoint import CountingEndpoint
from tests.unit.evals.faulty_model import Faulty
from tests.unit.evals.situations import SITUATIONS

NEWEST = RecommendVersion("orchestrator-2", get_orchestrator("orchestrator-2"))
AGENTS = [manifest.agent_id for manifest in all_manifests()]
NOISE, USEFUL = "noise", "useful"


def planted(case: Case) -> Case:
    """The case with the notes of two planted agents alone, so that every prompt holds both."""
    notes = [{"agent_id": agent, "prompt_text": f"A note of the agent {agent}."} for agent in (NOISE, USEFUL)]
    return case._replace(request=case.request | {"agent_outputs": notes, "science_destiny": 50})


@cache
def cases() -> Sequence[Case]:
    """One case per user, or per fourth user."""
    return [planted(case) for case in cases_of("core")[:: 4 if os.environ.get(ALL_SEEDS) else 16]]


@cache
def prompt_of(version: RecommendVersion | WithoutAgent, place: int) -> BuiltPrompt:
    return version.prompt(cases()[place])


@cache
def judged(version: RecommendVersion | WithoutAgent, place: int, faults: frozenset[str]) -> Judged:
    """The answer with these faults, through the code that serves, and the verdicts on it."""
    bench = Bench(Replies(InProcess("planted", Faulty(faults=faults))))
    return bench.judged(version, prompt_of(version, place), cases()[place], 0)


def answer(version: RecommendVersion | WithoutAgent, place: int, seed: int) -> Judged:
    """A tip has a step and a cue more often where the useful note is read; the noise changes only the luck."""
    prompt = prompt_of(version, place)
    kept = 0.99 if f"agent {USEFUL}" in prompt.user else 0.3
    luck = 1_000 if f"agent {NOISE}" in prompt.user else 0
    model = PlantedModel(stated=kept, seed=seed + luck)
    return judged(version, place, model.broken(prompt.system, cases()[place].id, 0) & {"Q5"})


def rows(agent: str, seed: int) -> list[Row]:
    without = WithoutAgent(NEWEST, agent)
    return [
        Row(case, 0, [answer(NEWEST, place, seed), answer(without, place, seed)]) for place, case in enumerate(cases())
    ]


@cache
def verdicts(seed: int) -> dict[str, str]:
    """The verdicts on both, tested together with the registered agents, of which no prompt holds a note."""
    unchanged = [Row(case, 0, None) for case in cases()]
    lost = losses(dict.fromkeys(AGENTS, unchanged) | {agent: rows(agent, seed) for agent in (NOISE, USEFUL)})
    return {agent: Contribution(agent, 1, 0, loss).verdict for agent, loss in lost.items()}


def share_that_earns(agent: str) -> float:
    tried = seeds(50, few=4)
    return sum(verdicts(seed)[agent] == "earns" for seed in tried) / len(tried)


@pytest.mark.all_seeds
def test_noise_seldom_earns() -> None:
    """An agent whose note changes nothing but the luck earns in at most 5 % of seeds."""
    assert share_that_earns(NOISE) <= 0.05 + SLACK


@pytest.mark.all_seeds
def test_a_useful_agent_earns() -> None:
    """An agent whose note makes tips better by some points earns in at least 90 % of seeds."""
    assert share_that_earns(USEFUL) >= 0.9 - SLACK


def test_the_noise_changes_single_tips() -> None:
    """Else its verdict would say nothing of chance."""
    answers = [row.answers or () for row in rows(NOISE, 0)]

    assert {with_it.score > without.score for with_it, without in answers if with_it.score != without.score} == {
        True,
        False,
    }


def lost_by_six_users(*, without: str) -> list[Row]:
    """Each has one tip, which lacks a step without the agent or with it: p is 2 of 64 choices of signs."""
    good, bad = judged(NEWEST, 0, frozenset()), judged(NEWEST, 0, frozenset({"Q5"}))
    answers = [good, bad] if without == "worse" else [bad, good]
    return [Row(cases()[0]._replace(user=f"user-{number}"), 0, answers) for number in range(6)]


@for_each(
    ("without", "others", "verdict"),
    [
        ("worse", 0, "earns"),
        ("better", 0, "harms"),
        ("worse", 1, "not shown"),
        ("better", 1, "not shown"),
    ],
)
def test_the_verdict_is_adjusted_for_the_number_of_agents(without: str, others: int, verdict: str) -> None:
    """The same losses show something for one agent, and nothing where a second agent is tested, too."""
    agents = {"one": lost_by_six_users(without=without)} | {f"other-{place}": [] for place in range(others)}
    loss = losses(agents)["one"]

    assert Contribution("one", 1, 0, loss).verdict == verdict
    assert loss.p == pytest.approx((1 + others) * 2 / 64, abs=0.01 * (1 + others))


def test_an_equal_prompt_asks_nothing(tmp_path: Path) -> None:
    """Without the outranked one of three notes the prompt is the same: the model gets the two others' prompts alone."""
    endpoint = CountingEndpoint()
    prompt = NEWEST.prompt(SITUATIONS["morning"])
    held = [snippet.source.agent_id for snippet in prompt.snippets if snippet.is_used]
    found = contributions(endpoint.bench(tmp_path), NEWEST, [SITUATIONS["morning"]])

    assert (len(prompt.snippets), len(held)) == (3, 2)
    assert {each.agent_id: each.share for each in found} == {agent: float(agent in held) for agent in AGENTS}
    assert len(endpoint.bodies) == len({json.dumps(body["messages"]) for body in endpoint.bodies}) == 1 + len(held)
    assert {each.loss.pairs for each in found} == {1}


def test_no_snippet_asks_nothing() -> None:
    """An agent of which no case holds a snippet loses 0 points in every case."""
    endpoint = CountingEndpoint()
    found = rows_without("weekly-review", endpoint.bench(), NEWEST, list(SITUATIONS.values()), 2)

    assert endpoint.bodies == []
    assert [row.answers for row in found] == [None] * 2 * len(SITUATIONS)


def test_a_callers_own_agent_has_a_line() -> None:
    """An agent that is not registered yet can be judged before it is: its snippets are put into the cases."""
    bench = Bench(Replies(InProcess("planted", PlantedModel())))
    found = contributions(bench, NEWEST, cases()[:1])

    assert [each.agent_id for each in found] == [*AGENTS, NOISE, USEFUL]
    assert [told_contribution(each).partition(",")[0] for each in found[-2:]] == [
        f"{agent}: in 100.0% of prompts" for agent in (NOISE, USEFUL)
    ]


def test_the_next_snippet_moves_up() -> None:
    """Without one of the two notes that the prompt has room for, it holds the third."""
    case = SITUATIONS["morning"]
    held, *_ = [snippet.source.agent_id for snippet in NEWEST.prompt(case).snippets if snippet.is_used]
    outranked = next(snippet.source.agent_id for snippet in NEWEST.prompt(case).snippets if not snippet.is_used)
    user = WithoutAgent(NEWEST, held).prompt(case).user

    assert f'"{held}"' not in user
    assert f'"{outranked}"' in user


def test_the_chart_has_losses_at_the_right_and_gains_at_the_left() -> None:
    """0 is between them, and an interval without an end goes to the edge."""
    estimates = [
        Estimate("<one>", 2.0, (-math.inf, math.inf), "earns"),
        Estimate("other", -2.0, (-3.0, -1.0), "harms"),
    ]
    chart = interval_chart("Points lost", estimates)
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', chart)]
    (zero,) = map(float, re.findall(r'<line x1="([\d.]+)"[^>]* stroke="#777"', chart))

    assert dots[1] < zero < dots[0]
    assert "&lt;one&gt;" in chart
    assert "inf" not in chart


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((-0.38, 0.47), ["-0.4", "-0.2", "0.0", "0.2", "0.4", "0.6"]),
        ((0.0, 0.0), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        ((-3.0, 61.0), ["-20", "0", "20", "40", "60", "80"]),
        ((0.0, 0.004), ["0.000", "0.001", "0.002", "0.003", "0.004"]),
    ],
)
def test_the_axis_has_round_values(ends: tuple[float, float], ticks: list[str]) -> None:
    """All intervals lie between the first and the last."""
    chart = interval_chart("Points lost", [Estimate("one", ends[0], ends, "")])

    assert ticks == re.findall(r'text-anchor="middle"[^>]*>([^<]*)<', chart)


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Six users with one case each."""
    (tmp_path / "set.jsonl").write_text("\n".join(map(case_line, SITUATIONS.values())))
    named = {"set": "set.jsonl", "cache": "cache", "out": "out"}
    return [part for name, file in named.items() for part in (f"--{name}", str(tmp_path / file))]


def test_a_line_an_agent(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each has its share of prompts, its tokens, its loss and a verdict; files tell the same, in every run alike."""
    contribution.main(options)
    lines = capsys.readouterr().out.splitlines()
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    told: list[dict[str, Any]] = json.loads(files["contribution.json"])["agents"]
    contribution.main(options)

    assert "Calls to the model: 0." in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files
    assert files.keys() == {"contribution.json", "contribution.html", "contribution.svg"}
    assert [each["agent_id"] for each in told] == AGENTS
    assert [line.split(":")[0] for line in lines[1 : 1 + len(AGENTS)]] == AGENTS
    assert re.fullmatch(
        r"stale-task: in \d+\.\d% of prompts, \d+ tokens each; lost without it: [+-][\d.]+ points \(.+ to .+\), "
        r"p = [\d.]+: (earns|not shown|harms)",
        lines[1 + AGENTS.index("stale-task")],
    )
    stale, review = (told[AGENTS.index(agent)] for agent in ("stale-task", "weekly-review"))

    assert stale["tokens"] > 20
    assert (review["share"], review["tokens"], review["loss"], review["verdict"]) == (0, 0, 0, "not shown")


def test_the_page_says_how_to_read_it(options: list[str], tmp_path: Path) -> None:
    """It says that the next snippet moves up, holds the chart, and needs no other file."""
    contribution.main([*options, "--version", "template"])
    page = (tmp_path / "out/contribution.html").read_text()

    assert "the next snippet moves up" in page
    assert page.count("<circle") == len(AGENTS)
    assert not re.search(r"<script|<link|<img|https?:|url\(|@import", page)


@pytest.mark.parametrize("arguments", [("--version", "v2-grounded"), ("--version", "nonsense"), ("--set", "nowhere")])
def test_unusable_input_is_one_sentence(
    arguments: tuple[str, ...], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 3, and one line on standard error."""
    with pytest.raises(SystemExit) as end:
        contribution.main([*options, *arguments])
    out, err = capsys.readouterr()

    assert (end.value.code, out) == (3, "")
    assert re.fullmatch(r"[^\n]+\.\n", err)
