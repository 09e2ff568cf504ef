"""`make test-statistics` finds the tests that have more seeds there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
READS_SEEDS = re.compile(
    r"^from testing\.seeds import (?!examples$)|^from tests\S+planted_habits import .*\bshare\b", re.MULTILINE
)


def test_a_module_with_seeds_marks_a_test() -> None:
    """Hypothesis marks its own tests, whose number of examples is `examples`."""
    texts = {path: path.read_text(encoding="utf-8") for path in (TESTS / "unit").rglob("test_*.py")}
    reading = {path for path, text in texts.items() if READS_SEEDS.search(text)}

    assert len(reading) > 15
    assert {path.name for path in reading if "@pytest.mark.all_seeds" not in texts[path]} == set()
