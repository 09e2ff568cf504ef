"""`make run` for a person: the request that it prints is pasted as it is."""

import json
import re
import shlex

import httpx

from local.deployment.environment import LOGS, ROOT
from local.system import LocalSystem
from testing.waiting import until


def test_the_first_tip_rests_on_agents() -> None:
    """The printed request can be pasted as it is: its answer is readable, and its line says how many snippets count."""
    with LocalSystem(for_a_person=True) as system:
        command = system.output.read_text().rpartition("\ncurl ")[2].replace("\\\n", "")
        _, url, _, header, _, file = shlex.split(command)
        body = (ROOT / file.removeprefix("@")).read_bytes()
        answer = httpx.post(url, content=body, headers=dict([header.split(": ")]), timeout=40).text
        until(lambda: "used=" in system.output.read_text())
        line = system.output.read_text().splitlines()[-1]
        log = LOGS / f"run-{system.http.base_url.port}.jsonl"
        until(lambda: '"recommend_served"' in log.read_text())
        log.unlink()
        on_terminal = system.log.read_text()

    receipt = json.loads(answer)["receipt"]
    used = sum(snippet["used"] for snippet in receipt["snippets"])
    assert answer.startswith('{\n  "tip": {\n    "id": "')
    assert used > 0 == sum(snippet["state"] != "fresh" for snippet in receipt["snippets"])
    assert re.sub(r"\d+ ms", "N ms", line) == (
        f"POST /recommend 200 N ms trace={receipt['trace_id']} fresh={len(receipt['snippets'])} used={used}"
    )
    assert on_terminal == ""
