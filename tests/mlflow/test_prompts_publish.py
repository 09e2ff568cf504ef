"""Released prompts in the registry of a real MLflow server."""

import pytest

from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS, get_orchestrator
from operations.prompts_publish import main
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

    assert told[2:] == [
        "oo-recommend: nothing to register; deployed names version 2.",
        "oo-generate: nothing to register; deployed names version 2.",
    ]
    assert numbers == [len(RECOMMEND_VERSIONS), len(VERSIONS)]
    assert get_orchestrator(None).system in deployed.template
    assert (deployed.tags["prompt.version"], first.tags["prompt.version"]) == ("orchestrator-2", "orchestrator-1")
