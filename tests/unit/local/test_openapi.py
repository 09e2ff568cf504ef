from local.openapi import DOCUMENT, render


def test_the_document_in_the_repository_is_current() -> None:
    """`make build` would change nothing."""
    assert render() == DOCUMENT.read_text(), "run `make build`"
