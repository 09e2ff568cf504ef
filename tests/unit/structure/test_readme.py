"""README shows an answer of the service, a picture that fits its column, and few figures."""

import json
import re
import xml.etree.ElementTree as ET

from local.deployment.environment import ROOT
from oo.contract.tips import RecommendResponse

PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "docs/overview.svg"
COLUMN_PX = 830
SMALLEST_PX = 13


def test_the_answer_is_one_of_recommend() -> None:
    """With every field, and the tip is about the task that the receipt names."""
    (block,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    answer = json.loads(block)
    titles = {task["id"]: task["title"] for task in json.loads((ROOT / "events/tip.json").read_text())["tasks"]}

    assert RecommendResponse.model_validate(answer).model_dump(mode="json") == answer
    assert f"«{titles[answer['receipt']['task_id']]}»" in answer["tip"]["content"]


def test_the_picture_can_be_read_in_its_column() -> None:
    """It is shown at its own size there, and no letter is smaller than a page's."""
    root = ET.fromstring(PICTURE.read_text(encoding="utf-8"))  # noqa: S314  # a file of this repository
    sizes = [float(node.get("font-size", "14")) for node in root.iter()]

    assert float(root.get("width", "inf")) <= COLUMN_PX
    assert min(sizes) >= SMALLEST_PX


def test_figures_are_five_lines_and_one_chart() -> None:
    """The rest is on the pages of the roles."""
    section = PAGE.partition("\n## Performance\n")[2].partition("\n[SECURITY")[0]

    assert (section.count("\n- **"), section.count("![")) == (5, 1)
