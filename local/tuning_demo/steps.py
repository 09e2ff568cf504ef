"""The steps of the demo. Each prints its progress."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from local.deployment.environment import ROOT
from local.mlflow_server import PYTHON, LocalMlflow
from local.playground.trace_links import TraceLinks
from local.story import Unfinished, say, tell, wait_for
from local.system import LocalSystem
from local.tuning_demo.commands import MakeCommand
from local.tuning_demo.users import NUMBER, TipOfArm, answer_all
from oo.bootstrap.settings import TraceSettings
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION, get_orchestrator
from operations.experiment.served_tips import ServedTip, TipFeedback
from operations.experiment.traced_tips import TracedTips

_EXPERIMENT = "tone-2"
_ARMS = ("orchestrator-1", "orchestrator-2")
_SETTING = f"{_EXPERIMENT}:{','.join(f'{arm}=50' for arm in _ARMS)}"
_TRACES = "oO/tuning-demo"
_COMPARED = (0, 1, 2)
"""The exit codes of a comparison that came to a verdict."""

_CORE = ROOT / "evals" / "cases" / "core.jsonl"
_EVERY = 8
"""Of the cases of core, four per user."""

_CASES_NAME = "tuning-demo"
_RULE = ", letter for letter and in «»"
_OTHER_WORDS = ("You write one tip", "You write a single tip")


def variables(mlflow: LocalMlflow) -> dict[str, str]:
    """The variables of the service and of the commands that read MLflow."""
    return {
        "MLFLOW_TRACKING_URI": mlflow.address,
        "MLFLOW_EXPERIMENT_NAME": _TRACES,
        "EXPERIMENT": _SETTING,
        "TRACE_CONTENT": "full",
        "TRACE_REQUEST": "on",
    }


def say_start(system: LocalSystem, mlflow: LocalMlflow) -> None:
    """Step 1."""
    say(
        "1. The service and MLflow run",
        f"The service is {system.base_url}, with a stand-in for the model. MLflow is {mlflow.address}.",
        f"EXPERIMENT={_SETTING} gives each user one of two prompts.",
        "TRACE_CONTENT=full and TRACE_REQUEST=on keep each request in its trace, for a later replay.",
        f"The demo has sent one snapshot for each of {NUMBER} invented users, and the agents have run.",
    )


def say_tips(tips: Sequence[TipOfArm]) -> None:
    """Step 2."""
    say(f"2. Each user gets a tip: {len(tips)} times POST /recommend")
    for arm in _ARMS:
        of_arm = [tip for tip in tips if tip.arm == arm]
        tell(f"{arm} has {len(of_arm)} users. The tip of {of_arm[0].user_id}:\n  {of_arm[0].content}")


def send_feedback(system: LocalSystem, tips: Sequence[TipOfArm], mlflow: LocalMlflow) -> str:
    """Step 3; the page of the trace of a tip that was dismissed.

    Raises Unfinished, NotPossible and NoTracePage.
    """
    settings = TraceSettings.from_environment(variables(mlflow))
    traced = TracedTips(settings)
    landed = _landed(traced, ServedTip, len(tips))
    answered = answer_all(system, tips)
    counts = ", ".join(f"{len(of_action)} {action}" for action, of_action in answered.items())
    say(
        f"3. Each user sends feedback: {len(tips)} times POST /feedback",
        f"{counts}. The feedback is invented, like the users.",
    )
    with_feedback = _landed(traced, TipFeedback, len(landed)) & landed
    found = [tip.serve_id for tip in answered["dismissed"] if tip.serve_id in with_feedback]
    if not found:
        raise Unfinished(
            "MLflow has no feedback yet that dismisses a tip: the machine is too busy. Run the command again."
        )
    page = TraceLinks(settings).page(f"tr-{found[0]}")
    tell(f"MLflow has {len(with_feedback)} of them, each on the trace of its tip. A tip that was dismissed:\n  {page}")
    return page


def _landed(traced: TracedTips, kind: type[ServedTip | TipFeedback], number: int) -> set[str]:
    """The ids of the tips for which MLflow has a record of that kind, once there are enough, or after a timeout.

    On a busy machine a few may be late or missing: the service drops a trace rather than delay a user.
    """
    found = set[str]()

    def all_landed() -> bool:
        found.update(record.serve_id for record in traced.records(_EXPERIMENT) if isinstance(record, kind))
        return len(found) >= number

    with suppress(Unfinished):
        wait_for(all_landed, "")
    return found


def replay(out: Path, mlflow: LocalMlflow) -> None:
    """Step 4. Raises Unfinished."""
    say(
        "4. The requests of dismissed tips become cases, with other titles, and are replayed",
        "The replay uses both prompts. A few cases show how their tips differ, but rarely which prompt is better.",
    )
    recorded = MakeCommand("cases", "evals.recording", environment=variables(mlflow))
    recorded.run({"FILTER": "feedback.dismissed > 0", "SINCE": "1h", "NAME": _CASES_NAME})
    values = {"CASES": f"evals/local/{_CASES_NAME}.jsonl", "A": _ARMS[0], "B": _ARMS[1], "OUT": str(out / "replay")}
    MakeCommand("replay", "evals.recording.replay").run(values)


def compare(out: Path, mlflow: LocalMlflow) -> None:
    """Steps 5 and 6, with the drafts and cases that they need. Raises Unfinished."""
    text = get_orchestrator(DEFAULT_RECOMMEND_VERSION).system
    draft, poor, cases = out / "draft.txt", out / "poor.txt", out / "cases.jsonl"
    draft.write_text(text.replace(*_OTHER_WORDS), encoding="utf-8")
    poor.write_text(text.replace(*_OTHER_WORDS).replace(_RULE, ""), encoding="utf-8")
    with _CORE.open(encoding="utf-8") as lines:
        cases.write_text("".join(islice(lines, 0, None, _EVERY)), encoding="utf-8")
    say(
        "5. Does a rule of the prompt matter? The bench compares the prompt with and without it",
        f'{draft} is the prompt of {DEFAULT_RECOMMEND_VERSION}; {poor} lacks its words "{_RULE}".',
        f"{cases} has one case of each second user of core, to be quick.",
        "The model is a simulation: it follows a rule more often if the prompt states it. No other model is used.",
    )
    judge = MakeCommand("compare", "evals.compare", environment={"MLFLOW_TRACKING_URI": mlflow.address})
    values = {"A": str(poor), "B": str(draft), "SET": str(cases), "OUT": str(out)}
    _expect(judge.run(values, codes=_COMPARED), "better")
    say(
        "6. Do other words for the same rules matter?",
        f'{draft} says "{_OTHER_WORDS[1]}" where {DEFAULT_RECOMMEND_VERSION} says "{_OTHER_WORDS[0]}".',
    )
    values |= {"A": DEFAULT_RECOMMEND_VERSION, "OUT": str(out / "other-words")}
    _expect(MakeCommand("compare", "evals.compare").run(values, codes=_COMPARED), "not shown")


def _expect(last: str, verdict: str) -> None:
    if last != f"verdict: {verdict}":
        raise Unfinished(f"The verdict is not `{verdict}`, although the difference is built in.")


def report(mlflow: LocalMlflow) -> None:
    """Step 7. Raises Unfinished."""
    say("7. Do users accept the tips of one prompt more often? The experiment's report, from MLflow")
    command = MakeCommand("experiment", "operations.experiment", positional=("NAME",), environment=variables(mlflow))
    command.run({"NAME": _EXPERIMENT}, codes=(0, 1))
    tell(
        f"So it is not shown: with {NUMBER} users such differences may be chance, and below 50 users per arm there is\n"
        "no verdict. Run an experiment until it has enough users, and read the report as often as you like."
    )


def say_pages(out: Path, store: Path, port: int, disliked: str) -> None:
    """Step 8. `disliked` is the page of a trace, `store` the database of the server that listened on `port`."""
    server = [str(PYTHON.relative_to(ROOT)), "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    again = shlex.join([*server, "--backend-store-uri", f"sqlite:///{store}"])
    say(
        "8. The demo has stopped its processes. Open next",
        f"{out / 'report.html'}\n  the comparison of step 5, case by case with both tips",
        f"{out / 'other-words' / 'report.html'}\n  the comparison of step 6",
        f"{out / 'replay' / 'report.html'}\n  the replay of step 4",
        f"{disliked}\n  the trace of the dismissed tip, when MLflow runs again; its experiment oO/evals has step 5:\n"
        f"  MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false {again}",
        "make playground\n  starts a page that sends one request with two prompts, also one of step 4",
        "docs/tuning.md\n  has the same steps as single commands",
    )
