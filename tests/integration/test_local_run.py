"""The whole machine as a process: faults that it survives, its end, and obstacles to its start."""

import io
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest

from local.deployment.environment import LAYER, ROOT
from local.example import curl
from local.run import main
from local.system import LocalSystem
from local.terminal import shown_address
from testing.free_port import free_port

Eventually = Callable[[Callable[[], object]], None]

PROXY_KEY = "sk-planted"
SECRETS = ("planted-user", "planted-password", "planted-token")
TEMPLATE = """
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 370
      RedrivePolicy: {{deadLetterTargetArn: !GetAtt DeadJobs.Arn, maxReceiveCount: 2}}
  DeadJobs: {{Type: AWS::SQS::Queue}}
  WebFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: web
      Timeout: 30
      Environment: {{Variables: {{FOLDER: {folder}, LITELLM_URL: ""}}}}
      Events:
        All: {{Type: HttpApi, Properties: {{}}}}
  WorkFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: worker.handler
      CodeUri: work
      Timeout: 30
      Environment: {{Variables: {{FOLDER: {folder}}}}}
      Events:
        Queue:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
            BatchSize: 10
            FunctionResponseTypes: [ReportBatchItemFailures]
"""
WEB = """
    import os, pathlib, time

    folder = pathlib.Path(os.environ["FOLDER"])

    def handler(event, context):
        if event["rawPath"] == "/wait":
            (folder / "written").write_text(str(os.getpid()))
            (folder / "written").rename(folder / "waiting")
            while True:
                time.sleep(0.01)
        return {"statusCode": 200, "body": str(os.getpid())}
"""
WORKER = """
    import os, pathlib

    folder = pathlib.Path(os.environ["FOLDER"])

    def handler(event, context):
        failures = []
        for record in event["Records"]:
            count = int(record["attributes"]["ApproximateReceiveCount"])
            with (folder / "seen").open("a") as seen:
                seen.write(f"{record['body']} {count}\\n")
            if record["body"] == "kill" and count == 1:
                os.kill(os.getpid(), 9)
            if record["body"] == "poison":
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}
"""


def write_house(folder: Path) -> Path:
    """A template with one web function and one worker."""
    for name, source in {"web/app.py": WEB, "work/worker.py": WORKER}.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(textwrap.dedent(source))
    (folder / "template.yaml").write_text(TEMPLATE.format(folder=folder))
    return folder / "template.yaml"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalSystem, Path]]:
    """A running machine with two small functions and a proxy that does not answer, and the folder they write to."""
    folder = tmp_path_factory.mktemp("house")
    environment = {
        "LITELLM_URL": f"http://{SECRETS[0]}:{SECRETS[1]}@127.0.0.1:{free_port()}",
        "LITELLM_API_KEY": PROXY_KEY,
        "MLFLOW_TRACKING_URI": f"https://{SECRETS[0]}:{SECRETS[1]}@mlflow.test:5000/path?token={SECRETS[2]}",
    }
    with LocalSystem(template=write_house(folder), environment=environment) as system:
        yield system, folder


def refuse(**environment: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to fail."""
    variables = {
        "PATH": os.environ["PATH"],
        "PORT": "0",
        "AWS_PORT": "0",
        "MODEL_PORT": "0",
        "LOGS": "json",
        "PYTHONPATH": f"{LAYER}:{ROOT}",
    }
    return subprocess.run(
        [sys.executable, "-m", "local.run"],
        cwd=ROOT,
        env={**variables, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """The sentence with which a start in this process ends."""
    for name, text in {"PORT": "0", "AWS_PORT": "0", "MODEL_PORT": "0", **environment}.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setattr(sys, "argv", ["local.run"])
    with redirect_stderr(io.StringIO()) as told, pytest.raises(SystemExit) as refused:
        main()
    return refused.value.code if isinstance(refused.value.code, str) else told.getvalue().removesuffix("\n")


def living(pids: list[int]) -> list[int]:
    """Those of the processes that have not ended."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,stat="], capture_output=True, text=True, check=True)  # noqa: S607
    rows = (line.split() for line in listed.stdout.splitlines())
    return [int(pid) for pid, state in rows if int(pid) in pids and not state.startswith("Z")]


def test_a_killed_process_costs_its_call_and_nothing_else(
    house: tuple[LocalSystem, Path], eventually: Eventually
) -> None:
    """The caller gets a 502; a call beside it and the next one are answered, and the worker's process is the same."""
    system, folder = house
    worker = [process.pid for process in system.processes("worker.handler")]
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(system.http.get, "/wait")
        eventually((folder / "waiting").exists)
        victim = int((folder / "waiting").read_text())
        beside = system.http.get("/pid")
        os.kill(victim, signal.SIGKILL)
        answer = lost.result()
    after = system.http.get("/pid")

    assert (answer.status_code, answer.json()) == (502, {"message": "Internal Server Error"})
    assert (beside.status_code, after.status_code) == (200, 200)
    assert str(victim) not in {beside.text, after.text}
    assert [process.pid for process in system.processes("worker.handler")] == worker


def test_poison_goes_to_the_dead_letter_queue_alone(house: tuple[LocalSystem, Path], eventually: Eventually) -> None:
    """It is delivered as often as the redrive policy says; its neighbours are deleted at their first delivery."""
    system, folder = house
    names = ["poison", *(f"good-{number}" for number in range(9))]
    entries: Any = [{"Id": str(number), "MessageBody": name} for number, name in enumerate(names)]
    system.aws.sqs.send_message_batch(QueueUrl=system.queue_url("Jobs"), Entries=entries)
    dead: list[str] = []

    def receive() -> bool:
        answer = system.aws.sqs.receive_message(QueueUrl=system.queue_url("DeadJobs"))
        dead.extend(message["Body"] for message in answer.get("Messages", []))
        return bool(dead)

    eventually(receive)

    seen = (folder / "seen").read_text().splitlines()
    assert dead == ["poison"]
    assert sorted(seen) == [*(f"good-{number} 1" for number in range(9)), "poison 1", "poison 2"]


def test_a_message_whose_worker_died_is_delivered_again(
    house: tuple[LocalSystem, Path], eventually: Eventually
) -> None:
    """After a second or two, with a receive count of two."""
    system, folder = house
    system.aws.sqs.send_message(QueueUrl=system.queue_url("Jobs"), MessageBody="kill")

    eventually(lambda: "kill 2" in (folder / "seen").read_text())

    deliveries = [line for line in (folder / "seen").read_text().splitlines() if line.startswith("kill")]
    assert deliveries == ["kill 1", "kill 2"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_machine(tmp_path: Path, eventually: Eventually, number: signal.Signals) -> None:
    """Asked to end or killed outright, it leaves nothing behind; asked, it says so and exits cleanly."""
    with LocalSystem(template=write_house(tmp_path)) as system:
        pids = [process.pid for process in system.processes()]
        os.kill(system.pid, number)
        eventually(lambda: not living([system.pid, *pids]))
        code = system.stop()

        assert len(pids) == 3
        assert code == (-9 if number == signal.SIGKILL else 0)
        assert "Traceback" not in system.log.read_text()


def test_a_machine_that_loses_its_queues_ends(tmp_path: Path, eventually: Eventually) -> None:
    """Their content cannot be replaced: it prints one sentence, ends with 1, and leaves no process."""
    with LocalSystem(template=write_house(tmp_path)) as system:
        [aws] = system.processes("local.aws.server")
        pids = [process.pid for process in system.processes()]
        os.kill(aws.pid, signal.SIGKILL)
        eventually(lambda: not living([system.pid, *pids]))

        assert system.stop() == 1
        assert system.log.read_text() == "The local AWS has ended, and with it every queue and table.\n"


def test_a_machine_that_is_told_to_stop_while_it_starts_leaves_nothing(tmp_path: Path, eventually: Eventually) -> None:
    """A signal after its first child has started ends all of them."""
    template = write_house(tmp_path)
    variables = {
        "PATH": os.environ["PATH"],
        "PORT": "0",
        "AWS_PORT": "0",
        "MODEL_PORT": "0",
        "LOGS": "json",
        "PYTHONPATH": f"{LAYER}:{ROOT}",
    }
    command = [sys.executable, "-m", "local.run", "--template", str(template)]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        eventually(lambda: children(run.pid))
        pids = children(run.pid)
        run.send_signal(signal.SIGINT)
        output, errors = run.communicate(timeout=60)

    eventually(lambda: not living(pids))
    assert (run.returncode, errors) == (0, b"")
    assert output.decode().splitlines()[1:] == ["Stopped."]


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    return [int(child) for child, parent in map(str.split, listed.stdout.splitlines()) if int(parent) == pid]


def test_a_start_that_is_refused_says_so_and_nothing_else() -> None:
    """Exit code 1 and one line on standard error; nothing runs."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = refuse(PORT=str(taken.getsockname()[1]))

    assert (refused.returncode, refused.stdout.count("\n"), refused.stderr.count("\n")) == (1, 1, 1)
    assert " PORT=" in refused.stderr


@pytest.mark.parametrize("name", ["PORT", "AWS_PORT", "MODEL_PORT"])
def test_a_taken_port_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It names the port and the variable that chooses another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refusal(monkeypatch, **{name: str(port)})

    assert sentence.count("\n") == 0
    assert f"Port {port} on 127.0.0.1" in sentence
    assert f" {name}=" in sentence


@pytest.mark.parametrize(
    ("environment", "part"),
    [({"LITELLM_URL": "http://127.0.0.1:9"}, "LITELLM_API_KEY"), ({"PORT": "http"}, "PORT is 'http'")],
)
def test_an_unusable_setting_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], part: str
) -> None:
    """It names the variable."""
    sentence = refusal(monkeypatch, **environment)

    assert sentence.count("\n") == 0
    assert part in sentence


def test_a_proxy_that_does_not_answer_is_a_warning(house: tuple[LocalSystem, Path]) -> None:
    """The machine starts, and the functions are pointed at the proxy all the same."""
    system, _ = house
    log, output = system.log.read_text(), system.output.read_text()

    assert f"Warning: LITELLM_URL {shown_address(system.model_url)} does not answer" in log
    assert PROXY_KEY not in log + output


def test_all_taken_ports_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second start beside the first one needs one more try, not two."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        sentence = refusal(monkeypatch, PORT=port, AWS_PORT=port)

    assert sentence.count(f"Port {port} on 127.0.0.1 cannot be used") == 2
    assert " PORT=" in sentence
    assert " AWS_PORT=" in sentence


def test_what_is_printed_tells_where_everything_is(house: tuple[LocalSystem, Path]) -> None:
    """That it starts, the API and its docs, AWS with variables to paste, queues, and at the end a request."""
    system, _ = house
    printed = system.output.read_text()

    assert printed.startswith("Starting the service on this machine …\n")
    assert f"\nAPI docs: {system.base_url}/docs\n" in printed
    assert f"  export AWS_ENDPOINT_URL={system.aws_endpoint} " in printed
    assert system.queue_url("DeadJobs") in printed
    assert f"To see a tip:\n\n{curl(system.base_url)}\n\n" in printed


def test_no_password_is_printed(house: tuple[LocalSystem, Path]) -> None:
    """Addresses are shown without the user, the password and the query that they may hold."""
    system, _ = house
    printed = system.log.read_text() + system.output.read_text()

    assert "Traces go to https://mlflow.test:5000/path\n" in printed
    assert [secret for secret in SECRETS if secret in printed] == []
