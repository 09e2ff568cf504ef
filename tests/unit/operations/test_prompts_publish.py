"""`make prompts-publish`: each released version is registered once, and the alias names the default one."""

from collections.abc import Iterator

import pytest

from oo.prompts.versions import (
    DEFAULT_RECOMMEND_VERSION,
    DEFAULT_VERSION,
    get_orchestrator,
    get_prompt,
)
from operations.prompts_publish import main
from testing.fake_mlflow import http_answer
from testing.free_port import free_port
from testing.storing_mlflow import StoringMlflow, storing_mlflow
from tools.prompts.released_versions import FOR_CANDIDATES, FOR_TIPS

DEPLOYED = str(FOR_TIPS.index(DEFAULT_RECOMMEND_VERSION) + 1), str(FOR_CANDIDATES.index(DEFAULT_VERSION) + 1)


@pytest.fixture
def server() -> Iterator[StoringMlflow]:
    with storing_mlflow() as running:
        yield running


def environment(server: StoringMlflow, **others: str) -> dict[str, str]:
    return {"MLFLOW_TRACKING_URI": server.url} | others


def tags(server: StoringMlflow, name: str) -> list[dict[str, str]]:
    """Of each registered version, the oldest first."""
    return [{tag["key"]: tag["value"] for tag in each["tags"]} for each in server.prompts.versions[name]]


def test_every_released_version_is_registered(server: StoringMlflow, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of their release, with all their words; the alias names the default version."""
    main([], environment(server))
    recommend, generate = tags(server, "oo-recommend"), tags(server, "oo-generate")

    assert [each["prompt.version"] for each in recommend] == list(FOR_TIPS)
    assert [each["prompt.version"] for each in generate] == list(FOR_CANDIDATES)
    assert {each["mlflow.prompt.is_prompt"] for each in (*recommend, *generate)} == {"true"}
    for version, each in zip(FOR_TIPS, recommend, strict=True):
        released, text = get_orchestrator(version), each["mlflow.prompt.text"]
        words = [released.system, released.closing, *(part for _, texts in released.by_band for part in texts)]
        assert [part for part in words if part not in text] == []
    for version, each in zip(FOR_CANDIDATES, generate, strict=True):
        assert get_prompt(version).system in each["mlflow.prompt.text"]
        assert get_prompt(version).closing in each["mlflow.prompt.text"]
    names = "oo-recommend", "oo-generate"
    assert server.prompts.aliases == {(name, "deployed"): number for name, number in zip(names, DEPLOYED, strict=True)}
    assert capsys.readouterr().out.splitlines()[0] == (
        f"oo-recommend: registered {', '.join(FOR_TIPS)}; deployed now names version {DEPLOYED[0]}."
    )


@pytest.mark.parametrize("page", [1, 2, 200])
def test_a_second_run_registers_nothing(server: StoringMlflow, page: int, capsys: pytest.CaptureFixture[str]) -> None:
    """A version that a person registered under the same name meanwhile changes nothing, on any number of pages."""
    server.prompts.page = page
    main([], environment(server))
    server.prompts.versions["oo-recommend"].append({"version": "99", "tags": [{"key": "note", "value": "by hand"}]})
    before = server.prompts.writes
    main([], environment(server))

    assert server.prompts.writes == before
    assert capsys.readouterr().out.endswith(
        f"oo-recommend: nothing to register; deployed names version {DEPLOYED[0]}.\n"
        f"oo-generate: nothing to register; deployed names version {DEPLOYED[1]}.\n"
    )


def test_a_text_that_is_new_is_registered(server: StoringMlflow) -> None:
    """As after a release; the numbers of the others stay."""
    main([], environment(server))
    newest = server.prompts.versions["oo-generate"].pop()
    main([], environment(server))

    assert server.prompts.versions["oo-generate"][-1] == newest
    assert len(server.prompts.versions["oo-recommend"]) == len(FOR_TIPS)


def test_the_alias_follows_the_settings(server: StoringMlflow) -> None:
    """It points to the version that the service uses."""
    main([], environment(server))
    main([], environment(server, DEFAULT_RECOMMEND_VERSION="orchestrator-1", DEFAULT_PROMPT_VERSION="v5-lean"))

    assert server.prompts.aliases == {("oo-recommend", "deployed"): "1", ("oo-generate", "deployed"): "5"}


@pytest.mark.parametrize(
    ("others", "named"),
    [
        ({"DEFAULT_RECOMMEND_VERSION": "v2-grounded"}, "DEFAULT_RECOMMEND_VERSION"),
        ({"DEFAULT_PROMPT_VERSION": "v9"}, "DEFAULT_PROMPT_VERSION"),
        ({"LLM_BUDGET_S": "long"}, "LLM_BUDGET_S"),
        ({"MLFLOW_TRACKING_URI": ""}, "MLFLOW_TRACKING_URI"),
        ({"MLFLOW_TRACKING_URI": f"http://127.0.0.1:{free_port()}"}, "MLFLOW_TRACKING_URI"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_in_the_way_is_one_sentence(server: StoringMlflow, others: dict[str, str], named: str) -> None:
    """It names the variable, and nothing is registered."""
    with pytest.raises(SystemExit, match=named) as end:
        main([], environment(server) | others)

    assert "\n" not in str(end.value.code)
    assert server.prompts.versions == {}


def test_a_server_that_fails_is_one_sentence(server: StoringMlflow) -> None:
    server.answer = http_answer(b"{}", "500 Internal Server Error")
    with pytest.raises(SystemExit, match=r"^MLflow refused \(500\)\.$"):
        main([], environment(server))
