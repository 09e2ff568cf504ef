from testing.setting_variables import VARIABLES
from tools.documents.configuration_page import DOCUMENT, render


def test_the_page_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(), "run `make build`"


def test_every_setting_is_named_with_its_range() -> None:
    page = render()

    assert all(f"`{name}`" in page for name in VARIABLES)
    assert "| `LLM_BUDGET_S` | `25` | over 0 to 27 |" in page


def test_no_cell_is_empty_code() -> None:
    """An empty value is written in words: two backticks alone would begin a longer piece of code."""
    assert "``" not in render()
    assert "| `DeletionProtection` | (empty) | (empty), `on` |" in render()
