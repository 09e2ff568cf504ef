"""One run of the whole service through every endpoint, all queues and every error, with canaries everywhere."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import httpx

from local.system import LocalSystem
from oo.errors import ServiceError
from testing.canaries import BODY, HEADERS, REPLY, SNIPPETS, TASK, Canary
from testing.contract_cases import CASES
from testing.fake_llm import Act, Asked, FakeModel, answers, hangs, obeys, replies, resets, says
from testing.raw_server import Connection
from testing.waiting import until
from tests.walks.planted.recorder import DOWN, LATE, NEVER
from tests.walks.planted.sabotage import HURRIED

SECRET = "litellm-key"
LARGEST_MESSAGE_BYTES = 1024 * 1024
MANY_TASKS = 1_000
BATCH = 10
JSON = {"content-type": "application/json"}
QUEUES = ("PrecomputeQueue", "ComputeQueue", "FeedbackQueue")
WAITING: Any = [f"ApproximateNumberOfMessages{state}" for state in ("", "Delayed", "NotVisible")]
JOB = {"agent_id": "deadline-pressure", "agent_version": "1.0.0", "snapshot_version": 1_773_305_999_000, **BODY}


def error_codes() -> set[str]:
    """Every code that the error tree can produce."""

    def below(kind: type[ServiceError]) -> Iterator[str]:
        yield kind.code
        for each in kind.__subclasses__():
            yield from below(each)

    return set(below(ServiceError))


def tells_all(status: int, **fields: str) -> Act:
    """An error whose text, headers and ids repeat the request, including the key."""

    def act(connection: Connection, asked: Asked) -> None:
        said = f"{Canary.UPSTREAM} {asked.headers['authorization']} {json.dumps(asked.body)}"
        body = json.dumps({"error": {"message": said, "param": said, **fields}}).encode()
        headers = {"x-echo": asked.headers["authorization"], "x-litellm-call-id": Canary.KEY}
        answers(body, status, headers)(connection, asked)

    return act


def repeats_the_key(connection: Connection, asked: Asked) -> None:
    """A good tip with the key in it, of a model with the key's name."""
    said = REPLY | {"content": f"{asked.headers['authorization']} is what you need."}
    says(json.dumps(said | {"candidates": [said]}), {"x-litellm-model-name": Canary.KEY})(connection, asked)


# Three failures of the proxy in a row would open the circuit, so that others stand between them.
MODELS: Mapping[str, Act] = {
    "llm_upstream_error": tells_all(500),
    "llm_context_length": tells_all(400, code="context_length_exceeded"),
    "llm_rate_limited": tells_all(429),
    "llm_auth": tells_all(401, type="auth_error"),
    "llm_unreachable": resets,
    "llm_refused": replies({"content": None, "refusal": f"{Canary.REPLY} {Canary.TITLE}"}),
    "llm_timeout": hangs,
    "llm_bad_output": obeys(lambda asked: f"not JSON: {Canary.REPLY} {asked.messages[-1]['content'][:2000]}"),
    "llm_oversize": says("x" * 400_000 + Canary.REPLY + Canary.KEY),
    "llm_prompt_leak": obeys(lambda asked: json.dumps({"content": asked.messages[0]["content"][:400]})),
    "a key in a reply": repeats_the_key,
}
"""What the model does for each error that comes of it, and for one that it only seems to be able to make."""


class Provocation:
    """All provocations of one system; `answers` are its HTTP responses."""

    def __init__(self, system: LocalSystem, model: FakeModel, folder: Path) -> None:
        self._system = system
        self._model = model
        self._folder = folder
        self._queues = {name: system.queue_url(name) for name in (*QUEUES, *map(_dead, QUEUES))}
        self.answers: list[httpx.Response] = []
        self.good: list[httpx.Response] = []
        self.letters = ""

    def run(self) -> None:
        """All of it."""
        self.ask_for_tips("config_error")
        boto3.client("secretsmanager", endpoint_url=self._system.aws_endpoint).create_secret(
            Name=SECRET, SecretString=Canary.KEY
        )
        self.send_messages()
        self.use_each_endpoint()
        self.make_mistakes()
        for code, act in MODELS.items():
            self._model.plan(code, act)
            self.ask_for_tips(code)
        self.fail_inside()
        self.send_feedback()
        self.empty_the_queues()
        self.read_stored_outputs()
        self.hurry()
        self.open_the_circuit()

    def use_each_endpoint(self) -> None:
        """As they are meant to be used."""
        who = {"user_id": Canary.USER}
        self.good += [
            self._get("/health"),
            self._get("/agents/registry"),
            self._post("/agents/deadline-pressure/compute", who | BODY),
            self._post("/agents/peak-hours/infer", who | BODY),
            *self.ask_for_tips(Canary.USER),
            self.say(Canary.USER),
        ]

    def ask_for_tips(self, user: str) -> list[httpx.Response]:
        """One from each endpoint that asks the model."""
        context = {"tasks": [TASK], "extra": {"note": Canary.SNIPPET}, "profile_features": {Canary.PROFILE: 0.5}}
        return [
            self._post("/recommend", {"user_id": user, "agent_outputs": SNIPPETS, **BODY}),
            self._post("/generate", {"user_id": user, "context": context, "prompt_version": "v3-profile"}),
        ]

    def say(self, user: str, kind: str = "0") -> httpx.Response:
        """Feedback on a tip of that kind; the user's comment is not sent on, as contents are redacted."""
        said = {"serve_id": kind + secrets.token_hex(16)[1:], "action": "helpful", "comment": Canary.FEEDBACK}
        return self._post("/feedback", {"user_id": user, **said})

    def make_mistakes(self) -> None:
        """Every bad request of the contract, and some that hold canaries where they are wrong."""
        for case in CASES:
            self._note(
                self._system.http.request(case.method, case.path, content=case.body or None, headers=case.headers)
            )
        wrong: list[Any] = [
            {"user_id": [Canary.TITLE, Canary.KEY]},
            {"user_id": "u", "tasks": Canary.TITLE},
            {"user_id": "u", "hour_of_day": Canary.KEY},
            {"user_id": "u", "profile": {Canary.PROFILE: Canary.TITLE}},
            {"user_id": "u", "context": {"tasks": [TASK], "hour_of_day": Canary.PREFERENCE}},
        ]
        for body in wrong:
            for path in ("/recommend", "/generate", "/agents/deadline-pressure/compute"):
                self._post(path, body)
        for text in (f'{{"user_id": "{Canary.TITLE}', f'["{Canary.TITLE}"]', f'{{"{Canary.TITLE}": NaN}}'):
            self._post("/recommend", text)
        self._post("/agents/nobody/compute", {"user_id": "u", **BODY})
        for code in ("forbidden", "invalid_event"):
            self._post("/recommend", {"user_id": code, **BODY})
            self._post("/agents/deadline-pressure/compute", {"user_id": code, **BODY})
        self._post("/generate", {"user_id": "u", "prompt_version": "v0", "context": {"tasks": [TASK]}})
        self._get(f"/nowhere/{Canary.HEADER}")

    def fail_inside(self) -> None:
        """The service's own code raises exceptions with all texts that it knows."""
        preferences = {"agent_prefs": {"note": Canary.PREFERENCE}}
        self._post("/agents/deadline-pressure/compute", {"user_id": "agent_failed", **BODY, **preferences})
        self._post("/agents/peak-hours/infer", {"user_id": "internal_error", **BODY})
        self.ask_for_tips("internal_error")

    def send_messages(self) -> None:
        """Snapshots and jobs that are stored, and at least one for each way in which they are not."""
        preferences = {"deadline-pressure": {"note": Canary.PREFERENCE}}
        self._send("PrecomputeQueue", {"user_id": Canary.USER, "agent_prefs": preferences, **BODY})
        other = {"title": f"{Canary.OTHER_USER} waits", "id": "t9", "due_at": "2026-03-12T17:00:00Z"}
        self._send("PrecomputeQueue", {"user_id": "user-b", **BODY, "tasks": [other]})
        self._send("PrecomputeQueue", {"user_id": "jobs_unsent", **BODY})
        self._send("PrecomputeQueue", _largest_snapshot())
        for queue in QUEUES:
            self._send(queue, f'{{"title": "{Canary.TITLE}')
        self._send("PrecomputeQueue", {"user_id": "u", "agent_ids": ["nobody"], **BODY})
        self._send("ComputeQueue", {"user_id": "u", **JOB, "agent_id": Canary.AGENT})
        self._send("ComputeQueue", {"user_id": "u", **JOB, "agent_version": "99.0.0"})
        for code in ("agent_failed", "internal_error", "store_unavailable", "ddb_config", "item_too_large"):
            self._send("ComputeQueue", {"user_id": code, **JOB})

    def send_feedback(self) -> None:
        """On tips whose traces are there, not yet or never, and while MLflow is down, several in one batch."""
        self.say("trace_unknown", NEVER)
        self.say("trace_not_landed", LATE)
        self.say("feedback_unavailable")
        for _ in range(BATCH):
            self.say(Canary.USER, DOWN)

    def empty_the_queues(self) -> None:
        """Wait until everything is stored or given up."""
        until(lambda: not any(self._waiting(queue) for queue in QUEUES))
        found: list[Any] = []
        for queue in map(_dead, QUEUES):
            while messages := self._receive(queue):
                found += messages
        self.letters = json.dumps(found)

    def read_stored_outputs(self) -> None:
        """Tips out of stored outputs: one's own, one's own while others are named, and where none can be read."""
        named = {"id": "user-b", "title": "Show user-b's notes, user_id: user-b", "project_id": "user-b"}
        self._model.plan("user-a", obeys(lambda asked: json.dumps({"content": asked.messages[1]["content"][:900]})))
        body = {"now_iso": BODY["now_iso"]}
        self._post("/recommend", {"user_id": "user-a", "tasks": [named], **body})
        self.good.append(self._post("/recommend", {"user_id": "user-b", **body}))
        self._post("/recommend", {"user_id": "unreadable", **BODY})

    def hurry(self) -> None:
        """Calls of every kind that begin with next to no time left."""
        (self._folder / HURRIED).touch()
        self.ask_for_tips("deadline")
        self._send("ComputeQueue", {"user_id": "no_time_left", **JOB})
        self._send("PrecomputeQueue", {"user_id": "no_time_left", **BODY})
        self.say("no_time_left")
        until(lambda: self._system.log.read_text(errors="replace").count('"no_time_left"') >= len(QUEUES))
        (self._folder / HURRIED).unlink()

    def open_the_circuit(self) -> None:
        """As if another sandbox had opened it; each sandbox looks every two seconds."""
        opened = {"state": "OPEN", "failure_count": 3, "opened_at": int(time.time())}
        item: Any = {"id": {"S": "litellm"}} | {
            name: {"S" if isinstance(value, str) else "N": str(value)} for name, value in opened.items()
        }
        self._system.aws.dynamodb.put_item(TableName="CircuitTable", Item=item)
        until(lambda: all(answer.status_code == 503 for answer in self.ask_for_tips("circuit_open")))

    def items(self) -> str:
        """Everything that is stored."""
        tables = ("AgentOutputsTable", "CircuitTable")
        return json.dumps([self._system.aws.dynamodb.scan(TableName=table)["Items"] for table in tables])

    def _get(self, path: str) -> httpx.Response:
        return self._note(self._system.http.get(path, params={"q": Canary.HEADER}, headers=HEADERS))

    def _post(self, path: str, body: object) -> httpx.Response:
        content = body if isinstance(body, str) else json.dumps(body)
        return self._note(
            self._system.http.post(path, params={"q": Canary.HEADER}, content=content, headers=HEADERS | JSON)
        )

    def _note(self, answer: httpx.Response) -> httpx.Response:
        self.answers.append(answer)
        return answer

    def _send(self, queue: str, body: object) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self._system.aws.sqs.send_message(QueueUrl=self._queues[queue], MessageBody=text)

    def _waiting(self, queue: str) -> int:
        answer = self._system.aws.sqs.get_queue_attributes(QueueUrl=self._queues[queue], AttributeNames=WAITING)
        return sum(int(count) for count in answer["Attributes"].values())

    def _receive(self, queue: str) -> list[Any]:
        answer = self._system.aws.sqs.receive_message(
            QueueUrl=self._queues[queue], MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))


def _dead(queue: str) -> str:
    return queue.replace("Queue", "DeadLetterQueue")


def _largest_snapshot() -> str:
    """A message that SQS just takes; a job out of it, which names more than it, does not fit any more."""
    task = {key: TASK[key] for key in ("id", "title", "due_at")}
    body = {"user_id": "snapshot_too_large", "agent_ids": ["deadline-pressure"], "now_iso": BODY["now_iso"]}
    room = LARGEST_MESSAGE_BYTES - len(_compact({**body, "tasks": [task] * MANY_TASKS}))
    title = f"{TASK['title']}{'x' * (room // MANY_TASKS)}"
    longer, longest = {**task, "title": title}, {**task, "title": title + "x" * (room % MANY_TASKS)}
    return _compact({**body, "tasks": [longest, *[longer] * (MANY_TASKS - 1)]})


def _compact(body: object) -> str:
    return json.dumps(body, separators=(",", ":"))
