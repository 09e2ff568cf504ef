"""docs/prompts.md, pasted in a copy of the repository: a version is seen, made, changed, judged and released."""

import json
from pathlib import Path

from evals.cases.case import case_line, read_cases
from testing.shell_blocks import shell_blocks
from tests.walks.repository_copy import pasted

PAGE = Path("docs/prompts.md")
NAME = "orchestrator-next"


def test_every_block_works_in_its_order(copy: Path) -> None:
    """The comparison alone fails, as the page says, because other words change nothing for the planted model."""
    page = copy / PAGE
    see, change = shell_blocks(page, "## See it"), shell_blocks(page, "## Change a word")
    (prove,), (release,) = shell_blocks(page, "## Prove it"), shell_blocks(page, "## Release it")
    cases = copy / "cases.jsonl"
    cases.write_text("\n".join(map(case_line, read_cases("core")[::32])))
    results = [pasted(copy, block) for block in (*see, *change)]
    judged = pasted(copy, prove.replace("SET=core", f"SET={cases}"))
    released = pasted(copy, release)

    assert [0] * len(results) == [status for status, _ in results], results
    assert "[-one-]{+a single+}" in results[-1][1]
    assert f'"prompt_version": "{NAME}"' in results[-1][1]
    assert "verdict: not shown" in judged[1], judged
    assert released[0] == 0, released
    assert NAME in json.loads((copy / "tests/unit/prompts/released_prompts.json").read_text(encoding="utf-8"))
