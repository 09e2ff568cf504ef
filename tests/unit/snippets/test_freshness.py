from datetime import timedelta
from typing import Any

import pytest

from oo.errors import LLMUpstreamError
from tests.unit.tips.fixtures import NOW, TIP, Scene, failed, replied

FRESH = {"agent_id": "mine", "prompt_text": "Mornings suit you.", "expires_at": (NOW + timedelta(hours=1)).isoformat()}
EXPIRED = FRESH | {"expires_at": NOW.isoformat()}
UNKNOWN = {"agent_id": "mine", "prompt_text": "Mornings suit you."}


@pytest.mark.parametrize(
    ("outputs", "counted"),
    [([], True), ([EXPIRED, UNKNOWN], True), ([EXPIRED, FRESH], False), ([FRESH], False)],
    ids=["none at all", "expired and undated", "one of two", "fresh"],
)
def test_a_tip_without_a_fresh_snippet_is_counted(outputs: list[dict[str, Any]], *, counted: bool) -> None:
    """Many of them say that precompute has fallen behind, which no error would."""
    scene = Scene(replied(TIP))
    scene.metrics.clear_metrics()
    scene.recommend(agent_outputs=outputs)

    assert ("TipWithoutFreshSnippet" in scene.metrics.metric_set) is counted


def test_a_request_without_a_tip_counts_for_neither() -> None:
    """The share is one of served tips."""
    scene = Scene(failed(400))
    scene.metrics.clear_metrics()
    with pytest.raises(LLMUpstreamError):
        scene.recommend()

    assert "TipWithoutFreshSnippet" not in scene.metrics.metric_set
