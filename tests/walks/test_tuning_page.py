"""docs/tuning.md, pasted: a word is changed, then a rule is taken away, on a small set of cases."""

from pathlib import Path

from evals.cases.case import case_line, read_cases
from local.deployment.environment import ROOT
from testing.shell_blocks import Terminals, shell_blocks

PAGE = ROOT / "docs" / "tuning.md"


def test_a_prompt_is_changed_and_judged_as_the_page_says(tmp_path: Path) -> None:
    """Other words show nothing; the prompt with the rule is better than the one without it."""
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(map(case_line, read_cases("core")[::16])))
    change_a_word, remove_a_rule = shell_blocks(PAGE, "## Change a word")

    with Terminals(tmp_path, {"SET": str(cases), "OUT": str(tmp_path / "report")}).another() as terminal:
        terminal.paste_until(change_a_word, "verdict: not shown")
        terminal.paste_until(remove_a_rule, "verdict: better")

    assert (tmp_path / "report/report.html").exists()
