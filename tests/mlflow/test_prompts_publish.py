"""Released prompts in the registry of a real MLflow server."""

import pytest

from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION, get_orchestrator
from operations.prompts_publish import main
from operations.published_prompts import releases
from testing.mlflow_server import mlflow_client


def test_prompts_are_registered_once(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """MLflow's own client loads the default version by the alias, and a second run registers nothing."""
    main([], {"MLFLOW_TRACKING_URI": server})
    main([], {"MLFLOW_TRACKING_URI": server})
    told = capsys.readouterr().out.splitlines()
    client = mlflow_client(server)
    deployed = client.get_prompt_version_by_alias("oo-recommend", "deployed")
    numbers = [len(client.search_prompt_versions(name)) for name in ("oo-recommend", "oo-generate")]
    main([], {"MLFLOW_TRACKING_URI": server, "DEFAULT_RECOMMEND_VERSION": "orchestrator-1"})
    first = client.get_prompt_version_by_alias("oo-recommend", "deployed")

    assert [line.partition(";")[0] for line in told[2:]] == [f"{of.name}: nothing to register" for of in releases()]
    assert numbers == [len(of.texts) for of in releases()]
    assert get_orchestrator(None).system in deployed.template
    assert (deployed.tags["prompt.version"], first.tags["prompt.version"]) == (
        DEFAULT_RECOMMEND_VERSION,
        "orchestrator-1",
    )
