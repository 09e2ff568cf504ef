from tools.documents.readme_figures import DOCUMENT, render


def test_the_figures_of_the_page_are_those_of_the_latest_run() -> None:
    """They come from the file that the chart is drawn of."""
    assert render() == DOCUMENT.read_text(encoding="utf-8"), "run `make docs`"
