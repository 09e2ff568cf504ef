"""`make tuning-demo`: see, judge, change, prove, ship and watch, once, on this machine and with invented users."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NoReturn

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from local.deployment.environment import ROOT
from local.lambda_emulation.listener import PortTaken, bind, port_of
from local.mlflow_server import PYTHON, LocalMlflow
from local.playground.trace_links import NoTracePage, TraceLinks
from local.settings import BadSetting, read_port
from local.story import Unfinished, precomputed, say, tell, wait_for
from local.system import LocalSystem, NotStarted
from local.tuning_demo.commands import MakeCommand
from local.tuning_demo.users import NUMBER, TipOfArm, answer_all, ask, snapshots
from oo.bootstrap.settings import TraceSettings
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION, get_orchestrator
from operations.aws_lookup import NotPossible
from operations.experiment.served_tips import ServedTip, TipFeedback
from operations.experiment.traced_tips import TracedTips

OUT = "build/tuning-demo"
_EXPERIMENT = "tone-2"
_ARMS = ("orchestrator-1", "orchestrator-2")
_SETTING = f"{_EXPERIMENT}:{','.join(f'{arm}=50' for arm in _ARMS)}"
_TRACES = "oO/tuning-demo"
_MLFLOW_PORTS = range(5000, 5010)
_COMPARED = (0, 1, 2)
"""The exit codes of a comparison that came to a verdict."""

_CORE = ROOT / "evals" / "cases" / "core.jsonl"
_CASES_A_USER = 4
_RULE = ", letter for letter and in «»"
_OTHER_WORDS = ("You write one tip", "You write a single tip")


def main() -> None:
    """Tell the story; exit code 1 and one sentence where it stops, 130 and 143 where a signal ends it."""
    parser = argparse.ArgumentParser(prog="make tuning-demo", description="Tell the tuning loop once.")
    parser.add_argument("--out", default="", help=f"the folder of the reports ({OUT})")
    out = Path(parser.parse_args().out or OUT)
    signal.signal(signal.SIGTERM, _end)
    try:
        _tell(out)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except NotStarted as problem:
        sys.exit(f"A part did not start: {problem}")
    except (Unfinished, BadSetting, NotPossible, NoTracePage, PortTaken) as problem:
        sys.exit(str(problem))
    except (httpx.HTTPError, BotoCoreError, ClientError) as problem:
        sys.exit(f"A part of the service does not answer: {type(problem).__name__}")
    except OSError as problem:
        sys.exit(f"{out} cannot be written: {problem.strerror}.")


def _end(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


def _tell(out: Path) -> None:
    mlflow_folder = out / "mlflow"
    mlflow_folder.mkdir(parents=True, exist_ok=True)
    store = mlflow_folder / "store.db"
    store.unlink(missing_ok=True)
    print("The service and an MLflow server start. The story takes one to three minutes.", flush=True)
    with (
        _mlflow(mlflow_folder, store) as mlflow,
        LocalSystem(environment=_settings(mlflow)) as system,
        _log_kept(system, out / "service.log"),
    ):
        users = snapshots(datetime.now(UTC))
        for user in users:
            system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=json.dumps(user))
        # Before MLflow listens, so that it is not given the traces of some hundred agents.
        precomputed(system)
        mlflow.wait()
        _say_start(system, mlflow)
        tips = [ask(system, user) for user in users]
        _say_tips(tips)
        disliked = _send_feedback(system, tips, mlflow)
        _compare(out)
        _report(mlflow)
    _say_pages(out, store, mlflow.port, disliked)


@contextmanager
def _mlflow(folder: Path, store: Path) -> Iterator[LocalMlflow]:
    chosen = read_port(os.environ, "MLFLOW_PORT", 0)
    with bind(*([chosen] if chosen else [*_MLFLOW_PORTS, 0]), name="MLFLOW_PORT") as listening:
        port = port_of(listening)
    with LocalMlflow(folder, f"sqlite:///{store.resolve()}", port) as mlflow:
        yield mlflow


@contextmanager
def _log_kept(system: LocalSystem, path: Path) -> Iterator[None]:
    """The service's log is copied at the block's end, however that comes."""
    try:
        yield
    finally:
        shutil.copyfile(system.log, path)


def _settings(mlflow: LocalMlflow) -> dict[str, str]:
    return {
        "MLFLOW_TRACKING_URI": mlflow.address,
        "MLFLOW_EXPERIMENT_NAME": _TRACES,
        "EXPERIMENT": _SETTING,
        "TRACE_CONTENT": "full",
        "TRACE_REQUEST": "on",
    }


def _say_start(system: LocalSystem, mlflow: LocalMlflow) -> None:
    say(
        "1. The service and MLflow run",
        f"The service is {system.base_url}, with a stand-in for the model. MLflow is {mlflow.address} until this ends.",
        f"EXPERIMENT={_SETTING} gives each user one of two prompts.",
        "TRACE_CONTENT=full and TRACE_REQUEST=on keep each request in its trace, so that it can be asked again.",
        f"{NUMBER} invented users have sent a snapshot each, and the agents have said what they know.",
    )


def _say_tips(tips: Sequence[TipOfArm]) -> None:
    say(f"2. Each user gets a tip: {len(tips)} times POST /recommend")
    for arm in _ARMS:
        of_arm = [tip for tip in tips if tip.arm == arm]
        tell(f"{arm} has {len(of_arm)} users. The tip of {of_arm[0].user_id}:\n  {of_arm[0].content}")


def _send_feedback(system: LocalSystem, tips: Sequence[TipOfArm], mlflow: LocalMlflow) -> str:
    """The page of the trace of a tip that was dismissed.

    Raises Unfinished, NotPossible and NoTracePage.
    """
    settings = TraceSettings.from_environment(_settings(mlflow))
    traced = TracedTips(settings)
    landed = _landed(traced, ServedTip, len(tips))
    answered = answer_all(system, tips)
    counts = ", ".join(f"{len(of_action)} {action}" for action, of_action in answered.items())
    say(
        f"3. Each user answers: {len(tips)} times POST /feedback",
        f"{counts}. The answers are invented, like the users.",
    )
    with_feedback = _landed(traced, TipFeedback, len(landed)) & landed
    found = [tip.serve_id for tip in answered["dismissed"] if tip.serve_id in with_feedback]
    if not found:
        raise Unfinished("MLflow has no answer yet that dismisses a tip: the machine is too busy. Run it again.")
    page = TraceLinks(settings).page(f"tr-{found[0]}")
    tell(f"MLflow has {len(with_feedback)} of them, each on the trace of its tip. A tip that was dismissed:\n  {page}")
    return page


def _landed(traced: TracedTips, kind: type[ServedTip | TipFeedback], number: int) -> set[str]:
    """The ids of the tips of which MLflow has a record of that kind, once there are so many, or after some patience.

    On a busy machine a few may be late or missing: the service gives up a trace rather than keep a user waiting.
    """
    found = set[str]()

    def all_landed() -> bool:
        found.update(record.serve_id for record in traced.records(_EXPERIMENT) if isinstance(record, kind))
        return len(found) >= number

    with suppress(Unfinished):
        wait_for(all_landed, "")
    return found


def _compare(out: Path) -> None:
    text = get_orchestrator(DEFAULT_RECOMMEND_VERSION).system
    draft, poor, cases = out / "draft.txt", out / "poor.txt", out / "cases.jsonl"
    draft.write_text(text.replace(*_OTHER_WORDS), encoding="utf-8")
    poor.write_text(text.replace(*_OTHER_WORDS).replace(_RULE, ""), encoding="utf-8")
    with _CORE.open(encoding="utf-8") as lines:
        cases.write_text("".join(islice(lines, 0, None, _CASES_A_USER)), encoding="utf-8")
    say(
        "4. Does a rule of the prompt matter? The bench asks with it and without it",
        f'{draft} is the prompt of {DEFAULT_RECOMMEND_VERSION}; {poor} lacks its words "{_RULE}".',
        f"{cases} has one case of each user of core, a fourth of that set, to be quick.",
        "The model is planted: it keeps a rule more often where the prompt states it. No other model is asked.",
    )
    _judge({"A": str(poor), "B": str(draft), "SET": str(cases), "OUT": str(out)}, "better")
    say(
        "5. Do other words for the same rules matter?",
        f'{draft} says "{_OTHER_WORDS[1]}" where {DEFAULT_RECOMMEND_VERSION} says "{_OTHER_WORDS[0]}".',
    )
    others = {"A": DEFAULT_RECOMMEND_VERSION, "B": str(draft), "SET": str(cases), "OUT": str(out / "other-words")}
    _judge(others, "not shown")


def _judge(values: Mapping[str, str], expected: str) -> None:
    last = MakeCommand("compare", "evals.compare").run(codes=_COMPARED, **values)
    if last != f"verdict: {expected}":
        raise Unfinished(f"The verdict is not `{expected}`, as it is planted.")


def _report(mlflow: LocalMlflow) -> None:
    say("6. Do users accept the tips of one prompt more often? The experiment's report, from MLflow")
    command = MakeCommand("experiment", "operations.experiment", positional=("NAME",), environment=_settings(mlflow))
    command.run(codes=(0, 1), NAME=_EXPERIMENT)
    tell(
        f"So it is not shown: with {NUMBER} users chance alone makes such differences, and below 50 users an arm\n"
        "there is no verdict. An experiment goes on until there are enough; look at it as often as you like."
    )


def _say_pages(out: Path, store: Path, port: int, disliked: str) -> None:
    server = [str(PYTHON.relative_to(ROOT)), "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    again = shlex.join([*server, "--backend-store-uri", f"sqlite:///{store}"])
    say(
        "7. All that was started has ended. Open next",
        f"{out / 'report.html'}\n  the comparison of step 4, case by case with both tips",
        f"{out / 'other-words' / 'report.html'}\n  the comparison of step 5",
        f"{disliked}\n  the trace of the dismissed tip, once MLflow runs again:\n"
        f"  MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false {again}",
        "make playground\n  starts a page that asks one request with two prompts",
        "docs/tuning.md\n  has the same steps, one command after the other",
    )


if __name__ == "__main__":
    main()
