"""The walks of CONTRIBUTING.md: each ends green in a copy of the repository."""

from pathlib import Path

import pytest

from testing.shell_blocks import shell_blocks
from tests.walks.repository_copy import pasted
from tools.new_agent import ROOT

PAGE = ROOT / "CONTRIBUTING.md"
# The edits that "Add a setting" describes: file, text before which the lines go, lines.
A_SETTING = {
    "layers/agents/oo/bootstrap/settings.py": (
        "    llm_max_tokens: ",
        '    llm_top_p: Annotated[float, Field(gt=0, le=1)] = Field(default=1, description="Share of likely words.")\n',
    ),
    "local/deployment/environment.py": ('    "MLFLOW_EXPERIMENT_NAME",\n', '    "LLM_TOP_P",\n'),
}
ITS_PARAMETER = "  LLMTopP:\n    Type: Number\n    Default: 1\n    Description: Share of likely words.\n"
ITS_VARIABLE = "          LLM_TOP_P: !Ref LLMTopP\n"


@pytest.mark.parametrize(
    ("walk", "made"),
    [
        ("## Add an agent", "layers/agents/oo/agents/evening_review.py"),
        ("## Change a prompt", "layers/agents/oo/prompts/versions/orchestrator_next.py"),
    ],
)
def test_walk_ends_green(copy: Path, walk: str, made: str) -> None:
    """Every block of the walk succeeds, and writes the promised files."""
    results = [pasted(copy, block) for block in shell_blocks(copy / PAGE.name, walk)]

    assert [0] * len(results) == [status for status, _ in results], results
    assert results
    assert (copy / made).exists()


def test_setting_ends_green(copy: Path) -> None:
    """With every step of the walk the documents name the setting; without the template's step a test fails."""
    for file, (before, line) in A_SETTING.items():
        insert(copy / file, before, line)
    (block,) = shell_blocks(copy / PAGE.name, "## Add a setting")
    forgotten, its_output = pasted(copy, block)
    insert(copy / "template.yaml", "  LLMMaxTokens:\n", ITS_PARAMETER)
    insert(copy / "template.yaml", "          LLM_TEMPERATURE: ", ITS_VARIABLE)
    done, output = pasted(copy, block)

    assert forgotten != 0
    assert "LLM_TOP_P" in its_output
    assert done == 0, output
    assert "`LLM_TOP_P`" in (copy / "docs/configuration.md").read_text(encoding="utf-8")


def insert(file: Path, before: str, lines: str) -> None:
    """Write `lines` before each place that begins with `before`."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, lines + before), encoding="utf-8")
