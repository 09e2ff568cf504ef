import re

import pytest

from oo.prompts.slider import BANDS
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS
from tools.documents.prompts_page import DOCUMENT, render

PAGE = DOCUMENT.read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert render() == PAGE, "run `make docs`"


@pytest.mark.parametrize("version", [*RECOMMEND_VERSIONS, *VERSIONS])
def test_every_version_has_a_paragraph(version: str) -> None:
    """It begins with the name, and ends with a sentence about the version."""
    (paragraph,) = re.findall(rf"^\*\*{version}\*\* \(`/.*\)\. (.+\.)$", PAGE, re.MULTILINE)

    assert len(paragraph.split()) >= 8


def test_every_band_has_its_rows() -> None:
    """Its quantities, and its texts in the default version."""
    assert [2] * len(BANDS) == [len(re.findall(rf"^\| {band.name} \|", PAGE, re.MULTILINE)) for band in BANDS]
