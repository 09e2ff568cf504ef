"""docs/feedback.md, pasted: one tip is followed from its response to a learned preference."""

import json
from pathlib import Path

from local.deployment.environment import ROOT
from local.system import LocalSystem
from testing.part_of_template import part_of_template
from testing.shell_blocks import Terminals, shell_blocks

PAGE = ROOT / "docs" / "feedback.md"
FUNCTIONS = ["RecommendFunction", "FeedbackFunction", "InferFunction"]


def test_a_tip_is_followed_to_a_learned_preference(tmp_path: Path) -> None:
    """The tip's id is that of its feedback; twelve rows like it tell the share of accepted tips."""
    tip, feedback, learning = shell_blocks(PAGE, "## From a tip to learning")
    template = part_of_template(tmp_path, functions=FUNCTIONS)
    with LocalSystem(environment={}, template=template) as system:
        port = {"PORT": system.base_url.rpartition(":")[2]}
        with Terminals(tmp_path, port).another() as terminal:
            served, accepted, learned = (terminal.paste(block) for block in (tip, feedback, learning))
            serve_id = terminal.paste('echo "$SERVE_ID"').strip()

    assert json.loads(served)["receipt"]["serve_id"] == serve_id
    assert json.loads(accepted) == {"accepted": True}
    assert json.loads(learned)["inferred_prefs"].keys() == {"accept_p"}
