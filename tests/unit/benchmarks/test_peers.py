"""The handlers that the benchmark compares with: their templates, locks and sizes, without their packages."""

import json
import re
from pathlib import Path

import httpx
import pytest

from benchmarks._peers import LARGEST_BYTES, PEERS, compiled, unzipped
from local.deployment.environment import ROOT
from local.deployment.template import load
from testing.fake_llm import BOTH, fake_model
from tools.documents import readme_figures

FOLDER = ROOT / "benchmarks" / "beside"
LOCKS = sorted(FOLDER.glob("*/requirements.txt"))


def test_each_is_a_function_of_the_template() -> None:
    assert set(PEERS.values()) <= load(FOLDER / "template.yaml", aws_endpoint="http://x").functions.keys()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.parent.name)
def test_a_lock_has_hashes_and_no_addresses(lock: Path) -> None:
    """It names what to install, not where from."""
    text = lock.read_text(encoding="utf-8")

    assert len(LOCKS) == len(PEERS)
    assert re.findall(r"^\S+==(?!.*\\\n    --hash=sha256:).*", text, re.MULTILINE) == []
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (LARGEST_BYTES, "250 MiB unzipped"),
        (LARGEST_BYTES + 1, "250 MiB unzipped, more than the 250 MiB that Lambda allows"),
    ],
)
def test_a_size_above_lambdas_limit_is_said(tmp_path: Path, size: int, text: str) -> None:
    with (tmp_path / "package.so").open("wb") as file:
        file.truncate(size)

    assert unzipped(tmp_path) == text


def test_the_model_fills_an_offered_tool() -> None:
    """With the reply that it gives as text otherwise."""
    tools = [{"type": "function", "function": {"name": "Tip", "parameters": {}}}]
    with fake_model() as model:
        asked, told = (httpx.post(model.url, json=body).json() for body in ({"tools": tools}, {}))

    used = asked["choices"][0]["message"]["tool_calls"][0]["function"]
    assert used == {"name": "Tip", "arguments": told["choices"][0]["message"]["content"]}
    assert used["arguments"] == BOTH


def test_the_page_names_each_measured_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its ratio as shipped, and with bytecode."""
    results = json.loads(readme_figures.RESULTS.read_text(encoding="utf-8"))
    results["cold_start"]["peers_times_recommend"] = dict(zip(PEERS, (13.82, 14.04, 12.9), strict=True)) | dict(
        zip(map(compiled, PEERS), (4.0, 5.8, 5.1), strict=True)
    )
    (tmp_path / "bench.json").write_text(json.dumps(results), encoding="utf-8")
    monkeypatch.setattr(readme_figures, "RESULTS", tmp_path / "bench.json")

    assert (
        "the same endpoint takes 13.8 times `/recommend`'s time in FastAPI with MLflow, 14.0 as a Strands agent, "
        "12.9 as a LangGraph graph; with bytecode 4.0, 5.8, 5.1.\n"
    ) in readme_figures.render()
